"""What isolates: bubblewrap, a container engine, or (for one's own project, when asked to) nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from evaluators.service.confined import SandboxError

VARIABLE = "BACKWRIGHT_ISOLATION"
"""The environment variable that names an engine: bubblewrap (default), podman or docker."""

_bare: ContextVar[bool] = ContextVar("bare", default=False)


class Backend(StrEnum):
    """The ways to run a program that is not trusted, and one that is none."""

    BUBBLEWRAP = "bubblewrap"
    PODMAN = "podman"
    DOCKER = "docker"
    NONE = "none"


def chosen() -> Backend:
    """What is used here. Raises SandboxError for an unknown name, and for `none`: no variable takes the walls away."""
    if _bare.get():
        return Backend.NONE
    named = os.environ.get(VARIABLE, "").strip().lower() or Backend.BUBBLEWRAP
    offered = [each.value for each in Backend if each is not Backend.NONE]
    if named not in offered:
        raise SandboxError(f"{VARIABLE}={named}: it is one of {', '.join(offered)}")
    return Backend(named)


@contextmanager
def without_isolation() -> Iterator[None]:
    """Run what is judged as an ordinary program of this user. Only for a project of one's own, and when asked to."""
    token = _bare.set(True)
    try:
        yield
    finally:
        _bare.reset(token)
