"""Alembic's operations -> SQL text in which each thing stands at the line and column where the Python says it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from evaluators.sql.operation_types import Static, column_sql, constraint_sql, identifier, keyword, literal, words_of

_BATCH = {"add_column", "drop_column", "alter_column", "create_index", "drop_index", "create_foreign_key",
          "create_unique_constraint", "create_check_constraint", "create_primary_key", "drop_constraint"}  # fmt: skip
"""Operations that a batch gives its own table to."""


@dataclass(frozen=True)
class Dynamic:
    """What cannot be known without running it."""

    line: int
    why: str


@dataclass
class _Page:
    """Text that is written at given places, line by line, and never before what is written already."""

    lines: dict[int, str] = field(default_factory=dict)
    last: int = 1

    def put(self, node: ast.AST, text: str) -> None:
        """Write at the node's place, or right behind the last text where that place is taken."""
        line = max(int(getattr(node, "lineno", self.last)), self.last)
        own = line == getattr(node, "lineno", 0)
        column = int(getattr(node, "col_offset", 0)) if own else 0
        held = self.lines.get(line, "")
        gap = " " * max(column - len(held), 1 if held else 0)
        parts = text.split("\n")
        self.lines[line] = held + gap + parts[0]
        for offset, part in enumerate(parts[1:], 1):
            self.lines[line + offset] = part
        self.last = line + len(parts) - 1

    def text(self) -> str:
        """The page, line 1 first."""
        return "\n".join(self.lines.get(number, "") for number in range(1, self.last + 1))


def statements_of(function: ast.FunctionDef, dialect: str) -> tuple[str, tuple[Dynamic, ...]]:
    """The SQL of `upgrade` or `downgrade`, and what in it is dynamic."""
    page = _Page()
    writer = _Writer(page, dialect)
    writer.block(function.body)
    return page.text(), tuple(writer.dynamic)


class _Writer:
    """Writes one function's operations onto a page."""

    def __init__(self, page: _Page, dialect: str) -> None:
        self.page = page
        self.dialect = dialect
        self.dynamic: list[Dynamic] = []
        self.batches: dict[str, ast.expr] = {}

    def block(self, body: list[ast.stmt]) -> None:
        """Statements in order; what branches or loops is dynamic where it holds an operation."""
        for node in body:
            if isinstance(node, ast.With):
                self._with(node)
            elif isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
                self._call(node.value)
            elif any(self._operation(each) for each in ast.walk(node) if isinstance(each, ast.Call)):
                self.dynamic.append(Dynamic(node.lineno, "what it does depends on a branch, a loop or a value"))

    def _with(self, node: ast.With) -> None:
        """A batch on one table, or a block outside the transaction."""
        for item in node.items:
            call = item.context_expr
            name = call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ""
            if name == "batch_alter_table" and isinstance(call, ast.Call) and isinstance(item.optional_vars, ast.Name):
                table = call.args[0] if call.args else keyword(call, "table_name")
                if table is not None:
                    self.batches[item.optional_vars.id] = table
            elif name == "autocommit_block":
                self.page.put(node, "COMMIT;")
                self.block(node.body)
                self.page.put(node, "BEGIN;")
                return
        self.block(node.body)

    def _operation(self, call: ast.Call) -> str:
        """The operation's name where a call is one of `op` or of an open batch."""
        func = call.func
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
            return ""
        holder = func.value.id
        return func.attr if holder == "op" or (holder in self.batches and func.attr in _BATCH) else ""

    def _call(self, call: ast.Call) -> None:
        """One operation."""
        name = self._operation(call)
        if not name:
            holds = [each for each in ast.walk(call) if isinstance(each, ast.Call) and self._operation(each)]
            if holds:
                self.dynamic.append(Dynamic(call.lineno, "an operation inside another call"))
            return
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            table = self.batches.get(call.func.value.id)
            if table is not None:
                place = 1 if name.startswith(("create_", "drop_index", "drop_constraint")) else 0
                args = [*call.args[:place], table, *call.args[place:]] if call.args else [table]
                call = ast.copy_location(ast.Call(call.func, args, call.keywords), call)
        made = _OPERATIONS.get(name)
        if made is None:
            if name not in ("get_bind", "get_context", "f"):
                self.dynamic.append(Dynamic(call.lineno, f"op.{name} is not read"))
            return
        try:
            for node, text in made(call, self.dialect):
                self.page.put(node, text)
        except Static as error:
            self.dynamic.append(Dynamic(call.lineno, f"op.{name}: {error}"))


Pieces = Iterator[tuple[ast.AST, str]]


def _argument(call: ast.Call, place: int, name: str) -> ast.expr:
    """A positional or named argument."""
    found = call.args[place] if len(call.args) > place else keyword(call, name)
    if found is None:
        raise Static(f"{name} is missing")
    return found


def _table(call: ast.Call, dialect: str, place: int = 0, name: str = "table_name") -> str:
    """A table's name, with its schema where one is given."""
    schema = keyword(call, "schema")
    own = identifier(literal(_argument(call, place, name)), dialect)
    lead = identifier(literal(schema), dialect) + "." if isinstance(schema, ast.Constant) and schema.value else ""
    return lead + own


def _columns(node: ast.expr, dialect: str) -> str:
    """A list of column names, or of texts."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        raise Static("its columns are not written out")
    return ", ".join(_index_column(each, dialect) for each in node.elts)


def _index_column(node: ast.expr, dialect: str) -> str:
    """A column of an index: a name, or sa.text of an expression."""
    if isinstance(node, ast.Call):
        return literal(node.args[0]) if node.args else ""
    return identifier(literal(node), dialect)


def _true(call: ast.Call, name: str) -> bool:
    """Whether a named argument is the literal True."""
    found = keyword(call, name)
    return isinstance(found, ast.Constant) and found.value is True


def _create_table(call: ast.Call, dialect: str) -> Pieces:
    guard = "IF NOT EXISTS " if _true(call, "if_not_exists") else ""
    name = _table(call, dialect)
    keys = [each for each in call.args[1:] if isinstance(each, ast.Call)]
    if len(keys) != len(call.args) - 1:
        raise Static("its columns are not written out")
    primary = words_of(keys)
    parts: list[tuple[ast.AST, str]] = []
    before: list[str] = []
    for each in keys:
        kind = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
        if kind == "Column":
            text, types = column_sql(each, dialect, primary)
            before.extend(types)
        elif kind == "Index":
            continue
        else:
            text = constraint_sql(each, kind, dialect)
        parts.append((each, text))
    for each_type in before:
        yield call, each_type
    yield call, f"CREATE TABLE {guard}{name} ("
    for place, (node, text) in enumerate(parts):
        yield node, text + ("," if place < len(parts) - 1 else "")
    yield (parts[-1][0] if parts else call), ");"


def _add_column(call: ast.Call, dialect: str) -> Pieces:
    column = _argument(call, 1, "column")
    if not isinstance(column, ast.Call):
        raise Static("the column is not written out")
    text, types = column_sql(column, dialect, frozenset())
    for each in types:
        yield call, each
    word = "ADD" if dialect == "tsql" else "ADD COLUMN"
    yield call, f"ALTER TABLE {_table(call, dialect)} {word} {text};"


def _alter_column(call: ast.Call, dialect: str) -> Pieces:
    from evaluators.sql.operation_types import default_sql, type_sql

    table, name = _table(call, dialect), identifier(literal(_argument(call, 1, "column_name")), dialect)
    made, nullable = keyword(call, "type_"), keyword(call, "nullable")
    default, renamed = keyword(call, "server_default"), keyword(call, "new_column_name")
    if made is not None:
        text, types = type_sql(made, dialect)
        for each in types:
            yield call, each
        using = keyword(call, "postgresql_using")
        if dialect == "mysql":
            yield call, f"ALTER TABLE {table} MODIFY {name} {text};"
        else:
            word = "" if dialect == "tsql" else "TYPE "
            tail = f" USING {literal(using)}" if using is not None else ""
            yield call, f"ALTER TABLE {table} ALTER COLUMN {name} {word}{text}{tail};"
    if isinstance(nullable, ast.Constant) and dialect in ("postgres", "sqlite"):
        yield call, f"ALTER TABLE {table} ALTER COLUMN {name} {'DROP' if nullable.value else 'SET'} NOT NULL;"
    if default is not None and not (isinstance(default, ast.Constant) and default.value is False):
        said = default_sql(default)
        yield call, f"ALTER TABLE {table} ALTER COLUMN {name} " + (f"SET DEFAULT {said};" if said else "DROP DEFAULT;")
    if renamed is not None:
        yield call, f"ALTER TABLE {table} RENAME COLUMN {name} TO {identifier(literal(renamed), dialect)};"


def _create_index(call: ast.Call, dialect: str) -> Pieces:
    unique = "UNIQUE " if _true(call, "unique") else ""
    concurrently = "CONCURRENTLY " if _true(call, "postgresql_concurrently") else ""
    guard = "IF NOT EXISTS " if _true(call, "if_not_exists") else ""
    name = identifier(literal(_argument(call, 0, "index_name")), dialect)
    table = _table(call, dialect, 1)
    method = keyword(call, "postgresql_using")
    where = keyword(call, "postgresql_where") or keyword(call, "sqlite_where") or keyword(call, "mssql_where")
    using = f" USING {literal(method)}" if method is not None else ""
    columns = _columns(_argument(call, 2, "columns"), dialect)
    if isinstance(where, ast.Call):
        where = where.args[0] if where.args else None
    tail = f" WHERE {literal(where)}" if where is not None else ""
    yield call, f"CREATE {unique}INDEX {concurrently}{guard}{name} ON {table}{using} ({columns}){tail};"


def _drop_index(call: ast.Call, dialect: str) -> Pieces:
    concurrently = "CONCURRENTLY " if _true(call, "postgresql_concurrently") else ""
    name = identifier(literal(_argument(call, 0, "index_name")), dialect)
    tail = f" ON {_table(call, dialect, 1)}" if dialect in ("mysql", "tsql") else ""
    yield call, f"DROP INDEX {concurrently}{name}{tail};"


def _create_foreign_key(call: ast.Call, dialect: str) -> Pieces:
    name = _argument(call, 0, "constraint_name")
    label = f"CONSTRAINT {identifier(literal(name), dialect)} " if _named(name) else ""
    source = identifier(literal(_argument(call, 1, "source_table")), dialect)
    target = identifier(literal(_argument(call, 2, "referent_table")), dialect)
    local, remote = (
        _columns(_argument(call, 3, "local_cols"), dialect),
        _columns(_argument(call, 4, "remote_cols"), dialect),
    )
    action = keyword(call, "ondelete")
    tail = f" ON DELETE {literal(action)}" if action is not None and _named(action) else ""
    tail += " NOT VALID" if _true(call, "postgresql_not_valid") else ""
    yield call, f"ALTER TABLE {source} ADD {label}FOREIGN KEY ({local}) REFERENCES {target} ({remote}){tail};"


def _named(node: ast.expr) -> bool:
    """Whether an argument is a text and not None."""
    return not (isinstance(node, ast.Constant) and node.value is None)


def _key(word: str) -> Callable[[ast.Call, str], Pieces]:
    """ADD CONSTRAINT of a unique or primary key."""

    def made(call: ast.Call, dialect: str) -> Pieces:
        name = _argument(call, 0, "constraint_name")
        label = f"CONSTRAINT {identifier(literal(name), dialect)} " if _named(name) else ""
        columns = _columns(_argument(call, 2, "columns"), dialect)
        yield call, f"ALTER TABLE {_table(call, dialect, 1)} ADD {label}{word} ({columns});"

    return made


def _create_check(call: ast.Call, dialect: str) -> Pieces:
    name = identifier(literal(_argument(call, 0, "constraint_name")), dialect)
    condition = _argument(call, 2, "condition")
    if isinstance(condition, ast.Call) and condition.args:
        condition = condition.args[0]
    tail = " NOT VALID" if _true(call, "postgresql_not_valid") else ""
    yield call, f"ALTER TABLE {_table(call, dialect, 1)} ADD CONSTRAINT {name} CHECK ({literal(condition)}){tail};"


def _drop_constraint(call: ast.Call, dialect: str) -> Pieces:
    name = identifier(literal(_argument(call, 0, "constraint_name")), dialect)
    yield call, f"ALTER TABLE {_table(call, dialect, 1)} DROP CONSTRAINT {name};"


def _drop_table(call: ast.Call, dialect: str) -> Pieces:
    yield call, f"DROP TABLE {_table(call, dialect)};"


def _drop_column(call: ast.Call, dialect: str) -> Pieces:
    name = identifier(literal(_argument(call, 1, "column_name")), dialect)
    yield call, f"ALTER TABLE {_table(call, dialect)} DROP COLUMN {name};"


def _rename_table(call: ast.Call, dialect: str) -> Pieces:
    new = identifier(literal(_argument(call, 1, "new_table_name")), dialect)
    yield call, f"ALTER TABLE {_table(call, dialect, 0, 'old_table_name')} RENAME TO {new};"


def _execute(call: ast.Call, dialect: str) -> Pieces:
    said = _argument(call, 0, "sqltext")
    if isinstance(said, ast.Call) and said.args:
        said = said.args[0]
    yield said, literal(said).rstrip().rstrip(";") + ";"


_OPERATIONS: dict[str, Callable[[ast.Call, str], Pieces]] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "create_foreign_key": _create_foreign_key,
    "create_unique_constraint": _key("UNIQUE"),
    "create_primary_key": _key("PRIMARY KEY"),
    "create_check_constraint": _create_check,
    "drop_constraint": _drop_constraint,
    "execute": _execute,
}
