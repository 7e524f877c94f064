"""The edge of the service: how large and of which type a body may be, and headers of every answer."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import ApiError, render

KIB = 1024
MAX_FILE = 5 * KIB * KIB
MAX_CSV_CHARACTERS = 32 * KIB
JSON_BODY = ("application/json", 64 * KIB)
SPECIAL = {
    # The frame of a multipart body takes some more than the file.
    ("POST", "/files"): ("multipart/form-data", MAX_FILE + 16 * KIB),
    ("POST", "/folders/import"): ("text/csv", 4 * MAX_CSV_CHARACTERS),
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class Edge:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check the head of the request, and count its body while it is read."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        wanted, most = SPECIAL.get((scope["method"], scope["path"]), JSON_BODY)
        headers = Headers(scope=scope)
        length = headers.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit() and int(length[:20]) <= most):
            await render(ApiError(413, headers={"Connection": "close"}))(scope, receive, sending)
            return
        has_body = scope["method"] in ("POST", "PUT", "PATCH") and (
            (length is not None and length.strip("0") != "") or "transfer-encoding" in headers
        )
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if has_body and kind != wanted:
            await render(ApiError(415))(scope, receive, sending)
            return
        await self.app(scope, _counting(receive, most), sending)


def _counting(receive: Receive, most: int) -> Receive:
    """A `receive` that ends the request when more than `most` bytes came."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413)
        return message

    return counted
