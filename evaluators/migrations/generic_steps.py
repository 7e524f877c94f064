"""sqlglot's tree -> the steps of a statement: MySQL, SQL Server, SQLite."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evaluators.migrations.facts import Act, Step
from evaluators.sql.builder import Builder
from evaluators.sql.facts import Column
from evaluators.sql.generic import read_generic
from evaluators.sql.generic_types import data_type, readable
from evaluators.sql.statements import Statement

_TRUNCATE = re.compile(r"truncate\s+(?:table\s+)?([\w.`\"\[\]]+)", re.IGNORECASE)
_RENAME = re.compile(r"exec(?:ute)?\s+sp_rename\s+N?'([^']+)'\s*,\s*N?'([^']+)'(?:\s*,\s*N?'(\w+)')?", re.IGNORECASE)
_SWAP = re.compile(r"rename\s+table\s+`?(\w+)`?\s+to\s+`?(\w+)`?", re.IGNORECASE)


def generic_steps(statement: Statement, builder: Builder) -> list[Step]:
    """What the statement does; nothing for one that is not read."""
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    plain = list(_plain(statement, builder))
    if plain:
        return plain
    try:
        trees = sqlglot.parse(readable(statement.text, builder.dialect), dialect=builder.dialect)
    except (SqlglotError, RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return []
    return [step for tree in trees if tree is not None for step in _Reader(statement, builder).steps(tree)]


def _plain(statement: Statement, builder: Builder) -> Iterator[Step]:
    """What sqlglot keeps as text."""
    at = statement.at()
    found = _RENAME.match(statement.text)
    if found:
        column = (found[3] or "").upper() == "COLUMN"
        names = re.sub(r"[\[\]]", "", found[1]).split(".")
        key = builder.key("", names[-2] if column and len(names) > 1 else names[-1])
        act, name = (Act.RENAME_COLUMN, names[-1]) if column else (Act.RENAME_TABLE, key)
        if (found[3] or "COLUMN").upper() in ("COLUMN", "OBJECT"):
            yield Step(act, at, statement, key, name, builder.tables.get(key), to=found[2])
        return
    swapped = _SWAP.match(statement.text)
    if swapped:
        key = builder.key("", swapped[1])
        yield Step(Act.RENAME_TABLE, at, statement, key, key, builder.tables.get(key), to=swapped[2])
        return
    emptied = _TRUNCATE.match(statement.text)
    if emptied:
        key = builder.key("", re.sub(r"[`\"\[\]]", "", emptied[1]).split(".")[-1])
        yield Step(Act.TRUNCATE, at, statement, key, key, builder.tables.get(key))


class _Reader:
    """Reads the trees of one statement."""

    def __init__(self, statement: Statement, builder: Builder) -> None:
        self.statement = statement
        self.builder = builder

    def _key(self, table: exp.Expression) -> str:
        return self.builder.key(table.text("db"), table.name)

    def _step(self, act: Act, key: str = "", **facts: Any) -> Step:
        return Step(act, self.statement.at(), self.statement, key, before=self.builder.tables.get(key), **facts)

    def steps(self, tree: Any) -> Iterator[Step]:
        """The steps of one tree."""
        if isinstance(tree, exp.Create):
            yield from self._create(tree)
        elif isinstance(tree, exp.Alter):
            for action in tree.args.get("actions") or ():
                yield from self._action(self._key(tree.this), action)
        elif isinstance(tree, exp.Drop):
            yield from self._drop(tree)
        elif isinstance(tree, (exp.Insert, exp.Update, exp.Delete)):
            yield from self._write(tree)
        elif isinstance(tree, exp.Transaction):
            yield self._step(Act.BEGIN)
        elif isinstance(tree, (exp.Commit, exp.Rollback)):
            yield self._step(Act.COMMIT)
        elif isinstance(tree, exp.Set):
            yield self._step(Act.SET, name=self.statement.text.split("=")[0].split()[-1].lower())
        elif not isinstance(tree, exp.Select):
            yield self._step(Act.OTHER)

    def _create(self, tree: exp.Create) -> Iterator[Step]:
        kind = str(tree.args.get("kind") or "").upper()
        if kind == "TABLE":
            named = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
            key = self._key(named)
            yield self._step(Act.CREATE_TABLE, key, name=key, guarded=bool(tree.args.get("exists")))
        elif kind.endswith("INDEX") and isinstance(tree.this, exp.Index) and tree.this.args.get("table"):
            index = tree.this
            yield self._step(
                Act.CREATE_INDEX,
                self._key(index.args["table"]),
                name=index.name,
                unique=bool(tree.args.get("unique")),
                columns=tuple(column.name for column in index.find_all(exp.Column)),
            )
        else:
            yield self._step(Act.OTHER)

    def _action(self, key: str, action: exp.Expression) -> Iterator[Step]:
        """One action of an ALTER TABLE."""
        if isinstance(action, exp.ColumnDef):
            yield self._step(Act.ADD_COLUMN, key, name=action.name, column=self._column(key, action))
        elif isinstance(action, exp.AddConstraint):
            yield from self._constraint(key, action)
        elif isinstance(action, exp.Drop):
            kind = str(action.args.get("kind") or "").upper()
            acts = {"COLUMN": Act.DROP_COLUMN, "INDEX": Act.DROP_INDEX}
            for part in action.args.get("tables") or ():
                yield self._step(acts.get(kind, Act.DROP_CONSTRAINT), key, name=part.name)
        elif isinstance(action, exp.ModifyColumn):
            yield from self._modified(key, action)
        elif isinstance(action, exp.AlterColumn):
            made = action.args.get("dtype")
            if isinstance(made, exp.DataType):
                yield self._step(Act.RETYPE_COLUMN, key, name=action.name, type=data_type(made, self.builder.dialect))
            if action.args.get("allow_null") is False:
                yield self._step(Act.SET_NOT_NULL, key, name=action.name)
        elif isinstance(action, exp.RenameColumn):
            yield self._step(Act.RENAME_COLUMN, key, name=action.this.name, to=action.args["to"].name)
        elif isinstance(action, exp.AlterRename):
            yield self._step(Act.RENAME_TABLE, key, name=key, to=action.this.name)
        else:
            yield self._step(Act.OTHER, key)

    def _column(self, key: str, node: exp.ColumnDef) -> Column:
        """An added column, read as the schema's reader reads it."""
        probe = Builder(self.builder.dialect)
        text = f"CREATE TABLE probe ({node.sql(dialect=self.builder.dialect)})"
        read_generic(Statement(self.statement.path, text, self.statement.line, self.statement.column), probe)
        table = probe.tables.get("probe")
        if table is not None and table.columns:
            return table.columns[0]
        return Column(node.name, data_type(node.args.get("kind"), self.builder.dialect), self.statement.at())

    def _modified(self, key: str, action: exp.ModifyColumn) -> Iterator[Step]:
        """MySQL's MODIFY and CHANGE."""
        former = action.args.get("rename_from")
        fresh = self._column(key, action.this) if isinstance(action.this, exp.ColumnDef) else None
        if fresh is None:
            return
        name = former.name if isinstance(former, exp.Identifier) else fresh.name
        if name != fresh.name:
            yield self._step(Act.RENAME_COLUMN, key, name=name, to=fresh.name)
        before = self.builder.tables.get(key)
        known = before.column(name) if before is not None else None
        if known is None or known.type != fresh.type:
            yield self._step(Act.RETYPE_COLUMN, key, name=name, type=fresh.type)
        if known is not None and known.nullable and not fresh.nullable:
            yield self._step(Act.SET_NOT_NULL, key, name=name)

    def _constraint(self, key: str, action: exp.AddConstraint) -> Iterator[Step]:
        for node in action.expressions:
            for each in node.expressions if isinstance(node, exp.Constraint) else [node]:
                columns = tuple(part.name for part in each.expressions)
                if isinstance(each, exp.ForeignKey):
                    yield self._step(Act.ADD_FOREIGN_KEY, key, name=node.name, columns=columns)
                elif isinstance(each, exp.PrimaryKey):
                    yield self._step(Act.ADD_PRIMARY_KEY, key, name=node.name, columns=columns)
                elif isinstance(each, exp.UniqueColumnConstraint):
                    yield self._step(Act.ADD_UNIQUE, key, name=node.name, columns=_within(each))
                elif isinstance(each, exp.CheckColumnConstraint):
                    yield self._step(Act.ADD_CHECK, key, name=node.name)
                elif isinstance(each, exp.IndexColumnConstraint):
                    yield self._step(Act.CREATE_INDEX, key, name=each.name, columns=columns)

    def _drop(self, tree: exp.Drop) -> Iterator[Step]:
        kind = str(tree.args.get("kind") or "").upper()
        targets = [*(tree.args.get("tables") or ()), *([tree.this] if isinstance(tree.this, exp.Expression) else [])]
        cascade, guarded = bool(tree.args.get("cascade")), bool(tree.args.get("exists"))
        for target in targets:
            if kind == "TABLE":
                key = self._key(target)
                yield self._step(Act.DROP_TABLE, key, name=key, cascade=cascade, guarded=guarded)
            elif kind == "INDEX":
                yield self._step(Act.DROP_INDEX, name=target.name)
            else:
                yield self._step(Act.DROP_OTHER, name=f"{kind.lower()} {target.name}", cascade=cascade)

    def _write(self, tree: exp.Expression) -> Iterator[Step]:
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        if not isinstance(target, exp.Table):
            return
        whole = not isinstance(tree, exp.Insert) and tree.args.get("where") is None
        sets = tree.expressions if isinstance(tree, exp.Update) else ()
        columns = tuple(each.this.name for each in sets if isinstance(each, exp.EQ))
        yield self._step(Act.WRITE_ROWS, self._key(target), name=tree.key, columns=columns, whole=whole)


def _within(node: exp.UniqueColumnConstraint) -> tuple[str, ...]:
    """The columns of a unique constraint."""
    return tuple(each.name for each in node.this.expressions) if isinstance(node.this, exp.Schema) else ()
