"""SQL that a text of a request becomes part of: what reacts to a quote, and what proves it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from evaluators.probes.injection_pass import READS, Try, asked, one, sprayed, written
from evaluators.probes.injection_places import BODY, PATH, QUERY, Entry, base_of, entries
from evaluators.probes.world import World
from evaluators.service.request import leaves
from evaluators.service.step import Step

SYNTAX = re.compile(
    r"unterminated quoted (?:string|identifier)|unrecognized token|unclosed quotation"
    r"|syntax error at or near (?!.*jsonpath)|near \"[^\"\n]*\": syntax error|incomplete input"
    r"|SQLSyntaxError|SyntaxErrorOrAccessRuleViolation",
)
"""What PostgreSQL and SQLite say of a statement that they cannot read; a bound value never leads to it."""
NAMES = re.compile(r"no such column|column \"?[\w.]+\"? does not exist|UndefinedColumn")
OPEN = "zq' OR '1' LIKE '1"
"""Closes the text that it stands in, behind a comparison or a LIKE, and lets every row pass."""
PLAIN = "zq) OR (1 LIKE 1"
"""The same words and other marks: what only strips marks answers both alike."""
ODD = "x{}'z"


@dataclass(frozen=True)
class Proof:
    """What was seen of one place."""

    entry: Entry
    steps: tuple[Step, ...]
    what: str
    seen: str


def _text(entry: Entry, number: int) -> str | None:
    if entry.play.operation.method in READS:
        return OPEN if entry.where in (PATH, QUERY) else ODD.format(number)
    return ODD.format(number)


async def proofs(world: World) -> AsyncIterator[Proof]:
    """The first place of each operation whose text becomes a part of a statement."""
    done: set[str] = set()
    for each in await sprayed(world, "sql", _text):
        symbol = each.play.operation.symbol
        if symbol in done:
            continue
        for entry, text in each.texts.items():
            found = await _proved(world, each, entry, text)
            if found is not None:
                done.add(symbol)
                yield found
                break
    for entry in _ordering(world):
        if entry.play.operation.symbol not in done:
            found = await _ordered(world, entry)
            if found is not None:
                done.add(entry.play.operation.symbol)
                yield found
    await world.settled()


async def _proved(world: World, tried: Try, entry: Entry, text: str) -> Proof | None:
    step = tried.step
    if entry.play.operation.method in READS:
        if step.status < 500 and not (step.ok and _items(step)) and not _unread(step):
            return None
        return await _more(world, entry, text, step) if step.ok else await _broken(world, entry)
    if step.status < 500 and not _unread(step) and not (step.refused and len(tried.texts) == 1):
        return None
    found = await _concatenated(world, entry)
    return found if found or (step.refused and not _unread(step)) else await _broken(world, entry)


async def _more(world: World, entry: Entry, text: str, step: Step) -> Proof | None:
    """Every row comes for a condition that is always true, and none for the same words without the quotes."""
    for control in ("zq", PLAIN):
        other = await asked(world, entry.with_(control))
        if other.status >= 500 or (other.ok and _items(other)):
            return None
    again = await asked(world, entry.with_(text))
    if not again.ok or not _items(again):
        return None
    return Proof(entry, (other, again), "a condition of ours decides which rows come", "")


async def _concatenated(world: World, entry: Entry) -> Proof | None:
    """The database puts two texts together: what is stored was worked out by it."""
    if entry.where != BODY or entry.play.operation.method in READS:
        return None
    stored = (await one(world, entry.play, {entry: "bw'||'zq"})).step
    if not stored.ok or not any("bwzq" in value for value in written(stored)):
        return None
    control = (await one(world, entry.play, {entry: "bw)||(zq"})).step
    if any("bwzq" in value for value in written(control)):
        return None
    return Proof(entry, (stored,), "the database works out what is stored", "rows: `bw'||'zq` is stored as `bwzq`")


async def _broken(world: World, entry: Entry) -> Proof | None:
    """An odd quote breaks the statement; two of them, and other marks, do not."""
    base = base_of(entry) or "example"
    broken = (await one(world, entry.play, {entry: f"{base}'z"})).step
    unread = _unread(broken)
    if not unread and broken.status < 500:
        return None
    whole = (await one(world, entry.play, {entry: f"{base}''z"})).step
    if unread and not _unread(whole):
        return Proof(entry, (broken,), "a quote breaks the statement", f"the database says: {unread}")
    if unread:
        word = (await one(world, entry.play, {entry: "zq"})).step
        if not _unread(word):
            return Proof(entry, (broken,), "a quote breaks the statement", f"the database says: {unread}")
        return None
    marks = (await one(world, entry.play, {entry: f'{base}"z'})).step
    again = (await one(world, entry.play, {entry: f"{base}'z"})).step
    if again.status >= 500 > max(whole.status, marks.status) and whole.status and marks.status:
        return Proof(entry, (whole, broken), "one quote is an error, two are none", "")
    return None


def _ordering(world: World) -> list[Entry]:
    """Places of lists that take one of a few words, or a column's name."""
    return [each for each in entries(world, QUERY) if each.play.operation.method == "GET" and _words(world, each)]


def _words(world: World, entry: Entry) -> bool:
    kind = entry.kind
    columns = {column.name for table in world.seeds.tables for column in table.columns}
    listed = bool(kind.enum) or kind.has_default or bool(kind.pattern) or bool(ORDER.search(entry.name))
    return listed or base_of(entry).lstrip("+-").partition(":")[0] in columns


ORDER = re.compile(r"sort|order|dir(ection)?$|by$|columns?$|fields?$|group", re.IGNORECASE)


async def _ordered(world: World, entry: Entry) -> Proof | None:
    """A second term in an ORDER BY: `(SELECT 1)` passes, a column that nobody has does not."""
    for base in _terms(world, entry):
        good = await asked(world, entry.with_(f"{base},(SELECT 1)"))
        if not good.ok:
            continue
        bad = await asked(world, entry.with_(f"{base},(SELECT zqzq)"))
        said = _unread(bad) or _named(bad)
        if (bad.status >= 500 or (said and not bad.ok)) and bad.status != 503:
            return Proof(
                entry, (good, bad), "it is a part of the ORDER BY", f"the database says: {said}" if said else ""
            )
    return None


def _terms(world: World, entry: Entry) -> list[str]:
    """Texts that may stand before a further term: the choices, and columns of what the list shows."""
    first = [str(each) for each in entry.kind.enum or ()][:1] or ([base_of(entry)] if base_of(entry) else [])
    table = entry.play.subject[0] if entry.play.subject else ""
    shown = [column for _, column in entry.play.shown.values()]
    known = world.seeds.table(table)
    columns = [*dict.fromkeys(shown)][:1] or ([known.columns[0].name] if known and known.columns else [])
    return list(dict.fromkeys([*first, *columns, "id", "asc"]))[:3]


def _unread(step: Step) -> str:
    """What a database said of a statement that it cannot read, in the answer or in the log."""
    for text in (step.answer.body.decode("utf-8", "replace"), step.log):
        found = SYNTAX.search(text)
        if found:
            return found.group()
    return ""


def _named(step: Step) -> str:
    found = NAMES.search(step.log) or NAMES.search(step.answer.body.decode("utf-8", "replace"))
    return found.group() if found else ""


def _items(step: Step) -> int:
    """How much an answer shows: its scalars, or its lines; 0 where its lists are all empty."""
    value = step.json
    if value is None:
        return len(step.answer.body.splitlines())
    lists = list(_lists(value))
    if lists and not any(lists):
        return 0
    return sum(each is not None for _, each in leaves(value))


def _lists(value: object, depth: int = 0) -> Iterator[list[object]]:
    """The outermost lists of an answer, at most two objects down."""
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict) and depth < 3:
        for each in value.values():
            yield from _lists(each, depth + 1)
