"""A log of bounded size: its first half, its last half, and a count of what lay between."""

from __future__ import annotations


class Log:
    """Takes any number of bytes, keeps `bound` of them."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.total = 0
        """Bytes taken so far."""
        self._head = bytearray()
        self._tail = bytearray()

    def add(self, data: bytes) -> None:
        """Take more bytes."""
        self.total += len(data)
        half = self.bound // 2
        room = max(0, half - len(self._head))
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > 2 * half:
            del self._tail[:-half]

    def text(self, since: int = 0) -> str:
        """The kept bytes from byte `since` on, as text; a line says where bytes are missing."""
        half = self.bound // 2
        tail = self._tail[-half:] if half else bytearray()
        begins = self.total - len(tail)
        if since >= begins:
            return tail[since - begins :].decode(errors="replace")
        head = self._head[since:]
        gap = begins - max(since, len(self._head))
        middle = b"\n[%d bytes left out]\n" % gap if gap > 0 else b""
        return bytes(head + middle + tail).decode(errors="replace")
