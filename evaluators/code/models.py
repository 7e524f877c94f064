"""The tables that Python code declares: SQLAlchemy declarative classes, SQLModel, `Table(...)`, Django models."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from evaluators.code.column_makers import MAKERS, ColumnMakers
from evaluators.code.column_types import UNKNOWN, Kind, of_django, of_python, of_sqlalchemy
from evaluators.code.module import Module
from evaluators.code.walking import walk
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
    kind: Kind = UNKNOWN
    """The SQL type that it becomes, as far as it can be told."""
    attribute: str = ""
    """The name of the class's attribute; the column's own where there is none."""
    nullable: bool | None = None
    """None where it cannot be told."""
    has_default: bool = False
    """Whether Python fills it in (`default=`, `default_factory=`, `auto_now`)."""
    server_default: str = ""
    """The source of the database's default, or empty."""
    primary: bool = False
    unique: bool = False
    indexed: bool = False
    references: str = ""
    """`users.id` of a foreign key, `users` where the column is not named, or empty."""
    on_delete: str = ""
    """What a foreign key does on delete, in lower case, or empty where that is not said."""
    choices: tuple[str, ...] = ()
    """The values that the code allows, where it lists them."""

    def option(self, name: str) -> str:
        """The source of the keyword `name`, or empty."""
        return dict(self.options).get(name, "")


@dataclass(frozen=True)
class Table:
    """One declared table."""

    name: str
    """The table's name in the database."""
    symbol: str
    """`module.Class`, or `module.variable`."""
    columns: tuple[Column, ...]
    at: Location
    schema: str = ""
    framework: str = "sqlalchemy"
    """`sqlalchemy`, `sqlmodel` or `django`."""
    unique: tuple[tuple[str, ...], ...] = ()
    """Columns that are unique together, of constraints on the table."""
    indexes: tuple[tuple[str, ...], ...] = ()
    checks: tuple[str, ...] = ()
    """The texts of CHECK constraints."""
    relations: tuple[tuple[str, str], ...] = ()
    """(attribute, name of the class) of each relationship that is loaded when it is touched."""
    whole: bool = True
    """False where it may have columns that cannot be read."""

    def column(self, name: str) -> Column | None:
        """The column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)


_NO_TYPES = ("ForeignKey", "Identity", "CheckConstraint", "Computed", "Sequence", "FetchedValue", "text", "func")


def of(modules: tuple[Module, ...]) -> tuple[Table, ...]:
    """Every table of the modules, in order."""
    classes = {f"{module.name}.{node.name}": (module, node) for module in modules for node in _classes(module)}
    makers = ColumnMakers(modules)
    found: list[Table] = []
    for module in modules:
        if not module.speaks(("class", "Table")):
            continue
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and (table := _declared(module, node, classes, makers)):
                found.append(table)
            elif isinstance(node, ast.Assign) and module.called(node.value).endswith("sqlalchemy.Table"):
                found.extend(_plain(module, node, makers))
    return tuple(found)


Classes = dict[str, tuple[Module, ast.ClassDef]]


def _classes(module: Module) -> list[ast.ClassDef]:
    """The classes of a file."""
    return [node for node in module.nodes if isinstance(node, ast.ClassDef)] if module.speaks(("class",)) else []


def _lineage(module: Module, node: ast.ClassDef, classes: Classes, depth: int = 5) -> list[tuple[Module, ast.ClassDef]]:
    """A class and those of the project that it inherits from, nearest first."""
    found = [(module, node)]
    for base in node.bases if depth > 0 else []:
        dotted = module.dotted(base)
        parent = classes.get(dotted) or classes.get(f"{module.name}.{dotted}")
        if parent is not None and parent[1] is not node:
            found += [each for each in _lineage(*parent, classes, depth - 1) if each not in found]
    return found


def _declared(module: Module, node: ast.ClassDef, classes: Classes, makers: ColumnMakers) -> Table | None:
    """A class that maps a table, or None."""
    name = _text_of(node, "__tablename__")
    is_sqlmodel = any(
        keyword.arg == "table" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )
    lineage = _lineage(module, node, classes)
    is_django = any(
        place.dotted(base).endswith(("models.Model", "django.db.models.Model", "AbstractUser", "AbstractBaseUser"))
        for place, each in lineage
        for base in each.bases
    )
    if not (name or is_sqlmodel or is_django):
        return None
    framework = "django" if is_django else ("sqlmodel" if is_sqlmodel else "sqlalchemy")
    columns: dict[str, Column] = {}
    for place, each in reversed(lineage):
        for statement in each.body:
            if column := _column(place, statement, makers, framework):
                columns[column.name] = column
    meta = _meta(node) if is_django else {}
    if is_django:
        if meta.get("abstract") == "True":
            return None
        name = name or meta.get("db_table", "").strip("\"'") or _django_name(module, node)
        if not any(column.primary for column in columns.values()):
            key = Column("id", "", "", (), module.at(node), Kind("bigint"), "id", False, True, primary=True)
            columns = {"id": key, **columns}
    unique, indexes, checks, schema = _arguments(module, lineage)
    relations = tuple(found for place, each in lineage for found in _relations(place, each))
    return Table(
        name or node.name.lower(), f"{module.name}.{node.name}", tuple(columns.values()), module.at(node), schema,
        framework, unique, indexes, checks, relations,
    )  # fmt: skip


def _text_of(node: ast.ClassDef, name: str) -> str:
    """The text that a class assigns to a name, or empty."""
    for statement in node.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and name in _targets(statement):
            return str(statement.value.value) if isinstance(statement.value, ast.Constant) else ""
    return ""


def _django_name(module: Module, node: ast.ClassDef) -> str:
    """The name that Django gives a model's table: the app's and the class's."""
    parts = [part for part in module.name.split(".") if part not in ("models", "apps")]
    label = parts[-1] if module.name.endswith("models") or len(parts) < 2 else parts[-2]
    return f"{label}_{node.name.lower()}"


def _meta(node: ast.ClassDef) -> dict[str, str]:
    """Name -> source of what a Django model's Meta says."""
    for statement in node.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            return {
                target.id: ast.unparse(each.value)
                for each in statement.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
    return {}


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    """The plain names that a statement assigns to."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _column(module: Module, statement: ast.stmt, makers: ColumnMakers, framework: str) -> Column | None:
    """The column that a statement of a mapped class declares, or None."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return None
    names = _targets(statement)
    if not names or names[0].startswith("__") or names[0] == "model_config":
        return None
    if framework == "django":
        return _django(module, names[0], statement)
    made = module.called(statement.value).rpartition(".")[2]
    annotation = ast.unparse(statement.annotation) if isinstance(statement, ast.AnnAssign) else ""
    if "relationship" in made.lower() or "ClassVar" in annotation:
        return None
    behind = makers.opened(module, statement.value) if made not in MAKERS else None
    if behind is not None:
        return replace(_of_call(behind[0], names[0], annotation, behind[1], statement), at=module.at(statement))
    if made not in MAKERS and not annotation:
        return None
    call = statement.value if isinstance(statement.value, ast.Call) and made in MAKERS else None
    found = _of_call(module, names[0], annotation, call, statement)
    if call is None and statement.value is not None and framework == "sqlmodel":
        return replace(found, has_default=True)
    return found


def _of_call(module: Module, name: str, annotation: str, call: ast.Call | None, at: ast.AST) -> Column:
    """A column from the call that makes it (or from none)."""
    attribute = name
    args = list(call.args) if call else []
    if args and isinstance(args[0], ast.Constant) and isinstance(args[0].value, str):
        name, args = args[0].value, args[1:]
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in (call.keywords if call else []) if keyword.arg}
    types = [arg for arg in args if module.dotted(arg.func if isinstance(arg, ast.Call) else arg)]
    plain = [arg for arg in types if not module.called(arg).rpartition(".")[2].endswith(_NO_TYPES)]
    on_delete = ""
    for arg in args:
        if isinstance(arg, ast.Call) and module.called(arg).endswith("ForeignKey") and arg.args:
            options.setdefault("foreign_key", ast.unparse(arg.args[0]))
            on_delete = next(
                (ast.unparse(k.value).strip("\"'").lower() for k in arg.keywords if k.arg == "ondelete"), ""
            )
    type_ = options.get("sa_type") or options.get("type_") or (ast.unparse(plain[0]) if plain else "")
    node = _expression(type_)
    kind = of_sqlalchemy(module, node) if node is not None else of_python(annotation)
    if node is None and kind.name == "text" and "max_length" in options:
        kind = Kind("varchar", _number(options["max_length"]))
    primary = options.get("primary_key") == "True"
    return Column(
        name, annotation, type_, tuple(sorted(options.items())), module.at(at), kind, attribute or name,
        _nullable(annotation, options, primary, node is not None),
        bool({"default", "default_factory", "insert_default", "onupdate"} & set(options))
        and options.get("default") not in ("None", "..."),
        options.get("server_default", ""), primary, options.get("unique") == "True", options.get("index") == "True",
        _target(options.get("foreign_key", "")), on_delete or options.get("ondelete", "").strip("\"'").lower(),
    )  # fmt: skip


def _target(source: str) -> str:
    """`users.id` of a foreign key's source; empty where it is no text."""
    return source[1:-1] if source[:1] in "'\"" and len(source) > 2 else source


def _expression(source: str) -> ast.expr | None:
    """The tree of an expression's source."""
    return ast.parse(source, mode="eval").body if source else None


def _number(source: str) -> int | None:
    """The whole number that a source is, or None."""
    return int(source) if source.isdigit() else None


def _nullable(annotation: str, options: dict[str, str], primary: bool, typed: bool) -> bool | None:
    """Whether a column takes NULL."""
    if options.get("nullable") in ("True", "False"):
        return options["nullable"] == "True"
    if primary:
        return False
    if annotation:
        return "Optional[" in annotation or "None" in annotation
    return True if typed or "foreign_key" in options else None


def _django(module: Module, name: str, statement: ast.Assign | ast.AnnAssign) -> Column | None:
    """The column of a Django field, or None."""
    call = statement.value
    made = module.called(call).rpartition(".")[2]
    if not isinstance(call, ast.Call) or not made.endswith(("Field", "ForeignKey")) or made == "ManyToManyField":
        return None
    options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg}
    is_key = made in ("ForeignKey", "OneToOneField")
    target = (ast.unparse(call.args[0]) if call.args else options.get("to", "")) if is_key else ""
    column = options.get("db_column", "").strip("\"'") or (f"{name}_id" if is_key else name)
    return Column(
        column, "", made, tuple(sorted(options.items())), module.at(statement), of_django(made, options), name,
        options.get("null") == "True", bool({"default", "auto_now", "auto_now_add"} & set(options)),
        options.get("db_default", ""), options.get("primary_key") == "True" or made.endswith("AutoField"),
        options.get("unique") == "True" or made == "OneToOneField",
        options.get("db_index") == "True" or is_key or made == "SlugField", target.strip("\"'"),
        options.get("on_delete", "").rpartition(".")[2].lower().replace("_", " "),
    )  # fmt: skip


def _relations(module: Module, node: ast.ClassDef) -> list[tuple[str, str]]:
    """The relationships of a mapped class that are loaded when they are touched."""
    found = []
    for statement in node.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(statement.value, ast.Call):
            continue
        made = module.called(statement.value).rpartition(".")[2]
        names = _targets(statement)
        lazy = next((ast.unparse(k.value).strip("\"'") for k in statement.value.keywords if k.arg == "lazy"), "select")
        if names and made in ("relationship", "Relationship", "dynamic_loader") and lazy in ("select", "True"):
            given = statement.value.args[0] if statement.value.args else None
            said = ast.unparse(given) if given is not None else ""
            if not said and isinstance(statement, ast.AnnAssign):
                said = ast.unparse(statement.annotation).rstrip("]").rpartition("[")[2]
            found.append((names[0], said.strip("\"'")))
        elif names and made in ("ForeignKey", "OneToOneField", "ManyToManyField") and statement.value.args:
            found.append((names[0], ast.unparse(statement.value.args[0]).strip("\"'")))
    return found


def _arguments(
    module: Module, lineage: list[tuple[Module, ast.ClassDef]]
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...], tuple[str, ...], str]:
    """Unique constraints, indexes, checks and the schema of `__table_args__` or of Meta."""
    unique: list[tuple[str, ...]] = []
    indexes: list[tuple[str, ...]] = []
    checks: list[str] = []
    schema = ""
    for place, node in lineage:
        for call in (each for statement in node.body for each in walk(statement) if isinstance(each, ast.Call)):
            made = place.called(call).rpartition(".")[2]
            texts = tuple(str(a.value) for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
            fields = next((_texts(k.value) for k in call.keywords if k.arg == "fields"), ())
            flags = {k.arg for k in call.keywords if k.arg and ast.unparse(k.value) == "True"}
            if made == "UniqueConstraint" and not any(k.arg == "condition" for k in call.keywords):
                unique.append(fields or texts)
            elif made == "Index":
                (unique if "unique" in flags else indexes).append(fields or texts[1:])
            elif made == "CheckConstraint":
                checks.extend(texts[:1])
        for statement in node.body:
            if isinstance(statement, ast.Assign) and "__table_args__" in _targets(statement):
                for mapping in walk(statement.value):
                    if isinstance(mapping, ast.Dict):
                        pairs = zip(mapping.keys, mapping.values, strict=True)
                        schema = next(
                            (str(v.value) for k, v in pairs if _is(k, "schema") and isinstance(v, ast.Constant)), ""
                        )
    return tuple(each for each in unique if each), tuple(each for each in indexes if each), tuple(checks), schema


def _is(node: ast.expr | None, text: str) -> bool:
    """Whether a node is this text."""
    return isinstance(node, ast.Constant) and node.value == text


def _texts(node: ast.expr) -> tuple[str, ...]:
    """The texts that a list or tuple holds."""
    return tuple(str(each.value).lstrip("-") for each in walk(node) if isinstance(each, ast.Constant))


def _plain(module: Module, node: ast.Assign, makers: ColumnMakers) -> list[Table]:
    """The table of `name = Table("name", metadata, Column(...), ...)`."""
    call = node.value
    if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
        return []
    made = [_made(module, arg, makers) for arg in call.args[2:]]
    columns = tuple(column for each in made for column in each or ())
    whole = None not in made and all(column.name for column in columns)
    unique = tuple(
        tuple(str(each.value) for each in arg.args if isinstance(each, ast.Constant))
        for arg in call.args[2:]
        if isinstance(arg, ast.Call) and module.called(arg).endswith("UniqueConstraint")
    )
    symbol = next(iter(_targets(node)), "")
    return [
        Table(str(call.args[0].value), f"{module.name}.{symbol}", columns, module.at(node), unique=unique, whole=whole)
    ]


def _made(module: Module, arg: ast.expr, makers: ColumnMakers) -> list[Column] | None:
    """The columns that an argument of `Table(...)` adds, none for a constraint; None where that cannot be told."""
    made = module.called(arg).rpartition(".")[2]
    if isinstance(arg, ast.Call) and made.endswith("Column"):
        return [_of_call(module, "", "", arg, arg)]
    if made.endswith(("Constraint", "Index")):
        return []
    one = makers.opened(module, arg)
    listed = [one] if one is not None else makers.listed(module, arg) if isinstance(arg, ast.Starred) else None
    if listed is None:
        return None
    return [replace(_of_call(place, "", "", call, arg), at=module.at(arg)) for place, call in listed]
