"""Counts what the guest's sockets hold: kernel memory that belongs to no process.

Runs inside, in the guest's process 1, beside `inside.py`: standard library only.
Asks the kernel by sock_diag(7), whose answer covers every socket of the
sandbox's network, also those that are open in no process any more but wait in a queue.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
DUMP = 0x301
DONE, ERROR = 3, 2
UNIX_MEMINFO, INET_MEMINFO = 5, 7
SHOW_MEMINFO = 0x20
"""UDIAG_SHOW_MEMINFO of linux/unix_diag.h; INET_DIAG_SKMEMINFO as an extension's bit has the same shape."""
FEW = 16
"""So many sockets hold too little to be asked for."""


def many() -> bool:
    """Whether the sandbox's network has more sockets than a few. Costs one read."""
    with open("/proc/net/sockstat", "rb") as source:  # noqa: PTH123 - starts faster without pathlib
        words = source.readline().split()
    return len(words) > 2 and int(words[2]) > FEW


def held() -> int:
    """Bytes in the buffers of all sockets; of those the kernel tells nothing about, none."""
    total = 0
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as made:
        made.settimeout(1)
        for request, kind, skip in _requests():
            try:
                made.send(struct.pack("=IHHII", 16 + len(request), SOCK_DIAG_BY_FAMILY, DUMP, 1, 0) + request)
                for message in _messages(made):
                    total += _memory(message[skip:], kind)
            except OSError:
                continue
    return total


def _requests() -> Iterator[tuple[bytes, int, int]]:
    """The questions: bytes, the attribute that answers, and the bytes of an answer before its attributes."""
    yield struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, 0xFFFFFFFF, 0, SHOW_MEMINFO, 0, 0), UNIX_MEMINFO, 16
    for family in (socket.AF_INET, socket.AF_INET6):
        for protocol in (socket.IPPROTO_TCP, socket.IPPROTO_UDP):
            head = struct.pack("=BBBBI", family, protocol, 1 << (INET_MEMINFO - 1), 0, 0xFFFFFFFF)
            yield head + bytes(48), INET_MEMINFO, 72


def _messages(made: socket.socket) -> Iterator[bytes]:
    """The bodies of a dump's answers."""
    while True:
        data = made.recv(1 << 18)
        while len(data) >= 16:
            size, kind = struct.unpack_from("=IH", data)
            if kind in (DONE, ERROR) or size < 16:
                return
            yield data[16:size]
            data = data[(size + 3) & ~3 :]


def _memory(attributes: bytes, wanted: int) -> int:
    """Bytes received and not read, sent and not taken, and queued, by the attribute `wanted`."""
    while len(attributes) >= 4:
        size, kind = struct.unpack_from("=HH", attributes)
        if size < 4:
            return 0
        if kind == wanted and size >= 28:
            received, _, sent, _, _, queued = struct.unpack_from("=6I", attributes, 4)
            # What is queued for TCP is a part of what is sent and not taken.
            return int(received) + max(int(sent), int(queued))
        attributes = attributes[(size + 3) & ~3 :]
    return 0
