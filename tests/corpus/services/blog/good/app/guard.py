"""What holds for every request: the body's size and type, and security headers on every answer."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import problem, respond

MAX_BODY = 128 * 1024
WRITING = {"POST", "PUT", "PATCH"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware; it reads the body before the application sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is too large or not JSON, and pass the rest on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        body = await read_body(headers, receive)
        if body is None:
            refusal = respond(413, problem(413, f"A body may have {MAX_BODY} bytes."), {"Connection": "close"})
            await refusal(scope, receive, sending)
            return
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and scope["method"] in WRITING and kind != "application/json":
            await respond(415, problem(415, "Send application/json."))(scope, receive, sending)
            return
        await self.app(scope, replaying(body, receive), sending)


async def read_body(headers: Headers, receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return bytes(body)


def replaying(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once, and then what the server says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
