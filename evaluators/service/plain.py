"""A program without isolation: a watched child of this user, with its files in a folder of its own.

It sees and may do what the user may. What stays: the environment is the given
one, memory, processes, time and log are bounded by the watcher, and what it
started ends with it, unless it hides on purpose. /app and the binds' targets are
rewritten to where they really lie; nothing can be planted.
"""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evaluators.service import launch
from evaluators.service.confined import Confined, Reach


def build(confined: Confined, control: int, listener: int | None) -> tuple[launch.Start, Confined, Path]:
    """The start, the program as it really runs, and the folder that goes with it. Raises OSError and ValueError."""
    for port in (confined.serves, *(reach.port for reach in confined.reaches)):
        if port is not None and taken(port):
            raise ValueError(f"without isolation port {port} of this machine is needed, and another program has it")
    folder = Path(tempfile.mkdtemp(prefix="backwright-bare-"))
    start = launch.Start()
    try:
        (folder / "app").mkdir()
        moved = rewritten(confined, folder / "app")
        text = launch.spec(
            moved,
            control,
            listener,
            env={**launch.ENVIRONMENT, "HOME": str(folder), **moved.env},
            alone=False,
            app=str(folder / "app"),
            places=[],
            shared=[str(folder / "app")],
        )
        inside = Path(__file__).parent / "inside.py"
        start.argv = [str(launch.interpreter()), "-I", "-S", "-B", str(inside), str(start.data(text))]
    except BaseException:
        start.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return start, moved, folder


def taken(port: int) -> bool:
    """Whether a program of this machine listens on the port: it would be judged in the place of the right one."""
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def rewritten(confined: Confined, app: Path) -> Confined:
    """The program with every path of the sandbox replaced by the one outside, and nothing planted."""
    places = {bind.target: str(bind.source) for bind in confined.binds if bind.target}
    places["/app"] = str(app)

    def there(text: str) -> str:
        return outside(text, places)

    return replace(
        confined,
        argv=tuple(there(word) for word in confined.argv),
        env={name: there(value) for name, value in confined.env.items()},
        workdir=there(confined.workdir),
        reaches=tuple(Reach(reach.port, there(reach.socket)) for reach in confined.reaches),
        planted={},
    )


def outside(text: str, places: Mapping[str, str]) -> str:
    """`text` with each whole path of `places`, or the beginning of one, replaced."""
    if not places:
        return text
    names = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])({names})(?![\w.-])", lambda found: places[found.group(1)], text)
