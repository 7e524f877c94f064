"""Requests reach the sandboxed service, and nothing more does."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import time
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from sandbox_guests import guest, until, without_root

from evaluators.service.bridge import Door, forward
from evaluators.service.sandbox import Process, SandboxError, start

T = TypeVar("T")

SERVER = """
import http.server, json, os, sys, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def do_GET(self):
        if self.path.startswith("/endless"):
            self.send_response(200)
            self.end_headers()
            while True: self.wfile.write(b"x" * 65536)
        if self.path == "/silent":
            time.sleep(60)
        if self.path == "/exit":
            os._exit(5)
        size = int(self.path.strip("/") or 0)
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"x" * size)
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
print("ready", flush=True)
server.serve_forever()
"""


def scene(act: Callable[[Door, Process], T], code: str = SERVER, ready: str = "ready", **bounds: Any) -> T:
    """Start a service, wait until it says so, and do something to it in a thread."""

    async def main() -> T:
        confined = guest(code, env={"PORT": "8000"}, serves=8000)
        async with start(confined) as process, forward(process, **bounds) as door:
            await until(lambda: ready in process.log())
            return await asyncio.to_thread(act, door, process)

    return asyncio.run(main())


def fetched(door: Door, path: str, body: bytes | None = None) -> bytes:
    """The body of an answer."""
    with urllib.request.urlopen(door.base_url + path, body, timeout=20) as answer:  # noqa: S310 - our own
        return bytes(answer.read())


def test_answers_of_every_size_come_through() -> None:
    def act(door: Door, _: Process) -> None:
        for size in (0, 1, 65_536, 3_000_000):
            assert fetched(door, f"/{size}") == b"x" * size

    scene(act)


def test_a_large_request_comes_through_both_ways() -> None:
    body = bytes(range(256)) * 20_000
    assert scene(lambda door, _: fetched(door, "/", body)) == body


def test_one_connection_serves_many_requests() -> None:
    def act(door: Door, _: Process) -> float:
        connection = http.client.HTTPConnection(urlsplit(door.base_url).netloc, timeout=20)
        began = time.monotonic()
        for number in range(200):
            connection.request("GET", f"/{number}")
            assert len(connection.getresponse().read()) == number
        connection.close()
        return (time.monotonic() - began) / 200

    assert scene(act) < 0.1


def test_many_connections_at_once_are_kept_apart() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def act(door: Door, _: Process) -> list[int]:
        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(lambda size: len(fetched(door, f"/{size}")), range(64)))

    assert scene(act) == list(range(64))


def test_an_endless_answer_is_cut_and_counted() -> None:
    def act(door: Door, _: Process) -> Door:
        with pytest.raises((ConnectionError, http.client.IncompleteRead)):
            fetched(door, "/endless")
        assert fetched(door, "/5") == b"xxxxx"
        return door

    assert scene(act, answer_bytes=1_000_000).oversized == 1


def test_a_silent_answer_is_cut_and_counted() -> None:
    def act(door: Door, _: Process) -> Door:
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            fetched(door, "/silent")
        return door

    assert scene(act, idle_seconds=0.3).idle == 1


def test_a_service_that_does_not_listen_closes_the_connection_at_once() -> None:
    def act(door: Door, _: Process) -> float:
        began = time.monotonic()
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            fetched(door, "/")
        return time.monotonic() - began

    assert scene(act, "import time; print('ready', flush=True); time.sleep(60)") < 2


def test_a_service_that_dies_closes_the_connection() -> None:
    def act(door: Door, process: Process) -> None:
        with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
            fetched(door, "/exit")

    scene(act)


def test_a_program_that_serves_nothing_has_no_door() -> None:
    async def main() -> None:
        async with start(guest("import time; time.sleep(60)")) as process:
            with pytest.raises(SandboxError, match="serves no port"):
                async with forward(process):
                    pass

    asyncio.run(main())


ESCAPE = (
    """
import json, os, signal, socket, stat
found = {"sockets": [], "kill": []}
for name in os.listdir("/proc/self/fd"):
    try:
        if stat.S_ISSOCK(os.stat(f"/proc/self/fd/{name}").st_mode): found["sockets"].append(name)
    except OSError:
        pass
# The known way out: a TCP socket from outside is told to forget its peer and connects anew.
for number in range(3, 64):
    try:
        stolen = socket.socket(fileno=number)
        found["sockets"].append(number)
    except OSError:
        pass
for signal_ in (9, 15, 19):
    os.kill(1, signal_)
# The end that process 1 listens on is neither to be copied nor to be opened.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
pidfd = libc.syscall(434, 1, 0)
found["stolen"] = [libc.syscall(438, pidfd, fd, 0) for fd in range(3, 32)]
try:
    found["listed"] = os.listdir("/proc/1/fd")
except OSError as error:
    found["listed"] = error.errno
print(json.dumps(found), flush=True)
"""
    + SERVER
)


def test_the_door_is_neither_taken_nor_closed_by_the_guest() -> None:
    def act(door: Door, process: Process) -> Any:
        assert fetched(door, "/7") == b"x" * 7
        return json.loads(process.log().split("\n")[0])

    found = scene(act, ESCAPE)
    assert found["sockets"] == []
    assert set(found["stolen"]) == {-1}
    assert found["listed"] == 13


def test_the_door_closes_with_the_service_and_leaves_nothing() -> None:
    async def main() -> tuple[str, bool]:
        async with start(guest(SERVER, env={"PORT": "8000"}, serves=8000)) as process:
            assert process.door is not None
            folder = process.door.parent
            assert folder.stat().st_mode & 0o077 == 0
            async with forward(process) as door:
                await until(lambda: "ready" in process.log())
            return door.base_url, folder.exists()

    base_url, existed = asyncio.run(main())
    assert existed
    host, _, port = urlsplit(base_url).netloc.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=2)


def test_an_ordinary_user_has_the_same_bridge() -> None:
    script = f"""
import asyncio, urllib.request
from evaluators.service import launch
from evaluators.service.bridge import forward
from evaluators.service.sandbox import *
async def main():
    python = launch.interpreter()
    confined = Confined((str(python), "-c", {SERVER!r}), env={{"PORT": "80"}}, binds=python_binds(python), serves=8000)
    confined = Confined(confined.argv, env={{"PORT": "8000"}}, binds=confined.binds, serves=8000)
    async with start(confined) as process, forward(process) as door:
        while "ready" not in process.log():
            await asyncio.sleep(0.01)
        print(len(await asyncio.to_thread(lambda: urllib.request.urlopen(door.base_url + "/1234").read())))
asyncio.run(main())
"""
    assert without_root(script) == "1234\n"
