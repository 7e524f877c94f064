"""Copies bytes between sockets inside the sandbox, without threads.

Runs inside, in the guest's process 1, on the Python that runs the gate: standard
library only, and nothing of this package. A guest that fills its process limit
cannot stop it, since it starts no process and no thread.
"""

from __future__ import annotations

import selectors
import socket

CHUNK = 65_536
MOST_WAITING = 4 * CHUNK
MOST_PAIRS = 256

Target = int | str
"""A port of 127.0.0.1, or a Unix socket's path."""


class Half:
    """One direction of a connection."""

    def __init__(self, source: socket.socket, sink: socket.socket) -> None:
        self.source = source
        self.sink = sink
        self.waiting = bytearray()
        self.ended = False
        self.closed = False

    @property
    def wants(self) -> bool:
        """Whether more may be read."""
        return not self.ended and len(self.waiting) < MOST_WAITING

    def read(self) -> None:
        """Take what has come; hand on at once what the other side takes."""
        try:
            data = self.source.recv(CHUNK)
        except BlockingIOError:
            return
        if data:
            self.waiting += data
            if self.source.family == socket.AF_INET:
                # A service that writes head and body apart would wait 40 ms for each late acknowledgement.
                self.source.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        else:
            self.ended = True
        self.write()

    def write(self) -> None:
        """Hand on what waits; pass on the end when nothing waits."""
        if self.waiting:
            try:
                sent = self.sink.send(self.waiting)
            except BlockingIOError:
                return
            del self.waiting[:sent]
        if self.ended and not self.waiting and not self.closed:
            self.closed = True
            self.sink.shutdown(socket.SHUT_WR)


class Pair:
    """A connection taken in, and the one made for it."""

    def __init__(self, relays: Relays, taken: socket.socket, made: socket.socket, connected: bool) -> None:
        self.relays = relays
        self.sockets = (taken, made)
        self.connected = connected
        self.halves = (Half(taken, made), Half(made, taken))
        self.masks = [0, 0]
        self.register()

    def register(self) -> None:
        """Tell the selector what this pair now waits for."""
        for index, end in enumerate(self.sockets):
            mask = self.mask(index)
            if mask == self.masks[index]:
                continue
            if not self.masks[index]:
                self.relays.selector.register(end, mask, self)
            elif mask:
                self.relays.selector.modify(end, mask, self)
            else:
                self.relays.selector.unregister(end)
            self.masks[index] = mask

    def mask(self, index: int) -> int:
        """What to wait for on socket `index`."""
        if not self.connected:
            return selectors.EVENT_WRITE if index == 1 else 0
        reading = selectors.EVENT_READ if self.halves[index].wants else 0
        writing = selectors.EVENT_WRITE if self.halves[1 - index].waiting else 0
        return reading | writing

    def ready(self, end: socket.socket, mask: int) -> None:
        """Something can be read from or written to `end`."""
        try:
            self.move(self.sockets.index(end), mask)
        except OSError:
            self.close()
            return
        if all(half.closed for half in self.halves):
            self.close()
        else:
            self.register()

    def move(self, index: int, mask: int) -> None:
        """Finish connecting, or copy. Raises OSError when an end has broken."""
        if not self.connected:
            error = self.sockets[1].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, "not connected")
            self.connected = True
            return
        if mask & selectors.EVENT_WRITE:
            self.halves[1 - index].write()
        if mask & selectors.EVENT_READ:
            self.halves[index].read()

    def close(self) -> None:
        """Forget both ends."""
        for index, end in enumerate(self.sockets):
            if self.masks[index]:
                self.relays.selector.unregister(end)
                self.masks[index] = 0
            end.close()
        self.relays.pairs.discard(self)


class Door:
    """A listening socket, and where its connections lead."""

    def __init__(self, relays: Relays, listener: socket.socket, target: Target) -> None:
        self.relays = relays
        self.listener = listener
        self.target = target

    def ready(self, end: socket.socket, mask: int) -> None:
        """Take connections in; one that leads nowhere is closed at once."""
        try:
            taken, _ = end.accept()
        except OSError:
            return
        made: socket.socket | None = None
        try:
            if len(self.relays.pairs) >= MOST_PAIRS:
                raise OSError("too many connections")
            taken.setblocking(False)
            family = socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET
            made = socket.socket(family, socket.SOCK_STREAM)
            made.setblocking(False)
            if family == socket.AF_INET:
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected = self.connect(made)
            self.relays.pairs.add(Pair(self.relays, taken, made, connected))
        except OSError:
            taken.close()
            if made is not None:
                made.close()

    def connect(self, made: socket.socket) -> bool:
        """Whether `made` is connected already; False: later. Raises OSError."""
        try:
            made.connect(self.target if isinstance(self.target, str) else ("127.0.0.1", self.target))
        except BlockingIOError:
            if isinstance(self.target, str):
                raise
            return False
        return True


class Relays:
    """All doors and the connections through them, on one selector."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self.selector = selector
        self.pairs: set[Pair] = set()

    def from_fd(self, fd: int, port: int) -> None:
        """Connections of the inherited Unix listener `fd` go to 127.0.0.1:`port`."""
        listener = socket.socket(fileno=fd)
        self._open(listener, port)

    def from_port(self, port: int, path: str) -> None:
        """Connections to 127.0.0.1:`port` go to the Unix socket `path`."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
        self._open(listener, path)

    def _open(self, listener: socket.socket, target: Target) -> None:
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ, Door(self, listener, target))
