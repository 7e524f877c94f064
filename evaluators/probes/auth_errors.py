"""Refusals of a service, one of each kind at each operation that has it: what they look like, and what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import facets
from evaluators.probes.world import Play, World
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.step import Step

MOST = 90
"""Requests for all samples."""
NOWHERE = "/backwright-nowhere"
UNKNOWN_UUID = "00000000-0000-4000-8000-00000000dead"
UNKNOWN_NUMBER = "999999998"


@dataclass(frozen=True)
class Sample:
    """One refusal."""

    kind: str
    """`unknown-path`, `method`, `absent`, `unknown`, `invalid`, `media`, `broken`, `null-byte`, `huge`, `twice`."""
    step: Step
    declared: bool
    """Whether it is an answer of an operation of the contract."""

    @property
    def media(self) -> str:
        """The content type, bare."""
        return (self.step.answer.header("content-type") or "").split(";")[0].strip().lower()

    @property
    def keys(self) -> frozenset[str]:
        """The properties of the body, of objects in it too (`error.code`); empty where it is no object."""
        return frozenset(_keys(self.step.json)) if isinstance(self.step.json, dict) else frozenset()


def _keys(value: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, each in value.items():
        yield above + name
        if isinstance(each, dict) and not above:
            yield from _keys(each, f"{name}.")


async def refusals(world: World) -> list[Sample]:
    """Samples; the second call answers what the first one saw."""
    known = world.__dict__.get("auth refusals")
    if isinstance(known, list):
        return known
    found: list[Sample] = []
    touched = False
    for number, (kind, request, declared) in enumerate(_requests(world)):
        if number >= MOST:
            break
        step = await world.unlooked(request)
        if step.status >= 400:
            found.append(Sample(kind, step, declared))
        else:
            touched = True
    if touched:
        async with world.scene():
            # What one of them changed after all is put back.
            pass
    found += await _conflicts(world)
    world.__dict__["auth refusals"] = found
    return found


def _requests(world: World) -> Iterator[tuple[str, Request, bool]]:
    yield from _outside(world)
    plays = sorted(world.plays.values(), key=lambda play: (play.operation.path, play.operation.method))
    for play in plays:
        if play.operation.secured:
            yield "absent", play.request.forged({}), True
    for play in plays:
        yield from _unknown(play)
    for play in plays:
        if play.request.body is not ABSENT and play.request.is_json and play.request.body is not None:
            yield "invalid", play.request.with_body([]), True
    for play in plays[:40]:
        yield from _odd(play)


def _outside(world: World) -> Iterator[tuple[str, Request, bool]]:
    """What the contract does not know: a path, a method, a media type, a body that is none."""
    operations = world.operations()
    first = operations[0]
    yield "unknown-path", Request(replace(first, method="GET", path=NOWHERE)), False
    known = {(op.method, op.path) for op in operations}
    for op in operations:
        other = next((m for m in ("PATCH", "DELETE", "PUT") if (m, op.path) not in known), None)
        if other and "{" not in op.path:
            yield "method", Request(replace(op, method=other)), False
            break
    writing = [play for play in world.plays.values() if play.request.body is not ABSENT and play.request.is_json]
    for play in writing[:1]:
        yield "media", play.request.with_body("a=1", "text/plain"), True
        yield "broken", play.request.with_body(b'{"a": ', "application/json"), True


def _unknown(play: Play) -> Iterator[tuple[str, Request, bool]]:
    """The last id of a path exchanged for one that nobody has."""
    parameters = play.operation.parameters_in("path")
    if not parameters or parameters[-1].name not in play.request.path:
        return
    last, value = parameters[-1].name, str(play.request.path[parameters[-1].name])
    kind = facets(parameters[-1].schema) if parameters[-1].schema is not None else None
    if kind is not None and "integer" in kind.types:
        yield "unknown", play.request.at(**{last: UNKNOWN_NUMBER}), True
        yield "huge", play.request.at(**{last: "9" * 30}), True
    elif re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        yield "unknown", play.request.at(**{last: UNKNOWN_UUID}), True
        yield "huge", play.request.at(**{last: "not-an-id"}), True


def _odd(play: Play) -> Iterator[tuple[str, Request, bool]]:
    """A null byte in the first text, a number beyond every column in the first number."""
    if not isinstance(play.request.body, dict) or not play.request.is_json:
        return
    for place, value in leaves(play.request.body):
        if isinstance(value, str) and place:
            yield "null-byte", play.request.having(place, value[:3] + "\x00" + value[3:]), True
            break
    for place, value in leaves(play.request.body):
        if type(value) is int and place:
            yield "huge", play.request.having(place, 2**70), True
            break


async def _conflicts(world: World) -> list[Sample]:
    """Creations done twice, where that is refused; by another address too, so that the second name is in the way."""
    found = []
    for play in [play for play in world.plays.values() if play.operation.method == "POST" and play.changes][:20]:
        if play.operation.response("409") is None or not play.repeats:
            continue
        for second in _seconds(play.request):
            async with world.scene() as scene:
                await scene.send(play.request)
                step = await scene.send(second)
            if step.status >= 400:
                found.append(Sample("twice", step, True))
                break
    return found


def _seconds(request: Request) -> Iterator[Request]:
    """The request once more, and with another address."""
    yield request
    mails = [(place, value) for place, value in leaves(request.body) if isinstance(value, str) and "@" in value]
    for place, value in mails[:1] if isinstance(request.body, dict) else ():
        yield request.having(place, f"other.{value}")


_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a traceback", re.compile(
        r"Traceback \(most recent call last\)|File \\?\"[^\"]+\.py\\?\", line \d+|\bat \S+ \(.+?:\d+:\d+\)")),
    ("a statement of SQL", re.compile(
        r"\b(SELECT\s.{1,300}\sFROM\s|INSERT\s+INTO\s+\S+|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s+\S+)", re.DOTALL)),
    ("the database's own message", re.compile(
        r"duplicate key value|violates (unique|check|foreign key|not-null|exclusion)|UNIQUE constraint failed|"
        r"(CHECK|NOT NULL|FOREIGN KEY) constraint failed|syntax error at or near|invalid input syntax for|"
        r"no such (column|table)|(relation|column) \\?\"[^\"]+\\?\" does not exist|out of range for type|"
        r"current transaction is aborted|Python int too large|invalid byte sequence")),
    ("the name of a library or an exception", re.compile(
        r"\b(psycopg2?|asyncpg|sqlite3|sqlalchemy|pymysql|aiosqlite|starlette|fastapi|uvicorn|pydantic_core)\.|"
        r"sqlalche\.me|site-packages|\b(KeyError|TypeError|AttributeError|IndexError|ValueError|AssertionError|"
        r"UnboundLocalError|ZeroDivisionError|IntegrityError|OperationalError|DataError|ProgrammingError|InternalError|"
        r"StatementError|UniqueViolation|ForeignKeyViolation|UnicodeDecodeError|FileNotFoundError|PermissionError)\b")),
    ("an exception's message", re.compile(
        r"could not convert string to float|invalid literal for int\(\)|(list|string|tuple) index out of range|"
        r"'?NoneType'? object|object (has no attribute|is not (iterable|subscriptable|callable))|"
        r"codec can't (de|en)code|string indices must be|list indices must be|unhashable type|"
        r"(not enough|too many) values to unpack|unexpected keyword argument|required positional argument|"
        r"Invalid isoformat string|unsupported operand type")),
    ("a path of its machine", re.compile(r"(?<![\w.])/(app|usr|home|tmp|data|var|srv|opt|etc)/[\w./-]*\w")),
)  # fmt: skip


def internals(step: Step) -> tuple[str, str] | None:
    """What of its inside a refusal tells, and the text; what was sent itself is no such thing."""
    text = step.answer.body.decode("utf-8", "replace")
    sent = str(step.request.body) + step.request.target
    for told, pattern in _PATTERNS:
        found = pattern.search(text)
        if found and found.group() not in sent and found.group() not in step.request.operation.path:
            return told, found.group()
    return None


def operation_of(world: World, sample: Sample) -> Operation:
    """The operation that a flaw is about: the sample's own, else the contract's first."""
    return sample.step.request.operation if sample.declared else world.operations()[0]
