"""Process 1 of the sandbox: starts the guest, watches it, relays for it, ends it.

Runs inside as `python -I -S inside.py FD`: standard library only, and nothing
of this package but `relay`, which lies beside it. `FD` holds a line with the
length of a JSON text, that text, and the bytes of the guest's files.

As process 1 it cannot be killed from inside, and as an undumpable process it
cannot be looked into or changed through /proc. It tells the gate what happens
by JSON lines on the inherited control socket, and ends when that one closes.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import time
from typing import Any, BinaryIO

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - starts faster without pathlib

import buffers  # type: ignore[import-not-found,unused-ignore]
from canary import Canary  # type: ignore[import-not-found,unused-ignore]
from relay import Relays  # type: ignore[import-not-found,unused-ignore]
from tree import Tree  # type: ignore[import-not-found,unused-ignore]

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
TICK = 0.05
BUFFERS_TICK = 0.2
"""What sockets hold takes 2.5 ms to be asked for, the rest a tenth of one."""
MOST_UNSAID = 1 << 20
"""Bytes that wait for a gate that is busy; reports beyond it are dropped and counted."""


class Guest:
    """The judged program and all its descendants."""

    def __init__(self, spec: dict[str, Any], control: socket.socket) -> None:
        self.spec = spec
        self.control = control
        self.limits = spec["limits"]
        self.tree = Tree(spec["alone"])
        self.pid = 0
        self.code: int | None = None
        self.peak = 0
        self.most = 0
        self.told = 0.0
        self.deadline = time.monotonic() + float(self.limits["seconds"])
        self.grace: float | None = None
        self.resident = 0
        self.heard = b""
        self.looks: list[int] = []
        self.buffered = 0
        self.asked = 0.0
        self.unsaid = bytearray()
        self.dropped = 0

    def say(self, **what: Any) -> None:
        """One JSON line to the gate; a gate that does not listen is not waited for."""
        if len(self.unsaid) > MOST_UNSAID and "code" not in what:
            self.dropped += 1
            return
        self.unsaid += json.dumps(what).encode() + b"\n"
        self.flush()

    def flush(self) -> None:
        """Send what the gate takes now."""
        with contextlib.suppress(OSError):
            while self.unsaid:
                del self.unsaid[: self.control.send(self.unsaid)]

    def tell(self, **more: Any) -> None:
        """Tell the gate what the guest uses."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime + self.tree.spent()
        peak = self.peak
        self.say(memory=peak, processes=self.most, cpu=cpu, resident=self.resident, dropped=self.dropped, **more)

    def start(self) -> None:
        """Fork and execute the program."""
        self.pid = os.fork()
        if self.pid:
            return
        try:
            os.setsid()
            # Without a process namespace nothing else would end it when the watcher is killed.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            for each in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD):
                signal.signal(each, signal.SIG_DFL)
            self.confine()
            os.chdir(self.spec["workdir"])
            argv, env = self.spec["argv"], self.spec["env"]
            os.execvpe(argv[0], argv, env)  # noqa: S606 - no shell is wanted
        except OSError as error:
            os.write(2, f"{self.spec['argv'][0]}: {os.strerror(error.errno or 0)}\n".encode())
        finally:
            os._exit(127)

    def confine(self) -> None:
        """Set the limits that count for each process, and let the guest go first when the machine lacks memory."""
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as sink:  # noqa: PTH123
            sink.write("500")
        memory, files = self.limits["memory"], self.limits["files"]
        for kind, value in (
            # One byte: nothing is written, and a crash handler of the host's gets nothing either, as it would at 0.
            (resource.RLIMIT_CORE, 1),
            (resource.RLIMIT_MEMLOCK, 0),
            # Without a user namespace of its own it would count all processes of this user.
            *([(resource.RLIMIT_NPROC, self.limits["nproc"] + 1)] if self.tree.alone else []),
            (resource.RLIMIT_NOFILE, files),
            (resource.RLIMIT_FSIZE, self.limits["disk"]),
            (resource.RLIMIT_CPU, self.limits["cpu"]),
            # Twice: address space is reserved more freely than used, and the sum is watched anyway.
            (resource.RLIMIT_DATA, 2 * memory),
        ):
            _, hard = resource.getrlimit(kind)
            limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (limit, limit))

    def reap(self) -> bool:
        """Collect the dead. True when the program itself has ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return self.code is not None
            if pid == 0:
                return self.code is not None
            if pid == self.pid:
                self.code = os.waitstatus_to_exitcode(status)

    def exceeded(self) -> str | None:
        """Which limit is exceeded, if any."""
        now = time.monotonic()
        if now > self.deadline:
            return "time"
        if self.grace is not None and now > self.grace:
            return "stopped"
        memory, processes = self.weigh()
        if now - self.told > 1:
            self.told = now
            self.tell()
        if memory > self.limits["memory"]:
            return "memory"
        if processes > self.limits["processes"]:
            return "processes"
        inodes = self.limits["inodes"]
        full = any(crowded(place, inodes) for place in self.spec["places"])
        heavy = any(weight(place, inodes // 10) > self.limits["disk"] for place in self.spec["shared"])
        return "disk" if full or heavy else None

    def weigh(self) -> tuple[int, int]:
        """Bytes of memory and number of threads now; the most of both is kept."""
        self.resident, threads = self.tree.weigh()
        now = time.monotonic()
        if self.tree.alone and now - self.asked > BUFFERS_TICK:
            self.asked = now
            self.buffered = buffers.held() if buffers.many() else 0
        self.resident += self.buffered
        self.peak, self.most = max(self.peak, self.resident), max(self.most, threads)
        return self.resident, threads

    def look(self) -> None:
        """Answer the gate's wish to know what is used now."""
        if self.looks:
            self.weigh()
            for number in self.looks:
                self.tell(look=number)
            self.looks.clear()
        self.flush()

    def hear(self) -> None:
        """Obey the gate: `stop SECONDS`, `look NUMBER`; a closed socket means that the gate is gone."""
        heard = self.control.recv(4096)
        if not heard:
            self.end("gate")
        *lines, self.heard = (self.heard + heard).split(b"\n")
        for line in lines:
            word, _, number = line.partition(b" ")
            if word == b"stop":
                self.stop(float(number))
            elif word == b"look":
                self.looks.append(int(number))

    def stop(self, grace: float) -> None:
        """Ask the program to end."""
        self.grace = time.monotonic() + grace
        # The group is the program's own only a moment after its start.
        for send, to in ((os.killpg, self.pid), (os.kill, self.pid)):
            with contextlib.suppress(OSError):
                send(to, signal.SIGTERM)
                return

    def end(self, why: str | None) -> None:
        """Kill everything, wait until it is gone, tell the gate, and end."""
        self.tree.kill()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == self.pid:
                self.code = os.waitstatus_to_exitcode(status)
            elif pid == 0:
                time.sleep(0.001)
                self.tree.kill()
        self.resident = 0
        self.control.settimeout(1)
        self.tell(code=self.code, killed=None if why == "stopped" else why)
        os._exit(0)


def crowded(place: str, most: int) -> bool:
    """Whether a tmpfs holds more files than anything sane: each costs memory that no limit counts."""
    found = os.statvfs(place)
    return found.f_files - found.f_ffree > most


def weight(folder: str, most: int) -> int:
    """Bytes of disk below a folder that lies on the host's; a crowd of files weighs more than any limit."""
    total = seen = 0
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    seen += 1
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    if seen > most:
                        return sys.maxsize
        except OSError:
            continue
    return total


def unpack(files: list[list[Any]], source: BinaryIO, folder: str) -> None:
    """Write the files (path, mode, size) whose bytes follow in `source`."""
    for path, mode, size in files:
        target = f"{folder}/{path}"
        os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
        fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with open(fd, "wb") as sink:  # noqa: PTH123
            sink.write(source.read(size))


def prepare(spec: dict[str, Any], source: BinaryIO) -> Guest:
    """Hide this process from the guest and lay the files out."""
    control = socket.socket(fileno=spec["control"])
    control.setblocking(False)
    for fd in (spec["control"], *(fd for fd, _ in spec["listeners"])):
        os.set_inheritable(fd, False)
    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError("the first process cannot be hidden from the guest")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    unpack(spec["files"], source, spec["app"])
    return Guest(spec, control)


def given() -> tuple[int, dict[str, Any]]:
    """The descriptor to read from, and what is known already of descriptors.

    In a container nothing can be inherited: process 1 connects to the gate, which
    takes one connection in and no second, and gets its descriptors that way.
    """
    if not sys.argv[1].startswith("/"):
        return int(sys.argv[1]), {}
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(sys.argv[1])
    _, fds, _, _ = socket.recv_fds(control, 1, 2)
    return fds[0], {"control": control.detach(), "listener": fds[1] if len(fds) > 1 else None}


def refuse(filter_: str) -> None:
    """Load the filter of system calls, where nobody has done it before. Raises OSError."""
    code = bytes.fromhex(filter_)
    if not code:
        return
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept))
    if ctypes.CDLL(None).prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0) != 0:
        raise OSError("the filter of system calls cannot be loaded")


def main() -> None:
    """Start the guest and stay until it ends."""
    fd, known = given()
    with open(fd, "rb") as source:  # noqa: PTH123
        spec = json.loads(source.read(int(source.readline())))
        if known:
            spec["control"] = known["control"]
            spec["listeners"] = [[known["listener"], port] for _, port in spec["listeners"]]
        refuse(spec["filter"])
        guest = prepare(spec, source)
    selector = selectors.DefaultSelector()
    relays = Relays(selector)
    for fd, port in spec["listeners"]:
        relays.from_fd(fd, port)
    for port, path in spec["reaches"]:
        relays.from_port(port, path)
    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # The kernel throws away a signal that process 1 has no handler for, and Python makes one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    selector.register(woken, selectors.EVENT_READ, None)
    selector.register(guest.control, selectors.EVENT_READ, guest)
    ports = [port for port, _ in spec["reaches"]] + [port for _, port in spec["listeners"]]
    canary = Canary(selector, guest.say, set(ports)) if spec["canary"] else None
    guest.say(started=True, canary=canary.ports if canary else [])
    guest.start()
    try:
        watch(guest, canary, selector, woken)
    finally:
        guest.tree.kill()


def watch(guest: Guest, canary: Canary | None, selector: selectors.BaseSelector, woken: socket.socket) -> None:
    """Relay, obey and weigh until the guest ends."""
    next_look = 0.0
    while True:
        for key, mask in selector.select(TICK):
            if key.data is None:
                woken.recv(4096)
            elif key.data is guest:
                guest.hear()
            elif key.fileobj.fileno() >= 0:  # type: ignore[union-attr]
                key.data.ready(key.fileobj, mask)
        # After all that came with the question, so that no hit before it is told after it.
        guest.look()
        if canary is not None:
            canary.expire()
        if guest.reap():
            guest.end(None)
        before = time.monotonic()
        if before >= next_look:
            why = guest.exceeded()
            if why:
                guest.end(why)
            # A crowd of processes takes long to weigh: never more than a tenth of one core.
            next_look = time.monotonic() + max(TICK, 10 * (time.monotonic() - before))


if __name__ == "__main__":
    main()
