"""The bridge: an address on this host's loopback that leads to the sandboxed service.

The way of a request: fuzzer -> 127.0.0.1:PORT (here) -> a Unix socket that the
gate bound -> process 1 of the sandbox, which got that socket as an inherited
descriptor (`relay.py`) -> the service's port on the sandbox's loopback. The
service itself never holds a descriptor or a path that leads outside.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from evaluators.service.sandbox import Process, SandboxError

CHUNK = 1 << 16


@dataclass
class Door:
    """Where the service answers, and what had to be cut."""

    base_url: str
    """`http://127.0.0.1:PORT`, without a slash at the end."""
    oversized: int = 0
    """Answers cut because they were longer than the bound."""
    idle: int = 0
    """Connections cut because nothing moved."""


@dataclass
class _Call:
    """One connection: what the answer has used of its bound, and when something last moved."""

    answered: int = 0
    moved: float = 0.0


@asynccontextmanager
async def forward(process: Process, *, answer_bytes: int = 64 << 20, idle_seconds: float = 60.0) -> AsyncIterator[Door]:
    """Open a TCP port on 127.0.0.1 for a process whose `Confined.serves` names its port.

    A connection is cut when the service sends more than `answer_bytes` after
    the last byte of a request, or when nothing moves for `idle_seconds`.
    A service that does not listen yet looks like a connection closed at once.

    Raises:
        SandboxError: the process serves no port.
    """
    if process.door is None:
        raise SandboxError("the confined program serves no port")
    path, door = process.door, Door("")
    calls: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            calls.add(task)
            task.add_done_callback(calls.discard)
        if not process.alive:
            writer.transport.abort()
            return
        with contextlib.suppress(OSError, asyncio.CancelledError):
            try:
                await _call(path, reader, writer, door, answer_bytes, idle_seconds)
            finally:
                # A call that is cancelled before it has reached the guest leaves its end open.
                if not writer.transport.is_closing():
                    writer.transport.abort()

    async def watch() -> None:
        # The listener outlives the guest: what waits there would wait for ever.
        await process.wait()
        for task in list(calls):
            task.cancel()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=CHUNK)
    door.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    watching = asyncio.ensure_future(watch())
    try:
        yield door
    finally:
        watching.cancel()
        server.close()
        for task in list(calls):
            task.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def _call(
    path: Path,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    door: Door,
    answer_bytes: int,
    idle_seconds: float,
) -> None:
    """One connection, copied both ways until both have ended or a bound is hit."""
    loop = asyncio.get_running_loop()
    call = _Call(moved=loop.time())
    try:
        inner_reader, inner_writer = await asyncio.open_unix_connection(sock=connect(path), limit=CHUNK)
    except OSError:
        writer.transport.abort()
        return
    ways = [
        asyncio.ensure_future(_ask(reader, inner_writer, call)),
        asyncio.ensure_future(_answer(inner_reader, writer, call, answer_bytes)),
    ]
    try:
        while not all(way.done() for way in ways):
            await asyncio.wait(ways, timeout=idle_seconds, return_when=asyncio.FIRST_EXCEPTION)
            if any(way.done() and way.exception() for way in ways):
                break
            if not all(way.done() for way in ways) and loop.time() - call.moved >= idle_seconds:
                door.idle += 1
                break
        door.oversized += call.answered > answer_bytes
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (writer, inner_writer):
            reset(end) if call.answered > answer_bytes else end.close()
        await asyncio.gather(*map(_closed, (writer, inner_writer)))


async def _closed(end: asyncio.StreamWriter) -> None:
    """Wait until a connection is closed, and hear why: what nobody hears is said on the screen, long after."""
    with contextlib.suppress(OSError):
        try:
            async with asyncio.timeout(1):
                await end.wait_closed()
        except TimeoutError:
            # The other side takes no more of what is still to be sent.
            end.transport.abort()


async def _ask(source: asyncio.StreamReader, sink: asyncio.StreamWriter, call: _Call) -> None:
    """Copy the client's bytes; each begins a new answer's bound."""
    while data := await source.read(CHUNK):
        call.answered, call.moved = 0, asyncio.get_running_loop().time()
        sink.write(data)
        await sink.drain()
    with contextlib.suppress(OSError):
        sink.write_eof()


async def _answer(source: asyncio.StreamReader, sink: asyncio.StreamWriter, call: _Call, most: int) -> None:
    """Copy the service's bytes up to the bound. Raises OSError beyond it."""
    while data := await source.read(CHUNK):
        call.answered += len(data)
        call.moved = asyncio.get_running_loop().time()
        if call.answered > most:
            raise OSError("the answer is longer than the bound")
        sink.write(data)
        await sink.drain()
    with contextlib.suppress(OSError):
        sink.write_eof()


def reset(writer: asyncio.StreamWriter) -> None:
    """Close a connection so that the other side sees an error, not the end of an answer."""
    made: socket.socket | None = writer.get_extra_info("socket")
    if made is not None:
        with contextlib.suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def connect(path: Path) -> socket.socket:
    """A connection to the Unix socket `path`, however long the path is. Raises OSError."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            made.connect(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made
