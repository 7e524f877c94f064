"""The rule unresolved-reference."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node, tokens_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _near(node: Node, reference: str) -> str:
    """The nearest name beside the one that is missing."""
    tokens = tokens_of(reference)
    parent = node.files.at(node.path, "#" + "".join(f"/{token}" for token in tokens[:-1])) if tokens else None
    names = [name for name, _ in parent.items()] if parent else []
    near = get_close_matches(tokens[-1], names, 1, 0.6) if tokens else []
    return f"The nearest name there is {near[0]}." if near else ""


@rule("unresolved-reference", family="contract", severity=Severity.ERROR)
def unresolved_reference(contract: Contract) -> Iterator[Flaw]:
    """A `$ref` names nothing.

    Why: What it should have said is missing, so no client, server or test can follow it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {$ref: "#/components/schemas/Itms"}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content: {application/json: {schema: {$ref: "#/components/schemas/Items"}}}
    components:
      schemas:
        Items: {type: array, maxItems: 100, items: {type: string}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {type: object, properties: {$ref: {type: string}}}}}
    ```

    Precision: A property that is called `$ref` is no reference. Files outside the folder that is checked are
    never read, so they count as missing.

    Source: OpenAPI 3.1, "Reference Object".
    """
    for node in contract.references:
        target = node.target()
        if target is not None and target.reference is None:
            continue
        reference = node.reference or ""
        if "://" in reference.partition("#")[0] or reference.startswith("//"):
            continue
        if target is None:
            yield node.flaw(reference, f"{reference} names nothing.", _near(node, reference))
        elif node.followed() == node:
            yield node.flaw(reference, f"{reference} leads back to itself and never to a value.")
