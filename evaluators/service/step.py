"""A request that was sent, its answer, and what it did to the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.service.boot import Running
from evaluators.service.client import Answer, ask
from evaluators.service.database import Look
from evaluators.service.oracle import Changes, Keys, State, Unknown, changes
from evaluators.service.request import Request
from evaluators.service.served import prefix_of

SECONDS = 10.0
"""What one request may take."""


@dataclass(frozen=True)
class Step:
    """A request that was sent, its answer, and what it did to the rows."""

    request: Request
    answer: Answer
    changes: Changes
    log: str = ""
    """What the service wrote meanwhile, without its secrets."""
    seconds: float = 0.0
    before: State | None = None
    """The rows that it found, as far as they were looked at; None: those that the step before it left."""
    after: State | None = None
    """The rows that it left."""

    @property
    def status(self) -> int:
        """The answer's status; 0: there was none."""
        return self.answer.status

    @property
    def ok(self) -> bool:
        """Whether it was accepted."""
        return 200 <= self.answer.status < 300

    @property
    def refused(self) -> bool:
        """Whether it was refused for the client's fault."""
        return 400 <= self.answer.status < 500

    @property
    def known(self) -> Changes:
        """The changes, for evidence: none where nobody could look."""
        return Changes() if isinstance(self.changes, Unknown) else self.changes

    @property
    def json(self) -> Any:
        """The answer's JSON, or None."""
        return self.answer.json()


@dataclass
class Watch:
    """Sends requests to a running service and looks at the rows before and after."""

    running: Running
    look: Look
    keys: Keys
    now: State
    """The rows at the last look."""
    sent: int = 0
    """Requests so far."""

    async def ask(self, request: Request, headers: Mapping[str, str], seconds: float = SECONDS) -> Answer:
        """Send one request, without looking at the database. `headers` are what says who asks.

        A name that begins with `?` is a parameter of the query.
        """
        self.sent += 1
        request = request.asking(**{name[1:]: value for name, value in headers.items() if name.startswith("?")})
        return await ask(
            self.running.door.base_url,
            request.operation.method,
            prefix_of(self.running.contract) + request.target,
            headers={**{k: v for k, v in headers.items() if not k.startswith("?")}, **request.own_headers},
            body=request.content,
            seconds=seconds,
        )

    async def seen(self) -> State:
        """Look at all rows."""
        self.now = await self.look.everything()
        return self.now

    async def step(self, request: Request, headers: Mapping[str, str], seconds: float = SECONDS) -> Step:
        """Send a request and see what it changed."""
        mark = self.running.process.mark()
        before, clock = self.now, asyncio.get_running_loop().time()
        answer = await self.ask(request, headers, seconds)
        took = asyncio.get_running_loop().time() - clock
        hearsay = self.running.hearsay
        told = hearsay.heard(request, answer) if hearsay is not None else None
        done = changes(before, await self.seen(), self.keys) if told is None else told
        return Step(request, answer, done, self.running.log(mark), took, before, self.now)
