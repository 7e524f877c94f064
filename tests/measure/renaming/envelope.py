"""Every answer of a service in an envelope: `{"data": ...}`."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path

from tests.measure.renaming.contract import Node, operations, token_paths

JSON = "application/json"
MODULE = '''"""Every answer is in an envelope."""

from typing import Any

BARE = frozenset({bare})
"""Paths whose answers a standard fixes, and the contract itself."""


class Envelope:
    """ASGI middleware: the JSON of a success becomes `{{"data": ...}}`."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hold back the head of an answer until its body is whole."""
        if scope["type"] != "http" or scope["path"] in BARE:
            await self.app(scope, receive, send)
            return
        held: dict[str, Any] = {{}}
        body = bytearray()

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start" and wraps(message):
                held.update(message)
            elif not held or message["type"] != "http.response.body":
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    whole = b'{{"data":' + bytes(body) + b"}}" if body else b""
                    await send(mended(held, len(whole)))
                    await send({{**message, "body": whole}})

        await self.app(scope, receive, sending)


def wraps(start: Any) -> bool:
    """Whether a head belongs to a success that is JSON."""
    kinds = [value for name, value in start["headers"] if name.lower() == b"content-type"]
    return 200 <= start["status"] < 300 and any(kind.split(b";")[0].strip() == b"application/json" for kind in kinds)


def mended(start: Any, length: int) -> Any:
    """A head with another length."""
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    return {{**start, "headers": [*headers, (b"content-length", str(length).encode())]}}
'''


def wrap_contract(contract: Node) -> int:
    """Put the envelope into the contract; how many answers got it."""
    bare, count = token_paths(contract), 0
    for path, _, operation in operations(contract):
        if path in bare:
            continue
        for status, response in operation.get("responses", {}).items():
            if not str(status).startswith("2"):
                continue
            if "$ref" in response:
                name = str(response["$ref"]).rpartition("/")[2]
                response = copy.deepcopy(contract["components"]["responses"][name])
                operation["responses"][status] = response
            count += sum(_wrap_media(media) for kind, media in response.get("content", {}).items() if _is_json(kind))
    return count


def _is_json(kind: str) -> bool:
    return str(kind).partition(";")[0].strip().lower() == JSON


def _wrap_media(media: Node) -> bool:
    """Wrap a schema and its examples."""
    media["schema"] = {"type": "object", "required": ["data"], "properties": {"data": media.get("schema", {})}}
    if "example" in media:
        media["example"] = {"data": media["example"]}
    for example in media.get("examples", {}).values():
        if "value" in example:
            example["value"] = {"data": example["value"]}
    return True


def wrap_code(folder: Path, contract: Node) -> Path:
    """Add the middleware to the application; the module that got it. Raises LookupError where there is none."""
    main = next(_applications(folder), None)
    if main is None:
        raise LookupError("no module has an `app`")
    package = main.parent
    bare = ", ".join(f'"{path}"' for path in sorted({*token_paths(contract), "/openapi.json"}))
    (package / "envelope.py").write_text(MODULE.format(bare="{" + bare + "}"), encoding="utf-8")
    dotted = ".".join((*package.relative_to(folder).parts, "envelope"))
    lines = main.read_text(encoding="utf-8").splitlines()
    imports = [node for node in ast.parse("\n".join(lines)).body if isinstance(node, ast.Import | ast.ImportFrom)]
    after = max((node.end_lineno or 0 for node in imports), default=0)
    lines.insert(after, f"from {dotted} import Envelope")
    main.write_text("\n".join([*lines, "app.add_middleware(Envelope)", ""]), encoding="utf-8")
    return main


def _applications(folder: Path) -> Iterator[Path]:
    """The modules that put an application into `app`, the plainest place first."""
    for path in sorted(folder.rglob("*.py"), key=lambda each: (each.stem != "main", len(each.parts), str(each))):
        if re.search(r"^app\b[^=\n]*=(?!=)", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield path
