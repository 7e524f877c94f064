"""What a play did, place by place: which value went to which column, what its answer shows, which row it is about."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluators.probes.atlas import Atlas, bare, snake
from evaluators.probes.forms import in_path
from evaluators.probes.world import Play
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row, State
from evaluators.service.request import leaves
from evaluators.service.seeding import plain
from evaluators.service.step import Step

Cell = tuple[str, str]
"""(table, column)."""
ITEMS = 3
"""Elements of a list in an answer that are looked at."""
MOST_ROWS = 500


def traced(atlas: Atlas, step: Step, sealed: State, *, repeats: bool = True) -> Play:
    """A play of an accepted request, with what was observed of its values."""
    subject = subject_of(atlas, step, sealed)
    table = subject[0] if subject else ""
    return Play(
        step.request,
        step,
        columns=dict(_columns(step, table)),
        shown=dict(_shown(atlas, step, sealed, table)),
        subject=subject,
        repeats=repeats,
    )


def subject_of(atlas: Atlas, step: Step, sealed: State) -> tuple[str, Any] | None:
    """The row that a step is about: what it made and answers, else what its path names, else what it changed."""
    said = {str(value) for _, value in leaves(step.json)} | {(step.answer.header("location") or "").rpartition("/")[2]}
    if step.request.operation.method == "POST":
        for table, row in step.changes.added:
            key = keyed(atlas, table, row)
            if key is not None and not isinstance(key, tuple) and str(key) in said:
                return table, key
    parameters = in_path(step.request.operation)
    if parameters:
        last = parameters[-1]
        value = step.request.path.get(last.name)
        goal = atlas.table_of(step.request.operation, last)
        for table in [goal] if goal else list(sealed):
            column = atlas.column_of(table, step.request.operation, last)
            for row in sealed.get(table, ()):
                if column is not None and str(row.get(column)) == str(value):
                    return table, keyed(atlas, table, row)
    rows = [*step.changes.added, *((each.table, each.after) for each in step.changes.updated)]
    if len(rows) == 1:
        return rows[0][0], keyed(atlas, *rows[0])
    return None


def keyed(atlas: Atlas, table: str, row: Row) -> Any:
    """The key of a row: its value, a tuple where it has several columns, None where it has none."""
    found = atlas.seeds.table(table)
    values = tuple(plain(row.get(name)) for name in found.key) if found else ()
    return values[0] if len(values) == 1 else values or None


def _columns(step: Step, subject: str) -> Iterator[tuple[Place, Cell]]:
    """(place of the body, column): the value that was sent is in a row that was inserted or changed."""
    if not isinstance(step.request.body, dict | list):
        return
    cells = [(table, name, value) for table, row in step.changes.added for name, value in row.items()]
    for each in step.changes.updated:
        cells += [(each.table, name, each.after[name]) for name in each.columns]
    # What was sent as it was before: told by its name alone.
    same = [(each.table, name, value) for each in step.changes.updated for name, value in each.after.items()]
    for place, value in leaves(step.request.body):
        name = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
        found = best(name, value, cells, subject) or best(name, value, same, subject, named=True)
        if found is not None:
            yield place, found


def _shown(atlas: Atlas, step: Step, sealed: State, subject: str) -> Iterator[tuple[Place, Cell]]:
    """(place of the answer, column), row by row: an object that holds a row's key shows that row."""
    rows: dict[str, list[tuple[str, Row]]] = {}
    changed = [*step.changes.added, *((each.table, each.after) for each in step.changes.updated)]
    kept = [(table, row) for table, found in sealed.items() for row in found[:MOST_ROWS]]
    for name, each in (*changed, *kept):
        key = keyed(atlas, name, each)
        for part in key if isinstance(key, tuple) else (key,):
            if part is not None:
                rows.setdefault(str(part), []).append((name, each))
    for place, held in objects(step.json):
        scalars = {str(name): value for name, value in held.items() if not isinstance(value, dict | list)}
        near = [pair for value in scalars.values() if value is not None for pair in rows.get(str(value), ())]
        if not near:
            continue
        table, row = max(near, key=lambda pair: _alike(scalars, pair[0], pair[1], subject))
        if _alike(scalars, table, row, subject) < 1:
            continue
        cells = [(table, name, value) for name, value in row.items()]
        for name, value in scalars.items():
            found = best(name, value, cells, table)
            if found is not None:
                yield (*place, name), found


def _alike(scalars: Mapping[str, Any], table: str, row: Row, subject: str) -> float:
    """How many properties a row explains, those of its columns' names first."""
    named = sum(1 for name, value in scalars.items() if snake(name) in row and same_value(value, row[snake(name)]))
    values = {normal(value) for value in row.values() if strong(value)}
    others = sum(1 for value in scalars.values() if strong(value) and normal(value) in values)
    return named + 0.5 * others + (0.4 if table == subject else 0)


def objects(value: Any, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every object of an answer, of long lists the first few elements."""
    if isinstance(value, dict):
        yield place, value
        for name, each in value.items():
            yield from objects(each, (*place, name))
    elif isinstance(value, list):
        for number, each in enumerate(value[:ITEMS]):
            yield from objects(each, (*place, number))


def best(
    name: str, value: Any, cells: Sequence[tuple[str, str, Any]], subject: str, *, named: bool = False
) -> Cell | None:
    """The cell that holds a value: of its own name, else the only one, if chance would hardly bring it there."""
    equal = [(table, column) for table, column, held in cells if same_value(value, held)]
    alike = [cell for cell in equal if bare(cell[1]) == bare(name)]
    for found in ([c for c in alike if c[0] == subject], alike):
        if found:
            return found[0]
    if named or not strong(value):
        return None
    own = list(dict.fromkeys(cell for cell in equal if cell[0] == subject)) or list(dict.fromkeys(equal))
    return own[0] if len(own) == 1 else None


def strong(value: Any) -> bool:
    """Whether equality says something: no boolean, no small number, no short text."""
    if isinstance(value, bool) or value is None:
        return False
    return abs(value) > 3 if isinstance(value, int | float) else len(str(value)) > 2


def same_value(sent: Any, held: Any) -> bool:
    """Whether a value and a column's are one: times as instants, texts without case and edges, numbers as numbers."""
    if sent is None or held is None:
        return sent is held
    return bool(normal(sent) == normal(held))


NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?")
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def normal(value: Any) -> Any:
    """A form in which equal values are equal."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict | list):
        return repr(value)
    text = str(value).strip().casefold()
    if NUMBER.fullmatch(text):
        return float(text)
    if TIME.match(text):
        try:
            found = datetime.datetime.fromisoformat(text.upper())
        except ValueError:
            return text
        zone = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        return zone.timestamp()
    return text
