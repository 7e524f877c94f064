"""The contract as typed facts, each part with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from evaluators.contract.node import Files, Node, tokens_of
from evaluators.contract.parts import Problem
from evaluators.contract.shapes import Shape, reachable, shape_of, values
from evaluators.contract.walk import Survey
from evaluators.finding import Location
from evaluators.rule import Flaw

if TYPE_CHECKING:
    from evaluators.contract.bundle import Bundle
    from evaluators.contract.checker import Checker

_ITEM = re.compile(r"(.*)/\{([^{}/]+)\}/?")


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body."""

    type: str
    node: Node
    schema: Node | None

    @property
    def is_json(self) -> bool:
        """Whether it is `application/json` or a `+json` type."""
        return _is_json(self.type)


@lru_cache(maxsize=1_000)
def _is_json(type: str) -> bool:
    bare = type.split(";")[0].strip().lower()
    return bare in ("application/json", "text/json") or bare.endswith("+json")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, its reference followed. `where` is path, query, header or cookie."""

    name: str
    where: str
    required: bool
    node: Node
    schema: Node | None


@dataclass(frozen=True, slots=True)
class Body:
    """A request body, its reference followed."""

    required: bool
    node: Node
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A response, its reference followed. `status` is `200`, `4XX` or `default`."""

    status: str
    node: Node
    """The response itself (shared ones are at their own place)."""
    written: Node
    """The entry of the operation."""
    media: tuple[Media, ...]
    headers: tuple[str, ...]
    """Names in lower case."""


@dataclass(frozen=True)
class Operation:
    """A method of a path (or of a webhook, whose `path` is its name)."""

    method: str
    """Upper case."""
    path: str
    id: str | None
    """The operationId."""
    node: Node
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    security: tuple[frozenset[str], ...]
    """Alternatives in force, each the names of schemes that hold together; empty: none needed."""
    security_stated: bool
    """Whether the operation says its own `security` (also `[]`)."""
    webhook: bool = False

    @cached_property
    def symbol(self) -> str:
        """`GET /users/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def secured(self) -> bool:
        """Whether nobody gets in without a credential."""
        return bool(self.security) and frozenset() not in self.security

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags."""
        return self.node.texts("tags")

    @property
    def table(self) -> str | None:
        """Its `x-table`."""
        return self.node.text("x-table") or None

    def response(self, status: str) -> Response | None:
        """The response that answers with `status`: exactly, by its range, or by default."""
        known = self._by_status
        return known.get(status) or known.get(f"{status[:1]}XX") or known.get("DEFAULT")

    @cached_property
    def _by_status(self) -> dict[str, Response]:
        return {response.status.upper(): response for response in self.responses}

    @cached_property
    def sent(self) -> Node | None:
        """The schema of its JSON body, or None."""
        return _json(self.body.media) if self.body else None

    @cached_property
    def answered(self) -> Node | None:
        """The schema of its first JSON success, or None."""
        found = (_json(response.media) for response in self.successes)
        return next((schema for schema in found if schema is not None), None)

    @cached_property
    def successes(self) -> tuple[Response, ...]:
        """The responses of 2xx."""
        return tuple(response for response in self.responses if response.status.startswith("2"))

    def parameters_in(self, where: str) -> tuple[Parameter, ...]:
        """The parameters in `path`, `query`, `header` or `cookie`."""
        return tuple(parameter for parameter in self.parameters if parameter.where == where)


@dataclass(frozen=True)
class Resource:
    """A collection `/users` and its item `/users/{id}`; an operation that is not there is None."""

    path: str
    key: str
    """The name of the item's path parameter."""
    list: Operation | None
    create: Operation | None
    read: Operation | None
    replace: Operation | None
    patch: Operation | None


@dataclass(frozen=True)
class SecurityScheme:
    """A security scheme. `kind` is apiKey, http, oauth2, openIdConnect or mutualTLS."""

    name: str
    kind: str
    scheme: str
    """`bearer` or `basic` for http, lower case."""
    where: str
    """`query`, `header` or `cookie` for apiKey."""
    node: Node


@dataclass(frozen=True)
class Contract:
    """The facts of one contract. Without a readable file `root` is None and `problems` says why."""

    path: str
    """The file, or empty where there is none."""
    files: Files = field(compare=False, repr=False)
    root: Node | None
    refused: tuple[Problem, ...] = ()
    """Why there is none."""
    operations: tuple[Operation, ...] = ()
    webhooks: tuple[Operation, ...] = ()
    schemas: tuple[Shape, ...] = ()
    """The shapes of `components.schemas`, by their place in the file."""
    schemes: tuple[SecurityScheme, ...] = ()

    @cached_property
    def survey(self) -> Survey:
        """What one walk over the contract finds: its schemas, and who holds which keyword."""
        return Survey(self.root)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What reading brought up: the contract's own file, then every file that it refers to."""
        if self.root is None:
            return self.refused
        if self.files.several:
            # The walk reads every file that is referred to.
            _ = self.survey
        own = self.files.source(self.path)
        read = {each.path: each for each in (own, *self.files.read_so_far()) if each is not None}
        return tuple(problem for each in read.values() for problem in each.problems)

    @property
    def version(self) -> str:
        """The value of `openapi`, such as `3.1.0`; empty where there is none."""
        return self.root.text("openapi") if self.root else ""

    @property
    def family(self) -> str:
        """`3.0`, `3.1`, `3.2`, or empty for another version."""
        found = re.match(r"3\.[012]\.", self.version)
        return found.group()[:3] if found else ""

    @property
    def title(self) -> str:
        """The title of `info`."""
        info = self.root.get("info") if self.root else None
        return info.text("title") if info else ""

    @property
    def servers(self) -> tuple[Node, ...]:
        """The entries of `servers`."""
        return tuple(self.root.elements("servers")) if self.root else ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The names of the declared tags."""
        return tuple(tag.text("name") for tag in self.root.elements("tags")) if self.root else ()

    def locate(self, pointer: str) -> Location:
        """The place of a JSON pointer (`#/paths/~1users/get`, or `other.yaml#/...`)."""
        path, _, fragment = pointer.rpartition("#")
        source = self.files.source(path or self.path)
        return source.locate(tokens_of(fragment)) if source else Location(path or self.path)

    def told(self, rule: str) -> Iterator[Flaw]:
        """What reading the file brought up for the rule of that id."""
        for problem in self.problems:
            if problem.rule == rule:
                yield Flaw(problem.symbol, problem.at, problem.message, hint=problem.hint)

    def component(self, kind: str) -> Iterator[tuple[str, Node]]:
        """Name and node of each component of a kind (`schemas`, `responses`, ...)."""
        components = self.root.get("components") if self.root else None
        if components is not None:
            yield from components.items(kind)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of that method and path template, or None."""
        return self.by_symbol.get(f"{method.upper()} {path}")

    @cached_property
    def by_symbol(self) -> dict[str, Operation]:
        """The operations by method and path template; the first of each."""
        return {operation.symbol: operation for operation in reversed(self.operations)}

    def shape(self, name: str) -> Shape | None:
        """The component schema of that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Shape]:
        return {shape.name: shape for shape in reversed(self.schemas)}

    @cached_property
    def _by_place(self) -> dict[Node, Shape]:
        return {shape.node: shape for shape in reversed(self.schemas)}

    def shape_at(self, node: Node) -> Shape:
        """The shape of any schema; a component's own one where the node refers to it."""
        end = node.followed() if set(node.value if isinstance(node.value, dict) else ()) <= {"$ref"} else node
        return self._by_place.get(end) or shape_of(end)

    @cached_property
    def response_schemas(self) -> tuple[Node, ...]:
        """Every schema that a response of an operation can hold, references followed."""
        return tuple(
            reachable(schema for op in self.operations for each in op.responses for schema in _schemas(each.media))
        )

    @cached_property
    def request_values(self) -> tuple[Node, ...]:
        """Every schema that stands for a whole value in a request body."""
        return tuple(values(schema for op in self.operations if op.body for schema in _schemas(op.body.media)))

    @cached_property
    def response_values(self) -> tuple[Node, ...]:
        """Every schema that stands for a whole value in a response."""
        return tuple(
            values(schema for op in self.operations for each in op.responses for schema in _schemas(each.media))
        )

    @cached_property
    def all_schemas(self) -> tuple[Node, ...]:
        """Every Schema Object that is written anywhere, each place once."""
        return tuple(self.survey.schemas)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource that has an item path, in the order of the file."""
        return tuple(_resources(self.operations))

    @cached_property
    def statuses(self) -> dict[str, list[tuple[Operation, Response]]]:
        """Every response of every operation, by its status as it is written, in the order of the file."""
        found: dict[str, list[tuple[Operation, Response]]] = {}
        for operation in self.operations:
            for response in operation.responses:
                found.setdefault(response.status, []).append((operation, response))
        return found

    @cached_property
    def checker(self) -> Checker:
        """What checks values against the contract's schemas."""
        from evaluators.contract.checker import Checker

        return Checker(self.files, self.family)

    @cached_property
    def bundle(self) -> Bundle | None:
        """The contract as one document, also where it is written in several files; None without a readable one."""
        from evaluators.contract.bundle import Bundle, bundled

        if self.root is None:
            return None
        # Alone, it is one document already, and nothing need be walked to know it.
        return bundled(self.root, self.survey.references) if self.files.several else Bundle(self.root.value, self.root)

    @cached_property
    def references(self) -> tuple[Node, ...]:
        """Every node with a `$ref`, in the contract and in the files that it refers to."""
        return tuple(self.survey.references)


def _resources(operations: Iterable[Operation]) -> Iterator[Resource]:
    """Every resource that has an item path, in the order of the operations."""
    known = {operation.symbol: operation for operation in operations}
    for path in dict.fromkeys(operation.path for operation in known.values()):
        found = _ITEM.fullmatch(path)
        if found:
            above = found.group(1)
            yield Resource(
                above,
                found.group(2),
                known.get(f"GET {above}"),
                known.get(f"POST {above}"),
                known.get(f"GET {path}"),
                known.get(f"PUT {path}"),
                known.get(f"PATCH {path}"),
            )


def _json(media: tuple[Media, ...]) -> Node | None:
    """The schema of the first JSON media that has one."""
    return next((each.schema for each in media if each.schema is not None and each.is_json), None)


def _schemas(media: tuple[Media, ...]) -> list[Node]:
    return [each.schema for each in media if each.schema is not None]
