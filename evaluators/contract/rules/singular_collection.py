"""The rule singular-collection."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PLURAL = frozenset(
    (
        *(
            "people",
            "children",
            "men",
            "women",
            "data",
            "media",
            "criteria",
            "indices",
            "feedback",
            "staff",
            "equipment",
        ),
        *("inventory", "history", "information", "metadata", "software", "stock", "mail", "content", "money", "series"),
    )
)


@rule("singular-collection", family="contract", severity=Severity.INFO, strict=True)
def singular_collection(contract: Contract) -> Iterator[Flaw]:
    """A collection has a singular name.

    Why: The list of all orders is under `order`: the paths of one contract read in two ways.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /order:
        get: {operationId: listOrders, responses: {"204": {description: None.}}}
      /order/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        get: {operationId: listOrders, responses: {"204": {description: None.}}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /people:
        get: {operationId: listPeople, responses: {"204": {description: None.}}}
      /people/{id}:
        get:
          operationId: getPerson
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Precision: English words only; what does not end in s and is no common irregular plural is taken for a
    singular. A habit, and so in the preset strict only.

    Source: Zally 134 (pluralize resource names).
    """
    for resource in contract.resources:
        words = words_of(resource.path.rsplit("/", 1)[-1])
        if resource.list is not None and words and not words[-1].endswith("s") and words[-1] not in _PLURAL:
            yield resource.list.node.flaw(resource.path, f"The collection {resource.path} has a singular name.")
