"""The rule list-of-another-resource."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import answered_by, component_of, element_of, unwrapped
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_COMMON = frozenset(("id", "name", "createdAt", "created_at", "updatedAt", "updated_at", "links", "_links", "data"))


@rule("list-of-another-resource", family="contract", severity=Severity.WARNING)
def list_of_another_resource(contract: Contract) -> Iterator[Flaw]:
    """A list answers something else than its items.

    Why: The list and the item of one resource have hardly a property in common: one of the two references the
    wrong schema.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        get:
          operationId: listOrders
          responses:
            "200":
              description: The orders.
              content:
                application/json:
                  schema: {type: array, maxItems: 50, items: {$ref: "#/components/schemas/Shop"}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "404": {description: None.}
    components:
      schemas:
        Order: {type: object, properties: {id: {type: integer}, buyer: {type: string}, total: {type: integer}}}
        Shop: {type: object, properties: {id: {type: integer}, street: {type: string}, city: {type: string}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        get:
          operationId: listOrders
          responses:
            "200":
              description: The orders.
              content:
                application/json:
                  schema: {type: array, maxItems: 50, items: {$ref: "#/components/schemas/Order"}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "404": {description: None.}
    components:
      schemas:
        Order: {type: object, properties: {id: {type: integer}, buyer: {type: string}, total: {type: integer}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        get:
          operationId: listOrders
          responses:
            "200":
              description: The orders.
              content:
                application/json:
                  schema: {type: array, maxItems: 50, items: {$ref: "#/components/schemas/OrderSummary"}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The order.
              content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
            "404": {description: None.}
    components:
      schemas:
        Order: {type: object, properties: {id: {type: integer}, buyer: {type: string}, total: {type: integer}}}
        OrderSummary: {type: object, properties: {id: {type: integer}, buyer: {type: string}}}
    ```

    Precision: Two components are compared; a summary whose properties are mostly those of the resource is fine,
    and so is a list of plain values.

    Source: Consistency of a resource; Zally 134 and 138.
    """
    for resource in contract.resources:
        item, read = element_of(answered_by(resource.list)), unwrapped(answered_by(resource.read))
        if component_of(item) is None or component_of(read) is None or item is None or read is None:
            continue
        if component_of(item) == component_of(read):
            continue
        listed = {found.name for found in shape_of(item).properties} - _COMMON
        known = {found.name for found in shape_of(read).properties} - _COMMON
        if len(listed) > 1 and len(known) > 1 and len(listed & known) * 4 < min(len(listed), len(known)):
            yield item.flaw(
                resource.path,
                f"The list {resource.path} answers {item.followed().name}, and its item is a {read.followed().name}.",
                places=(read.at,),
            )
