"""How often and how much: requests of one address, and the size of a body.

Counted in memory by each process, so a site of several processes lets through as many
times more. What must hold over all of them, failed sign-ins, is counted in the database.
"""

from __future__ import annotations

import ipaddress
import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_KEYS = 10_000
"""So many addresses are remembered; the one that was silent the longest is forgotten first."""

MIB = 1024 * 1024

BODIES = MappingProxyType({"/check": 32 * MIB, "/api/v1/checks": 32 * MIB})
"""Where more comes in: the bytes of uploaded projects."""


@dataclass(frozen=True)
class Rate:
    """So many requests a second in the long run, and so many at once."""

    per_second: float = 40.0
    burst: int = 400


@dataclass(frozen=True)
class Taken:
    """What a bucket says to a request: the seconds to wait (0: go on) and what is left."""

    wait: float
    left: int
    full_in: float
    """Seconds until the whole burst is there again."""


class Buckets:
    """Token buckets, one for each key."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> Taken:
        """Take one request out of the key's bucket, if there is one left."""
        now = self._clock()
        left, at = self._buckets.pop(key, (float(self.rate.burst), now))
        left = min(float(self.rate.burst), left + (now - at) * self.rate.per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self.rate.per_second
        if not wait:
            left -= 1
        self._buckets[key] = (left, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return Taken(wait, int(left), (self.rate.burst - left) / self.rate.per_second)


@dataclass(frozen=True)
class Bounds:
    """What a site takes: requests of one address, and bytes of a body by the beginning of its path."""

    rate: Rate = field(default_factory=Rate)
    body: int = MIB
    bodies: Mapping[str, int] = field(default_factory=lambda: BODIES)

    def body_of(self, path: str) -> int:
        """The most bytes of a body at a path."""
        return next((most for start, most in self.bodies.items() if path == start), self.body)


class Limits:
    """Refuses what is too much: 429 here, 413 where the body is read."""

    def __init__(self, app: ASGIApp, bounds: Bounds, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self._bounds = app, bounds
        self._buckets = Buckets(bounds.rate, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request and watch its body; static files are not counted."""
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        taken = self._buckets.take(address_of(scope))
        if taken.wait:
            await _too_many(scope, send, taken)
            return
        await self.app(scope, _bounded(scope, receive, self._bounds.body_of(scope["path"])), send)


def address_of(scope: Scope) -> str:
    """Whose request this is: the address, of IPv6 the network that one household gets."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _bounded(scope: Scope, receive: Receive, most: int) -> Receive:
    """The body as it comes, until it is too large."""
    declared = Headers(scope=scope).get("Content-Length", "")
    too_large = declared.isascii() and declared.isdigit() and int(declared[:20]) > most
    size = 0

    async def counted() -> Message:
        nonlocal size
        if too_large:
            raise HTTPException(413)
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > most:
                raise HTTPException(413)
        return message

    return counted


async def _too_many(scope: Scope, send: Send, taken: Taken) -> None:
    """429 with the seconds to wait."""
    kind, body = b"text/plain; charset=utf-8", b"Too many requests: wait a little.\n"
    if scope["path"].startswith("/api/"):
        problem = {"type": "about:blank", "title": "Too Many Requests", "status": 429}
        kind, body = b"application/problem+json", json.dumps(problem).encode()
    wait = str(math.ceil(taken.wait)).encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"retry-after", wait)]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
