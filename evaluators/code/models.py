"""The tables that Python code declares: SQLAlchemy declarative classes, SQLModel, `Table(...)`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from evaluators.code.module import Module
from evaluators.finding import Location


@dataclass(frozen=True)
class Column:
    """One declared column."""

    name: str
    annotation: str
    """The source of the annotation (`Mapped[Decimal]`), or empty."""
    type: str
    """The source of the column's type (`Numeric(12, 2)`), or empty where the annotation says it."""
    options: tuple[tuple[str, str], ...]
    """Keyword -> source: `primary_key` -> `True`."""
    at: Location


@dataclass(frozen=True)
class Table:
    """One declared table."""

    name: str
    """The table's name in the database."""
    symbol: str
    """`module.Class`, or `module.variable`."""
    columns: tuple[Column, ...]
    at: Location

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)


_MAKERS = ("mapped_column", "Column", "Field")


def of(modules: tuple[Module, ...]) -> tuple[Table, ...]:
    """Every table of the modules, in order."""
    found: list[Table] = []
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and (table := _declared(module, node)):
                found.append(table)
            elif isinstance(node, ast.Assign) and module.called(node.value).endswith("sqlalchemy.Table"):
                found.extend(_plain(module, node))
    return tuple(found)


def _declared(module: Module, node: ast.ClassDef) -> Table | None:
    """A class that maps a table, or None."""
    name = next(
        (
            str(statement.value.value)
            for statement in node.body
            if isinstance(statement, (ast.Assign, ast.AnnAssign))
            and isinstance(statement.value, ast.Constant)
            and "__tablename__" in _targets(statement)
        ),
        "",
    )
    is_sqlmodel = any(
        keyword.arg == "table" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )
    if not name and not is_sqlmodel:
        return None
    columns = tuple(column for statement in node.body if (column := _column(module, statement)))
    return Table(name or node.name.lower(), f"{module.name}.{node.name}", columns, module.at(node))


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    """The plain names that a statement assigns to."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _column(module: Module, statement: ast.stmt) -> Column | None:
    """The column that a statement of a mapped class declares, or None."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return None
    names = _targets(statement)
    if not names or names[0].startswith("__") or names[0] == "model_config":
        return None
    made = module.called(statement.value).rpartition(".")[2]
    annotation = ast.unparse(statement.annotation) if isinstance(statement, ast.AnnAssign) else ""
    if "relationship" in made.lower() or "ClassVar" in annotation:
        return None
    if made not in _MAKERS and not annotation:
        return None
    call = statement.value if isinstance(statement.value, ast.Call) and made in _MAKERS else None
    return _of_call(module, names[0], annotation, call, statement)


def _of_call(module: Module, name: str, annotation: str, call: ast.Call | None, at: ast.AST) -> Column:
    """A column from the call that makes it (or from none)."""
    args = list(call.args) if call else []
    if args and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str):
        name, args = args[0].value, args[1:]
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in (call.keywords if call else []) if keyword.arg}
    types = [arg for arg in args if module.dotted(arg.func if isinstance(arg, ast.Call) else arg)]
    plain = [
        arg
        for arg in types
        if not module.called(arg).endswith(("ForeignKey", "Identity", "CheckConstraint", "Computed", "Sequence"))
    ]
    for arg in args:
        if isinstance(arg, ast.Call) and module.called(arg).endswith("ForeignKey") and arg.args:
            options.setdefault("foreign_key", ast.unparse(arg.args[0]))
    type_ = options.get("sa_type") or options.get("type_") or (ast.unparse(plain[0]) if plain else "")
    return Column(name, annotation, type_, tuple(sorted(options.items())), module.at(at))


def _plain(module: Module, node: ast.Assign) -> list[Table]:
    """The table of `name = Table("name", metadata, Column(...), ...)`."""
    call = node.value
    if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
        return []
    columns = tuple(
        _of_call(module, "", "", arg, arg)
        for arg in call.args[2:]
        if isinstance(arg, ast.Call) and module.called(arg).endswith("Column")
    )
    symbol = next(iter(_targets(node)), "")
    return [Table(str(call.args[0].value), f"{module.name}.{symbol}", columns, module.at(node))]
