"""The Bench: what one pass of the gate starts and must end. Ground module."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Bench:
    """Running things (a database, a service) that stages share, ended in reverse order.

    `scratch` is a fresh folder that goes with the bench.
    """

    def __init__(self) -> None:
        self.scratch = Path()
        self._open: dict[object, Any] = {}
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Bench:
        self.scratch = Path(tempfile.mkdtemp(prefix="backwright-"))
        self._exits.callback(shutil.rmtree, self.scratch, ignore_errors=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    async def the(self, make: Callable[[Bench], AbstractAsyncContextManager[T]]) -> T:
        """The thing that `make(self)` opens, opened once: `await bench.the(postgres)`."""
        if make not in self._open:
            self._open[make] = await self._exits.enter_async_context(make(self))
        return cast(T, self._open[make])

    async def enter(self, opened: AbstractAsyncContextManager[T]) -> T:
        """Open something that ends with the bench."""
        return await self._exits.enter_async_context(opened)

    def keep(self, key: object, value: Any) -> None:
        """Remember `value` for a later stage."""
        self._open[key] = value

    def kept(self, key: object) -> Any | None:
        """What an earlier stage kept under `key`, or None."""
        return self._open.get(key)
