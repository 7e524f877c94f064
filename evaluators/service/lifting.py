"""What may give an identity more rights: columns of its row, lists of roles in it, rows of side tables, claims.

Nothing here is known to lift; `crew` tries each. Words only order what is
tried, and tell which label is an ordinary one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Contract
from evaluators.service.database import Look, NoDatabase
from evaluators.service.oracle import Row, State
from evaluators.service.seeding import quoted
from evaluators.service.tables import Column, Table
from evaluators.service.values import labels_of

HIGH = re.compile(
    r"admin|root|super|sudo|owner|staff|operat|manag|moderat|editor|organi[sz]|employ|clerk|agent|support|lead|"
    r"director|chief|dispatch|teacher|instructor|doctor|nurse|internal|elevated|privileged|\ball\b|\*",
    re.IGNORECASE,
)
"""Labels that more rights may hang on."""
HIGHEST = re.compile(r"admin|root|super|sudo|owner|\*", re.IGNORECASE)
LOW = re.compile(
    r"user|member|customer|patient|client|viewer|reader|guest|student|attendee|basic|default|buyer|free|none|public|"
    r"visitor|subscriber|normal|regular|standard",
    re.IGNORECASE,
)
HOLDS = re.compile(
    r"role|right|scope|permission|privilege|grant|group|authorit|abilit|entitle|capabilit", re.IGNORECASE
)
"""Names of columns and tables that hold rights."""
ROLE = re.compile(r"role|rank|level|access|group|kind|type|tier|position", re.IGNORECASE)
FLAG = re.compile(r"admin|staff|super|root|manager|moderator|operator|owner|editor|privileged|internal", re.IGNORECASE)
FLAG_OR_ROLE = re.compile(f"{ROLE.pattern}|{FLAG.pattern}", re.IGNORECASE)
NOT_RIGHTS = re.compile(r"delet|disab|block|lock|ban|suspend|archiv|verif|confirm|activ|enabled|newsletter|opt_", re.I)
WORDS = ("admin", "administrator", "superuser", "staff", "manager", "moderator", "owner")
"""Tried where a column of roles has no list of labels anywhere."""
SIDE_COLUMNS = 6


@dataclass(frozen=True)
class Right:
    """One change that may give more rights."""

    label: str
    """What the identity is called with it: the role."""
    columns: tuple[tuple[str, Any], ...] = ()
    """Column -> value of the identity's own row."""
    rows: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    """(table, its values) of rows to add."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    """What a signed token says."""

    @property
    def tables(self) -> frozenset[str]:
        """The side tables."""
        return frozenset(table for table, _ in self.rows)


@dataclass(frozen=True)
class Side:
    """A table whose rows say what an identity may do, and nothing else."""

    table: Table
    points: tuple[tuple[str, str], ...]
    """(its column, the identity's column) of the foreign key."""
    column: str
    """The column of the label."""
    labels: tuple[Any, ...]

    def of(self, row: Row, label: Any) -> tuple[tuple[str, Any], ...]:
        """The values of a row that gives an identity a label."""
        return (*((ours, row[theirs]) for ours, theirs in self.points), (self.column, label))


def sides(table: str, tables: Sequence[Table], state: State) -> list[Side]:
    """The tables of rights that point only to an identity's table."""
    found = []
    for each in tables:
        own = [key for key in each.foreign_keys if key.table == table]
        others = [key for key in each.foreign_keys if key.table != table]
        if len(own) != 1 or len(others) > 1 or each.name == table:
            continue
        if others:
            lookup = [row.get(others[0].targets[0]) for row in state.get(others[0].table, ())]
            known = next((t for t in tables if t.name == others[0].table), None)
            fits = known is not None and not known.foreign_keys and len(others[0].columns) == 1 and len(lookup) <= 30
            column, labels = others[0].columns[0], tuple(lookup) if fits else ()
        else:
            listed = [(column.name, labels_of(column, each)) for column in each.columns]
            column, labels = next(((name, labels) for name, labels in listed if labels), ("", ()))
        ours = (*own[0].columns, column)
        small = set(each.key) == set(ours) or (len(each.columns) <= SIDE_COLUMNS and HOLDS.search(each.name))
        if labels and small:
            points = tuple(zip(own[0].columns, own[0].targets, strict=True))
            found.append(Side(each, points, column, labels))
    return found


def scopes_of(contract: Contract) -> tuple[str, ...]:
    """Every OAuth scope that the contract names."""
    found: dict[str, None] = {}
    for scheme in contract.schemes:
        flows = scheme.node.get("flows")
        for _, flow in flows.items() if flows is not None else ():
            found |= dict.fromkeys(name for name, _ in flow.items("scopes"))
    for operation in contract.operations:
        for alternative in operation.node.elements("security"):
            for wanted in alternative.children():
                found |= dict.fromkeys(each.value for each in wanted.elements() if isinstance(each.value, str))
    return tuple(found)


def ordinary_scopes(contract: Contract) -> tuple[str, ...]:
    """The scopes that an ordinary identity asks for: without those for administrators."""
    return tuple(scope for scope in scopes_of(contract) if not HIGH.search(scope))


def told_labels(contract: Contract, column: str) -> tuple[Any, ...]:
    """What the contract lists for a property of a column's name."""
    bare = column.replace("_", "").lower()
    found: dict[Any, None] = {}
    for shape in contract.schemas:
        for each in shape.properties:
            if (each.column or each.name).replace("_", "").lower() == bare and each.facets.enum:
                found |= dict.fromkeys(value for value in each.facets.enum if isinstance(value, str))
    return tuple(found)


def rights(table: Table | None, row: Row, tables: Sequence[Table], state: State, contract: Contract) -> list[Right]:
    """What may lift an identity whose row this is, likeliest first."""
    found: list[Right] = []
    for side in sides(table.name, tables, state) if table is not None else ():
        every = tuple((side.table.name, side.of(row, label)) for label in side.labels)
        found.append(Right(highest(side.labels), rows=every))
        found += [Right(str(label), rows=(each,)) for label, each in zip(side.labels, every, strict=True)]
    for column in table.columns if table is not None else ():
        found += _of_column(column, table, row, contract) if table is not None else ()
    found += list(_claimed(contract, found))
    return sorted(found, key=lambda right: (not (right.columns or right.rows), not HIGHEST.search(right.label)))


def _of_column(column: Column, table: Table, row: Row, contract: Contract) -> Iterator[Right]:
    """What one column of the row may say."""
    value = row.get(column.name)
    pointing = any(column.name in key.columns for key in table.foreign_keys)
    if column.computed or column.name in table.key or pointing:
        return
    if _is_flag(column, table, value):
        if not NOT_RIGHTS.search(column.name) or FLAG.search(column.name):
            on: Any = True if isinstance(value, bool) else 1
            yield Right(re.sub(r"^(is|has|can)_", "", column.name), ((column.name, on),))
        return
    if _is_list(column, table, contract) or (isinstance(value, list) and HOLDS.search(column.name)):
        yield from _of_list(column, value, contract)
        return
    labels = labels_of(column, table)
    if not labels and isinstance(value, str) and ROLE.search(column.name):
        labels = told_labels(contract, column.name) or WORDS
    if NOT_RIGHTS.search(column.name):
        return
    for label in labels:
        if label != value and isinstance(label, str) and not re.fullmatch(r"[01]", label):
            yield Right(label, ((column.name, label),), claims={"role": label, "roles": [label], column.name: label})


def _is_flag(column: Column, table: Table, value: Any) -> bool:
    """Whether a column says yes or no, and now says no."""
    if value is False:
        return True
    checked = any(
        re.search(r"IN\s*\(\s*0\s*,\s*1\s*\)", check.text, re.IGNORECASE) and column.name in check.columns
        for check in table.checks
    )
    return value == 0 and not isinstance(value, float) and (checked or bool(FLAG.search(column.name)))


def _is_list(column: Column, table: Table, contract: Contract) -> bool:
    """Whether a column holds several rights: an array, JSON, or scopes in a text."""
    if not HOLDS.search(column.name):
        return False
    text = bool(re.match(r"text|char|varchar|character", column.type)) and not labels_of(column, table)
    several = re.search(r"s$|list|set", column.name, re.IGNORECASE) is not None
    return column.type.endswith("[]") or column.type.startswith("json") or (text and several)


def _listed(column: Column, value: Any, labels: Sequence[Any]) -> Any:
    """Labels as a column holds them: an array, JSON, or words of a text."""
    if column.type.endswith("[]"):
        return list(labels)
    if column.type.startswith("json"):
        return json.dumps(dict.fromkeys(labels, True) if isinstance(value, dict) and value else list(labels))
    in_json = isinstance(value, str) and value.lstrip().startswith("[")
    in_commas = isinstance(value, str) and "," in value
    return json.dumps(list(labels)) if in_json else ("," if in_commas else " ").join(str(each) for each in labels)


def _of_list(column: Column, value: Any, contract: Contract) -> Iterator[Right]:
    """A list of roles or scopes: everything that is known, then each alone."""
    known = (*scopes_of(contract), *told_labels(contract, column.name)) or WORDS
    for labels in (tuple(known), *((each,) for each in known)):
        held = _listed(column, value, labels)
        yield Right(highest(labels), ((column.name, held),), claims=_claims(labels))


def _claimed(contract: Contract, found: Sequence[Right]) -> Iterator[Right]:
    """What only a token may say: every scope, or a usual role."""
    scopes = scopes_of(contract)
    if scopes:
        yield Right(highest(scopes), claims=_claims(scopes))
    if not found:
        yield from (Right(word, claims={**_claims((word,)), "role": word, "is_admin": True}) for word in WORDS)


def _claims(labels: Sequence[Any]) -> dict[str, Any]:
    listed = list(labels)
    text = " ".join(str(each) for each in listed)
    return {"scope": text, "scopes": listed, "roles": listed, "permissions": listed}


def highest(labels: Sequence[Any]) -> str:
    """The label that says most: an administrator's, else the last that says more than an ordinary one."""
    for pattern in (HIGHEST, HIGH):
        found = next((str(label) for label in labels if pattern.search(str(label))), None)
        if found:
            return found
    return str(labels[-1]) if labels else "admin"


def ordinary(labels: Sequence[Any]) -> Any:
    """The label of somebody without special rights."""

    def rank(label: Any) -> tuple[bool, bool, bool]:
        return bool(HIGHEST.search(str(label))), bool(HIGH.search(str(label))), not LOW.search(str(label))

    return min(labels, key=rank)


def _like(table: Table, row: Row, first: Row) -> list[tuple[str, Any]]:
    """(column, value) that give a row of the gate's the labels of another identity's: neither may more, or less."""
    pointing = {name for key in table.foreign_keys for name in key.columns}
    found: list[tuple[str, Any]] = []
    for column in table.columns:
        labels, value = labels_of(column, table), row.get(column.name)
        if not labels or not column.has_default or column.computed or column.name in (*table.key, *pointing):
            continue
        wanted = first.get(column.name)
        wanted = ordinary(labels) if HIGH.search(str(wanted)) else wanted
        if wanted in labels and value != wanted:
            found.append((column.name, wanted))
    return found


def lowered(table: Table, row: Row, contract: Contract, first: Row | None = None) -> list[tuple[str, Any]]:
    """(column, value) that make a row of the gate's an ordinary identity's, like the first one's."""
    found = _like(table, row, first) if first is not None else []
    scopes = ordinary_scopes(contract)
    for column in table.columns:
        value, labels = row.get(column.name), labels_of(column, table)
        if scopes and _is_list(column, table, contract):
            found.append((column.name, _listed(column, value, scopes)))
            continue
        if labels and value in labels and not column.has_default and FLAG_OR_ROLE.search(column.name):
            found.append((column.name, ordinary(labels)))
        elif value is True and FLAG.search(column.name):
            found.append((column.name, False))
    return [(name, value) for name, value in found if value != row.get(name)]


async def done(look: Look, statement: str, values: Sequence[Any]) -> bool:
    """Run a statement with the gate's rights; False where the database refuses it."""
    import psycopg

    try:
        await look.execute(statement, tuple(values))
    except (NoDatabase, psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.InternalError):
        return False
    return True


async def give(look: Look, table: Table | None, row: Row, right: Right) -> bool:
    """Write a right into the database; False where the database refuses it."""
    if table is not None and right.columns:
        return await put(look, table, row, right.columns)
    written = [await add(look, name, values) for name, values in right.rows]
    return any(written) or not right.rows


async def put(look: Look, table: Table, row: Row, values: Sequence[tuple[str, Any]]) -> bool:
    """Set columns of one row."""
    named = ", ".join(f"{quoted(name)} = ?" for name, _ in values)
    where = " AND ".join(f"{quoted(name)} = ?" for name in table.key)
    statement = f"UPDATE {quoted(table.name)} SET {named} WHERE {where}"  # noqa: S608 - quoted
    return await done(look, statement, [*(value for _, value in values), *(row[name] for name in table.key)])


async def add(look: Look, table: str, values: Sequence[tuple[str, Any]]) -> bool:
    """Insert a row."""
    names = ", ".join(quoted(name) for name, _ in values)
    marks = ", ".join("?" for _ in values)
    statement = f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})"  # noqa: S608 - quoted
    return await done(look, statement, [value for _, value in values])


async def remove(look: Look, table: str, values: Sequence[tuple[str, Any]]) -> bool:
    """Delete the rows that hold some values."""
    where = " AND ".join(f"{quoted(name)} = ?" for name, _ in values)
    return await done(look, f"DELETE FROM {quoted(table)} WHERE {where}", [value for _, value in values])  # noqa: S608


def settled(side: Side, contract: Contract) -> tuple[Any, ...]:
    """What an ordinary identity has of a table of rights: of scopes all that are ordinary, of roles the least."""
    scopes = set(scopes_of(contract))
    if scopes & set(side.labels):
        return tuple(label for label in side.labels if not HIGH.search(str(label)))
    return (ordinary(side.labels),)
