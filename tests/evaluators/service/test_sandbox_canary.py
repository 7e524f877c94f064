"""What is planted beside a service for the probes: a file, two ports, and a measure of what it uses."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sandbox_guests import guest, told, until

from evaluators.service.hits import MOST_KEPT, Canary
from evaluators.service.sandbox import Bind, Process, SandboxError, run, start

PLANTED = {"/etc/backwright-canary": "sesame 17\n", "/srv/data/deep": "below\n"}

CALLS = """
import json, os, socket, sys, time, urllib.error, urllib.request
def ports():
    found = set()
    for line in open("/proc/net/tcp").read().splitlines()[1:]:
        _, local, _, state = line.split()[:4]
        if state == "0A":
            found.add(int(local.split(":")[1], 16))
    return sorted(found)
def get(url, body=None, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=5) as answer:
        return [answer.status, answer.url, answer.read().decode()]
"""


def scene(code: str, act: Callable[[Process], Awaitable[Any]]) -> Any:
    """Start a guest with a canary, wait until it prints `ready`, and act."""

    async def main() -> Any:
        async with start(guest(CALLS + code, canary=True)) as process:
            await until(lambda: "ready" in process.log() or not process.alive)
            assert process.alive, process.log()
            return await act(process)

    return asyncio.run(main())


def test_a_planted_file_is_read_and_not_written() -> None:
    code = """
import json, os
found = {}
for path in ("/etc/backwright-canary", "/srv/data/deep"):
    tried = []
    for action in (lambda: open(path, "a"), lambda: os.unlink(path), lambda: os.chmod(path, 0o666)):
        try:
            action()
        except OSError as error:
            tried.append(error.errno)
    found[path] = [open(path).read(), tried]
print(json.dumps(found))
"""
    found = told(code, planted=PLANTED)
    assert {path: text for path, (text, _) in found.items()} == PLANTED
    assert all(len(tried) == 3 and set(tried) <= {1, 13, 30} for _, tried in found.values())


@pytest.mark.parametrize("path", ["etc/x", "/app/x", "/tmp/x", "/etc/../app/x", "/proc/x", "/shared/x"])
def test_a_place_that_the_guest_may_change_is_refused(path: str, tmp_path: Path) -> None:
    confined = guest("pass", planted={path: ""})
    confined = replace(confined, binds=(*confined.binds, Bind(tmp_path, "/shared", writable=True)))
    with pytest.raises(SandboxError, match="no place to plant a file"):
        asyncio.run(run(confined))


def test_every_way_to_the_canary_is_seen() -> None:
    code = """
answers = []
for port in ports():
    for host in ("127.0.0.1", "localhost", "[::1]"):
        answers.append(get(f"http://{host}:{port}/look?{host}")[::2])
one, two = ports()
answers.append(get(f"http://127.0.0.1:{one}/redirect/x?y"))
answers.append(get(f"http://127.0.0.1:{two}/", b"a secret"))
with socket.create_connection(("127.0.0.1", one)) as plain:
    plain.send(b"\\x00binary")
    time.sleep(0.2)
print(json.dumps([ports(), answers]))
print("ready", flush=True)
time.sleep(60)
"""

    async def act(process: Process) -> None:
        ports, answers = json.loads(process.log().splitlines()[0])
        one, two = ports
        assert sorted(process.canary.ports) == ports
        await process.look()
        hits = process.canary.hits()
        assert [(hit.port, hit.path) for hit in hits[:6]] == [
            (port, f"/look?{host}") for port in ports for host in ("127.0.0.1", "localhost", "[::1]")
        ]
        assert hits[1].host == f"localhost:{one}" and hits[2].host == f"[::1]:{one}"
        assert answers[:6] == [[200, '{"canary": true}\n']] * 6
        assert answers[6] == [200, f"http://127.0.0.1:{two}/landed/x?y", '{"canary": true}\n']
        assert [(hit.port, hit.line) for hit in hits[6:8]] == [
            (one, "GET /redirect/x?y HTTP/1.1"),
            (two, "GET /landed/x?y HTTP/1.1"),
        ]
        assert hits[8].head.startswith("POST / HTTP/1.1\r\n") and hits[8].head.endswith("\r\n\r\na secret")
        assert (hits[9].head, hits[9].path, hits[9].host) == ("\0binary", "", "")
        assert len(hits) == 10 and process.canary.hits(process.canary.mark()) == []
        assert process.canary.lost() == 0

    scene(code, act)


def test_a_hit_is_told_before_the_next_look_is_answered() -> None:
    code = """
one, two = ports()
print("ready", flush=True)
for number in range(200):
    with socket.create_connection(("127.0.0.1", two)):
        print(f"did {number};", flush=True)
    time.sleep(0.005)
time.sleep(60)
"""

    async def act(process: Process) -> None:
        seen = 0
        while seen < 200:
            done = process.log().count(";")
            mark = process.canary.mark()
            await process.look()
            seen = len(process.canary.hits())
            assert seen >= done
            assert process.canary.mark() >= mark

    scene(code, act)


def test_the_canary_cannot_be_silenced() -> None:
    code = """
import ctypes, signal
one, two = ports()
tried = []
for host, family in (("127.0.0.1", 2), ("0.0.0.0", 2), ("::1", 10), ("::", 10)):
    for option in (0, socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        with socket.socket(family) as mine:
            try:
                if option: mine.setsockopt(socket.SOL_SOCKET, option, 1)
                if family == 10: mine.setsockopt(41, socket.IPV6_V6ONLY, 1)
                mine.bind((host, one))
                mine.listen()
                tried.append([host, option, "did"])
            except OSError as error:
                tried.append(error.errno)
# The kernel is asked to destroy the listener (SOCK_DESTROY), as an administrator may.
diag = socket.socket(16, socket.SOCK_RAW, 4)
request = bytes([2, 6, 0, 0]) + (1 << 10).to_bytes(4, "little") + one.to_bytes(2, "big") + bytes(2)
request += socket.inet_aton("127.0.0.1") + bytes(28) + bytes(4) + b"\\xff" * 8
head = (16 + len(request)).to_bytes(4, "little") + bytes([21, 0, 5, 0]) + bytes(8)
diag.send(head + request)
tried.append(-int.from_bytes(diag.recv(4096)[16:20], "little", signed=True))
held = []
for _ in range(300):
    held.append(socket.create_connection(("127.0.0.1", one)))
get(f"http://127.0.0.1:{one}/after")
print(json.dumps(tried))
print("ready", flush=True)
time.sleep(60)
"""

    async def act(process: Process) -> None:
        tried = json.loads(process.log().splitlines()[0])
        # Address in use; not permitted.
        assert set(tried) == {98, 1}, tried
        await process.look()
        assert process.canary.hits()[-1].path == "/after"
        assert len(process.canary.hits()) == 301

    scene(code, act)


def test_a_flood_of_hits_is_bounded_and_counted() -> None:
    canary = Canary((1, 2))
    for number in range(1, MOST_KEPT + 11):
        canary.heed({"hit": number, "port": 1, "head": ""})
    assert (len(canary.hits()), canary.lost(), canary.lost(20), canary.mark()) == (MOST_KEPT, 10, 0, MOST_KEPT + 10)
    canary.heed({"hit": 15, "port": 1, "head": "GET /late HTTP/1.1\r\n"})
    canary.heed({"hit": 3, "port": 1, "head": "gone"})
    assert canary.hits()[4].path == "/late" and len(canary.hits()) == MOST_KEPT
    canary.heed({"dropped": 4})
    assert canary.lost(20) == 4


def test_a_guest_that_floods_a_busy_gate_is_still_watched() -> None:
    code = """
one, two = ports()
print("ready", flush=True)
payload = b"GET / HTTP/1.1\\r\\n" + b"\\x00" * 900
until = time.monotonic() + 2
while time.monotonic() < until:
    with socket.create_connection(("127.0.0.1", one)) as made:
        made.send(payload)
get(f"http://127.0.0.1:{one}/last")
print("done", flush=True)
time.sleep(60)
"""

    async def act(process: Process) -> None:
        time.sleep(2.5)  # noqa: ASYNC251 - a gate that is busy is the point
        await until(lambda: "done" in process.log())
        await process.look()
        assert process.canary.mark() > 200
        assert len(process.canary.hits()) <= MOST_KEPT

    scene(code, act)


def test_without_a_canary_there_is_none() -> None:
    async def main() -> None:
        async with start(guest("import time; time.sleep(60)")) as process:
            with pytest.raises(SandboxError, match="has no canary"):
                _ = process.canary

    asyncio.run(main())


def test_what_the_tree_uses_now_is_told_at_each_look() -> None:
    code = """
print("ready", flush=True)
x = b"x" * (40 << 20)
if os.fork() == 0:
    y = b"y" * (40 << 20)
    t = time.process_time()
    while time.process_time() - t < 0.4: pass
    os._exit(0)
os.wait()
print("waited", flush=True)
t = time.process_time()
while time.process_time() - t < 0.2: pass
del x
print("freed", flush=True)
time.sleep(60)
"""

    async def act(process: Process) -> None:
        await until(lambda: "waited" in process.log())
        first = await process.look()
        assert first.memory > 60 << 20
        assert first.cpu > 0.35
        await until(lambda: "freed" in process.log())
        began = time.monotonic()
        second = await process.look()
        took = time.monotonic() - began
        assert second.resident < 40 << 20 < first.memory <= second.memory
        assert second.cpu > max(0.55, first.cpu + 0.1)
        assert took < 0.5
        assert process.usage == second

    scene(code, act)


def test_a_look_at_what_has_ended_gives_the_last_figures() -> None:
    async def main() -> None:
        async with start(guest("x = b'x' * (30 << 20)\nimport time; time.sleep(0.3)")) as process:
            await process.wait()
            used = await process.look()
            assert used.memory > 30 << 20 and used.resident == 0 and used.cpu > 0

    asyncio.run(main())
