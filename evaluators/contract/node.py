"""A Node: a value of the contract that knows its file, its pointer and its line.

References are followed inside the file and into other files of the draft, never
to a network or a disk.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from evaluators.contract.parts import Json, Source, Tokens
from evaluators.contract.source import read
from evaluators.draft import Draft
from evaluators.finding import Location
from evaluators.rule import Flaw

MAX_HOPS = 40
"""Longest chain of references that is followed."""


class Files:
    """The files that a contract may refer to, each read once and only when asked for."""

    def __init__(self, draft: Draft, *known: Source) -> None:
        self._texts = {artifact.path: artifact.text for artifact in draft}
        self._sources: dict[str, Source | None] = {source.path: source for source in known}
        self._anchors: dict[str, dict[str, Node]] = {}
        self._roots: dict[str, Node] = {}
        self._targets: dict[tuple[str, str], Node | None] = {}
        self.alike: dict[Any, Any] = {}
        """What was worked out of a mapping's content, by that content."""
        self.ends: dict[tuple[str, str], Node] = {}
        """File and `$ref` -> the end of the chain that begins there."""
        self.flattened: dict[int, Any] = {}
        self.facets: dict[int, Any] = {}
        self.shapes: dict[int, Any] = {}
        """What was worked out of a mapping, by the mapping's identity: the sources keep it alive."""

    @property
    def several(self) -> bool:
        """Whether there is more than one file."""
        return len(self._texts.keys() | self._sources.keys()) > 1

    def source(self, path: str) -> Source | None:
        """The file at `path`, or None where the draft has none."""
        if path not in self._sources:
            text = self._texts.get(path)
            self._sources[path] = None if text is None else read(path, text)
        return self._sources[path]

    def read_so_far(self) -> tuple[Source, ...]:
        """Every file that was read, by path."""
        return tuple(source for _, source in sorted(self._sources.items()) if source is not None)

    def root(self, path: str) -> Node | None:
        """The whole of a file as a node, or None where there is none or it cannot be read."""
        if path not in self._roots:
            source = self.source(path)
            if source is None or source.data is None:
                return None
            self._roots[path] = Node(self, path, None, "", source.data)
        return self._roots[path]

    def at(self, path: str, pointer: str) -> Node | None:
        """The node at a JSON pointer of a file, or None."""
        return _descend(self.root(path), tokens_of(pointer))

    def target(self, path: str, reference: str) -> Node | None:
        """What a `$ref` in the file `path` names, or None; each one is looked up once."""
        key = (path, reference)
        try:
            return self._targets[key]
        except KeyError:
            found = self._targets[key] = self._sought(path, reference)
            return found

    def _sought(self, path: str, reference: str) -> Node | None:
        address, _, fragment = reference.partition("#")
        if not address and (not fragment or fragment.startswith("/")):
            return self.at(path, unquote(fragment))
        root = self.root(path)
        if root is not None and address and address == root.text("$self", root.text("$id")):
            address = ""
        known = self._anchors_of(path).get(reference)
        if known is not None:
            return known
        if address:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address)))
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            return self._anchors_of(path).get("#" + fragment)
        return self.at(path, fragment)

    def _anchors_of(self, path: str) -> dict[str, Node]:
        """The `$anchor`, `$dynamicAnchor` and `$id` names of a file."""
        if path not in self._anchors:
            found: dict[str, Node] = {}
            root = self.root(path)
            pending = [root] if root is not None else []
            while pending:
                node = pending.pop()
                for key in ("$anchor", "$dynamicAnchor"):
                    if node.text(key):
                        found.setdefault("#" + node.text(key), node)
                if node.text("$id"):
                    found.setdefault(node.text("$id"), node)
                pending += [child for child in node.children() if isinstance(child.value, dict | list)]
            self._anchors[path] = found
        return self._anchors[path]


def _descend(node: Node | None, tokens: Tokens) -> Node | None:
    for token in tokens:
        node = node.get(token) if node is not None else None
    return node


class Node:
    """A value and where it is; two nodes are equal when they are at the same place.

    It knows the node around it instead of its whole pointer: a large contract has
    a hundred thousand of them, and only findings ask for a pointer or a line.
    """

    __slots__ = ("_tokens", "_up", "files", "name", "path", "value")

    def __init__(self, files: Files, path: str, up: Node | None, name: str, value: Json) -> None:
        self.files, self.path, self._up, self.name, self.value = files, path, up, name, value
        self._tokens: Tokens | None = None if up is not None else ()

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"Node({self.path}{self.pointer})"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Node) or self.name != other.name or self.path != other.path:
            return False
        return self.tokens == other.tokens

    def __hash__(self) -> int:
        return hash(self.tokens)

    @property
    def tokens(self) -> Tokens:
        """The parts of its JSON pointer, unescaped."""
        if self._tokens is None:
            assert self._up is not None  # noqa: S101 -- a root is born with its tokens
            self._tokens = (*self._up.tokens, self.name)
        return self._tokens

    @property
    def pointer(self) -> str:
        """The JSON pointer as a URI fragment: `#/paths/~1users/get`."""
        return "#" + "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in self.tokens)

    @property
    def at(self) -> Location:
        """File, line and column, worked out now."""
        source = self.files.source(self.path)
        return source.locate(self.tokens) if source is not None else Location(self.path)

    def get(self, key: str) -> Node | None:
        """The child of that key or index, or None."""
        if isinstance(self.value, dict) and key in self.value:
            return Node(self.files, self.path, self, key, self.value[key])
        if isinstance(self.value, list) and key.isascii() and key.isdecimal() and len(key) < 9:
            index = int(key)
            if index < len(self.value):
                return Node(self.files, self.path, self, key, self.value[index])
        return None

    def down(self, *keys: str) -> Node | None:
        """The descendant at `keys`, or None."""
        return _descend(self, keys)

    def items(self, key: str | None = None) -> Iterator[tuple[str, Node]]:
        """Key and node of each entry of the mapping (or of the mapping at `key`)."""
        of = self if key is None else self.get(key)
        if of is not None and isinstance(of.value, dict):
            for name, value in of.value.items():
                yield name, Node(of.files, of.path, of, name, value)

    def elements(self, key: str | None = None) -> Iterator[Node]:
        """Each element of the list (or of the list at `key`)."""
        of = self if key is None else self.get(key)
        if of is not None and isinstance(of.value, list):
            for index, value in enumerate(of.value):
                yield Node(of.files, of.path, of, str(index), value)

    def children(self) -> Iterator[Node]:
        """Every entry and every element."""
        yield from (child for _, child in self.items())
        yield from self.elements()

    def has(self, key: str) -> bool:
        """Whether it is a mapping with that key."""
        return isinstance(self.value, dict) and key in self.value

    def raw(self, key: str) -> Json:
        """The plain value at `key`, or None."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self, key: str, default: str = "") -> str:
        """The text at `key`, or `default` where there is none."""
        value = self.raw(key)
        return value if isinstance(value, str) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of the list at `key`."""
        value = self.raw(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def flag(self, key: str) -> bool:
        """Whether the value at `key` is `true`."""
        return self.raw(key) is True

    def number(self, key: str) -> int | float | None:
        """The number at `key`, or None."""
        value = self.raw(key)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    @property
    def reference(self) -> str | None:
        """The text of its `$ref`, or None."""
        value = self.raw("$ref")
        return value if isinstance(value, str) else None

    def target(self) -> Node | None:
        """What its `$ref` names, one step, or None."""
        value = self.value
        if type(value) is not dict or "$ref" not in value:
            return None
        reference = value["$ref"]
        return self.files.target(self.path, reference) if isinstance(reference, str) else None

    def followed(self) -> Node:
        """The end of its chain of references; itself where there is none or it breaks."""
        value = self.value
        if type(value) is not dict or "$ref" not in value:
            return self
        reference = value["$ref"]
        if type(reference) is not str:
            return self
        key = (self.path, reference)
        known = self.files.ends.get(key)
        if known is not None:
            return known
        node = self
        for _ in range(MAX_HOPS):
            following = node.target()
            if following is None:
                if node is not self:
                    self.files.ends[key] = node
                return node
            node = following
        return self

    def flaw(self, symbol: str, message: str, hint: str = "", places: tuple[Location, ...] = ()) -> Flaw:
        """A flaw at this place, with the pointer as its evidence."""
        return Flaw(symbol, self.at, message, f"{self.path}{self.pointer}", hint, places)


def tokens_of(pointer: str) -> Tokens:
    """The parts of a JSON pointer, with or without its `#`."""
    pointer = pointer.removeprefix("#")
    if not pointer.startswith("/"):
        return ()
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))
