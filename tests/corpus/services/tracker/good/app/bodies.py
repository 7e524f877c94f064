"""What a body must be before the framework parses it."""

import json
from typing import Any, NoReturn

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

from app import config
from app.errors import FieldFault, InvalidError


def refuse(message: str) -> NoReturn:
    """Refuse the body as a whole."""
    raise InvalidError(faults=[FieldFault("body", message)])


def _refuse_constant(_name: str) -> NoReturn:
    refuse("NaN and Infinity are not JSON.")


def check_json(content: bytes) -> None:
    """Refuse what is not plain, shallow JSON in UTF-8."""
    if not content:
        refuse("A JSON body is required.")
    try:
        value: Any = json.loads(
            content.decode("utf-8"), parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        refuse("The body is not valid JSON.")
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        item, depth = pending.pop()
        if depth > config.MAX_BODY_DEPTH:
            refuse("The body is nested too deep.")
        if isinstance(item, str):
            try:
                item.encode("utf-8")
            except UnicodeEncodeError:
                refuse("The body holds an unpaired surrogate.")
        elif isinstance(item, dict):
            for name, part in item.items():
                pending.append((name, depth + 1))
                pending.append((part, depth + 1))
        elif isinstance(item, list):
            pending.extend((part, depth + 1) for part in item)


async def read_bounded(request: Request) -> bytes:
    """Read the body up to its limit; pass over a bounded rest, then refuse."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= config.MAX_BODY_BYTES:
                chunks.append(chunk)
            elif size > config.MAX_DRAINED_BYTES:
                break
    except ClientDisconnect:
        refuse("The body is incomplete.")
    if size > config.MAX_BODY_BYTES:
        refuse(f"The body is longer than {config.MAX_BODY_BYTES} bytes.")
    return b"".join(chunks)


async def checked_request(request: Request) -> Request:
    """Read and check the body, and give a request that reads it again."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != "application/json":
        refuse("The content type must be application/json.")
    content = await read_bounded(request)
    check_json(content)

    async def replay() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return Request(request.scope, replay)
