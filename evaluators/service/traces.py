"""What a service's log says went wrong: tracebacks, told by the lines of its own files, canonical."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.draft import Draft
from evaluators.finding import Location

HOME = "/app/"
"""Where the sandbox keeps the draft's files."""
MESSAGE_LENGTH = 300
_HEAD = re.compile(r"^(?:ERROR:\s+)?(?:  [+|] )*\s*(?:Exception Group )?Traceback \(most recent call last\):\s*$")
_FRAME = re.compile(r'^[\s|+]*File "([^"]+)", line (\d+)(?:, in (.+))?$')
_END = re.compile(r"^[\s|]*([A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Timeout|[A-Z]\w+))(?::\s?(.*))?$")


@dataclass(frozen=True)
class Frame:
    """One line of a traceback in the draft's own files."""

    path: str
    line: int
    function: str


@dataclass(frozen=True)
class Trace:
    """One exception as the log shows it: its own frames only, outermost first."""

    error: str
    """The exception's class, without its module."""
    message: str
    """Its first line, canonical."""
    frames: tuple[Frame, ...]

    @property
    def at(self) -> Location | None:
        """The innermost line in the draft's files."""
        return Location(self.frames[-1].path, self.frames[-1].line) if self.frames else None

    @property
    def cause(self) -> str:
        """What makes two traces one: the class and the innermost place."""
        return f"{self.error} {self.at or ''}".strip()

    def told(self, draft: Draft) -> str:
        """The trace with the source lines of the draft, bounded."""
        lines = []
        for frame in self.frames[-4:]:
            artifact = draft.get(frame.path)
            source = artifact.lines[frame.line - 1].strip() if artifact and frame.line <= len(artifact.lines) else ""
            lines.append(f"{frame.path}:{frame.line} in {frame.function}")
            if source:
                lines.append(f"    {source[:200]}")
        lines.append(f"{self.error}: {self.message}" if self.message else self.error)
        return "\n".join(lines)


def traces(log: str, draft: Draft, folder: str = "") -> tuple[Trace, ...]:
    """Every traceback of a log, in order. `folder` is the one that the service was started in."""
    known = {path for path in draft.paths if path.endswith(".py")}
    lines = _plain(log).split("\n")
    return tuple(_read(block, known, folder) for block in _blocks(lines))


def _plain(log: str) -> str:
    """The log with a traceback that is a JSON logger's string laid out as lines."""
    lines = log.replace("\r", "").split("\n")
    escaped = "Traceback (most recent call last):\\n"
    return "\n".join(_laid_out(line) if escaped in line else line for line in lines)


def _laid_out(line: str) -> str:
    text = line[line.index("Traceback (most recent") :]
    end = re.search(r'(?<!\\)"', text)
    return text[: end.start() if end else None].replace("\\n", "\n").replace('\\"', '"')


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each traceback, from its head to the exception's line and what belongs to it."""
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    for head, following in zip(heads, [*heads, len(lines)][1:], strict=True):
        for number in range(head + 1, following):
            if _END.match(lines[number]) and not lines[number][:1].isspace():
                yield lines[head : _belongs(lines, number, following)]
                break


def _belongs(lines: list[str], end: int, following: int) -> int:
    """Where the exception's text ends: a validation error's next lines name the fields."""
    if "ValidationError" not in lines[end]:
        return end + 1
    until = end + 1
    while until < min(following, end + 7) and lines[until].strip() and not re.match(r"[A-Z]+:", lines[until]):
        until += 1
    return until


def _read(block: list[str], known: set[str], folder: str) -> Trace:
    frames: list[Frame] = []
    for line in block:
        found = _FRAME.match(line)
        if found:
            path = _own(found.group(1), known, folder)
            if path is not None:
                frames.append(Frame(path, int(found.group(2)), (found.group(3) or "<module>").strip()))
    end = next(number for number, line in enumerate(block) if number and not line[:1].isspace() and _END.match(line))
    found = _END.match(block[end])
    error, message = (found.group(1), found.group(2) or "") if found else ("Error", "")
    more = (line.strip() for line in block[end + 1 :] if "For further information" not in line)
    message = "\n".join((message, *more))
    return Trace(error.rpartition(".")[2], canonical(message.strip())[:MESSAGE_LENGTH], tuple(frames))


def _own(path: str, known: set[str], folder: str) -> str | None:
    """The draft's path of a file that the traceback names, or None for any other file."""
    if path.startswith(HOME):
        path = path[len(HOME) :]
    elif path.startswith(("/", "<")):
        return None
    for each in (path.removeprefix("./"), f"{folder}/{path}" if folder else path):
        if each in known:
            return each
    return None


_SUBSTITUTES = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), "$TOKEN"),
    (re.compile(r"postgres(?:ql)?(?:\+\w+)?://\S+"), "$DATABASE_URL"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "<address>"),
    (re.compile(r"\b(?:127\.0\.0\.1|localhost)(?::\d+|, ?port \d+)?"), "<host>"),
    (re.compile(r"/(?:tmp|var|usr|home|root|opt)/[^\s'\":,)]*/"), "…/"),
    (re.compile(re.escape(HOME)), ""),
)


def canonical(text: str) -> str:
    """The text without what differs between two runs or two machines: tokens, times, addresses, paths."""
    for pattern, instead in _SUBSTITUTES:
        text = pattern.sub(instead, text)
    return "".join(c if c == "\n" or c.isprintable() else "�" for c in text)
