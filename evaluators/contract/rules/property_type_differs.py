"""The rule property-type-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by, element_of, same_kind, sent_to, unwrapped
from evaluators.contract.shapes import Facets, shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _said(facets: Facets) -> str:
    """Type and format in words."""
    return " or ".join(sorted(facets.types)) + (f" ({facets.format})" if facets.format else "")


@rule("property-type-differs", family="contract", severity=Severity.WARNING)
def property_type_differs(contract: Contract) -> Iterator[Flaw]:
    """One property of a resource has several types.

    Why: What was read cannot be sent back: a client needs two models for one thing, and one of the two is wrong.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {quantity: {type: integer, minimum: 1, maximum: 99}}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema: {type: object, properties: {quantity: {type: string}}}
            "404": {description: None.}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {quantity: {type: integer, minimum: 1, maximum: 99}}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema: {type: object, properties: {quantity: {type: integer}}}
            "404": {description: None.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        post:
          operationId: createOrder
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties:
                    owner: {type: string, format: uuid}
                    total: {type: number, minimum: 0, maximum: 9, multipleOf: 0.01}
          responses: {"204": {description: Made.}, "422": {description: No order.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content:
                application/json:
                  schema:
                    type: object
                    properties: {owner: {type: object, properties: {name: {type: string}}}, total: {type: integer}}
            "404": {description: None.}
    ```

    Precision: Scalars of the request, the answer and the items of the list are compared by type and format; whole
    and other numbers go together, and an id that is answered as an object is an expansion.

    Source: Consistency of a resource; Zally 174.
    """
    told: set[str] = set()
    for resource in contract.resources:
        answer = unwrapped(answered_by(resource.read))
        if answer is None:
            continue
        read = shape_of(answer)
        others = [element_of(answered_by(resource.list))]
        others += [sent_to(each) for each in (resource.create, resource.replace, resource.patch)]
        for other in others:
            shape = shape_of(other) if other is not None else read
            for found in shape.properties if shape is not read else ():
                known = read.property(found.name)
                if known is None or known.facets is found.facets or known.node == found.node:
                    continue
                if f"{resource.path} {found.name}" in told:
                    continue
                kinds = (known.facets.types, found.facets.types)
                plain = all(kind and not kind & {"object", "array"} for kind in kinds)
                if plain and not same_kind(known.node, found.node):
                    told.add(f"{resource.path} {found.name}")
                    here, there = _said(found.facets), _said(known.facets)
                    yield found.node.flaw(
                        f"{resource.path} {found.name}",
                        f"{found.name} of {resource.path} is {here} here and {there} elsewhere.",
                        places=(known.node.at,),
                    )
