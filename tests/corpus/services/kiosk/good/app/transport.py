"""What holds for every request and every answer: the size of bodies, the media type, the headers."""

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import ProblemError, answer
from app.settings import MAX_BODY_BYTES

TOO_LARGE = "The body is larger than 64 KiB."
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Transport:
    """Cuts off large bodies and puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        length = Headers(scope=scope).get("content-length", "0")
        if not length.isascii() or not length.isdigit() or len(length) > 12 or int(length) > MAX_BODY_BYTES:
            await answer(413, detail=TOO_LARGE)(scope, receive, sending)
            return
        await self.app(scope, _counting(receive), sending)


def _counting(receive: Receive) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return counting


def takes(media_type: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses bodies of any other media type."""

    async def check(request: Request) -> None:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != media_type:
            raise ProblemError(415, f"The body must be {media_type}.")

    return check


json_only = takes("application/json")
