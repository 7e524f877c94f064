"""Integer keys become UUIDs: in the schema, in the contract and in code that writes its own SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path

from tests.measure.renaming import schema
from tests.measure.renaming.contract import Node
from tests.measure.renaming.edits import importing, replaced, span, without_idle

KEY = re.compile(
    r"^(?P<name>\"?\w+\"?)\s+(?:(?:big)?serial|(?:bigint|int|integer)(?:\s+not\s+null)?\s+generated\s+"
    r"(?:always|by\s+default)\s+as\s+identity(?:\s*\([^)]*\))?"
    r"|(?P<lite>integer\s+primary\s+key(?:\s+autoincrement)?))",
    re.IGNORECASE,
)
WHOLE = r"(?:bigint|integer|int8|int4|int)\b"
REFERENCE = re.compile(r"\breferences\s+(?:\w+\.)?\"?(\w+)\"?", re.IGNORECASE)
FOREIGN = re.compile(r"foreign\s+key\s*\(([^)]*)\)\s*references\s+(?:\w+\.)?\"?(\w+)\"?\s*\(([^)]*)\)", re.IGNORECASE)
LITE = (
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8'"
    " || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))"
)
ORM = re.compile(r"^(?:from|import) (?:sqlalchemy|sqlmodel)\b", re.MULTILINE)
NAMED = re.compile(r"(?:^|_)ids?$|[a-z]Ids?$")
MODULE = "row_keys"
POSTGRES = '''"""Keys of rows are UUIDs."""

import re
from uuid import UUID

RowKey = UUID


def is_row_key(text: str) -> bool:
    """Whether a text is a key as the service writes it."""
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None
'''
SQLITE = '''"""Keys of rows are UUIDs, kept as text."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

FORM = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
RowKey = Annotated[str, Field(pattern=FORM, json_schema_extra={"format": "uuid"}), AfterValidator(str.lower)]


def is_row_key(text: str) -> bool:
    """Whether a text is a key as the service writes it."""
    return re.fullmatch(FORM, text) is not None
'''

Place = tuple[str, str]
"""Table and column."""


def changed_schema(sql: str) -> tuple[str, set[str]]:
    """The schema with UUIDs for its integer keys and for what refers to them, and the names of these columns."""
    made = schema.tables(sql)
    keys = {(table.name, item.column) for table in made for item in table.columns if KEY.match(item.text)}
    places = _referring(made, set(keys))
    edits = []
    for table in made:
        for item in table.columns:
            if (table.name, item.column) in places:
                edits.append((item.start, item.start + len(item.text), _column(item.text)))
    for start, end, text in sorted(edits, reverse=True):
        sql = sql[:start] + text + sql[end:]
    return sql, {column for _, column in places}


def _referring(made: list[schema.Table], places: set[Place]) -> set[Place]:
    """Every column that holds a key, through as many references as there are."""
    references: set[tuple[Place, Place]] = set()
    for table in made:
        for item in table.items:
            for mine, other, theirs in FOREIGN.findall(item.text):
                pairs = zip(_listed(mine), _listed(theirs), strict=False)
                references |= {((table.name, one), (other, two)) for one, two in pairs}
            simple = REFERENCE.search(item.text) if item.column else None
            if simple:
                rest = re.match(r"\s*\(\s*\"?(\w+)", item.text[simple.end() :])
                references.add(((table.name, item.column), (simple[1], rest[1] if rest else "id")))
    grown = True
    while grown:
        more = {mine for mine, theirs in references if theirs in places} - places
        places, grown = places | more, bool(more)
    return places


def _listed(columns: str) -> list[str]:
    return [column.strip().strip('"') for column in columns.split(",")]


def _column(text: str) -> str:
    """A column's text with another type. `text` may hold blanks where comments were."""
    key = KEY.match(text)
    if key and key["lite"]:
        return f"{key['name']} TEXT NOT NULL PRIMARY KEY DEFAULT {LITE}{text[key.end() :]} CHECK (length(id) = 36)"
    if key:
        return f"{key['name']} uuid NOT NULL DEFAULT gen_random_uuid(){text[key.end() :]}"
    kind = "uuid" if re.search(r"\bbigint\b", text) else None
    return re.sub(WHOLE, kind or "TEXT", text, count=1, flags=re.IGNORECASE)


def changed_contract(node: object, columns: set[str], name: str = "") -> None:
    """Change every integer that is named as a key into a UUID, in place."""
    if isinstance(node, list):
        for each in node:
            changed_contract(each, columns, name)
    if not isinstance(node, dict):
        return
    if "in" in node and "schema" in node:
        changed_contract(node["schema"], columns, str(node.get("name", "")))
        return
    for key, value in node.items():
        if key == "properties" and isinstance(value, dict):
            for each, sub in value.items():
                changed_contract(sub, columns, str(each))
        else:
            changed_contract(value, columns, name if key in ("anyOf", "oneOf", "items", "schema") else "")
    kind = node.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "integer" in kinds and is_key(name, columns):
        node["type"] = ["string" if each == "integer" else each for each in kinds] if kind is kinds else "string"
        node["format"] = "uuid"
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "example"):
            node.pop(bound, None)


def is_key(name: str, columns: set[str]) -> bool:
    """Whether a name is that of a key: a column of one, or called an id."""
    return name in columns or bool(NAMED.search(name))


def changed_code(text: str, columns: set[str], aliases: Mapping[str, str], package: str) -> str:
    """A module with keys that are UUIDs."""
    tree = ast.parse(text)
    edits = [*_annotations(tree, columns, aliases), *_subjects(tree)]
    if edits:
        text = without_idle(replaced(text, ((span(text, node), new) for node, new in edits)), text)
        used = ", ".join(name for name in ("RowKey", "is_row_key") if re.search(rf"\b{name}\b", text))
        text = importing(text, f"from {package}.{MODULE} import {used}")
    return _casts(text, columns)


def aliases_of(trees: Mapping[Path, ast.Module]) -> dict[str, str]:
    """Names of types that are integers -> how they are written."""
    found: dict[str, str] = {}
    for tree in trees.values():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                written = ast.unparse(node.value)
                if re.match(r"(Annotated\[)?int\b", written):
                    found[node.targets[0].id] = written
    return found


def _annotations(tree: ast.Module, columns: set[str], aliases: Mapping[str, str]) -> list[tuple[ast.expr, str]]:
    """The annotations of keys, and what they become."""
    found: list[tuple[ast.expr, str]] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.arg | ast.AnnAssign) or node.annotation is None:
            continue
        name = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
        written = ast.unparse(node.annotation)
        last = re.sub(r"[\w.]*\b(\w+)", lambda word: aliases.get(word[1], word[0]), written)
        if is_key(name, columns) and re.search(r"\bint\b", last):
            kind = "list[RowKey]" if re.match(r"(Annotated\[)?list\[", last) else "RowKey"
            found.append((node.annotation, f"{kind} | None" if re.search(r"\bNone\b", last) else kind))
    return found


def _subjects(tree: ast.Module) -> list[tuple[ast.expr, str]]:
    """A token's subject is a key as text: where it is read as a number, and where it is seen to be one."""
    found: list[tuple[ast.expr, str]] = []
    names = {name for node in ast.walk(tree) if isinstance(node, ast.Assign) for name in _from_subject(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "int" and node.args:
            if isinstance(node.args[0], ast.Name) and node.args[0].id in names:
                found.append((node, f"RowKey({node.args[0].id})"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if node.func.attr in ("isdigit", "isdecimal") and isinstance(of, ast.Name) and of.id in names:
                found.append((node, f"is_row_key({of.id})"))
        elif isinstance(node, ast.Compare) and re.match(r"len\((\w+)\)", ast.unparse(node)):
            name = re.match(r"len\((\w+)\)", ast.unparse(node))
            if name and name[1] in names and isinstance(node.comparators[0], ast.Constant):
                found.append((node.comparators[0], "36"))
    return found


def _from_subject(node: ast.Assign) -> set[str]:
    """The variables that an assignment fills from the claim `sub`."""
    pairs = [(target, node.value) for target in node.targets]
    if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = list(zip(node.targets[0].elts, node.value.elts, strict=False))
    return {
        target.id
        for target, value in pairs
        if isinstance(target, ast.Name) and re.search(r"\[['\"]sub['\"]\]$|\.get\(['\"]sub['\"]\)$", ast.unparse(value))
    }


def _casts(text: str, columns: set[str]) -> str:
    """Placeholders that are said to be integers and stand for keys."""
    known = "|".join(sorted(columns, key=len, reverse=True))
    holder = r"(%s|%\(\w+\)s)::bigint"
    text = re.sub(rf"{holder}(?= is null or (?:\w+\.)?(?:{known}) [<>]?= )", r"\1::uuid", text)
    return re.sub(rf"(insert into \w+ \((?:{known})\b[^)]*\)\s*select unnest\(%s)::bigint\[\]", r"\1::uuid[]", text)


def supported(texts: Mapping[Path, str], contract: Node) -> bool:
    """Whether a service has integer keys, and writes its SQL itself."""
    sql = "\n".join(text for path, text in texts.items() if path.suffix == ".sql")
    keys = any(KEY.match(item.text) for table in schema.tables(sql) for item in table.columns)
    return keys and bool(contract) and not any(ORM.search(text) for text in texts.values())
