"""Hostile guests, each a real one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sandbox_guests import PYTHON, REPOSITORY, SMALL, guest, ran, told, until

from evaluators.service.sandbox import MEBI, Confined, python_binds, run, start

TRY = """
import ctypes, json, os, socket, sys
def tries(action, *arguments):
    try:
        found = action(*arguments)
    except OSError as error:
        return type(error).__name__ + " " + str(error.errno)
    return "did " + repr(found)
def connects(family, address):
    made = socket.socket(family)
    made.settimeout(1)
    return made.connect(address)
"""


def marked(mark: str) -> list[int]:
    """The host's processes whose command line holds `mark`, but for this one's children that look for it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def gone(mark: str, seconds: float = 5) -> bool:
    """Whether no marked process is left within `seconds`."""
    until = time.monotonic() + seconds
    while marked(mark) and time.monotonic() < until:
        time.sleep(0.02)
    return not marked(mark)


def test_a_fork_bomb_is_held_down() -> None:
    code = """
import os, time
made = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
        made += 1
except OSError:
    print(made)
"""
    assert 16 <= told(code) <= SMALL.processes


def test_a_fork_bomb_that_never_gives_up_ends_with_its_time() -> None:
    mark = "bomb-5f1c"
    code = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
    confined = guest(code, limits=replace(SMALL, seconds=1))
    began = time.monotonic()
    outcome = asyncio.run(run(replace(confined, argv=(*confined.argv, mark))))
    assert outcome.timed_out and outcome.killed == "time"
    assert time.monotonic() - began < 15
    assert gone(mark)


def test_threads_count_as_processes() -> None:
    code = """
import threading, time
made = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        made += 1
except RuntimeError:
    print(made, flush=True)
    import os
    os._exit(0)
"""
    assert 16 <= told(code) <= SMALL.processes


def test_the_disk_is_bounded_everywhere() -> None:
    code = """
import json, os
def fill(folder):
    total = number = 0
    while True:
        number += 1
        try:
            with open(f"{folder}/{number}", "wb", buffering=0) as sink:
                for _ in range(4):
                    total += sink.write(bytes(1 << 20))
        except OSError as error:
            if number > 64 or error.errno == 28:
                return total
print(json.dumps({each: fill(each) for each in ("/app", "/tmp", "/dev/shm")}))
"""
    for place, total in told(code).items():
        assert 2 * MEBI <= total <= SMALL.disk, place


def test_endless_small_files_end_the_guest() -> None:
    code = "n = 0\nwhile True:\n    n += 1\n    open(f'/tmp/{n}', 'w').close()\n"
    assert ran(code, limits=replace(SMALL, inodes=5000)).killed == "disk"


def test_sleeping_for_ever_ends_with_the_time() -> None:
    began = time.monotonic()
    outcome = ran("import time; time.sleep(1e6)", limits=replace(SMALL, seconds=0.5))
    assert (outcome.timed_out, outcome.killed, outcome.returncode) == (True, "time", -9)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "code",
    [
        "x = []\nwhile True: x.append(b'x' * (1 << 20))",
        # The sum counts: none of these alone is too large.
        "import os, time\nfor _ in range(8): os.fork()\nx = b'x' * (40 << 20)\ntime.sleep(30)",
        # Shared memory is no file and no private page.
        "import mmap, time\nx = mmap.mmap(-1, 1 << 30)\nfor i in range(1 << 30 >> 12): x[i << 12] = 1\ntime.sleep(30)",
    ],
    ids=["one", "many", "shared"],
)
def test_a_memory_hog_is_ended(code: str) -> None:
    outcome = ran(code, limits=replace(SMALL, processes=300))
    assert outcome.killed == "memory" or "MemoryError" in outcome.stderr, outcome


def test_no_way_leads_out_by_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind("\0backwright-test-abstract")
        hidden.listen()
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        code = f"""{TRY}
def udp():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
print(json.dumps([
    tries(connects, socket.AF_INET, ("127.0.0.1", {port})),
    tries(connects, socket.AF_INET, ("192.0.2.1", 80)),
    tries(connects, socket.AF_UNIX, "\\0backwright-test-abstract"),
    tries(udp),
    tries(socket.socket, 40, socket.SOCK_STREAM),
    tries(socket.socket, 17, socket.SOCK_RAW),
    sorted(name for _, name in socket.if_nameindex()),
]))
"""
        answers = told(code)
        with pytest.raises(TimeoutError):
            listener.accept()
    refused, unreachable, no_family = "ConnectionRefusedError 111", "OSError 101", "OSError 97"
    assert answers == [refused, unreachable, refused, unreachable, no_family, no_family, ["lo"]]


def test_the_hosts_files_and_environment_are_not_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKWRIGHT_TEST_SECRET", "sesame")
    paths = [
        "/etc/shadow",
        "/home",
        "/var",
        "/etc/ssh",
        "/sys",
        str(Path.home() / ".ssh"),
        str(REPOSITORY),
        "/mnt",
        "/run/dbus",
    ]
    code = f"""{TRY}
def seen(path):
    return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
everything = b""
for name in filter(str.isdigit, os.listdir("/proc")):
    for part in ("environ", "cmdline"):
        try:
            everything += open(f"/proc/{{name}}/{{part}}", "rb").read()
        except OSError:
            pass
print(json.dumps([
    sorted(os.environ),
    [tries(seen, path) for path in {paths!r}],
    b"sesame" in everything,
    sorted(filter(str.isdigit, os.listdir("/proc"))),
    [tries(seen, f"/proc/1/{{part}}") for part in ("environ", "fd", "root", "cwd", "maps")],
    sorted(os.listdir("/proc/self/fd"))[:-1],
]))
"""
    names, found, secret, processes, first, descriptors = told(code)
    assert names == ["HOME", "LANG", "PATH", "TZ"]
    assert found == ["FileNotFoundError 2"] * len(paths)
    assert not secret
    assert processes == ["1", "2"]
    assert first == ["PermissionError 13"] * 5
    assert descriptors == ["0", "1", "2"]


def test_the_kernel_is_asked_in_vain() -> None:
    code = f"""{TRY}
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *arguments):
    found = libc.syscall(number, *arguments)
    return name + " " + ("did" if found >= 0 else str(ctypes.get_errno()))
NUMBERS = dict(ptrace=101, mount=165, keyctl=250, bpf=321, userfaultfd=323, perf_event_open=298, unshare=272,
               setns=308, pivot_root=155, add_key=248, open_by_handle_at=304, process_vm_writev=311, kcmp=312,
               clock_settime=227, init_module=175, kexec_load=246, reboot=169, swapon=167)
ABSENT = dict(clone3=435, io_uring_setup=425, memfd_create=319)
machine = os.uname().machine
print(json.dumps([
    machine,
    [call(name, number, 0, 0, 0, 0, 0) for name, number in NUMBERS.items()],
    [call(name, number, 0, 0, 0) for name, number in ABSENT.items()],
    call("newuser", 56, 0x10000000 | 17, 0, 0, 0, 0),
    call("slow", 302, 1, 7, 0, 0),
    open("/proc/self/status").read().split("CapEff:")[1].split()[0],
    open("/proc/self/status").read().split("NoNewPrivs:")[1].split()[0],
]))
"""
    machine, refused, absent, user, another, capabilities, privileges = told(code)
    assert machine == "x86_64", "the numbers above are of this machine"
    assert {each.split()[1] for each in refused} == {"1"}, refused
    assert {each.split()[1] for each in absent} == {"38"}, absent
    assert (user, another, int(capabilities, 16), privileges) == ("newuser 1", "slow 1", 0, "1")


def test_the_watcher_cannot_be_killed_stopped_or_written_to() -> None:
    code = f"""{TRY}
import signal, time
answers = [tries(os.kill, 1, each) for each in range(1, 65) if each != signal.SIGCHLD]
answers.append(tries(open, "/proc/1/mem", "r+b"))
answers.append(tries(os.setpriority, os.PRIO_PROCESS, 1, 19))
answers.append(tries(os.sched_setaffinity, 1, [0]))
import resource
answers.append(tries(resource.prlimit, 1, resource.RLIMIT_NOFILE, (0, 0)))
print(json.dumps(answers), flush=True)
x = []
while True: x.append(b"x" * (1 << 20))
"""
    outcome = ran(code)
    answers = json.loads(outcome.stdout)
    # Signals to process 1 are taken and thrown away by the kernel.
    assert answers == ["did None"] * 63 + ["PermissionError 13"] + ["PermissionError 1"] * 3
    assert outcome.killed == "memory" or "MemoryError" in outcome.stderr


def test_a_service_that_traps_sigterm_is_killed() -> None:
    mark = "trap-71be"
    code = """
import os, signal, time
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, lambda *_: print("no", flush=True))
if os.fork() == 0:
    os.setsid()
print("up", flush=True)
while True:
    time.sleep(1)
"""

    async def scene() -> float:
        confined = guest(code)
        async with start(replace(confined, argv=(*confined.argv, mark))) as process:
            await until(lambda: process.log().count("up") == 2)
            assert marked(mark)
            began = time.monotonic()
            await process.stop(grace=0.3)
            assert (process.returncode, process.killed) == (-9, None)
            return time.monotonic() - began

    assert 0.3 <= asyncio.run(scene()) < 4
    assert gone(mark, 1)


def test_what_a_program_leaves_behind_dies_with_it() -> None:
    mark = "left-0c4d"
    code = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(1000)\n"
    confined = guest(code)
    outcome = asyncio.run(run(replace(confined, argv=(*confined.argv, mark))))
    assert outcome.returncode == 0
    assert gone(mark, 1)


def test_a_flooded_log_is_bounded_and_ends_the_guest() -> None:
    outcome = ran("import os\nwhile True: os.write(1, b'x' * 65536)")
    assert outcome.killed == "log"
    assert len(outcome.stdout) <= SMALL.log_bytes + 100
    assert "bytes left out" in outcome.stdout


def test_a_long_log_within_reason_is_only_shortened() -> None:
    outcome = ran("for n in range(40000): print(n)")
    assert outcome.killed is None and outcome.returncode == 0
    assert outcome.stdout.startswith("0\n1\n") and outcome.stdout.endswith("39999\n")
    assert len(outcome.stdout) <= SMALL.log_bytes + 100


def test_a_killed_gate_leaves_nothing_running() -> None:
    mark = "orphan-93aa"
    script = f"""
import asyncio
from evaluators.service.sandbox import *
async def main():
    async with start(Confined(("/bin/sh", "-c", "trap '' TERM INT HUP; sleep 1000 & sleep 1000; : {mark}"))) as process:
        print("up", flush=True)
        await process.wait()
asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as gate:
        assert gate.stdout is not None
        assert gate.stdout.readline() == b"up\n"
        try:
            asyncio.run(until(lambda: [pid for pid in marked(mark) if pid != gate.pid]))
        finally:
            gate.send_signal(signal.SIGKILL)
    assert gone(mark)


def test_a_cancelled_run_leaves_nothing_running() -> None:
    mark = "cancelled-44e0"

    async def scene() -> None:
        task = asyncio.ensure_future(run(Confined(("/bin/sh", "-c", f"sleep 1000; : {mark}"))))
        await until(lambda: marked(mark))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scene())
    assert gone(mark)


def test_python_itself_is_not_to_be_changed() -> None:
    code = f"""{TRY}
print(json.dumps([tries(open, {str(PYTHON)!r}, "ab"), tries(open, json.__file__, "ab")]))
"""
    assert set(told(code)) <= {"OSError 30", "PermissionError 13"}
    assert python_binds(PYTHON)[-1].writable is False
