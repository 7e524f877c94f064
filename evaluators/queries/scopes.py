"""Which table a name of a query means, level by level, held against the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from sqlglot import exp

from evaluators.sql.facts import Column, Schema, Table

HOLE = "hole_"
_PSEUDO = frozenset(
    ["excluded", "new", "old", "inserted", "deleted", "ctid", "xmin", "xmax", "tableoid", "rowid", "oid", "_rowid_"]
)
MAX_LEVELS = 60


@dataclass(frozen=True)
class Named:
    """A column of a query and what it means."""

    node: exp.Column
    table: Table | None
    """None where its table is unknown to the schema or cannot be told."""
    column: Column | None
    certain: bool
    """Whether the table is known and nothing else could be meant: a missing column is then a mistake."""
    candidates: int = 1
    """How many tables of the level have a column of this name, where no table is named."""


@dataclass(eq=False)
class Level:
    """One SELECT, UPDATE or DELETE."""

    node: exp.Expr
    sources: dict[str, Table | None]
    """Alias in lower case -> table; None for what is no table of the schema (a CTE, a function, a subquery)."""
    schema: Schema
    outer: Level | None = None
    labels: frozenset[str] = field(default=frozenset())
    """Names of selected expressions, which ORDER BY and GROUP BY may mean."""

    @cached_property
    def own(self) -> tuple[exp.Expr, ...]:
        """The nodes of the level itself, without those of inner queries."""
        return tuple(_own(self.node))

    @cached_property
    def columns(self) -> tuple[Named, ...]:
        """Every column that the level itself names."""
        return tuple(self.meaning(each) for each in self.own if isinstance(each, exp.Column))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables of the schema that it reads, each once."""
        return tuple({table.key: table for table in self.sources.values() if table is not None}.values())

    @property
    def sole(self) -> Table | None:
        """The table, where it reads one table of the schema and nothing else."""
        return next(iter(self.sources.values())) if len(self.sources) == 1 else None

    def meaning(self, node: exp.Column) -> Named:
        """What a column of the level means."""
        name, alias = node.name.lower(), node.table.lower()
        if name.startswith(HOLE) or alias.startswith(HOLE) or name in _PSEUDO or alias in _PSEUDO or name == "*":
            return Named(node, None, None, False)
        if alias:
            return self._of_alias(node, alias, name)
        level: Level | None = self
        sure = True
        while level is not None:
            having = [(t, c) for t in level.sources.values() if t is not None and (c := column_of(t, name))]
            if having:
                found = having[0]
                return Named(node, found[0], found[1], False, len(having))
            sure = sure and bool(level.sources) and all(table is not None for table in level.sources.values())
            if name in level.labels:
                sure = False
            level = level.outer
        only = next(iter(self.tables), None) if sure and len(self.sources) == 1 else None
        return Named(node, only, None, sure, 0)

    def _of_alias(self, node: exp.Column, alias: str, name: str) -> Named:
        """What a column behind an alias means."""
        level: Level | None = self
        while level is not None:
            if alias in level.sources:
                table = level.sources[alias]
                return Named(node, table, column_of(table, name) if table else None, table is not None)
            level = level.outer
        return Named(node, None, None, False)

    @cached_property
    def conditions(self) -> tuple[exp.Expr, ...]:
        """The conditions of WHERE that all have to hold."""
        where = self.node.args.get("where")
        return tuple(_conjuncts(where.this)) if isinstance(where, exp.Where) else ()

    @cached_property
    def joined(self) -> tuple[exp.Expr, ...]:
        """The conditions of its joins that all have to hold."""
        found: list[exp.Expr] = []
        for join in self.node.args.get("joins") or []:
            if isinstance(on := join.args.get("on"), exp.Expr):
                found.extend(_conjuncts(on))
        return tuple(found)


def levels_of(tree: exp.Expr, schema: Schema) -> tuple[Level, ...]:
    """Every level of a statement, the outermost first. Never raises for a tree of a parser."""
    found: list[Level] = []
    _gather(tree, None, schema, frozenset(), found, 0)
    return tuple(found)


def _gather(
    node: exp.Expr, outer: Level | None, schema: Schema, known: frozenset[str], found: list[Level], depth: int
) -> None:
    """Append the levels below a node."""
    if len(found) >= MAX_LEVELS or depth > 40:
        return
    ctes = node.args.get("with_") or node.args.get("with")
    names = known
    if isinstance(ctes, exp.With):
        names = known | {cte.alias.lower() for cte in ctes.expressions}
        for cte in ctes.expressions:
            _gather(cte.this, None, schema, names, found, depth + 1)
    level = outer
    if isinstance(node, (exp.Select, exp.Update, exp.Delete)):
        level = Level(node, _sources(node, schema, names), schema, outer, _labels(node))
        found.append(level)
    elif isinstance(node, exp.Insert):
        level = None
    for inner in _inner(node):
        # A subquery in FROM does not see its siblings; one in a condition sees the level around it.
        beside = isinstance(inner.find_ancestor(exp.From, exp.Join, exp.Where, exp.Select), (exp.From, exp.Join))
        _gather(inner, (level.outer if beside and level is not None else level), schema, names, found, depth + 1)


def _inner(node: exp.Expr) -> Iterator[exp.Expr]:
    """The nearest queries below a node, WITH left out."""
    waiting = [child for key, child in _children(node) if key not in ("with", "with_")]
    while waiting:
        child = waiting.pop(0)
        if isinstance(child, (exp.Select, exp.SetOperation)):
            yield child
        else:
            waiting.extend(each for _, each in _children(child))


def _children(node: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    """(argument, node) of each child."""
    for key, value in node.args.items():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, exp.Expr):
                yield key, child


def _own(node: exp.Expr) -> Iterator[exp.Expr]:
    """A level's nodes without those of inner queries."""
    waiting = [child for key, child in _children(node) if key not in ("with", "with_")]
    while waiting:
        child = waiting.pop(0)
        if isinstance(child, (exp.Select, exp.SetOperation)):
            continue
        yield child
        waiting.extend(each for _, each in _children(child))


def _labels(node: exp.Expr) -> frozenset[str]:
    """The names that a SELECT gives to what it selects."""
    if not isinstance(node, exp.Select):
        return frozenset()
    return frozenset(each.alias.lower() for each in node.expressions if isinstance(each, exp.Alias))


def _sources(node: exp.Expr, schema: Schema, ctes: frozenset[str]) -> dict[str, Table | None]:
    """Alias -> table of everything that a level reads from."""
    found: dict[str, Table | None] = {}
    roots: list[exp.Expr] = []
    if isinstance(node, (exp.Update, exp.Delete)):
        roots.append(node.this)
        roots.extend(each for each in node.args.get("using") or [] if isinstance(each, exp.Expr))
    start = node.args.get("from_") or node.args.get("from")
    if isinstance(start, exp.From):
        roots.append(start.this)
        roots.extend(each for each in start.args.get("expressions") or [] if isinstance(each, exp.Expr))
    roots.extend(join.this for join in node.args.get("joins") or [])
    roots.extend(each for each in node.args.get("laterals") or [])
    for root in roots:
        for each in [root, *(join.this for join in root.args.get("joins") or [])]:
            name = (each.alias or getattr(each, "name", "")).lower()
            is_table = isinstance(each, exp.Table) and isinstance(each.this, exp.Identifier)
            known = table_of(each, schema) if is_table and each.name.lower() not in ctes else None
            found[name or f"?{len(found)}"] = known
    return found


def table_of(node: exp.Expr, schema: Schema) -> Table | None:
    """The schema's table that a reference names, or None."""
    name, owner = node.name.lower(), str(node.args.get("db") or "").strip('"`[]').lower()
    wanted = [f"{owner}.{name}", name] if owner in ("public", "main", "dbo") else [f"{owner}.{name}" if owner else name]
    for key in wanted:
        found = schema.table(key)
        if found is not None:
            return found
    return next((t for t in schema.tables if t.key.lower() in wanted), None)


def target_of(tree: exp.Expr, schema: Schema) -> Table | None:
    """The table that a statement writes to, where the schema knows it."""
    if not isinstance(tree, (exp.Insert, exp.Update, exp.Delete)) or tree.this is None:
        return None
    found = tree.this if isinstance(tree.this, exp.Table) else tree.this.find(exp.Table)
    return table_of(found, schema) if found is not None else None


def column_of(table: Table, name: str) -> Column | None:
    """A table's column by its name in lower case, or None."""
    return table.column(name) or next((each for each in table.columns if each.name.lower() == name), None)


def _conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of a condition that all have to hold."""
    waiting = [node]
    while waiting:
        each = waiting.pop(0)
        while isinstance(each, exp.Paren):
            each = each.this
        if isinstance(each, exp.And):
            waiting[:0] = [each.this, each.expression]
        else:
            yield each
