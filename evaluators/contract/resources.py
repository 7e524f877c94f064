"""Operations by resource: the collection's and the item's, with what they take and what they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import Shape, facets, flattened, shape_of


def sent_to(operation: Operation | None) -> Node | None:
    """The schema of the operation's JSON body, or None."""
    return operation.sent if operation else None


def answered_by(operation: Operation | None) -> Node | None:
    """The schema of the operation's first JSON success, or None."""
    return operation.answered if operation else None


def unwrapped(schema: Node | None) -> Node | None:
    """The schema itself, or that under `data` where an answer is an envelope around one object."""
    if schema is None:
        return None
    inner = shape_of(schema).property("data")
    return inner.node if inner is not None and "array" not in inner.facets.types else schema


def element_of(schema: Node | None) -> Node | None:
    """The items of a list that is answered bare, or as the only list of an envelope; None for another answer."""
    if schema is None:
        return None
    lists = [part for part in flattened(schema)[0] if part.has("items")]
    if not lists:
        held = [found for found in shape_of(schema).properties if "array" in found.facets.types]
        lists = [part for found in held[:1] for part in flattened(found.node)[0] if part.has("items")]
        lists = lists if len(held) == 1 else []
    return lists[0].get("items") if lists else None


def component_of(schema: Node | None) -> Node | None:
    """The component that a schema is, by reference alone; None where it is written in place."""
    if schema is None or schema.reference is None:
        return None
    return schema.followed()


def identifier_of(shape: Shape, key: str) -> str | None:
    """The name of the property that identifies a shape: `id`, or what its path parameter is called."""
    names = {found.name for found in shape.properties}
    return next((name for name in ("id", key) if name in names), None)


def requirements(contract: Contract, operation: Operation) -> Iterator[tuple[str, Node]]:
    """Each scheme that an operation asks for with the list of its scopes."""
    owner = operation.node if operation.security_stated else contract.root
    for alternative in owner.elements("security") if owner else ():
        yield from alternative.items()


def scopes_asked(contract: Contract, operation: Operation) -> list[Node]:
    """The scopes or roles that an operation asks for."""
    return [scope for _, scopes in requirements(contract, operation) for scope in scopes.elements()]


def same_kind(one: Node, other: Node) -> bool:
    """Whether two schemas may hold the same values, as far as type and format say; what is silent may."""
    first, second = facets(one), facets(other)
    if first is second:
        return True
    kinds = [{"number" if kind == "integer" else kind for kind in said.types} for said in (first, second)]
    if kinds[0] and kinds[1] and not kinds[0] & kinds[1]:
        return False
    return not (first.format and second.format and _family(first.format) != _family(second.format))


def _family(form: str) -> str:
    """A format without what is only its width or a part of it."""
    return re.sub(r"^(int|uri|iri).*", r"\1", form) if form not in ("float", "double") else "float"
