"""What the code asks of a table, query by query, whether it writes the SQL itself or lets a mapper do it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from evaluators.code.expressions import unread
from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode
from evaluators.code.route import Route
from evaluators.code.walking import walk
from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.cross.matching import names_a_person
from evaluators.cross.names import folded
from evaluators.finding import Location
from evaluators.queries.facts import Parsed
from evaluators.sql.facts import Column, Table

_OWNERS = frozenset(
    (
        *("ownerid", "userid", "authorid", "createdby", "createdbyid", "creatorid", "owner", "customerid", "memberid"),
        *("tenantid", "workspaceid", "organizationid", "organisationid", "orgid", "accountid", "companyid", "teamid"),
    )
)
_NONE: frozenset[str] = frozenset()
DEEP = 5
"""Calls that are followed from a route: to a service, a repository, and what they use."""

_GONE = frozenset(("deletedat", "isdeleted", "deleted", "archivedat", "isarchived", "removedat", "discardedat"))
_ADMINISTRATIVE = re.compile(
    r"admin|staff|system|worker|job|cron|purge|clean|sweep|migrat|seed|report|export|audit|history|trash|bin\b|archiv"
    r"|restore|undelete|internal|backfill|import|any_|_any|unscoped|public|webhook|auth|login|token|session",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ask:
    """One query about one table."""

    table: Table
    kind: str
    """`select`, `update` or `delete`."""
    name: str
    at: Location
    filtered: frozenset[str]
    """Columns that its conditions name."""
    read: frozenset[str]
    """Columns that it selects one by one."""
    whole: bool
    """Whether it reads whole rows, so that what becomes of a column cannot be told."""
    counted: bool
    open: bool
    """Whether it has conditions that cannot be read, or parts of its own to come."""
    nested: bool = False
    """Whether it joins other tables or holds queries of its own: the owner may be asked for there."""
    locks: bool = False
    """Whether it locks rows, in each of its readings, to look at them before something else is done."""
    unread: frozenset[str] = frozenset()
    """Parameters of the function around it that nothing reads."""
    looked_at: frozenset[str] = frozenset()
    """Attributes that the code around it compares: an owner may be looked at after the row was read, and before it is
    changed."""
    before: frozenset[str] = frozenset()
    """Of what changes rows: the functions that are called before it, near and far."""
    around: FunctionNode | None = None
    """The function that asks."""

    @property
    def administrative(self) -> bool:
        """Whether its name says that it is for somebody who may see everything, or for another purpose."""
        return bool(_ADMINISTRATIVE.search(self.name))

    def forgets(self, owner: Column) -> bool:
        """Whether the function around it is told whose row is meant and never looks: the owner's name, or its id."""
        bare = folded(owner.name).removesuffix("id")
        return any(folded(each) in _OWNERS or folded(each).removesuffix("id") in (bare, "user") for each in self.unread)

    @property
    def by_key(self) -> bool:
        """Whether it takes one row by the table's key."""
        key = self.table.primary_columns
        return bool(key) and set(key) <= self.filtered


def owner_of(table: Table) -> Column | None:
    """The column that says whose a row is: a required reference to people or to a tenant."""
    for column in table.columns:
        if folded(column.name) in _OWNERS and not column.nullable and table.foreign_key_of(column.name) is not None:
            tenant = folded(column.name) not in ("ownerid", "userid", "owner")
            if tenant or names_a_person(table, column):
                return column
    return None


def gone(table: Table) -> Column | None:
    """The column by which a row counts as deleted, or None."""
    return next((column for column in table.columns if folded(column.name) in _GONE), None)


def asks_of(facts: Facts) -> tuple[Ask, ...]:
    """Every SELECT, UPDATE and DELETE of the code about one table of the schema."""
    return (*_written(facts), *_mapped(facts))


def _written(facts: Facts) -> Iterator[Ask]:
    """Those that are written as SQL."""
    for parsed in facts.queries.parsed if facts.queries else ():
        if parsed.origin not in ("code", "file") or parsed.kind not in ("select", "update", "delete"):
            continue
        level = parsed.levels[0] if parsed.levels else None
        alias, table = next(iter(level.sources.items()), ("", None)) if level is not None else ("", None)
        if level is None or table is None or level.node is not parsed.tree:
            continue
        sole = len(level.sources) == 1
        readings = (parsed.tree, *parsed.others)
        around = parsed.query.around if parsed.query is not None else None
        before, compared = _before(facts, around, parsed.at) if parsed.kind != "select" else (_NONE, _NONE)
        yield Ask(
            table=table,
            kind=parsed.kind,
            name=parsed.name,
            at=parsed.at,
            filtered=frozenset(name for tree in readings for name in _filtered(tree, "" if sole else alias)),
            read=_read(parsed, "" if sole else alias),
            whole=any(isinstance(each, exp.Star) for each in level.own),
            counted=any(isinstance(each, exp.AggFunc) for each in level.own),
            open=parsed.open,
            nested=not sole or len(parsed.levels) > 1,
            locks=all(tree.args.get("locks") for tree in readings),
            unread=unread(around) if around is not None else _NONE,
            looked_at=compared
            | (_looked_at(facts, parsed.name) if any(isinstance(e, exp.Star) for e in level.own) else _NONE),
            before=before,
            around=around,
        )


def _looked_at(facts: Facts, function: str) -> frozenset[str]:
    """The attributes and keys that a comparison names, in the routes that reach a function and in what they call."""
    code = facts.code
    if code is None:
        return frozenset()
    routes = [route for route in code.routes if function in _reached(code, route)]
    nodes = [node for route in routes for _, node in code.tools.callees.reach(route.module, route.node, DEEP)]
    names = _compared(each for node in dict.fromkeys(nodes) for each in walk(node))
    return names if routes else frozenset(("*",))


def _compared(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The attributes and keys that the comparisons among some nodes name."""
    names: set[str] = set()
    for compare in (each for each in nodes if isinstance(each, ast.Compare)):
        for part in walk(compare):
            if isinstance(part, ast.Attribute):
                names.add(part.attr.lower())
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                names.add(part.value.lower())
    return frozenset(names)


def _before(facts: Facts, around: FunctionNode | None, at: Location) -> tuple[frozenset[str], frozenset[str]]:
    """The functions that are called above a place in a function, and the attributes that are compared by then."""
    code = facts.code
    module = next((each for each in code.modules if each.path == at.path), None) if code is not None else None
    if code is None or module is None or around is None:
        return _NONE, _NONE
    above = [each for each in module.within(around) if getattr(each, "lineno", at.line) < at.line]
    called = [code.tools.callees.behind(module, each) for each in above if isinstance(each, ast.Call)]
    reached = {node: place for found in called if found for place, node in code.tools.callees.reach(*found, 2)}
    nodes = (each for node, place in reached.items() for each in place.within(node))
    return frozenset(f"{place.name}.{place.qualified(node)}" for node, place in reached.items()), _compared(
        (*above, *nodes)
    )


def _reached(code: Code, route: Route) -> frozenset[str]:
    """The names of the functions that a route calls, near and far."""
    reach = code.tools.callees.reach(route.module, route.node, DEEP)
    return frozenset(f"{module.name}.{module.qualified(node)}" for module, node in reach)


def _filtered(tree: exp.Expr, alias: str) -> frozenset[str]:
    """The columns that the conditions of the outermost level name; with an alias, those of its table."""
    conditions = [tree.args.get("where"), *(join.args.get("on") for join in tree.args.get("joins") or ())]
    return _columns([each for each in conditions if isinstance(each, exp.Expr)], alias)


def _columns(nodes: list[exp.Expr], alias: str) -> frozenset[str]:
    """The columns below some nodes; with an alias, those that may be of its table."""
    columns = (column for node in nodes for column in node.find_all(exp.Column))
    return frozenset(each.name.lower() for each in columns if not alias or each.table.lower() in ("", alias))


def _read(parsed: Parsed, alias: str) -> frozenset[str]:
    """The columns that are selected, or given back by RETURNING; with an alias, those that may be of its table."""
    said = list(parsed.tree.args.get("expressions") or ()) if parsed.kind == "select" else []
    returning = parsed.tree.args.get("returning")
    said += list(returning.expressions) if returning is not None else []
    return _columns(said, alias)


def _mapped(facts: Facts) -> Iterator[Ask]:
    """Those that a mapper writes."""
    code = facts.code
    known = {each.model.symbol: each for each in mapped(code.tables, facts.schema)} if code else {}
    for query in code.orm_queries if code else ():
        found = known.get(query.model)
        if found is None or query.kind not in ("select", "get", "update", "delete"):
            continue
        names = {attribute.attribute or attribute.name: attribute.name.lower() for attribute in found.model.columns}
        key = found.table.primary_columns if query.kind == "get" else ()
        writes = query.kind in ("update", "delete")
        before, compared = _before(facts, query.around, query.at) if writes else (_NONE, _NONE)
        yield Ask(
            table=found.table,
            kind="select" if query.kind == "get" else query.kind,
            name=query.function,
            at=query.at,
            filtered=frozenset(names.get(name, name) for name in query.filtered) | frozenset(key),
            read=frozenset(names.get(name, name) for name in query.selected),
            whole=not query.selected,
            counted=query.aggregated,
            open=query.conditional,
            locks="lock" in query.function.rpartition(".")[2].lower(),
            unread=unread(query.around) if query.around else _NONE,
            looked_at=compared | (_looked_at(facts, query.function) if not query.selected else _NONE),
            before=before,
            around=query.around,
        )
