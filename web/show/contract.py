"""A contract to browse: operations by tag, with parameters, bodies, answers and examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from web.show.highlight import coloured
from web.show.plain import one_line, slug
from web.show.shapes import Shape, bounds_of, example_of, shape, type_of
from web.show.text import markdown

if TYPE_CHECKING:
    from evaluators.contract.document import Contract
    from evaluators.contract.facts import Media, Operation, Parameter, Response
    from evaluators.contract.node import Node

AT_ONCE = 60
"""Operations up to which a page shows every tag; with more it shows one tag at a time."""

MOST_SCHEMAS = 150
"""Shared schemas that are shown."""


@dataclass(frozen=True)
class ParameterView:
    """A parameter."""

    name: str
    where: str
    required: bool
    type: str
    bounds: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class BodyView:
    """One media type of a request or an answer."""

    media: str
    shape: Shape | None
    example: Markup
    """Coloured JSON; empty where there is none."""
    made_up: bool


@dataclass(frozen=True)
class AnswerView:
    """A response."""

    status: str
    description: str
    bodies: tuple[BodyView, ...]
    headers: tuple[str, ...]


@dataclass(frozen=True)
class OperationView:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: Markup
    deprecated: bool
    access: str
    """Who gets in, in words."""
    file: str
    line: int
    parameters: tuple[ParameterView, ...]
    bodies: tuple[BodyView, ...]
    body_required: bool
    answers: tuple[AnswerView, ...]
    table: str


@dataclass(frozen=True)
class SchemaView:
    """A shared schema."""

    id: str
    name: str
    file: str
    line: int
    shape: Shape


@dataclass(frozen=True)
class TagView:
    """A tag with how many operations it has; those themselves where they are shown."""

    id: str
    name: str
    description: str
    count: int
    operations: tuple[OperationView, ...] = ()


@dataclass(frozen=True)
class ContractView:
    """The whole document."""

    title: str
    version: str
    openapi: str
    file: str
    description: Markup
    tags: tuple[TagView, ...]
    schemas: tuple[SchemaView, ...]
    schemes: tuple[tuple[str, str, str], ...]
    """Security schemes: name, kind, description."""
    problems: tuple[str, ...]
    operations: int
    shown: str = ""
    """The only tag that is shown, where the document is large."""
    more_schemas: int = 0


class _Bodies:
    """Bodies that were worked out: an error's is that of a hundred answers."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], BodyView] = {}

    def view(self, media: Media) -> BodyView:
        """One media type."""
        schema = media.schema
        own = media.node.has("example") or media.node.has("examples") or schema is None
        end = media.node if own or schema is None else schema.followed()
        key = (media.type, end.path, end.pointer)
        if key not in self._known:
            text, made_up = example_of(media.node, schema) if media.is_json else ("", False)
            example = Markup("\n").join(coloured(text, "json")) if text else Markup("")
            self._known[key] = BodyView(one_line(media.type, 80), shape(schema) if schema else None, example, made_up)
        return self._known[key]


def contract_view(contract: Contract, tag: str = "") -> ContractView:
    """A contract for the page. `tag` is the slug of the tag to show, where not all are."""
    info = contract.root.get("info") if contract.root else None
    operations = (*contract.operations, *contract.webhooks)
    groups = _groups(contract, operations)
    large = len(operations) > AT_ONCE
    chosen = tag if large and tag in {slug(name) for name in groups} else slug(next(iter(groups), "")) if large else ""
    described = {each.text("name"): each.text("description") for each in _tags(contract)}
    tags, bodies = [], _Bodies()
    for name, group in groups.items():
        shown = () if large and slug(name) != chosen else tuple(_operation(each, bodies) for each in group)
        words = one_line(described.get(name, ""), 300)
        tags.append(TagView(f"tag-{slug(name)}", one_line(name, 80), words, len(group), shown))
    schemas = list(contract.root.get("components").items("schemas")) if _components(contract) else []  # type: ignore[union-attr]
    return ContractView(
        title=one_line(contract.title, 200) or "Contract",
        version=one_line(info.text("version"), 40) if info else "",
        openapi=one_line(contract.version, 20),
        file=contract.path,
        description=markdown(info.text("description")) if info else Markup(""),
        tags=tuple(tags),
        schemas=tuple(_schema(name, node) for name, node in schemas[:MOST_SCHEMAS]),
        schemes=tuple(
            (
                one_line(s.name, 80),
                one_line(" ".join(p for p in (s.kind, s.scheme, s.where) if p), 80),
                one_line(s.node.text("description"), 300),
            )
            for s in contract.schemes
        ),
        problems=tuple(one_line(problem.message, 400) for problem in contract.problems),
        operations=len(operations),
        shown=chosen,
        more_schemas=max(0, len(schemas) - MOST_SCHEMAS),
    )


def _components(contract: Contract) -> bool:
    """Whether there are shared parts."""
    return contract.root is not None and contract.root.get("components") is not None


def _tags(contract: Contract) -> Sequence[Node]:
    """The declared tags."""
    return list(contract.root.elements("tags")) if contract.root else []


def _groups(contract: Contract, operations: Sequence[Operation]) -> dict[str, list[Operation]]:
    """Operations by their first tag: declared tags first, then the others, then those without one."""
    found: dict[str, list[Operation]] = {name: [] for name in contract.tags}
    plain: list[Operation] = []
    for each in operations:
        name = "Webhooks" if each.webhook else next(iter(each.tags), "")
        (found.setdefault(name, []) if name else plain).append(each)
    if plain:
        found["Operations" if not any(found.values()) else "Without a tag"] = plain
    return {name: group for name, group in found.items() if group}


def _operation(operation: Operation, bodies: _Bodies) -> OperationView:
    """One operation."""
    node, at = operation.node, operation.node.at
    body = operation.body
    return OperationView(
        id=operation_id(operation.symbol),
        method=one_line(operation.method, 20),
        path=one_line(operation.path, 300),
        summary=one_line(node.text("summary"), 300),
        description=markdown(node.text("description")),
        deprecated=node.flag("deprecated"),
        access=_access(operation),
        file=at.path,
        line=at.line,
        parameters=tuple(_parameter(each) for each in operation.parameters),
        bodies=tuple(bodies.view(each) for each in body.media) if body else (),
        body_required=body.required if body else False,
        answers=tuple(_answer(each, bodies) for each in operation.responses),
        table=one_line(operation.table or "", 80),
    )


def operation_id(symbol: str) -> str:
    """The anchor of an operation; paths that differ only in signs stay apart."""
    marks = symbol.replace("{", "-by-").replace("_", "-u-")
    return f"op-{slug(marks)}"


def _access(operation: Operation) -> str:
    """Who gets in: `anybody`, or the schemes that do."""
    if not operation.security or frozenset() in operation.security:
        return "anybody" if not operation.security else "anybody; more with a credential"
    return " or ".join(" and ".join(sorted(one_line(name, 60) for name in group)) for group in operation.security)


def _parameter(parameter: Parameter) -> ParameterView:
    """One parameter."""
    schema = parameter.schema
    return ParameterView(
        one_line(parameter.name, 120),
        one_line(parameter.where, 20),
        parameter.required,
        type_of(schema) if schema else "anything",
        bounds_of(schema.followed()) if schema else (),
        one_line(parameter.node.text("description"), 600),
    )


def _answer(response: Response, bodies: _Bodies) -> AnswerView:
    """One response."""
    return AnswerView(
        one_line(response.status, 20),
        one_line(response.node.text("description"), 400),
        tuple(bodies.view(each) for each in response.media),
        tuple(one_line(name, 80) for name in response.headers),
    )


def _schema(name: str, node: Node) -> SchemaView:
    """One shared schema."""
    at = node.at
    return SchemaView(f"schema-{slug(name)}", one_line(name, 120), at.path, at.line, shape(node))
