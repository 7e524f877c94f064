"""Columns that a request's schema leaves out, sent all the same: which of them arrive in the row."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from evaluators.contract.shapes import Property, shape_of
from evaluators.probes.atlas import bare, snake
from evaluators.probes.authorization_trial import Trials
from evaluators.probes.forms import media_of
from evaluators.probes.tracing import same_value
from evaluators.probes.world import Play
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row
from evaluators.service.request import Request, placed
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

ALONE = 10
"""Columns that are sent one by one where all together are refused."""
ROUNDS = 4
"""Times that the rest is sent again without what an answer names."""
TEXT = "written-by-client"
NUMBER, SMALL = 918273, 77
KEYS = {"uuid": "bbbbbbbb-0000-4000-8000-00000000beef", "int": 918273}
TIME, DATE = "2001-02-03T04:05:06Z", "2001-02-03"


@dataclass(frozen=True)
class Smuggled:
    """One column that the schema leaves out, and what is sent for it."""

    column: Column
    value: object
    names: tuple[str, ...]
    """The properties that carry it."""
    read_only: bool
    """Whether the schema has it, as read-only."""


@dataclass(frozen=True)
class Arrived:
    """What came of it."""

    step: Step
    table: str
    columns: tuple[Smuggled, ...]
    """Those whose value stands in the row afterwards."""


async def arrived(trials: Trials, play: Play) -> Arrived | None:
    """The columns that a write takes though its schema leaves them out; None where it takes none."""
    found = _target(trials, play)
    if found is None:
        return None
    table, base, container = found
    left = list(_smuggled(trials, play, table, base))
    for _ in range(ROUNDS):
        if not left:
            return None
        step = await trials.step(_with(play, container, left))
        if step.ok:
            taken = _taken(trials, play, step, table, base, left)
            return Arrived(step, table.name, taken) if taken else None
        rest = list(_unnamed(left, _named(step)))
        if step.status not in (400, 422) or [each.names for each in rest] == [each.names for each in left]:
            break
        left = rest
    ordered = sorted(left, key=lambda one: _harmless(one, table))
    alone = [replace(each, names=(name,)) for each in ordered for name in each.names[:2]]
    for each in alone[:ALONE]:
        step = await trials.step(_with(play, container, [each]))
        taken = _taken(trials, play, step, table, base, [each]) if step.ok else ()
        if taken:
            return Arrived(step, table.name, taken)
    return None


def _unnamed(sent: list[Smuggled], said: set[str]) -> Iterator[Smuggled]:
    """What a refusal does not speak of: of each column the names that it leaves out."""
    for each in sent:
        names = tuple(name for name in each.names if name not in said)
        if names:
            yield replace(each, names=names)


def _target(trials: Trials, play: Play) -> tuple[Table, Row, Place] | None:
    """(table, its row after the play, the object of the body whose properties went there)."""
    if not isinstance(play.request.body, dict):
        return None
    rows = {name: row for name, row in reversed(play.changes.added)}
    rows |= {each.table: each.after for each in reversed(play.changes.updated) if each.table not in rows}
    counted = Counter(table for table, _ in play.columns.values() if table in rows)
    name = play.subject[0] if play.subject is not None and play.subject[0] in rows else None
    if name is None or (counted and counted[name] == 0):
        name = counted.most_common(1)[0][0] if counted else name
    if name is None or name not in trials.ownership.tables:
        return None
    places = Counter(place[:-1] for place, (table, _) in play.columns.items() if table == name)
    return trials.ownership.tables[name], rows[name], places.most_common(1)[0][0] if places else ()


def _declared(play: Play) -> Mapping[str, Property]:
    """The properties of the request's schema, by their bare names and the bare names of their columns."""
    media = media_of(play.operation)
    if media is None or media.schema is None:
        return {}
    found: dict[str, Property] = {}
    for each in shape_of(media.schema).properties:
        found[bare(each.name)] = each
        if each.column:
            found[bare(each.column)] = each
    return found


def _smuggled(trials: Trials, play: Play, table: Table, base: Row) -> Iterator[Smuggled]:
    """The columns that are left out, with a value that differs from what the service wrote itself."""
    declared = _declared(play)
    seen = {column for name, column in play.columns.values() if name == table.name}
    aliases = _aliases(trials, table.name)
    for column in table.columns:
        names = list(dict.fromkeys((column.name, _camel(column.name), *aliases.get(column.name, ()))))
        known = next((declared[bare(name)] for name in names if bare(name) in declared), None)
        if column.computed or column.name in seen or (known is not None and not known.facets.read_only):
            continue
        value = _value(trials, table, column, base)
        if value is not None:
            names = [known.name] if known is not None else names
            yield Smuggled(column, value, tuple(names), known is not None)


def _aliases(trials: Trials, table: str) -> dict[str, list[str]]:
    """Column -> what the answers of the service call it."""
    found: dict[str, list[str]] = {}
    for play in trials.world.plays.values():
        for place, (name, column) in play.shown.items():
            if name == table and place and isinstance(place[-1], str) and place[-1] not in found.get(column, ()):
                found.setdefault(column, []).append(place[-1])
    return found


def _value(trials: Trials, table: Table, column: Column, base: Row) -> object:
    """What is sent for a column; None where nothing sure can be said of it."""
    now = plain(base.get(column.name))
    for key in table.foreign_keys:
        if column.name in key.columns:
            return _elsewhere(trials, key.table, str(now)) if len(key.columns) == 1 else None
    labels = labels_of(column, table)
    if labels:
        others = [label for label in labels if str(label) != str(now)]
        return others[-1] if others else None
    if column.type.startswith("bool"):
        return not bool(now)
    if re.match(r"date$", column.type):
        return DATE
    if column.type.startswith(("timestamp", "datetime")) or (
        isinstance(now, str) and re.match(r"\d{4}-\d\d-\d\dT", now)
    ):
        return TIME
    if column.type == "uuid" or (
        isinstance(now, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", now)
    ):
        return KEYS["uuid"]
    if re.match(r"(big|small|tiny)?(int|serial)|numeric|decimal|real|double|float", column.type):
        if now in (0, 1) and re.match(r"(is|has|can)_|.*(ed|able)$", column.name):
            return 1 - int(now)
        return SMALL if column.type.startswith(("small", "tiny")) or column.length else NUMBER
    if re.match(r"text|char|varchar|character|citext", column.type):
        return TEXT[: column.length] if column.length else TEXT
    return None


def _elsewhere(trials: Trials, table: str, now: str) -> object:
    """The key of another row than the one that is pointed to: one of the other identity, if there is one."""
    known = trials.ownership.tables.get(table)
    if known is None or len(known.key) != 1:
        return None
    rows = [row for (name, _), row in trials.ownership.rows.items() if name == table]
    others = [row for row in rows if str(plain(row[known.key[0]])) != now]
    others.sort(key=lambda row: trials.ownership.owner(table, row) != "b")
    return plain(others[0][known.key[0]]) if others else None


def _camel(name: str) -> str:
    head, *rest = snake(name).split("_")
    return head + "".join(part.capitalize() for part in rest)


def _with(play: Play, container: Place, sent: list[Smuggled]) -> Request:
    body = play.request.body
    for each in sent:
        for name in each.names:
            body = placed(body, (*container, name), each.value)
    return play.request.with_body(body)


def _named(step: Step) -> set[str]:
    """The words of a refusal."""
    try:
        text = json.dumps(step.json) if step.json is not None else step.answer.body.decode("utf-8", "replace")
    except (ValueError, RecursionError):
        return set()
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", text))


def _taken(
    trials: Trials, play: Play, step: Step, table: Table, base: Row, sent: list[Smuggled]
) -> tuple[Smuggled, ...]:
    """What stands in the row as it was sent, and not as the service writes it itself."""
    rows = [*step.changes.rows_added(table.name)]
    rows += [each.after for each in step.changes.updated if each.table == table.name]
    if play.changes.rows_added(table.name) and not step.changes.rows_added(table.name):
        return ()
    found = []
    for each in sent:
        name = each.column.name
        if same_value(plain(base.get(name)), each.value):
            continue
        if any(_same(plain(row.get(name)), each) for row in rows):
            found.append(each)
    return tuple(found)


def _same(held: object, sent: Smuggled) -> bool:
    if sent.value == DATE or sent.value == TIME:
        return str(held).startswith(DATE)
    if isinstance(sent.value, bool):
        return held in (sent.value, int(sent.value))
    return same_value(sent.value, held)


def _harmless(one: Smuggled, table: Table) -> tuple[int, str]:
    """The columns that do most harm come first: rights, owners, states, amounts."""
    pointing = {column for key in table.foreign_keys for column in key.columns}
    name = one.column.name
    if re.search(r"role|admin|staff|verif|owner|balance|credit|quota|status|state|price|paid", name):
        return 0, name
    if name in pointing or isinstance(one.value, bool):
        return 1, name
    return (3 if name in table.key or one.value == TIME else 2), name
