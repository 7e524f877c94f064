"""The classes that requests are read as and answers are written as: pydantic, SQLModel, dataclasses, REST framework."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from evaluators.code.depends import Dependencies
from evaluators.code.module import Module
from evaluators.code.walking import walk
from evaluators.finding import Location

CONSTRAINTS = (
    "max_length", "min_length", "ge", "gt", "le", "lt", "multiple_of", "pattern", "max_digits", "decimal_places",
    "regex", "min_items", "max_items", "max_value", "min_value",
)  # fmt: skip
"""The keywords by which a field is bounded."""

_BOUNDED = {"constr": "str", "conint": "int", "condecimal": "Decimal", "confloat": "float", "conlist": "list"}
_SIGNED = {"PositiveInt": ("gt", "0"), "NonNegativeInt": ("ge", "0"), "PositiveFloat": ("gt", "0")}


@dataclass(frozen=True)
class Field:
    """One field."""

    name: str
    """As it is sent: an alias where it has one."""
    attribute: str
    annotation: str
    """The source of its type."""
    type: str
    """The type without `Optional` and `Annotated`: `str`, `int`, `Decimal`, `EmailStr`, the name of a class."""
    many: bool
    """Whether it is a list."""
    optional: bool
    """Whether it takes null."""
    required: bool
    default: str
    """The source of its default, or empty."""
    constraints: tuple[tuple[str, str], ...]
    """Keyword -> source, of those that bound it."""
    values: tuple[str, ...]
    """The values of a Literal or of an enumeration of the project, sorted by their order there."""
    at: Location

    def constraint(self, name: str) -> str:
        """The source of a constraint, or empty."""
        return dict(self.constraints).get(name, "")


@dataclass(frozen=True)
class DataModel:
    """One class of data, with the fields that it inherits."""

    symbol: str
    """`module.Class`."""
    fields: tuple[Field, ...]
    extra: str
    """`forbid`, `allow`, `ignore`, or empty where nothing is said."""
    from_rows: bool
    """Whether it is filled from an object's attributes (`from_attributes`, `orm_mode`)."""
    at: Location

    @property
    def name(self) -> str:
        """The class's name."""
        return self.symbol.rpartition(".")[2]

    def field(self, name: str) -> Field | None:
        """The field that is sent as `name`, else the one that is called so, or None."""
        return next((each for each in self.fields if name in (each.name, each.attribute)), None)


def of(table: Dependencies) -> tuple[DataModel, ...]:
    """Every class of data of the modules, in order."""
    return tuple(
        _model(module, node, table)
        for module in table.modules
        if module.speaks(("class",))
        for node in module.classes.values()
        if _is_data(module, node, table, 5)
    )


def enums_of(table: Dependencies) -> dict[str, tuple[str, ...]]:
    """`module.Class` -> the texts of every enumeration of the project."""
    found: dict[str, tuple[str, ...]] = {}
    for module in table.modules:
        for node in module.classes.values() if module.speaks(("class",)) else ():
            values = _enum_values(module, node)
            if values:
                found[f"{module.name}.{node.name}"] = values
    return found


def _is_data(module: Module, node: ast.ClassDef, table: Dependencies, depth: int) -> bool:
    """Whether a class is one of data: by a base far or near, or as a dataclass."""
    if any(module.dotted(d.func if isinstance(d, ast.Call) else d).endswith("dataclass") for d in node.decorator_list):
        return True
    for base in node.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        key = table.resolve(module, inner)
        last = key.rpartition(".")[2]
        if last in ("BaseModel", "SQLModel", "TypedDict", "RootModel", "GenericModel", "Struct", "CamelModel"):
            return True
        parent = table.class_of(key)
        if depth > 0 and parent is not None and parent[1] is not node and _is_data(*parent, table, depth - 1):
            return True
    return False


def _model(module: Module, node: ast.ClassDef, table: Dependencies) -> DataModel:
    """The facts of a class of data."""
    fields: dict[str, Field] = {}
    extra, from_rows, camel = "", False, False
    for place, each in reversed(_lineage(module, node, table, 5)):
        said = _configuration(each)
        extra = said.get("extra", extra).strip("'\"").rpartition(".")[2]
        from_rows = from_rows or said.get("from_attributes", said.get("orm_mode")) == "True"
        camel = camel or "camel" in said.get("alias_generator", "").lower()
        for statement in each.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            if (field := _field(place, statement, statement.target.id, table)) is not None:
                fields[field.attribute] = field
    found = [_camel(field) if camel else field for field in fields.values()]
    return DataModel(f"{module.name}.{node.name}", tuple(found), extra, from_rows, module.at(node))


def _lineage(module: Module, node: ast.ClassDef, table: Dependencies, depth: int) -> list[tuple[Module, ast.ClassDef]]:
    """A class and those of the project that it inherits from, nearest first."""
    found = [(module, node)]
    for base in node.bases if depth > 0 else []:
        parent = table.class_of(table.resolve(module, base.value if isinstance(base, ast.Subscript) else base))
        if parent is not None and parent[1] is not node:
            found += [each for each in _lineage(*parent, table, depth - 1) if each not in found]
    return found


def _camel(field: Field) -> Field:
    """The field as an alias generator sends it, where it has no alias of its own."""
    first, *rest = field.name.split("_")
    same = field.name == field.attribute
    return replace(field, name=first + "".join(part.title() for part in rest)) if same else field


def _configuration(node: ast.ClassDef) -> dict[str, str]:
    """Name -> source of what `model_config` or the inner class Config says."""
    found: dict[str, str] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(isinstance(each, ast.Name) and each.id == "model_config" for each in targets):
                if isinstance(statement.value, ast.Call):
                    found.update({k.arg: ast.unparse(k.value) for k in statement.value.keywords if k.arg})
                elif isinstance(statement.value, ast.Dict):
                    for key, value in zip(statement.value.keys, statement.value.values, strict=True):
                        if isinstance(key, ast.Constant):
                            found[str(key.value)] = ast.unparse(value)
        elif isinstance(statement, ast.ClassDef) and statement.name == "Config":
            for each in statement.body:
                if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                    found[each.targets[0].id] = ast.unparse(each.value)
    return found


def _field(module: Module, statement: ast.AnnAssign, name: str, table: Dependencies) -> Field | None:
    """One field from its statement; None for what is no field."""
    annotation = ast.unparse(statement.annotation)
    if name.startswith("_") or name == "model_config" or "ClassVar" in annotation:
        return None
    value = statement.value
    options: dict[str, str] = {}
    for call in (*_field_calls(module, statement.annotation), *([value] if isinstance(value, ast.Call) else [])):
        options.update({each.arg: ast.unparse(each.value) for each in call.keywords if each.arg})
        if call is value and call.args:
            options.setdefault("default", ast.unparse(call.args[0]))
    if value is not None and not (isinstance(value, ast.Call) and module.called(value).rpartition(".")[2] in _FIELDS):
        options["default"] = ast.unparse(value)
    if module.called(value).rpartition(".")[2] in ("Relationship", "relationship"):
        return None
    said = _Said(module, table)
    said.read(statement.annotation, 0)
    default = options.get("default", "") or ("factory" if "default_factory" in options else "")
    alias = options.get("alias") or options.get("serialization_alias") or ""
    bounds = {key: options[key] for key in CONSTRAINTS if key in options}
    return Field(
        alias.strip("'\"") if alias[:1] in "'\"" and alias else name, name, annotation, said.type, said.many,
        said.optional, not default or default in ("...", "Ellipsis"), "" if default == "..." else default,
        tuple(sorted({**said.bounds, **bounds}.items())), tuple(said.values), module.at(statement),
    )  # fmt: skip


_FIELDS = ("Field", "field", "mapped_column", "Column")


def _field_calls(module: Module, annotation: ast.expr) -> list[ast.Call]:
    """The calls of Field in `Annotated[..., Field(...)]`."""
    return [
        node
        for node in walk(annotation)
        if isinstance(node, ast.Call)
        and module.called(node).rpartition(".")[2] in ("Field", "StringConstraints", "Len", *_BOUNDED)
    ]


class _Said:
    """What an annotation says, aliases of the project opened."""

    def __init__(self, module: Module, table: Dependencies) -> None:
        self.module, self.table = module, table
        self.type, self.many, self.optional = "", False, False
        self.values: list[str] = []
        self.bounds: dict[str, str] = {}

    def read(self, node: ast.expr, depth: int) -> None:
        """Read a part of the annotation."""
        if depth > 6:
            return
        if isinstance(node, ast.Constant):
            self.optional = self.optional or node.value is None
            if isinstance(node.value, str) and re.fullmatch(r"[\w.\[\] |]{1,200}", node.value):
                self._quoted(node.value, depth)
        elif isinstance(node, ast.BinOp):
            self.read(node.left, depth + 1)
            self.read(node.right, depth + 1)
        elif isinstance(node, ast.Subscript):
            self._subscript(node, depth)
        elif isinstance(node, ast.Call):
            made = self.module.called(node).rpartition(".")[2]
            self.type = self.type or _BOUNDED.get(made, "")
        elif isinstance(node, (ast.Name, ast.Attribute)):
            self._name(node, depth)

    def _quoted(self, text: str, depth: int) -> None:
        """Read a type in quotes."""
        try:
            self.read(ast.parse(text, mode="eval").body, depth + 1)
        except (SyntaxError, ValueError, RecursionError):
            return

    def _subscript(self, node: ast.Subscript, depth: int) -> None:
        """Read `list[X]`, `Optional[X]`, `Annotated[X, ...]`, `Literal[...]`."""
        outer = self.module.dotted(node.value).rpartition(".")[2]
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer == "Literal":
            self.type = self.type or "str"
            self.values += [str(each.value) for each in parts if isinstance(each, ast.Constant)]
        elif outer == "Annotated":
            self.read(parts[0], depth + 1)
        elif outer in ("list", "List", "Sequence", "set", "tuple", "conlist", "frozenset"):
            self.many = True
            self.read(parts[0], depth + 1)
        elif outer in ("Optional", "Union"):
            self.optional = self.optional or outer == "Optional"
            for each in parts:
                self.read(each, depth + 1)
        else:
            self.type = self.type or outer

    def _name(self, node: ast.expr, depth: int) -> None:
        """Read a name: a type, an alias of the project, an enumeration."""
        key = self.table.resolve(self.module, node)
        last = key.rpartition(".")[2]
        alias, found = self.table.constant(key), self.table.class_of(key)
        if alias is not None:
            held, self.module = self.module, alias[0]
            for call in _field_calls(alias[0], alias[1]):
                self.bounds.update({k.arg: ast.unparse(k.value) for k in call.keywords if k.arg in CONSTRAINTS})
            self.read(alias[1], depth + 1)
            self.module = held
            return
        if last in _SIGNED:
            self.bounds.setdefault(*_SIGNED[last])
            last = "int" if last.endswith("Int") else "float"
        if found is not None:
            self.values += [each for each in _enum_values(*found) if each not in self.values]
        self.type = self.type or last


def _enum_values(module: Module, node: ast.ClassDef) -> tuple[str, ...]:
    """The values of an enumeration of texts; empty for any other class."""
    bases = {module.dotted(base).rpartition(".")[2] for base in node.bases}
    if not bases & {"Enum", "StrEnum", "TextChoices", "IntEnum"}:
        return ()
    found: list[str] = []
    for statement in node.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        value = statement.value
        if isinstance(value, ast.Tuple) and value.elts:
            value = value.elts[0]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found.append(value.value)
        elif isinstance(value, ast.Call) and module.called(value).rpartition(".")[2] == "auto" and "StrEnum" in bases:
            found.append(statement.targets[0].id.lower())
    return tuple(found)
