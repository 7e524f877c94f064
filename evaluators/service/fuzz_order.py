"""What the fuzzer is told: the contract with values that exist for examples, and who asks.

Seeded ids come first. Where the stage `probes` found a request that works, that
request is the operation's example, its parts go into generated requests, and
whoever it worked for sends them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Contract, Operation, Parameter
from evaluators.contract.node import Node
from evaluators.contract.shapes import shape_of
from evaluators.service.boot import Running
from evaluators.service.crew import Crew, identity_of
from evaluators.service.engine import Order
from evaluators.service.failures import SEEDED, UUID
from evaluators.service.identities import alike_ids, ids_for, table_named
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.seeding import Seeds

WORD = re.compile(r"[\w-]+")
"""A name that the fuzzer's settings can hold."""
NUMBER = re.compile(r"-?\d{1,18}")
ACCEPTED = "accepted"
"""The name of an example that was accepted."""


@dataclass(frozen=True)
class Rehearsed:
    """The requests that the service accepted, each from the sealed rows; kept on the bench under `Rehearsed`."""

    requests: Mapping[str, Request] = field(default_factory=dict)
    """`METHOD /path` -> the request."""
    drawn: frozenset[str] = frozenset()
    """Tokens and codes of answers and mails, which are others in the next run."""


def order_of(running: Running, crew: Crew, examples: int, rehearsed: Rehearsed) -> Order:
    """The order for a service whose rows are the sealed ones."""
    return _Making(running, crew, rehearsed).order(examples)


@dataclass(frozen=True)
class _Making:
    """The making of one order."""

    running: Running
    crew: Crew
    rehearsed: Rehearsed

    @property
    def contract(self) -> Contract:
        return self.running.contract

    @property
    def seeds(self) -> Seeds:
        return self.crew.cast.seeds

    def order(self, examples: int) -> Order:
        """The whole of it."""
        root = self.contract.root.value if self.contract.root is not None else {}
        document = deepcopy(root) if isinstance(root, dict) else {}
        for tokens, value in _examples(self.contract, self.seeds):
            node = _at(document, tokens)
            if isinstance(node, dict) and not {"example", "examples", "$ref"} & set(node):
                node["example"] = value
        words: dict[str, dict[str, list[Any]]] = {}
        headers: dict[str, dict[str, str]] = {}
        query: dict[str, dict[str, str]] = {}
        for operation in self.contract.operations:
            accepted = self._accepted(operation)
            reserved = dict(self._reserved(operation))
            if accepted is not None or reserved:
                self._shown(document, operation, accepted, reserved)
            words[operation.symbol] = self._words(operation, accepted, reserved)
            who = self.crew.members.get(accepted.who or "a") if accepted is not None else None
            if who is not None and who.name != "a":
                asking = identity_of(who)
                headers[operation.symbol], query[operation.symbol] = asking.sent, asking.query
        first = identity_of(self.crew.members["a"]) if "a" in self.crew.members else None
        return Order(
            contract=document,
            base_url=self.running.base_url,
            headers=first.sent if first is not None else {},
            query=first.query if first is not None else {},
            max_examples=examples,
            dictionaries={symbol: known for symbol, known in words.items() if known},
            headers_of=headers,
            query_of=query,
            drawn=sorted(self._drawn(words)),
        )

    def _drawn(self, words: Mapping[str, Mapping[str, list[Any]]]) -> set[str]:
        """The values that the service drew: its tokens, and UUIDs that are not of the gate's rows."""
        values = {each for known in words.values() for held in known.values() for each in held if isinstance(each, str)}
        return {
            each for each in values if each in self.rehearsed.drawn or (UUID.fullmatch(each) and not SEEDED.match(each))
        }

    def _accepted(self, operation: Operation) -> Request | None:
        """The request that worked, of what the contract allows; values beside it would be taken for wrong ones."""
        request = self.rehearsed.requests.get(operation.symbol)
        if request is None:
            return None
        schemas = {(each.where, each.name): each.schema for each in operation.parameters}
        path = {name: self._fit(schemas.get(("path", name)), value) for name, value in request.path.items()}
        query = {name: self._fit(schemas.get(("query", name)), value) for name, value in request.query.items()}
        known = {name: value for name, value in query.items() if value is not ABSENT}
        headers = {name: value for name, value in request.headers.items() if ("header", name) in schemas}
        if any(value is ABSENT for value in path.values()):
            return None
        media = _media(operation, request)
        body = request.body if media is not None and self._fit(media, request.body) == request.body else ABSENT
        return Request(operation, request.who, path, known, headers, body, request.media)

    def _fit(self, schema: Node | None, value: Any) -> Any:
        """The value as the schema takes it, or ABSENT."""
        if schema is None:
            return ABSENT
        number = [int(value)] if isinstance(value, str) and NUMBER.fullmatch(value) else []
        for each in (value, str(value), *number):
            if _is_json(each) and not self.contract.checker.errors(schema, each):
                return each
        return ABSENT

    def _reserved(self, operation: Operation) -> Iterator[tuple[str, Any]]:
        """Path parameter -> the id of the row that a DELETE may use up: one that no other operation is given."""
        for parameter in operation.parameters_in("path") if operation.method == "DELETE" else ():
            if _place(operation, parameter) != _bare(operation.path):
                continue
            taken = {
                str(request.path[each.name])
                for other, request in ((op, self.rehearsed.requests.get(op.symbol)) for op in self.contract.operations)
                for each in other.parameters_in("path")
                if request is not None and other is not operation and each.name in request.path
                if _place(other, each) == _place(operation, parameter)
            }
            mine = self.rehearsed.requests.get(operation.symbol)
            accepted = [mine.path[parameter.name]] if mine is not None and parameter.name in mine.path else []
            ids = ids_for(operation, parameter, self.seeds)
            free = [each for each in (*accepted, *reversed(ids)) if str(each) not in taken]
            if free and len(ids) > 1:
                yield parameter.name, free[0]

    def _kept(self, operation: Operation, parameter: Parameter) -> set[str]:
        """The ids that are left to a DELETE of the same place."""
        place = _place(operation, parameter)
        return {
            str(value)
            for other in self.contract.operations
            if other is not operation and other.method == "DELETE" and _bare(other.path) == place
            for name, value in self._reserved(other)
        }

    def _words(
        self, operation: Operation, accepted: Request | None, reserved: Mapping[str, Any]
    ) -> dict[str, list[Any]]:
        """`path.NAME`, `query.NAME` or `body.NAME` -> values for generated requests, those that worked first."""
        found: dict[str, list[Any]] = {}
        for key, value in _parts(accepted) if accepted is not None else ():
            if key.removeprefix("path.") not in reserved:
                found.setdefault(key, []).append(value)
        for key, ids in self._known(operation, reserved):
            found[key] = [*found.get(key, []), *ids]
        usable = {
            key: list(dict.fromkeys(each for each in values if type(each) in (str, int, float)))
            for key, values in found.items()
            if all(WORD.fullmatch(part) or part == "[*]" for part in key.split("."))
        }
        return {key: values for key, values in usable.items() if values}

    def _known(self, operation: Operation, reserved: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
        """Parameter -> ids that exist: A's, and one of B's, which A should be refused."""
        for parameter in operation.parameters_in("path"):
            kept = self._kept(operation, parameter)
            mine = [each for each in ids_for(operation, parameter, self.seeds) if str(each) not in kept]
            if parameter.name in reserved:
                mine = [reserved[parameter.name]]
            if mine:
                ids = [*mine, *ids_for(operation, parameter, self.seeds, "b")[:1]]
                yield f"path.{parameter.name}", [self._fit(parameter.schema, each) for each in ids]
        for schema, name, table in _body_ids(operation, self.seeds):
            ids = [*self.seeds.ids(table), *self.seeds.ids(table, "b")[:1]]
            yield f"body.{name}", [self._fit(schema, each) for each in ids]

    def _shown(
        self, document: Any, operation: Operation, accepted: Request | None, reserved: Mapping[str, Any]
    ) -> None:
        """Make a request the first example of its operation, which gets parameters and a body of its own."""
        node = _at(document, operation.node.tokens)
        if operation.node.path != self.contract.path or not isinstance(node, dict):
            return
        values: dict[tuple[str, str], Any] = {("path", name): value for name, value in reserved.items()}
        if accepted is not None:
            given = (("query", accepted.query), ("header", accepted.headers), ("path", accepted.path))
            values = {(where, name): each for where, held in given for name, each in held.items()} | values
        if all(each.node.path == self.contract.path for each in operation.parameters):
            node["parameters"] = [
                _with_example(_at(document, each.node.tokens), values.get((each.where, each.name), ABSENT))
                for each in operation.parameters
            ]
        body = operation.body
        if accepted is None or accepted.body is ABSENT or body is None or body.node.path != self.contract.path:
            return
        stated = _at(document, body.node.tokens)
        content = {
            kind: _with_example(media, accepted.body if kind == accepted.media else ABSENT)
            for kind, media in stated["content"].items()
        }
        node["requestBody"] = {**stated, "content": content}


def _with_example(stated: Any, value: Any) -> Any:
    """A parameter or a media type with `value` for its first example."""
    if value is ABSENT or not isinstance(stated, dict):
        return stated
    given = stated.get("examples")
    more = dict(given) if isinstance(given, dict) else {}
    if "example" in stated:
        more["example"] = {"value": stated["example"]}
    rest = {key: each for key, each in stated.items() if key not in ("example", "examples")}
    return {**rest, "examples": {ACCEPTED: {"value": value}, **more}}


def _media(operation: Operation, request: Request) -> Node | None:
    """The schema of the body that a request carries, where that is one that can be shown."""
    for media in operation.body.media if operation.body else ():
        if media.type == request.media and request.body is not ABSENT:
            return media.schema
    return None


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _parts(request: Request) -> Iterator[tuple[str, Any]]:
    """The scalars of a request, each under the name that the fuzzer's settings have for its place."""
    for where, values in (("path", request.path), ("query", request.query)):
        for name, value in values.items():
            yield f"{where}.{name}", value
    if request.body is not ABSENT:
        for place, value in leaves(request.body):
            if place:
                yield ".".join(("body", *("[*]" if isinstance(part, int) else part for part in place))), value


def _bare(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"\{[^{}]*\}", "{}", path.rstrip("/"))


def _place(operation: Operation, parameter: Parameter) -> str:
    """The path up to a parameter, which says what kind of row it names."""
    return _bare(operation.path.partition("{" + parameter.name + "}")[0] + "{}")


def _body_ids(operation: Operation, seeds: Seeds) -> Iterator[tuple[Node, str, str]]:
    """Properties of the request that name rows, and the table: by its column's foreign key, else by name."""
    for media in operation.body.media if operation.body else ():
        if media.schema is None or not media.is_json:
            continue
        shape = shape_of(media.schema)
        for each in shape.properties:
            table = _points_to(shape.table, each.column or each.name, seeds)
            if table and seeds.ids(table):
                yield each.node, each.name, table


def _points_to(table: str | None, column: str, seeds: Seeds) -> str | None:
    """The table that a column points to."""
    found = seeds.table(table) if table else None
    for key in found.foreign_keys if found else ():
        if key.columns == (column,):
            return key.table
    if not column.endswith("_id"):
        return None
    bare = column.removesuffix("_id")
    return table_named(bare, seeds) or table_named(bare.rpartition("_")[2], seeds)


def _examples(contract: Contract, seeds: Seeds) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The place of each schema that holds a seeded id, and the id; two in one body get different ones."""
    for operation in contract.operations:
        for parameter in operation.parameters_in("path"):
            ids = ids_for(operation, parameter, seeds)
            if ids and parameter.node.path == contract.path:
                yield parameter.node.tokens, ids[0]
        used: dict[str, int] = {}
        for media in operation.body.media if operation.body else ():
            shape = shape_of(media.schema) if media.schema is not None and media.is_json else None
            names = {name: table for _, name, table in _body_ids(operation, seeds)} if shape else {}
            for each in shape.properties if shape else ():
                if each.name in names and each.node.path == contract.path:
                    ids = alike_ids(names[each.name], seeds)
                    turn = used.get(names[each.name], 0)
                    used[names[each.name]] = turn + 1
                    yield each.node.tokens, ids[turn % len(ids)]


def _at(document: Any, tokens: tuple[str, ...]) -> Any:
    """What stands at a place of the document, or None."""
    node = document
    for token in tokens:
        node = node.get(token) if isinstance(node, dict) else node[int(token)] if isinstance(node, list) else None
    return node
