"""A service's own names, and the same service under made-up ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.measure.renaming import schema
from tests.measure.renaming.contract import Node, operations
from tests.measure.renaming.stays import kept
from tests.measure.renaming.words import Lexicon, forms, split

TEXTS = frozenset({".py", ".sql", ".md"})
SHORTEST = 3
"""Shorter names are aliases, and letters in patterns."""
# An escape in a literal is passed over, and so is a part of a word with hyphens: headers and media types have those.
TOKEN = re.compile(r"\\[a-zA-Z]|(?<![\w\\])(?<!\w-)([A-Za-z_]\w*(?:-\w+)*)(?!\+\w)")
AS_THEY_ARE = frozenset({"type", "format", "in", "scheme", "bearerFormat", "openapi", "version", "url", "tokenUrl"})
"""Keys of a contract whose values are words of OpenAPI; a token's address is told apart below."""
UNNAMED = frozenset({"headers", "securitySchemes"})
"""Components that keep their names."""


@dataclass
class Own:
    """The names that a service gave, by what they name."""

    kinds: dict[str, set[str]] = field(default_factory=dict)

    def add(self, kind: str, *names: str) -> None:
        """Take names in."""
        self.kinds.setdefault(kind, set()).update(name for name in names if name)

    @property
    def all(self) -> set[str]:
        """Every name."""
        return set().union(*self.kinds.values())


def own_names(sql: str, contract: Node) -> Own:
    """The names in a schema and a contract."""
    own = Own()
    for table in schema.tables(sql):
        own.add("tables", table.name)
        own.add("columns", *(item.column for item in table.columns))
    own.add("constraints", *schema.others(sql))
    own.add("schemas", *contract.get("components", {}).get("schemas", {}))
    for path in contract.get("paths", {}):
        own.add("segments", *(part for part in path.split("/") if "{" not in part))
        own.add("parameters", *re.findall(r"\{(\w+)\}", path))
    for _, _, operation in operations(contract):
        own.add("operations", str(operation.get("operationId", "")))
    for node in _nodes(contract):
        if isinstance(node.get("properties"), dict):
            own.add("properties", *map(str, node["properties"]))
        if node.get("in") in ("path", "query") and isinstance(node.get("name"), str):
            own.add("parameters", node["name"])
    return own


def _headers(contract: Node) -> set[str]:
    """Names of headers and cookies, as code writes them."""
    heads = (
        str(node["name"]) for node in _nodes(contract) if node.get("in") in ("header", "cookie") and "name" in node
    )
    return {form for head in heads for form in (head, head.lower().replace("-", "_"))}


def _in_both_cases(names: set[str]) -> set[str]:
    """Names in snake and in camel case: an alias makes one from the other."""
    found = set(names)
    for name in names:
        first, *rest = split(name) or [""]
        if rest and not name[0].isupper():
            found |= {"_".join((first, *rest)), first + "".join(word.capitalize() for word in rest)}
    return found


def _nodes(node: Any) -> Iterator[Node]:
    """Every mapping in a contract."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


@dataclass
class Names:
    """Old names and new ones."""

    new: Mapping[str, str]
    own: Own

    @classmethod
    def of(cls, texts: Mapping[Path, str], contract: Node, seed: int) -> Names:
        """Make up names for a service: path -> text of its files, and its contract."""
        sql = "\n".join(text for path, text in texts.items() if path.suffix == ".sql")
        own = own_names(sql, contract)
        stays = _in_both_cases(kept(texts) | _headers(contract))
        taken = {word.lower() for text in texts.values() for word in re.findall(r"[A-Za-z]+", text)}
        lexicon = Lexicon(seed, taken)
        new = {form: lexicon.name(form) for name in sorted(own.all) for form in forms(name) if len(form) >= SHORTEST}
        new = {old: made for old, made in new.items() if old not in stays and old != made}
        return cls({**new, **_implied(sql, new)}, own)

    def text(self, text: str) -> str:
        """A text with every name that is the service's own, and stands alone, under its new one."""
        return TOKEN.sub(self._token, text)

    def _token(self, found: re.Match[str]) -> str:
        return self.new.get(found[1] or "", found[0])

    def path(self, path: Path) -> Path:
        """Where a module of the service lies then."""
        parts = [self.new.get(part, part) for part in path.parts[:-1]]
        return Path(*parts, f"{self.new.get(path.stem, path.stem)}{path.suffix}")

    def contract(self, node: Any, key: str = "") -> Any:
        """A contract under the new names."""
        if isinstance(node, list):
            return [self.contract(each, key) for each in node]
        if isinstance(node, str):
            return node if key in AS_THEY_ARE - {"tokenUrl"} else self.text(node)
        if not isinstance(node, dict):
            return node
        if key in ("example", "value"):
            return {self.text(str(name)): self.contract(value, key) for name, value in node.items()}
        if key in ("properties", "schemas", "scopes", "paths"):
            return {self.text(str(name)): self.contract(value) for name, value in node.items()}
        if key == "components":
            return {
                str(section): self.contract(held if section in UNNAMED else self._named(held), str(section))
                for section, held in node.items()
            }
        head = node.get("in") in ("header", "cookie")
        return {
            name: value if (head and name == "name") or name == "headers" else self.contract(value, str(name))
            for name, value in node.items()
        }

    def _named(self, section: Any) -> Any:
        """What references point to, under new names."""
        return (
            {self.text(str(name)): value for name, value in section.items()} if isinstance(section, dict) else section
        )

    def shares(self) -> dict[str, tuple[int, int]]:
        """What names something -> how many of these names are new, and how many there are."""
        return {
            kind: (sum(name in self.new for name in names), len(names))
            for kind, names in sorted(self.own.kinds.items())
        }


def _implied(sql: str, new: Mapping[str, str]) -> dict[str, str]:
    """The names that PostgreSQL gives to constraints without one."""
    found = {}
    for table in schema.tables(sql):
        first = new.get(table.name, table.name)
        found |= {f"{table.name}_pkey": f"{first}_pkey"}
        for item in table.columns:
            column = new.get(item.column, item.column)
            for end in ("key", "fkey", "check", "not_null"):
                found[f"{table.name}_{item.column}_{end}"] = f"{first}_{column}_{end}"
    return {old: made for old, made in found.items() if old not in new}
