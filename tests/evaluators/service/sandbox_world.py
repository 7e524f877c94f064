"""A throw-away world with victims in it, where every hostile program runs.

    python sandbox_world.py SECRET open|confined [NAME...]

It is itself started in namespaces of its own (`test_sandbox_programs.py`), so
that what gets out there gets out into nothing. `open` runs the programs as plain
children of a watcher; `confined` runs the same programs in the sandbox. Prints JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import json
import os
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sandbox_guests import PYTHON, SMALL
from sandbox_programs import FILES, PROCESSES, Program
from sandbox_programs_bombs import BOMBS
from sandbox_programs_kernel import KERNEL, SHARED

from evaluators.service import launch
from evaluators.service.database import NoDatabase
from evaluators.service.sandbox import Bind, Confined, _listening, python_binds, run
from evaluators.service.sqlitefile import copy

PROGRAMS = {each.name: each for each in (*FILES, *PROCESSES, *SHARED, *KERNEL, *BOMBS)}
AT_ONCE = 4
IPC = 0x42571
TOKENS = (
    "file",
    "env",
    "memory",
    "fd",
    "tcp",
    "tcp6",
    "udp",
    "abstract",
    "path",
    "door",
    "key",
    "shm",
    "msg",
    "mqueue",
)

VICTIM = """
import ctypes, sys, time
room = ctypes.create_string_buffer(sys.stdin.readline().strip().encode(), 64)
print(ctypes.addressof(room), flush=True)
time.sleep(600)
"""

WATCHER = """
import os, subprocess, sys
try:
    done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, close_fds=False, timeout=90)
    said, code = done.stdout, done.returncode
except subprocess.TimeoutExpired as error:
    said, code = (error.stdout or b"") + b"TOO LATE", -9
os.write(1, said[-4000:])
sys.exit(code & 255)
"""


@dataclass(frozen=True)
class Seen:
    """How a program ended."""

    out: bool
    """Whether it reached what it wanted."""
    told: bool
    """Whether it ran to its end or was ended for the reason that the program names."""
    said: str
    killed: str | None = None
    seconds: float = 0.0


class World:
    """The victims, and where the programs find them."""

    def __init__(self, tokens: dict[str, str], folder: Path, inside: bool) -> None:
        self.tokens = tokens
        self.folder = folder
        self.inside = inside
        self.shared = folder / "shared"
        self.about: dict[str, Any] = {
            "folder": str(folder),
            "inside": inside,
            "ipc": IPC,
            "stays": f"stays-{tokens['fd']}",
        }
        self.about["shared"] = "/shared" if inside else str(self.shared)
        self.kept: list[Any] = []
        self.undo = contextlib.ExitStack()
        self.healthy = False

    async def furnish(self) -> None:
        """Make everything that a program may be after."""
        (self.folder / "secret").write_text(self.tokens["file"])
        (self.folder / "prey").write_text("kept")
        (self.folder / "prey").chmod(0o666)
        self.shared.mkdir()
        for name in ("data.db", "pipe.db"):
            (self.shared / name).write_text("data")
        if os.geteuid() == 0:
            os.chown(self.shared, launch.UNPRIVILEGED, launch.UNPRIVILEGED)
        hidden = os.open(self.folder / "hidden", os.O_RDWR | os.O_CREAT, 0o600)
        os.write(hidden, self.tokens["fd"].encode())
        os.set_inheritable(hidden, True)
        left = socket.socket()
        left.set_inheritable(True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.about["squat"] = free.getsockname()[1]
        self.kept += [hidden, left]
        os.environ["BACKWRIGHT_SECRET"] = self.tokens["env"]
        self.about["victim"], self.about["address"] = self.victim()
        self.about["prey"], _ = self.victim()
        self.memories()
        await self.listen()

    def victim(self) -> tuple[int, int]:
        """A process with the secret in its memory: its number, and the address."""
        child = subprocess.Popen([PYTHON, "-I", "-S", "-c", VICTIM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.kept.append(child)
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(self.tokens["memory"].encode() + b"\n")
        child.stdin.flush()
        return child.pid, int(child.stdout.readline())

    def memories(self) -> None:
        """A key, shared memory, and messages."""
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        libc.syscall(250, 1, None)
        key = self.tokens["key"].encode()
        libc.syscall(248, b"user", b"backwright-test", key, len(key), -3)
        shared = libc.shmget(IPC, 4096, 0o1600)
        ctypes.memmove(libc.shmat(shared, None, 0), self.tokens["shm"].encode(), len(self.tokens["shm"]))
        queue = libc.msgget(IPC, 0o1600)
        libc.msgsnd(queue, struct.pack("l", 1) + self.tokens["msg"].encode(), len(self.tokens["msg"]), 0)
        opened = libc.mq_open(
            b"/backwright-test", os.O_RDWR | os.O_CREAT, 0o600, struct.pack("8l", 0, 2, 100, *[0] * 5)
        )
        libc.mq_send(opened, self.tokens["mqueue"].encode(), len(self.tokens["mqueue"]), 0)
        assert min(shared, queue, opened) >= 0, "the victims could not be made"

    async def listen(self) -> None:
        """Sockets that give their secret to whoever comes."""

        def giving(name: str) -> Any:
            async def give(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                writer.write(self.tokens[name].encode())
                writer.close()

            return give

        class Datagrams(asyncio.DatagramProtocol):
            def connection_made(self, transport: Any) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, addr: Any) -> None:
                self.transport.sendto(token, addr)

        token = self.tokens["udp"].encode()
        with socket.socket() as made:  # bring the loopback up
            request = struct.pack("16sH14s", b"lo", 0x41, b"")
            with contextlib.suppress(OSError):
                fcntl.ioctl(made, 0x8914, request)
        for name, host in (("tcp", "127.0.0.1"), ("tcp6", "::1")):
            server = await asyncio.start_server(giving(name), host, 0)
            self.about[name] = server.sockets[0].getsockname()[1]
            self.kept.append(server)
        self.about["abstract"] = f"backwright-{self.tokens['fd']}"
        self.kept.append(await asyncio.start_unix_server(giving("abstract"), "\0" + self.about["abstract"]))
        self.kept.append(await asyncio.start_unix_server(giving("path"), self.folder / "socket"))
        (self.folder / "socket").chmod(0o777)
        # As the gate makes its own: in a folder that nobody else may enter.
        door, listener = self.undo.enter_context(_listening())
        self.about["door"] = str(door)
        self.kept.append(await asyncio.start_unix_server(giving("door"), sock=listener.dup()))
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", 0))
        self.about["udp"] = transport.get_extra_info("sockname")[1]
        self.kept.append(transport)

    async def watch_port(self) -> None:
        """Ask for health where nobody of the world answers."""
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.about["squat"])
                self.healthy |= await reader.read(100) == b"healthy"
                writer.close()
            await asyncio.sleep(0.05)

    def check_prey(self, said: str) -> bool:
        """Whether a file of the host was changed."""
        return (self.folder / "prey").read_text() != "kept"

    def check_link(self, said: str) -> bool:
        """Whether the gate reads a file of the host for one of the guest's."""
        target = self.folder / "copied"
        read = copy if self.inside else shutil.copyfile
        with contextlib.suppress(NoDatabase):
            read(self.shared / "data.db", target)
        assert (self.shared / "data.db").is_symlink(), "the link was never made"
        return target.exists() and self.tokens["file"] in target.read_text()

    def check_pipe(self, said: str) -> bool:
        """Whether the gate waits for ever."""
        source = self.shared / "pipe.db"
        assert source.is_fifo(), "the pipe was never made"
        if not self.inside:
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(["cat", source], timeout=0.5, check=False, capture_output=True)
                return False
            return True
        before = time.monotonic()
        with contextlib.suppress(NoDatabase):
            copy(source, self.folder / "piped")
        return time.monotonic() - before > 0.5

    def check_killed(self, said: str) -> bool:
        """Whether a process of the host is dead."""
        time.sleep(0.05)
        return any(
            each.pid == self.about["prey"] and each.poll() is not None for each in self.kept if hasattr(each, "poll")
        )

    def check_forged(self, said: str) -> bool:
        """Whether the watcher's report is not its own."""
        return "FORGED" in said

    def check_squat(self, said: str) -> bool:
        """Whether the program answered for another on the host."""
        return self.healthy

    def check_stays(self, said: str) -> bool:
        """Whether something of the program still runs."""
        mark = self.about["stays"].encode()
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and mark in (entry / "cmdline").read_bytes().split(b"\0"):
                    return True
        return False

    async def ran(self, program: Program) -> Seen:
        """Run one program, and look."""
        began = time.monotonic()
        said, killed = await (self.confined(program) if self.inside else self.plainly(program))
        if program.check:
            found = await asyncio.to_thread(getattr(self, f"check_{program.check}"), said)
        else:
            found = (self.tokens[program.token] if program.token else "OUT") in said
        whole = said.lstrip("FORGED ").startswith("BEGAN")
        told = whole and ((killed is None and ("\nENDED" in said or "\nREFUSED" in said)) or killed == program.killed)
        return Seen(found, told, said[-600:], killed, time.monotonic() - began)

    async def confined(self, program: Program) -> tuple[str, str | None]:
        """In the sandbox, as the gate runs a draft."""
        limits = replace(SMALL, seconds=program.seconds or 90, inodes=5000)
        outcome = await run(
            Confined(
                (str(PYTHON), "-I", "-S", "/app/guest.py", json.dumps(self.about)),
                binds=(*python_binds(PYTHON), Bind(self.shared, "/shared", writable=True)),
                files={"guest.py": program.code},
                limits=limits,
            )
        )
        return (outcome.stdout + outcome.stderr)[:100] + (outcome.stdout + outcome.stderr)[100:][-3900:], outcome.killed

    async def plainly(self, program: Program) -> tuple[str, str | None]:
        """With nothing around it but a watcher."""
        place = self.folder / "run" / program.name
        place.mkdir(parents=True)
        (place / "guest.py").write_text(program.code)
        child = await asyncio.create_subprocess_exec(
            *(str(PYTHON), "-I", "-S", "-c", WATCHER, self.tokens["argv"]),
            *(str(PYTHON), "-I", "-S", "guest.py", json.dumps(self.about)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=place,
            close_fds=False,
        )
        said, _ = await child.communicate()
        return said.decode(errors="replace"), None


def place() -> Path:
    """A folder for the world."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        # Where files may be devices and give their owner's rights, as on any disk.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "none", folder], check=True)
    return folder


async def main(folder: Path, inside: bool, names: list[str]) -> None:
    """Run the programs, and print what came of each."""
    # The gate's own command line is one of the victims.
    tokens = {"argv": sys.argv[1], **{name: secrets.token_hex(16) for name in TOKENS}}
    world = World(tokens, folder, inside)
    turns = asyncio.Semaphore(AT_ONCE)
    watching = None
    try:
        await world.furnish()
        os.chdir(folder)
        watching = asyncio.ensure_future(world.watch_port())

        async def turn(name: str) -> tuple[str, Seen]:
            async with turns:
                return name, await world.ran(PROGRAMS[name])

        seen = await asyncio.gather(*(turn(name) for name in names))
        said = json.dumps({name: asdict(each) for name, each in seen})
    finally:
        if watching is not None:
            watching.cancel()
        for each in world.kept:
            if isinstance(each, subprocess.Popen):
                each.kill()
        world.undo.close()
        os.chdir("/")
        if os.geteuid() == 0:
            ctypes.CDLL(None).umount2(str(folder).encode(), 2)
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(said)
    sys.stdout.flush()
    # This is process 1 of the world: with it all goes, and nothing that a program has left is waited for.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(place(), sys.argv[2] == "confined", sys.argv[3:] or list(PROGRAMS)))
