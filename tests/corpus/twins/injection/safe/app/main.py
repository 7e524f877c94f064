"""Notes, texts, addresses and loads."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI

from app import loads, notes, remote, texts

MOST = 4 << 20
Message = MutableMapping[str, Any]

app = FastAPI(title="Papers", version="1.0.0", docs_url=None, redoc_url=None)
for module in (notes, texts, remote, loads):
    app.include_router(module.router)


class Bounded:
    """Refuses bodies beyond a bound, however they are sent."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Take the body in first, as far as it may be."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
            if len(body) > MOST:
                head = [(b"content-type", b"application/json"), (b"connection", b"close")]
                await send({"type": "http.response.start", "status": 413, "headers": head})
                await send({"type": "http.response.body", "body": b'{"detail": "Too large."}'})
                return
        held = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return held.pop() if held else await receive()

        await self.inner(scope, again, send)


app.add_middleware(Bounded)


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the service is there."""
    return {"status": "ok"}
