"""A running guest, as the gate sees it: its log, what it uses, who came to its canary, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evaluators.service.confined import Confined, SandboxError, Usage
from evaluators.service.hits import Canary
from evaluators.service.log import Log

FLOOD = 128
"""A log this many times its bound ends the guest."""


class Process:
    """A running guest."""

    def __init__(
        self,
        confined: Confined,
        child: asyncio.subprocess.Process,
        control: socket.socket,
        after: Callable[[], object] = bool,
        overflowed: Callable[[], bool] = bool,
    ) -> None:
        self._after = after
        self._overflowed = overflowed
        self.confined = confined
        self.door: Path | None = None
        """The Unix socket outside that leads to the service, where `Confined.serves` is set."""
        self.out = Log(confined.limits.log_bytes)
        self.err = Log(confined.limits.log_bytes)
        self._child = child
        self._control = control
        self._usage = Usage()
        self._canary: Canary | None = None
        self._looks: dict[int, asyncio.Event] = {}
        self._numbers = itertools.count(1)
        self._code: int | None = None
        self._killed: str | None = None
        self._started = asyncio.Event()
        self._ended = asyncio.Event()
        pipes = ((child.stdout, self.out), (child.stderr, self.err))
        self._readers = [asyncio.ensure_future(self._read(pipe, log)) for pipe, log in pipes if pipe is not None]
        self._hearer = asyncio.ensure_future(self._hear())

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        return not self._ended.is_set()

    @property
    def returncode(self) -> int | None:
        """The exit code, minus the signal's number, or None while it runs."""
        return self._code

    @property
    def killed(self) -> str | None:
        """Why the sandbox ended the guest (memory, processes, disk, time, log), else None."""
        return self._killed

    @property
    def usage(self) -> Usage:
        """What the guest has used, at most a second old; `look` brings it up to date. Complete after its end."""
        return self._usage

    @property
    def canary(self) -> Canary:
        """Who came to the canary's ports. Raises SandboxError where `Confined.canary` is not set."""
        if self._canary is None:
            raise SandboxError("the confined program has no canary")
        return self._canary

    async def look(self, seconds: float = 5.0) -> Usage:
        """What the guest uses now; every hit of the canary that came before this call is told after it.

        Takes a few milliseconds. A sandbox that has ended, or does not answer
        within `seconds`, gives what it told last.
        """
        number, answered = next(self._numbers), asyncio.Event()
        self._looks[number] = answered
        try:
            if self.alive:
                self._control.send(b"look %d\n" % number)
                await asyncio.wait_for(answered.wait(), seconds)
        except (OSError, TimeoutError):
            pass
        finally:
            del self._looks[number]
        return self._usage

    def host_user(self) -> int:
        """The host's user that runs what the gate started: bubblewrap, or a container's process 1. Raises OSError."""
        peer, user, _ = struct.unpack("3i", self._control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        # A pair of sockets that this process made names itself; who came from a container is somebody else.
        return int(user) if peer != os.getpid() else Path(f"/proc/{self._child.pid}").stat().st_uid

    def mark(self) -> int:
        """How many bytes were logged so far; for `log(since)`."""
        return self.out.total

    def log(self, since: int = 0) -> str:
        """stdout and stderr, in the order they came, from byte `since` on; bounded."""
        return self.out.text(since)

    async def wait(self, seconds: float | None = None) -> int | None:
        """The return code when the program has ended, None when `seconds` passed before."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return None
        return self._code

    async def stop(self, grace: float = 2.0) -> None:
        """SIGTERM, after `grace` seconds SIGKILL to everything inside. Returns when all is gone."""
        if self.alive:
            with contextlib.suppress(OSError):
                self._control.send(b"stop %f\n" % grace)
            if await self.wait(grace + 6) is None:
                self.kill()
        await self._over()

    def kill(self, why: str | None = None) -> None:
        """End everything inside at once, whatever it does."""
        if self.alive and why:
            self._killed = why
        with contextlib.suppress(ProcessLookupError):
            self._child.kill()
        # A container goes on without its client: process 1 ends when it hears nobody any more.
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    async def _begun(self) -> None:
        """Wait until process 1 is up. Raises SandboxError."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._started, self._ended)]
        await asyncio.wait(waits, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if not self._started.is_set():
            self.kill()
            await self._over()
            said = (self.err.text() or self.out.text()).strip().split("\n")[-1]
            raise SandboxError(f"the sandbox did not start: {said or 'no answer'}")

    async def _hear(self) -> None:
        """What process 1 says, until it is gone."""
        reader, writer = await asyncio.open_connection(sock=self._control.dup())
        backstop = asyncio.get_running_loop().call_later(self.confined.limits.seconds + 10, self.kill, "time")
        try:
            while line := await reader.readline():
                self._heed(json.loads(line))
        except (OSError, ValueError):
            self.kill()
        finally:
            backstop.cancel()
            writer.close()
        code = await self._child.wait()
        if self._code is None and self._killed is None and self._overflowed():
            self._killed = "memory"
        self._code = -9 if self._code is None and (self._started.is_set() or code == 0) else (self._code or 0)
        if self._readers:
            # All that wrote are gone but for a moment; a pipe that stays open is not waited for.
            await asyncio.wait(self._readers, timeout=2)
        self._ended.set()
        for answered in self._looks.values():
            answered.set()

    def _heed(self, said: dict[str, Any]) -> None:
        """One line of process 1."""
        if said.get("started"):
            if said.get("canary"):
                first, second = said["canary"]
                self._canary = Canary((first, second))
            self._started.set()
            return
        if self._canary is not None:
            self._canary.heed(said)
        if "memory" in said:
            self._usage = Usage(said["memory"], said["processes"], said["cpu"], said["resident"])
        if "look" in said and said["look"] in self._looks:
            self._looks[said["look"]].set()
        if "code" in said:
            self._code = said["code"]
            self._killed = self._killed or said["killed"]

    async def _read(self, pipe: asyncio.StreamReader, log: Log) -> None:
        """Keep the log read, so that the guest never waits for it, and end one that floods it."""
        while data := await pipe.read(1 << 16):
            log.add(data)
            if log.total > FLOOD * log.bound:
                self.kill("log")

    async def _over(self) -> None:
        """Wait for the end, and let everything go."""
        await self._ended.wait()
        for each in (*self._readers, self._hearer):
            each.cancel()
        await asyncio.gather(*self._readers, self._hearer, return_exceptions=True)
        self._control.close()
        self._after()
