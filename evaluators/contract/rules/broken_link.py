"""The rule broken-link."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("broken-link", family="contract", severity=Severity.WARNING)
def broken_link(contract: Contract) -> Iterator[Flaw]:
    """A link leads to no operation, or fills no parameter of it.

    Why: A client that follows it ends nowhere.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          responses:
            "204":
              description: Made.
              links: {get: {operationId: getItm, parameters: {id: $response.header.Id}}}
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          responses:
            "204":
              description: Made.
              links: {get: {operationId: getItem, parameters: {id: $response.header.Id}}}
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          responses:
            "204":
              description: Made.
              links: {get: {operationRef: "#/paths/~1items~1{id}/get", parameters: {path.id: $response.header.Id}}}
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Precision: References to other descriptions are not followed; the runtime expressions themselves are not
    judged.

    Source: OpenAPI 3.1, "Link Object".
    """
    by_id = {operation.id: operation for operation in contract.operations if operation.id}
    told: set[Node] = set()
    for holder in contract.survey.plain("links"):
        for name, written in holder.items("links"):
            link = written.followed()
            wanted = link.text("operationId")
            if not wanted or link in told:
                continue
            told.add(link)
            operation = by_id.get(wanted)
            if operation is None:
                near = get_close_matches(wanted, [each for each in by_id if each], 1, 0.7)
                hint = f"Did you mean {near[0]}?" if near else ""
                yield link.flaw(link.pointer, f"The link {name} leads to {wanted}, which no operation is called.", hint)
                continue
            known = {p.name for p in operation.parameters} | {f"{p.where}.{p.name}" for p in operation.parameters}
            for parameter, node in link.items("parameters"):
                if parameter not in known:
                    yield node.flaw(node.pointer, f"The link {name} fills {parameter}, which {wanted} does not take.")
