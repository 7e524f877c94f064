"""The httpx2 transport between the client and a cassette: plays what it holds, records what it may.

vcrpy's own hook patches httpx2 for the whole process, so other traffic (the judged
service's) would be caught, and it reads an answer to its end before handing it on, so
nothing would stream. A transport sees exactly the model's requests and lets them stream.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
from vcr.request import Request

from assistant.errors import NoRecording
from assistant.model.cassette import Tape
from assistant.trust import is_local


@dataclass
class Heard:
    """A live interaction as it comes in."""

    request: Request
    response: httpx2.Response
    pieces: list[bytes] = field(default_factory=list)

    def as_response(self) -> dict[str, Any]:
        """The response in vcrpy's shape."""
        headers: dict[str, list[str]] = {}
        for name, value in self.response.headers.multi_items():
            headers.setdefault(name, []).append(value)
        status = {"code": self.response.status_code, "message": self.response.reason_phrase}
        return {"status": status, "headers": headers, "body": {"string": b"".join(self.pieces)}}


class TapeTransport(httpx2.AsyncBaseTransport):
    """Plays from `tape`; with `live`, asks the network for what the tape lacks and keeps it in `heard`."""

    def __init__(self, tape: Tape, *, live: bool = False) -> None:
        self._tape = tape
        self._live = live
        self._network: httpx2.AsyncClient | None = None
        self.heard: Heard | None = None
        """The last answer that came from the network; None when it came from the tape."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request. Raises NoRecording."""
        body = await request.aread()
        asked = Request(request.method, str(request.url), body, dict(request.headers))
        self.heard = None
        if self._tape.cassette.can_play_response_for(asked):
            return _response(self._tape.cassette.play_response(asked))
        if not self._live:
            raise NoRecording(f"{self._tape.path}: nothing is recorded for this request's body")
        # Compressed bytes would have to be undone before they can be read in the YAML.
        request.headers["accept-encoding"] = "identity"
        if self._network is None:
            # A client of its own, because it knows the proxies of the environment.
            self._network = httpx2.AsyncClient(trust_env=not is_local(str(request.url)), follow_redirects=False)
        response = await self._network.send(request, stream=True)
        self.heard = Heard(asked, response)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Overheard(response, self.heard.pieces),
        )

    async def aclose(self) -> None:
        """Close the network's connections; the transport may be used again."""
        network, self._network = self._network, None
        if network is not None:
            await network.aclose()


class _Overheard(httpx2.AsyncByteStream):
    """A stream that keeps what passes."""

    def __init__(self, response: httpx2.Response, pieces: list[bytes]) -> None:
        self._stream: Any = response.stream
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._pieces.append(piece)
            yield piece

    async def aclose(self) -> None:
        """Close the stream behind."""
        await self._stream.aclose()


def _response(stored: dict[str, Any]) -> httpx2.Response:
    """A stored response as the client wants it."""
    headers = [(name, value) for name, values in stored["headers"].items() for value in values]
    stream = httpx2.ByteStream(stored["body"]["string"])
    return httpx2.Response(stored["status"]["code"], headers=headers, stream=stream)
