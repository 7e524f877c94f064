"""Environments: a stack's locked packages, built by uv into the user's cache.

An environment is a folder named by what is in it (lock, Python, machine), made
beside its place and renamed into it: it is whole, or it is not there. Nothing
is ever changed in it, and the sandbox sees it read-only.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from evaluators.draft import Role, Subject
from evaluators.stacks.stack import Stack, normal

LAYOUT = "1"
"""Raised when environments are laid out differently."""


class NoEnvironment(Exception):
    """An environment that is not there; `command` is the line that builds it."""

    def __init__(self, why: str, command: str) -> None:
        super().__init__(f"{why}; {command}")
        self.why = why
        self.command = command


class BuildFailed(Exception):
    """uv could not build the environment; the last lines of its output say why."""


@dataclass(frozen=True)
class Environment:
    """A built environment: `python` is its interpreter, at the same path inside the sandbox."""

    python: Path
    folder: Path


def cache() -> Path:
    """The folder of all environments: `BACKWRIGHT_CACHE`, else the user's cache.

    Root has no home that another user may enter, and the sandbox gives up root:
    there it is the system's cache.
    """
    given = os.environ.get("BACKWRIGHT_CACHE")
    if given:
        return Path(given) / "environments"
    found = platformdirs.site_cache_dir if os.geteuid() == 0 else platformdirs.user_cache_dir
    return Path(found("backwright", appauthor=False)) / "environments"


def place(stack: Stack) -> Path:
    """Where the stack's environment is, or would be."""
    seed = "\0".join((LAYOUT, stack.lock, platform.python_version(), platform.machine(), sys.platform))
    return cache() / f"{stack.name}-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"


async def environment(stack: Stack) -> Environment:
    """The stack's environment. Raises NoEnvironment where nobody has built it."""
    folder = place(stack)
    python = folder / "bin" / "python"
    if not python.exists():
        raise NoEnvironment(f"the environment of {stack.name} is not built", f"backwright env build {stack.name}")
    return Environment(python, folder)


async def environment_for(subject: Subject, stack: Stack) -> Environment:
    """The environment in which the subject's code runs.

    A draft gets the stack's. One's own project gets the one that the option
    `service.environment` names, else its own `.venv`, else the stack's if that
    has every package its dependency lists name. Raises NoEnvironment.
    """
    if subject.hostile or subject.root is None:
        return await environment(stack)
    named = subject.option("service.environment")
    own = subject.root / (named or ".venv")
    if (own / "bin" / "python").exists():
        return Environment(own / "bin" / "python", own)
    if named:
        raise NoEnvironment(f"there is no environment at {named}", "backwright env build PATH")
    lacking = sorted(asked(subject) - set(stack.locked))
    if lacking:
        raise NoEnvironment(f"{stack.name} has no {', '.join(lacking[:8])}", "backwright env build PATH")
    return await environment(stack)


def asked(subject: Subject) -> set[str]:
    """The packages that the subject's requirements files name, normalized."""
    found: set[str] = set()
    for artifact in subject.draft.having(Role.DEPENDENCIES):
        if artifact.path.endswith((".txt", ".in")):
            lines = (re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", line) for line in artifact.lines)
            found.update(normal(line.group(1)) for line in lines if line)
    return found


async def build(stack: Stack) -> Environment:
    """Build the stack's environment, unless it is there. Raises BuildFailed.

    Needs the network (or uv's cache) and takes some ten seconds. Two builders
    at once do not harm each other: the first to finish wins.
    """
    folder = place(stack)
    if not (folder / "bin" / "python").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            await _fill(making, stack.lock)
            _settle(making, folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return await environment(stack)


async def build_project(project: Path) -> Environment:
    """Build a project's own `.venv` from what it lists: the only thing that installs what a project names.

    `requirements.txt` is installed as it is; else the dependencies of
    `pyproject.toml`. Build scripts of source packages are not run. Raises BuildFailed.
    """
    listed = next((name for name in ("requirements.txt", "pyproject.toml") if (project / name).is_file()), None)
    if listed is None:
        raise BuildFailed(f"{project} has neither requirements.txt nor pyproject.toml")
    venv = project / ".venv"
    if not (venv / "bin" / "python").exists():
        await _uv("venv", "--quiet", "--python", _base_python(), str(venv))
    python = venv / "bin" / "python"
    await _uv(
        *("pip", "install", "--quiet", "--only-binary", ":all:", "--python", str(python)),
        *("-r", str(project / listed)),
    )
    return Environment(python, venv)


def _settle(made: Path, folder: Path) -> None:
    """Rename what is made into its place, unless another builder was first. Raises BuildFailed."""
    try:
        made.chmod(0o755)
        made.rename(folder)
    except OSError as error:
        if not folder.exists():
            raise BuildFailed(f"{folder.parent}: {error.strerror}") from error


async def _fill(folder: Path, lock: str) -> None:
    """Make a virtual environment in the empty `folder` and install the lock into it."""
    requirements = folder / "requirements.lock"
    requirements.write_text(lock, encoding="utf-8")
    venv = folder / "venv"
    await _uv("venv", "--quiet", "--relocatable", "--python", _base_python(), str(venv))
    await _uv(
        *("pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *("--link-mode", "copy", "--compile-bytecode", "--python", str(venv / "bin" / "python")),
        *("-r", str(requirements)),
    )
    for each in venv.iterdir():
        each.rename(folder / each.name)
    venv.rmdir()


def _base_python() -> str:
    """The interpreter below our own virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", "") or sys.executable)


async def _uv(*arguments: str) -> None:
    """Run uv. Raises BuildFailed with the end of what it said."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise BuildFailed("uv is not installed")
    process = await asyncio.create_subprocess_exec(
        uv,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")},
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise BuildFailed(" ".join(said.decode(errors="replace").split())[-600:])
