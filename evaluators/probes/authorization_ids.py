"""Ids beside the path: in the body, the query and the headers, with rows of somebody else put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import facets
from evaluators.probes.atlas import bare, fits, snake
from evaluators.probes.authorization_trial import Trials
from evaluators.probes.forms import QUERY
from evaluators.probes.world import Play
from evaluators.service.bodies import Place
from evaluators.service.identities import table_named
from evaluators.service.oracle import Changes, Row
from evaluators.service.request import Request, leaves
from evaluators.service.seeding import plain

GIVEN = re.compile(
    r"(^|_)(to|target|recipient|receiver|dest|destination|payee|beneficiary|counterparty|invitee|peer|friend|follow\w*)(_|$)",
    re.IGNORECASE,
)
"""Names of places that are meant to hold somebody else's."""


FILTERS = 8
"""Parameters of one list that are tried as filters."""
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
    named = dict(_called(trials, play)) | dict(trials.naming(play)) | dict(_changed(trials, play))
    for place, table in sorted(named.items(), key=lambda pair: str(pair[0])):
        own = trials.row_named(table, play.request.body, place)
        other = strange_row(trials, table, owner, stranger)
        if own is None or other is None or trials.ownership.owner(table, own) != owner:
            continue
        key = trials.ownership.tables[table].key[0]
        name = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
        yield Naming(table, name, play.request.having(place, plain(other[key])), place), other


def _called(trials: Trials, play: Play) -> Iterator[tuple[Place, str]]:
    """Places of the body that are called like a table and hold the key of a row of it: what is used and not stored."""
    for place, value in leaves(play.request.body) if isinstance(play.request.body, dict | list) else []:
        name = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
        table = table_of(trials, play.operation, name)
        if table is not None and (table, str(value)) in trials.ownership.rows:
            yield place, table


def meant(name: str, table: str) -> bool:
    """Whether a place is meant for somebody else's thing: `to_account_id`, but not `payee_id` for a row of payees."""
    spaced = snake(name)
    bare_name = re.sub(r"_(id|uuid|key)s?$", "", spaced)
    return bool(GIVEN.search(spaced)) and bare(bare_name) not in (bare(table), bare(table.rstrip("s")))


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


def strange_row(trials: Trials, table: str, owner: str, stranger: str) -> Row | None:
    """A row of the stranger that nothing ties to the sender; none of the rows that stand for people."""
    for thing, row in trials.ownership.rows.items():
        if thing[0] != table or thing in trials.ownership.people or trials.ownership.owner(table, row) != stranger:
            continue
        if trials.ownership.strange(table, row, owner):
            return row
    return None


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
    pointing = {
        key.table
        for table in trials.ownership.tables.values()
        for key in table.foreign_keys
        if key.columns == (column,)
    }
    if len(pointing) == 1:
        return pointing.pop()
    found = re.fullmatch(r"(.+)_(id|uuid|key)", column)
    return table_named(found.group(1), trials.world.seeds) if found else None


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
    """The request with one filter each that a stranger's row matches: a column's value, what it points to, a text."""
    stranger = trials.other(play.request.who)
    rows = [
        (table, row)
        for (table, _), row in trials.ownership.rows.items()
        if table in tables and stranger is not None and trials.ownership.owner(table, row) == stranger
    ]
    for parameter in play.operation.parameters_in("query")[:FILTERS]:
        if parameter.name in play.request.query or not rows:
            continue
        value = next((v for table, row in rows for v in _matching(trials, parameter, table, row)), None)
        if value is not None:
            yield play.request.asking(**{parameter.name: value})


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
