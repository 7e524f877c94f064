"""The rule unused-component."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_KINDS = ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks")


@rule("unused-component", family="contract", severity=Severity.INFO)
def unused_component(contract: Contract) -> Iterator[Flaw]:
    """A component is used nowhere.

    Why: It is either forgotten or left over, and readers take it for part of the service.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {}
    components:
      schemas:
        Item: {type: string}
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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
    components:
      schemas:
        Item: {type: string}
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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}
    components:
      schemas:
        Item:
          type: object
          required: [kind]
          properties: {kind: {type: string}}
          discriminator: {propertyName: kind}
        Book: {allOf: [{$ref: "#/components/schemas/Item"}]}
    ```

    Precision: What refers to a schema with a discriminator is found by its value. A component that only another
    contract uses is told.

    Source: Spectral oas3-unused-component, Redocly no-unused-components.
    """
    used = {target.tokens[:3] for node in contract.references if (target := node.target()) is not None}
    bases = {
        place
        for node in contract.all_schemas
        if node.has("discriminator")
        for place in (node.tokens[:3], *(name.rsplit("/", 1)[-1] for name in _mapped(node.value)))
    }
    for kind in _KINDS:
        for name, node in contract.component(kind):
            parents = [part.followed().tokens[:3] for part in node.elements("allOf")]
            if node.tokens not in used and name not in bases and not any(parent in bases for parent in parents):
                yield node.flaw(f"{kind}/{name}", f"{name} of components/{kind} is used nowhere.")
    for scheme in contract.schemes:
        if not any(scheme.name in each for op in contract.operations for each in op.security):
            yield scheme.node.flaw(f"securitySchemes/{scheme.name}", f"The security scheme {scheme.name} is unused.")


def _mapped(schema: dict[str, object]) -> list[str]:
    """The names that a discriminator maps to."""
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    return [str(name) for name in mapping.values()] if isinstance(mapping, dict) else []
