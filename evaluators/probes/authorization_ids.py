"""Ids beside the path: in the body, the query and the headers, with rows of somebody else put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import Facets, facets, shape_of
from evaluators.probes.atlas import bare, fits, snake
from evaluators.probes.authorization_trial import Trials
from evaluators.probes.forms import QUERY, in_path, media_of
from evaluators.probes.world import Play
from evaluators.service.bodies import Place
from evaluators.service.identities import table_named
from evaluators.service.member import Member
from evaluators.service.oracle import Changes, Row
from evaluators.service.request import Request, leaves
from evaluators.service.seeding import plain
from evaluators.service.values import labels_of

GIVEN = re.compile(
    r"(^|_)(to|recipient|receiver|payee|beneficiary|counterparty|invitee|peer|friend|follow\w*)(_|$)", re.IGNORECASE
)
"""Names of places that are meant to hold somebody else's."""
TARGET = re.compile(r"(^|_)(target|dest|destination)(_|$)", re.IGNORECASE)
"""The same, where amounts are kept; a folder that something is moved to is one's own."""
AMOUNT = re.compile(r"balance|amount|credit|funds|points|wallet", re.IGNORECASE)
CLOSE = 2
"""Rows of a stranger that are tried in one place, those most like the sender's own first."""
LEFT_OUT = 6
"""Places that a request leaves out and that are filled."""
LONG = 6
"""Characters from which on a text names a row by itself."""
FILTERS = 8
"""Parameters of one list that are tried as filters."""
CHOICES = 4
"""Values of one of them."""
TEXT = 60


@dataclass(frozen=True)
class Naming:
    """A place of a request that names a row."""

    table: str
    name: str
    request: Request
    """The request with the stranger's row in the place."""
    place: Place


def swaps(trials: Trials, play: Play, owner: str, stranger: str) -> Iterator[tuple[Naming, Row]]:
    """(the request with the stranger's row, that row) for each place of the body that names a row of the sender."""
    for place, table, column in sorted(_named(trials, play, owner), key=str):
        own = named_by(trials, table, column, play.request.body, place)
        if own is None or owner not in trials.ownership.reach(table, own):
            continue
        for other in strange_rows(trials, table, owner, stranger, own)[:CLOSE]:
            value = plain(other.get(column))
            if value is not None:
                yield Naming(table, called(place), play.request.having(place, value), place), other


def _named(trials: Trials, play: Play, owner: str) -> Iterator[tuple[Place, str, str]]:
    """(place, table, column): by where its value went, else by its name, else by the rows that have the value."""
    told: set[Place] = set()
    for pairs in (trials.naming(play), _called(trials, play), _changed(trials, play)):
        found = {(place, table) for place, table in pairs if place not in told}
        told |= {place for place, _ in found}
        yield from ((place, table, trials.ownership.tables[table].key[0]) for place, table in found)
    yield from {each for each in _held(trials, play, owner) if each[0] not in told}


def left_out(trials: Trials, play: Play, owner: str, stranger: str) -> Iterator[tuple[Naming, Row]]:
    """The same for places that the contract has and the request leaves out, or leaves empty."""
    media = media_of(play.operation)
    properties = shape_of(media.schema).properties if media is not None and media.schema is not None else ()
    body = play.request.body
    if not isinstance(body, dict):
        return
    empty = [each for each in properties if body.get(each.name) in (None, [])]
    for each in empty[:LEFT_OUT]:
        table = table_of(trials, play.operation, each.name)
        known = trials.ownership.tables.get(table or "")
        if known is None or len(known.key) != 1:
            continue
        place: Place = (each.name, 0) if "array" in facets(each.node).types else (each.name,)
        for other in strange_rows(trials, known.name, owner, stranger)[:1]:
            yield Naming(known.name, each.name, play.request.having(place, plain(other[known.key[0]])), place), other


def beside_in_path(trials: Trials, play: Play, owner: str, stranger: str) -> Iterator[tuple[Naming, Row]]:
    """The same for places of a path with several, where the thing belongs to none of the others."""
    parameters = in_path(play.operation)
    for parameter in parameters if len(parameters) > 1 else ():
        text = str(play.request.path.get(parameter.name))
        for (table, key), own in trials.ownership.rows.items():
            if key != text or owner not in trials.ownership.reach(table, own) or not _about(parameter, table):
                continue
            if any(_above(trials, play, each, table, own) for each in parameters if each is not parameter):
                continue
            for other_row in strange_rows(trials, table, owner, stranger, own)[:1]:
                value = plain(other_row[trials.ownership.tables[table].key[0]])
                yield Naming(table, parameter.name, play.request.at(**{parameter.name: value}), ()), other_row


def _above(trials: Trials, play: Play, parameter: Parameter, table: str, row: Row) -> bool:
    """Whether a parameter names what a row belongs to."""
    place = trials.place(table, row, str(play.request.path.get(parameter.name)))
    return place is not None and _about(parameter, place[0][-1].table)


def _about(parameter: Parameter, table: str) -> bool:
    """Whether a parameter is called like a table: keys of several tables may be the same numbers."""
    name = bare(re.sub(r"_?(id|uuid|key)$", "", parameter.name, flags=re.IGNORECASE))
    return name in (bare(table), bare(table.rstrip("s")), "")


def called(place: Place) -> str:
    """The name of a place of a body."""
    return next((str(part) for part in reversed(place) if isinstance(part, str)), "")


def named_by(trials: Trials, table: str, column: str, body: Any, place: Place) -> Row | None:
    """The sealed row that has the value at a place of a body in this column."""
    value = dict(leaves(body)).get(place) if isinstance(body, dict | list) else None
    rows = (row for (name, _), row in trials.ownership.rows.items() if name == table)
    return next((row for row in rows if value is not None and str(plain(row.get(column))) == str(value)), None)


def _held(trials: Trials, play: Play, owner: str) -> Iterator[tuple[Place, str, str]]:
    """(place, table, column) of texts in the body that are a key, or another unique value, of a row of the sender."""
    texts = [
        (place, value)
        for place, value in (leaves(play.request.body) if isinstance(play.request.body, dict | list) else [])
        if isinstance(value, str) and len(value) >= LONG
    ]
    if not texts:
        return
    for (table, _), row in trials.ownership.rows.items():
        known = trials.ownership.tables[table]
        if owner not in trials.ownership.reach(table, row):
            continue
        for column in {*known.unique, *(known.key if len(known.key) == 1 else ())}:
            text = str(plain(row.get(column)))
            yield from ((place, table, column) for place, value in texts if value == text)


def _called(trials: Trials, play: Play) -> Iterator[tuple[Place, str]]:
    """Places of the body that are called like a table and hold the key of a row of it: what is used and not stored."""
    for place, value in leaves(play.request.body) if isinstance(play.request.body, dict | list) else []:
        table = table_of(trials, play.operation, called(place))
        if table is not None and (table, str(value)) in trials.ownership.rows:
            yield place, table


def meant(trials: Trials, name: str, table: str) -> bool:
    """Whether a place is meant for somebody else's thing: `to_account_id`, but not `payee_id` for a row of payees."""
    spaced = snake(name)
    bare_name = re.sub(r"_(id|uuid|key)s?$", "", spaced)
    if bare(bare_name) in (bare(table), bare(table.rstrip("s"))):
        return False
    return bool(GIVEN.search(spaced)) or (bool(TARGET.search(spaced)) and counts(trials, table))


def counts(trials: Trials, table: str) -> bool:
    """Whether a table keeps amounts: then one row of it may pay another."""
    return any(AMOUNT.search(column.name) for column in trials.ownership.tables[table].columns)


def _changed(trials: Trials, play: Play) -> Iterator[tuple[Place, str]]:
    """Places of the body that hold the key of a row that was changed or removed: several ids at once, a source."""
    keys: dict[str, str] = {}
    for table, row in [*play.changes.removed, *((each.table, each.before) for each in play.changes.updated)]:
        known = trials.ownership.tables.get(table)
        if known is not None and len(known.key) == 1:
            keys.setdefault(str(plain(row[known.key[0]])), table)
    for place, value in leaves(play.request.body) if isinstance(play.request.body, dict | list) else []:
        if str(value) in keys and (isinstance(value, str) or re.search(r"id", str(place[-1] if place else ""))):
            yield place, keys[str(value)]


def strange_rows(trials: Trials, table: str, owner: str, stranger: str, like: Row | None = None) -> list[Row]:
    """Rows of the stranger that nothing ties to the sender, in the states of one first; none that stand for people."""
    known = trials.ownership.tables[table]
    found = [
        row
        for thing, row in trials.ownership.rows.items()
        if thing[0] == table and thing not in trials.ownership.people
        if trials.ownership.owner(table, row) == stranger and trials.ownership.strange(table, row, owner)
    ]
    states = [column.name for column in known.columns if labels_of(column, known)] if like is not None else []
    return sorted(found, key=lambda row: sum(row.get(name) != (like or {}).get(name) for name in states))


def strange_row(trials: Trials, table: str, owner: str, stranger: str) -> Row | None:
    """The first of them."""
    return next(iter(strange_rows(trials, table, owner, stranger)), None)


def took(changes: Changes, trials: Trials, stranger: str) -> bool:
    """Whether a row of the stranger lost: it is gone, or a number of it is smaller."""
    if any(trials.ownership.owner(table, row) == stranger for table, row in changes.removed):
        return True
    for each in changes.updated:
        if trials.ownership.owner(each.table, each.before) == stranger:
            pairs = [(each.before.get(name), each.after.get(name)) for name in each.columns]
            if any(_number(old) is not None and (_number(new) or 0.0) < (_number(old) or 0.0) for old, new in pairs):
                return True
    return False


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def in_query(trials: Trials, play: Play) -> Iterator[tuple[Parameter, str]]:
    """(parameter, table) of the query's places whose name points to a table."""
    for parameter in play.operation.parameters_in("query"):
        table = table_of(trials, play.operation, parameter.name)
        if table is not None:
            yield parameter, table


def table_of(trials: Trials, operation: Operation, name: str) -> str | None:
    """The table that a parameter's name points to: by a foreign key of that name, else by the name itself."""
    column = snake(name)
    singular = re.sub(r"_(id|uuid|key)s$", r"_\1", column)
    pointing = {
        key.table
        for table in trials.ownership.tables.values()
        for key in table.foreign_keys
        if key.columns in ((column,), (singular,))
    }
    if len(pointing) == 1:
        return pointing.pop()
    found = re.fullmatch(r"(.+)_(id|uuid|key)s?", column)
    name = found.group(1) if found else column
    return table_named(name, trials.world.seeds) or (
        table_named(name.rpartition("_")[2], trials.world.seeds) if found else None
    )


def fitting(parameter: Parameter, row: Row, key: str) -> Any:
    """The row's key, where the parameter's schema takes it."""
    value = plain(row.get(key))
    if parameter.schema is not None and not fits(value, facets(parameter.schema)):
        return None
    return value


def headers_of(play: Play) -> Mapping[str, str]:
    """The headers of a play that are its own."""
    return {name: value for name, value in play.request.headers.items() if not name.startswith(QUERY)}


def filtered(trials: Trials, play: Play, tables: set[str]) -> Iterator[Request]:
    """The request with one parameter each that may widen it: what a stranger's row matches, whose it is, a choice."""
    stranger = trials.other(play.request.who)
    rows = [
        (table, row)
        for (table, _), row in trials.ownership.rows.items()
        if table in tables and stranger is not None and trials.ownership.owner(table, row) == stranger
    ]
    person = trials.world.member(stranger)
    for parameter in play.operation.parameters_in("query")[:FILTERS]:
        values = [next((v for table, row in rows for v in _matching(trials, parameter, table, row)), None)]
        values += _people(trials, parameter, person) if person is not None else []
        values += _choices(parameter)
        known = play.request.query.get(parameter.name)
        for value in [each for each in dict.fromkeys(values) if each is not None and each != known][:CHOICES]:
            yield play.request.asking(**{parameter.name: value})


def _people(trials: Trials, parameter: Parameter, person: Member) -> list[Any]:
    """How a parameter may name another user, where it is called like one: by the key, the address or the name."""
    name = snake(parameter.name)
    pointing = (
        column
        for table in trials.ownership.tables.values()
        for key in table.foreign_keys
        if key.table == person.table
        for column in key.columns
    )
    if name not in {each for column in pointing for each in (column, re.sub(r"_(id|uuid)$", "", column))}:
        return []
    kind = facets(parameter.schema) if parameter.schema is not None else Facets()
    known = trials.ownership.tables.get(person.table)
    columns = [*known.key, *sorted(known.unique)] if known is not None else []
    values = [plain(person.row.get(column)) for column in columns]
    return [value for value in values if value is not None and fits(value, kind)]


def _choices(parameter: Parameter) -> list[Any]:
    """Both values of a switch, and all of a short list."""
    kind = facets(parameter.schema) if parameter.schema is not None else Facets()
    if kind.types == {"boolean"}:
        return [True, False]
    return list(kind.enum) if kind.enum and len(kind.enum) <= CHOICES else []


def _matching(trials: Trials, parameter: Parameter, table: str, row: Row) -> Iterator[Any]:
    """Values for a filter that the row matches, as far as names and types tell."""
    kind = facets(parameter.schema) if parameter.schema is not None else None
    own = {name: plain(each) for name, each in row.items() if bare(name) == bare(parameter.name)}
    for key in trials.ownership.tables[table].foreign_keys:
        parent = trials.ownership.parent(key, row)
        kept = parent is not None and trials.ownership.owner(key.table, parent) is not None
        for name in key.columns:
            if kept:
                # What names a row of somebody is another probe's.
                own.pop(name, None)
            elif bare(parameter.name) in {bare(key.table), bare(key.table.rstrip("s"))}:
                own[name] = plain(row.get(name))
    values = list(own.values())
    if kind is not None and kind.types == {"string"} and not kind.enum and not kind.format:
        values += [each for each in row.values() if isinstance(each, str) and 2 < len(each) <= TEXT][:1]
    for value in values:
        if value is not None and (kind is None or (fits(value, kind) and (not kind.enum or value in kind.enum))):
            yield value
