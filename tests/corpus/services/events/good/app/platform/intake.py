"""The first and the last to see a request: size and type of its body, headers of its answer."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.problems import answer

LARGEST = 32 * 1024
FORM_PATHS = {"/oauth/token"}
SECURITY = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)


class Intake:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through that is small enough and of the right type."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                for name, value in SECURITY:
                    MutableHeaders(scope=message).setdefault(name, value)
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, secured)
            return
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, secured)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """The answer to a request that is refused by its head alone."""
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 18 or int(length) > LARGEST:
            return answer(413, "content-too-large", f"A body may have {LARGEST} bytes", headers={"Connection": "close"})
        if scope["method"] in ("GET", "HEAD", "DELETE", "OPTIONS"):
            return None
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        form = scope["path"] in FORM_PATHS
        wanted = "application/x-www-form-urlencoded" if form else "application/json"
        if (int(length) or "transfer-encoding" in headers) and kind != wanted:
            return answer(415, "unsupported-media-type", f"Send {wanted}")
        return None
