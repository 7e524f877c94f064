"""The bodies of requests and answers as the contract declares them, beside the classes that the code uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from evaluators.code.data_models import DataModel, Field
from evaluators.contract.facts import Media, Operation
from evaluators.contract.shapes import Facets, Shape
from evaluators.cross.facts import Facts

Body = tuple[Operation, Shape, DataModel]

_BOUNDS = (
    ("max_length", "max_length", "maxLength"),
    ("min_length", "min_length", "minLength"),
    ("maximum", "le", "maximum"),
    ("minimum", "ge", "minimum"),
)
"""The contract's facet, the field's keyword, and the name to say."""


def bodies(facts: Facts) -> Iterator[Body]:
    """Each operation's request body with the class that its handler reads it as, where there is one of each."""
    for operation, route in facts.routing.pairs:
        media = operation.body.media if operation.body else ()
        shape = _shape(facts, media)
        model = facts.code.data_model(route.body[0]) if facts.code and len(route.body) == 1 else None
        if shape is not None and model is not None:
            yield operation, shape, model


def answers(facts: Facts) -> Iterator[Body]:
    """Each operation's good answer with the class that it is written as, where it is one thing and no list."""
    for operation, route in facts.routing.pairs:
        model = facts.code.data_model(route.response) if facts.code and route.response else None
        shapes = [shape for each in operation.successes if (shape := _shape(facts, each.media)) is not None]
        if model is not None and len(shapes) == 1 and not route.response_many:
            yield operation, shapes[0], model


def _shape(facts: Facts, media: tuple[Media, ...]) -> Shape | None:
    """The object of a body in JSON; None for alternatives, lists and what is no object."""
    schema = next((each.schema for each in media if each.is_json and each.schema is not None), None)
    if schema is None or schema.followed().has("oneOf") or schema.followed().has("anyOf"):
        return None
    shape = facts.contract.shape_at(schema)
    return shape if shape.properties else None


def differing(said: Facets, held: Field) -> Iterator[tuple[str, str, str]]:
    """(in the contract, in the code, the bound's name) of each bound that both name with different numbers."""
    for facet, keyword, name in _BOUNDS:
        one, other = getattr(said, facet), _number(held.constraint(keyword))
        if one is not None and other is not None and Decimal(str(one)) != other:
            yield str(one), str(other), name


def _number(source: str) -> Decimal | None:
    """The number that a keyword's source certainly is, or None."""
    try:
        value = ast.literal_eval(source) if source else None
        return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except (ValueError, SyntaxError, InvalidOperation):
        return None
