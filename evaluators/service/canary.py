"""Listens inside the sandbox on ports that no honest service connects to, and reports who does.

Runs inside, in the guest's process 1, beside `relay.py`: standard library only.
The guest shares the loopback and may connect, but the sockets are process 1's:
it cannot close them, and no second program can listen on the same address.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Callable

HEAD = 1000
"""Bytes reported of a connection."""
MOST_OPEN = 64
MOST_TAKEN = 64
"""Connections taken in before others get their turn."""
PATIENCE = 2.0
"""Seconds that a connection stays open."""
BODY = b'{"canary": true}\n'


class Visit:
    """One connection."""

    def __init__(self, canary: Canary, end: socket.socket, port: int, number: int) -> None:
        self.canary = canary
        self.end = end
        self.port = port
        self.number = number
        self.head = bytearray()
        self.answered = False
        self.until = time.monotonic() + PATIENCE

    def ready(self, end: socket.socket, mask: int) -> None:
        """Something came, or the other side is gone."""
        try:
            data = end.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
            self.report()
        if not self.answered and (self.whole() or len(self.head) >= HEAD):
            self.answer()

    def whole(self) -> bool:
        """Whether the head and the body that it announces have come."""
        head, gap, body = bytes(self.head).partition(b"\r\n\r\n")
        if not gap:
            return False
        lines = head.lower().split(b"\r\n")
        if any(line.startswith(b"expect:") for line in lines):
            return True
        sizes = [line.split(b":")[1].strip() for line in lines if line.startswith(b"content-length:")]
        return not (sizes and sizes[0].isdigit()) or len(body) >= int(sizes[0])

    def report(self) -> None:
        """Tell the gate what is known of this connection."""
        self.canary.say(hit=self.number, port=self.port, head=self.head.decode("latin-1"))

    def answer(self) -> None:
        """Answer; what still comes is read and thrown away, or the answer would be cut off."""
        self.answered = True
        words = bytes(self.head).split(b"\r\n", 1)[0].split(b" ")
        status, more = b"200 OK", b""
        if len(words) > 1 and words[1].startswith(b"/redirect"):
            ports = self.canary.ports
            place = b"http://127.0.0.1:%d/landed%s" % (ports[ports[0] == self.port], words[1][len(b"/redirect") :])
            status, more = b"302 Found", b"Location: " + place + b"\r\n"
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
        body = b"" if words[0] == b"HEAD" else BODY
        with contextlib.suppress(OSError):
            self.end.send(head % (status, len(BODY), more) + body)
            self.end.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Forget the connection."""
        self.canary.visits.pop(self, None)
        self.canary.selector.unregister(self.end)
        self.end.close()


class Perch:
    """One listening socket."""

    def __init__(self, canary: Canary, listener: socket.socket, port: int) -> None:
        self.canary = canary
        self.port = port
        listener.setblocking(False)
        canary.selector.register(listener, selectors.EVENT_READ, self)

    def ready(self, end: socket.socket, mask: int) -> None:
        """Take in all that wait, and read at once what they have sent."""
        for _ in range(MOST_TAKEN):
            try:
                taken, _ = end.accept()
            except OSError:
                return
            self.canary.take(taken, self.port)


class Canary:
    """Both ports."""

    def __init__(self, selector: selectors.BaseSelector, say: Callable[..., None], taken: set[int]) -> None:
        """Open the ports: none of `taken`. Raises OSError."""
        self.selector = selector
        self.say = say
        self.visits: dict[Visit, None] = {}
        self.number = 0
        self.ports: list[int] = []
        while len(self.ports) < 2:
            self.open(taken)

    def open(self, taken: set[int]) -> None:
        """Listen on one more port, on both loopback addresses."""
        first = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = int(first.getsockname()[1])
        if port in taken:
            first.close()
            return
        self.ports.append(port)
        Perch(self, first, port)
        with contextlib.suppress(OSError):  # a kernel without IPv6 has no second way to come
            Perch(self, socket.create_server(("::1", port), family=socket.AF_INET6, backlog=128), port)

    def take(self, taken: socket.socket, port: int) -> None:
        """A connection; of too many the oldest goes."""
        if len(self.visits) >= MOST_OPEN:
            next(iter(self.visits)).close()
        taken.setblocking(False)
        self.number += 1
        visit = Visit(self, taken, port, self.number)
        self.visits[visit] = None
        self.selector.register(taken, selectors.EVENT_READ, visit)
        visit.report()
        visit.ready(taken, selectors.EVENT_READ)

    def expire(self) -> None:
        """Close what has been open for too long."""
        now = time.monotonic()
        for visit in [visit for visit in self.visits if visit.until < now]:
            visit.close()
