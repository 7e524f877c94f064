"""sqlglot's tree -> the builder: SQLite, MySQL and T-SQL, and PostgreSQL where its own parser gives up."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from evaluators.finding import Location
from evaluators.sql.builder import Builder, NotRead, quiet
from evaluators.sql.facts import Check, Column, ForeignKey, Index, Insert, Key, Table, Trigger, Unread, View
from evaluators.sql.generic_types import TRIGGER, clustered_otherwise, data_type, indexed, option, readable
from evaluators.sql.statements import Statement
from evaluators.sql.tsql import read_apart
from evaluators.sql.types import ColumnType

_DECLARE_NOTHING = (
    exp.Select,
    exp.SetOperation,
    exp.Set,
    exp.Use,
    exp.Pragma,
    exp.Transaction,
    exp.Commit,
    exp.Rollback,
    exp.Update,
    exp.Delete,
    exp.Comment,
    exp.Grant,
    exp.Analyze,
    exp.EndStatement,
    exp.Semicolon,
)
_ACTION = re.compile(r"ON (DELETE|UPDATE) (CASCADE|RESTRICT|SET NULL|SET DEFAULT|NO ACTION)", re.IGNORECASE)


def read_generic(statement: Statement, builder: Builder) -> NotRead | None:
    """Read one statement with sqlglot; None where it was read, or accepted without being understood."""
    if builder.dialect in ("tsql", "mysql") and read_apart(statement, builder):
        return None
    text = readable(statement.text, builder.dialect)
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect=builder.dialect) if tree is not None]
    except ParseError as error:
        return _refused(statement, error)
    except TokenError:
        return NotRead(0, "It cannot be cut into words: a quote or a comment is not closed.")
    except (SqlglotError, RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        builder.unread.append(Unread(statement, "it is nested too deeply or too unusual to be read", statement.at()))
        return None
    reader = _Reader(statement, builder)
    for tree in trees:
        reader.read(tree)
    return None


def _refused(statement: Statement, error: ParseError) -> NotRead:
    """sqlglot's refusal, in words that do not depend on its version's error text."""
    first = error.errors[0] if error.errors else {}
    word = str(first.get("highlight") or "")[:40]
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    lines = statement.text.split("\n")
    offset = sum(len(each) + 1 for each in lines[: line - 1]) + max(column - len(word), 0)
    near = f" near {word!r}" if word else ""
    return NotRead(min(offset, len(statement.text)), f"No parser of the dialect reads it{near}.")


@dataclass
class _Parts:
    """What a table's elements add up to."""

    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)


class _Reader:
    """Reads the trees of one statement."""

    def __init__(self, statement: Statement, builder: Builder) -> None:
        self.statement = statement
        self.builder = builder

    def read(self, tree: exp.Expr) -> None:
        """One tree; what is not understood is listed unless it declares nothing."""
        if isinstance(tree, exp.Create):
            self._create(tree)
        elif isinstance(tree, exp.Alter):
            self._alter(tree)
        elif isinstance(tree, exp.Drop):
            self._drop(tree)
        elif isinstance(tree, exp.Insert):
            self._insert(tree)
        elif not isinstance(tree, _DECLARE_NOTHING) and not quiet(self.statement):
            self._opaque()
            for inner in tree.find_all(exp.Create, exp.Alter):
                self.read(inner)

    def _opaque(self) -> None:
        """List the statement as not understood. A trigger's head is known by its form."""
        why = "only the database reads statements of this kind"
        found = TRIGGER.match(self.statement.text)
        if found:
            key = self.builder.key("", found["table"])
            timing, events = (found["timing"] or "after").lower(), (found["event"].lower(),)
            made = Trigger(found["name"], key, self.statement.at(), timing=timing, events=events)
            self.builder.add(key, triggers=[made])
            why = "a routine's body is read by the database only"
        if not self.builder.unread or self.builder.unread[-1].statement is not self.statement:
            self.builder.unread.append(Unread(self.statement, why, self.statement.at()))

    def at(self, node: exp.Expression) -> Location:
        """The place of the first identifier or literal below `node`, else the statement's."""
        starts = [n.meta["start"] for n in node.find_all(exp.Identifier, exp.Literal) if "start" in n.meta]
        return self.statement.at(min(starts) if starts else 0)

    def sql(self, node: exp.Expression | None) -> str:
        """A node as SQL text."""
        if isinstance(node, exp.Literal) and "\\" not in node.name and node.name.isprintable():
            return "'" + node.name.replace("'", "''") + "'" if node.is_string else str(node.name)
        return node.sql(dialect=self.builder.dialect, comments=False) if isinstance(node, exp.Expression) else ""

    def key(self, table: exp.Expression) -> str:
        """The builder's key of a Table node."""
        return self.builder.key(table.text("db"), table.name)

    def _create(self, tree: exp.Create) -> None:
        kind = str(tree.args.get("kind") or "").upper()
        if kind == "INDEX" and isinstance(tree.this, exp.Index):
            self._index(tree.this, unique=bool(tree.args.get("unique")))
        elif kind == "VIEW":
            target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
            body = tree.args.get("expression")
            tables = body.find_all(exp.Table) if isinstance(body, exp.Expression) else ()
            reads = tuple(sorted({self.key(each) for each in tables}))
            key = self.key(target)
            self.builder.views[key] = View(key, self.at(target), self.statement.text, reads)
        elif kind == "TABLE":
            self._table(tree)
        else:
            self._opaque()

    def _table(self, tree: exp.Create) -> None:
        schema = tree.this if isinstance(tree.this, exp.Schema) else None
        name = schema.this if schema is not None else tree.this
        parts = self._parts(schema.expressions if schema is not None else ())
        properties = tree.args.get("properties")
        found = list(properties.expressions) if isinstance(properties, exp.Properties) else []
        said = [pair for pair in map(option, found) if pair[0]]
        if clustered_otherwise(self.statement.text, self.builder.dialect):
            said.append(("clustered", "other"))
        comment = next((each.name for each in found if isinstance(each, exp.SchemaCommentProperty)), "")
        table = Table(
            self.key(name),
            name.name,
            name.text("db") or self.builder.default,
            self.at(name),
            tuple(parts.columns),
            tuple(parts.keys),
            tuple(parts.foreign_keys),
            tuple(parts.checks),
            tuple(parts.indexes),
            temporary=any(isinstance(each, exp.TemporaryProperty) for each in found),
            opaque=schema is None or tree.args.get("expression") is not None,
            comment=comment,
            options=tuple(sorted(said)),
        )
        self.builder.create_table(table, keep=bool(tree.args.get("exists")))

    def _parts(self, elements: Iterable[exp.Expression]) -> _Parts:
        parts = _Parts()
        for element in elements:
            if isinstance(element, exp.ColumnDef):
                self._column(element, parts)
            else:
                self._constraint(element, parts, "")
        return parts

    def _constraint(self, node: exp.Expression, parts: _Parts, name: str) -> None:
        """A constraint of the table."""
        if isinstance(node, exp.Constraint):
            for inner in node.expressions:
                self._constraint(inner, parts, node.name)
        elif isinstance(node, exp.PrimaryKey):
            parts.keys.append(Key(_names(node.expressions), self.at(node), True, name))
        elif isinstance(node, exp.UniqueColumnConstraint) and node.this is not None:
            label = name or node.this.name
            parts.keys.append(Key(_names(node.this.expressions), self.at(node), False, label))
        elif isinstance(node, exp.ForeignKey):
            parts.foreign_keys.append(self._foreign(node.args.get("reference"), _names(node.expressions), name, node))
        elif isinstance(node, exp.CheckColumnConstraint):
            parts.checks.append(self._check(node, name))
        elif isinstance(node, exp.IndexColumnConstraint):
            columns = _names(node.expressions)
            parts.indexes.append(Index(node.name or "_".join(columns), columns, self.at(node)))

    def _check(self, node: exp.CheckColumnConstraint, name: str) -> Check:
        columns = tuple(sorted({column.name for column in node.find_all(exp.Column)}))
        return Check(self.sql(node.this), columns, self.at(node), name)

    def _foreign(
        self, reference: exp.Expression | None, columns: tuple[str, ...], name: str, node: exp.Expression
    ) -> ForeignKey:
        """A foreign key; `reference` is what follows REFERENCES."""
        target = reference.this if reference is not None else None
        table = target.this if isinstance(target, exp.Schema) else target
        targets = _names(target.expressions) if isinstance(target, exp.Schema) else ()
        options = reference.args.get("options") if reference is not None else None
        said = " ".join(str(option) for option in (*(options or ()), *_own_actions(node)))
        actions = {found[0].upper(): found[1].lower() for found in _ACTION.findall(said)}
        key = self.key(table) if isinstance(table, exp.Table) else ""
        return ForeignKey(
            columns, key, targets, self.at(node), name, actions.get("DELETE", ""), actions.get("UPDATE", "")
        )

    def _column(self, node: exp.ColumnDef, parts: _Parts) -> None:
        """A column and the constraints on it."""
        at, name = self.at(node), node.name
        facts: dict[str, Any] = {}
        for constraint in node.constraints:
            self._on_column(constraint, name, at, facts, parts)
        made = data_type(node.args.get("kind"), self.builder.dialect)
        if self.builder.dialect == "sqlite" and made.family == "integer":
            made = replace(made, bits=64)
            if _rowid(made, parts, name):
                facts["identity"] = "auto"
        parts.columns.append(Column(name, made, at, **facts))

    def _on_column(
        self, constraint: exp.Expression, name: str, at: Location, facts: dict[str, Any], parts: _Parts
    ) -> None:
        """One constraint of a column, into the column's facts or the table's parts."""
        kind, label = constraint.args.get("kind"), constraint.name
        if isinstance(kind, exp.NotNullColumnConstraint):
            facts["nullable"] = bool(kind.args.get("allow_null"))
        elif isinstance(kind, exp.PrimaryKeyColumnConstraint):
            facts["nullable"] = False
            parts.keys.append(Key((name,), at, True, label))
        elif isinstance(kind, exp.UniqueColumnConstraint):
            parts.keys.append(Key((name,), at, False, label))
        elif isinstance(kind, exp.DefaultColumnConstraint):
            facts["default"] = None if isinstance(kind.this, exp.Null) else self.sql(kind.this)
        elif isinstance(kind, (exp.AutoIncrementColumnConstraint, exp.GeneratedAsIdentityColumnConstraint)):
            facts["identity"] = "auto"
        elif isinstance(kind, exp.ComputedColumnConstraint):
            facts["generated"] = self.sql(kind.this)
        elif isinstance(kind, exp.GeneratedAsRowColumnConstraint):
            facts["generated"] = "ROW START" if kind.args.get("start") else "ROW END"
        elif isinstance(kind, exp.CheckColumnConstraint):
            parts.checks.append(self._check(kind, label))
        elif isinstance(kind, exp.Reference):
            parts.foreign_keys.append(replace(self._foreign(kind, (name,), label, kind), at=at))
        elif isinstance(kind, exp.CommentColumnConstraint):
            facts["comment"] = kind.name
        elif isinstance(kind, exp.OnUpdateColumnConstraint):
            facts["on_update"] = True

    def _index(self, node: exp.Index, *, unique: bool) -> None:
        """CREATE INDEX."""
        params = node.args.get("params")
        columns = list(params.args.get("columns") or ()) if params is not None else []
        bare = [each.this if isinstance(each, exp.Ordered) else each for each in columns]
        where = params.args.get("where") if params is not None else None
        using = params.args.get("using") if params is not None else None
        table = node.args.get("table")
        if not isinstance(table, exp.Table):
            return
        held = [indexed(each, self.sql(each)) for each in bare]
        made = Index(
            node.name,
            tuple(name for name, _ in held),
            self.statement.at(),
            unique=unique,
            method=(using.name if isinstance(using, exp.Expression) else "btree").lower(),
            predicate=self.sql(where.this) if isinstance(where, exp.Where) else "",
            expressions=tuple(name for name, computed in held if computed),
        )
        self.builder.add(self.key(table), indexes=[made])

    def _alter(self, tree: exp.Alter) -> None:
        """ALTER TABLE, action by action."""
        key = self.key(tree.this)
        for action in tree.args.get("actions") or ():
            if isinstance(action, exp.ColumnDef):
                self._add(key, self._parts([action]))
            elif isinstance(action, exp.AddConstraint):
                self._add(key, self._parts(action.expressions))
            elif isinstance(action, exp.Drop):
                self._drop_part(key, action)
            elif isinstance(action, exp.ModifyColumn):
                self._modify(key, action)
            elif isinstance(action, exp.AlterRename):
                self.builder.rename_table(key, self.key(action.this))
            elif isinstance(action, exp.RenameColumn):
                self.builder.rename_column(key, action.this.name, action.args["to"].name)
            elif isinstance(action, exp.AlterColumn):
                self._alter_column(key, action)
            else:
                self._opaque()

    def _drop_part(self, key: str, action: exp.Drop) -> None:
        """ALTER TABLE ... DROP of a column, a constraint or an index."""
        kind = str(action.args.get("kind") or "").upper()
        for part in action.args.get("tables") or ():
            if kind == "COLUMN":
                self.builder.drop_column(key, part.name)
            elif kind == "INDEX":
                self.builder.drop_index(part.name)
            else:
                self.builder.drop_constraint(key, part.name)

    def _modify(self, key: str, action: exp.ModifyColumn) -> None:
        """MySQL's MODIFY and CHANGE: the whole column is said anew."""
        parts = self._parts([action.this])
        former = action.args.get("rename_from")
        if isinstance(former, exp.Identifier):
            self.builder.rename_column(key, former.name, action.this.name)
        for fresh in parts.columns:
            self.builder.change_column(key, fresh.name, functools.partial(_renewed, fresh))

    def _alter_column(self, key: str, action: exp.AlterColumn) -> None:
        made = action.args.get("dtype")

        def changed(column: Column) -> Column:
            if isinstance(made, exp.DataType):
                column = replace(column, type=data_type(made, self.builder.dialect))
            if isinstance(action.args.get("default"), exp.Expression):
                column = replace(column, default=self.sql(action.args["default"]))
            if action.args.get("allow_null") is not None:
                column = replace(column, nullable=bool(action.args["allow_null"]))
            return column

        self.builder.change_column(key, action.name, changed)

    def _add(self, key: str, parts: _Parts) -> None:
        self.builder.add(
            key,
            columns=parts.columns,
            keys=parts.keys,
            foreign_keys=parts.foreign_keys,
            checks=parts.checks,
            indexes=parts.indexes,
        )

    def _drop(self, tree: exp.Drop) -> None:
        kind = str(tree.args.get("kind") or "").upper()
        targets = [*(tree.args.get("tables") or ()), *([tree.this] if isinstance(tree.this, exp.Expression) else [])]
        for target in targets:
            if kind in ("TABLE", "VIEW"):
                self.builder.drop_table(self.key(target))
            elif kind == "INDEX":
                self.builder.drop_index(target.name)

    def _insert(self, tree: exp.Insert) -> None:
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        if not isinstance(target, exp.Table):
            return
        columns = _names(tree.this.expressions) if isinstance(tree.this, exp.Schema) else ()
        values = tree.args.get("expression")
        rows = values.expressions if isinstance(values, exp.Values) else ()
        texts = tuple(tuple(self.sql(value) for value in row.expressions) for row in rows)
        self.builder.inserts.append(Insert(self.key(target), columns, texts, self.at(target)))


def _names(nodes: Iterable[exp.Expression]) -> tuple[str, ...]:
    """The column names of a list of identifiers, columns and ordered columns."""
    return tuple(_bare(node) for node in nodes)


def _bare(node: exp.Expression) -> str:
    """The name that a node is about."""
    return node.this.name if isinstance(node, exp.Ordered) else node.name


def _own_actions(node: exp.Expression) -> Iterator[str]:
    """ON DELETE and ON UPDATE where sqlglot keeps them on the foreign key itself."""
    for name in ("delete", "update"):
        if node.args.get(name):
            yield f"ON {name.upper()} {node.args[name]}"


def _rowid(made: ColumnType, parts: _Parts, name: str) -> bool:
    """Whether SQLite numbers the column by itself: INTEGER PRIMARY KEY."""
    return made.name == "integer" and any(key.primary and key.columns == (name,) for key in parts.keys)


def _renewed(fresh: Column, column: Column) -> Column:
    """What MODIFY makes of a column."""
    return replace(fresh, name=column.name)
