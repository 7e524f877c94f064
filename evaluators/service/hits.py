"""The gate's side of the canary: what came to the ports that nobody but an attacked service connects to.

Process 1 of the sandbox owns the ports (`canary.py`) and reports over the
control socket. The guest may connect as it likes; it can neither close the
ports nor take a report back. It can crowd others out with its own, which
`Canary.lost` tells: where something is lost, silence proves nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

MOST_KEPT = 1000
"""Hits kept; older ones are counted as lost."""


@dataclass(frozen=True)
class Hit:
    """One connection to a canary port."""

    number: int
    """Counts up from 1."""
    port: int
    head: str
    """The first 1,000 bytes, as Latin-1; what is there when the connection is reported."""

    @property
    def line(self) -> str:
        """The first line: for HTTP the request line."""
        return self.head.split("\n", 1)[0].rstrip("\r")

    @property
    def path(self) -> str:
        """The request's target, or an empty text."""
        words = self.line.split(" ")
        return words[1] if len(words) == 3 and words[2].startswith("HTTP/") else ""

    @property
    def host(self) -> str:
        """The Host header, or an empty text."""
        for line in self.head.split("\r\n\r\n", 1)[0].split("\r\n")[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "host":
                return value.strip()
        return ""


class Canary:
    """Two ports of the sandbox's loopback (IPv4 and, where there is any, IPv6), and who came.

    Every HTTP request is answered with 200 and `{"canary": true}`. A path that begins
    with `/redirect` is answered with 302 to the other port, `/redirect` replaced by `/landed`.
    """

    def __init__(self, ports: tuple[int, int]) -> None:
        self.ports = ports
        self._hits: deque[Hit] = deque(maxlen=MOST_KEPT)
        self._dropped = 0

    @property
    def port(self) -> int:
        """The first port."""
        return self.ports[0]

    @property
    def other(self) -> int:
        """The second port, to which the first one redirects."""
        return self.ports[1]

    def mark(self) -> int:
        """The newest hit's number; for `hits(since)`."""
        return self._hits[-1].number if self._hits else 0

    def hits(self, since: int = 0) -> list[Hit]:
        """The kept hits after the mark `since`. `await process.look()` first: then all that came before it are in."""
        return [hit for hit in self._hits if hit.number > since]

    def lost(self, since: int = 0) -> int:
        """How many hits after the mark `since` were too many to be kept, and all reports that came too fast."""
        return max(0, self.mark() - since - len(self.hits(since))) + self._dropped

    def heed(self, said: dict[str, Any]) -> None:
        """One report: a connection, or more of what one sent; and how many reports were dropped so far."""
        self._dropped = int(said.get("dropped", self._dropped))
        if "hit" not in said:
            return
        hit = Hit(int(said["hit"]), int(said["port"]), str(said["head"]))
        if hit.number > self.mark():
            self._hits.append(hit)
            return
        for index, kept in enumerate(self._hits):
            if kept.number == hit.number:
                self._hits[index] = hit
