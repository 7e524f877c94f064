"""One HTTP request to a judged service, with everything bounded; nothing it answers can raise."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

ANSWER_BYTES = 4 << 20
"""Bytes read of an answer's body."""


@dataclass(frozen=True)
class Answer:
    """What came back. `status` 0: nothing did, and `fault` says why (`closed`, `timeout`, `malformed`)."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order they came."""
    body: bytes = b""
    fault: str = ""

    def header(self, name: str) -> str | None:
        """The first header of that name, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def json(self) -> Any:
        """The body as JSON, or None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def ask(
    base_url: str,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    json_body: Any = None,
    seconds: float = 10.0,
) -> Answer:
    """Send one request to `base_url` + `target` on a connection of its own."""
    sent = dict(headers or {})
    if json_body is not None:
        body = json.dumps(json_body).encode()
        sent.setdefault("Content-Type", "application/json")
    return await asyncio.to_thread(_ask, base_url, method, target, sent, body, seconds)


def _ask(
    base_url: str, method: str, target: str, headers: dict[str, str], body: bytes | None, seconds: float
) -> Answer:
    place = urlsplit(base_url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "127.0.0.1", place.port, timeout=seconds)
    try:
        connection.request(method, place.path + target, body, {**headers, "Connection": "close"})
        got = connection.getresponse()
        pairs = tuple((name.lower(), value) for name, value in got.getheaders())
        return Answer(got.status, pairs, got.read(ANSWER_BYTES))
    except TimeoutError:
        return Answer(0, fault="timeout")
    except (http.client.RemoteDisconnected, OSError):
        return Answer(0, fault="closed")
    except (http.client.HTTPException, ValueError, UnicodeError):
        return Answer(0, fault="malformed")
    finally:
        connection.close()
