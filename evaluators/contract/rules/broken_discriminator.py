"""The rule broken-discriminator."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("broken-discriminator", family="contract", severity=Severity.ERROR)
def broken_discriminator(contract: Contract) -> Iterator[Flaw]:
    """A discriminator does not tell its schemas apart.

    Why: A reader picks the schema by that property; where an alternative does not require it,
    or the mapping names nothing, it cannot pick.

    Bad:
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
              content:
                application/json:
                  schema:
                    oneOf: [{$ref: "#/components/schemas/Book"}, {$ref: "#/components/schemas/Lamp"}]
                    discriminator: {propertyName: kind}
    components:
      schemas:
        Book: {type: object, required: [kind], properties: {kind: {const: Book}}}
        Lamp: {type: object, required: [watt], properties: {watt: {type: integer}}}
    ```

    Good:
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
              content:
                application/json:
                  schema:
                    oneOf: [{$ref: "#/components/schemas/Book"}, {$ref: "#/components/schemas/Lamp"}]
                    discriminator: {propertyName: kind}
    components:
      schemas:
        Book: {type: object, required: [kind], properties: {kind: {const: Book}}}
        Lamp: {type: object, required: [kind], properties: {kind: {const: Lamp}}}
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
              content:
                application/json:
                  schema:
                    anyOf: [{$ref: "#/components/schemas/Book"}, {type: "null"}]
                    discriminator: {propertyName: kind, mapping: {book: Book}}
    components:
      schemas:
        Base: {type: object, required: [kind], properties: {kind: {type: string}}}
        Book: {allOf: [{$ref: "#/components/schemas/Base"}]}
    ```

    Precision: What an alternative requires by reference or allOf counts. Whether the values of the property tell
    the alternatives apart is not judged.

    Source: OpenAPI 3.1, "Discriminator Object": the property MUST be required in each schema.
    """
    for schema in contract.survey.schemas_with("discriminator"):
        name = (schema.get("discriminator") or schema).text("propertyName")
        if not name or not schema.has("discriminator"):
            continue
        choices = [*schema.elements("oneOf"), *schema.elements("anyOf")] or [schema]
        for choice in choices:
            shape = shape_of(choice)
            if choice.value != {"type": "null"} and name not in shape.required:
                called = choice.followed().name if choice.reference else "An alternative"
                yield choice.flaw(
                    choice.pointer, f"{called} does not require {name}, which tells the alternatives apart."
                )
        yield from _unmapped(contract, schema)


def _unmapped(contract: Contract, schema: Node) -> Iterator[Flaw]:
    """A flaw for each entry of the mapping that names nothing."""
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if discriminator else None
    for key, target in mapping.items() if mapping else ():
        name = str(target.value)
        by_name = contract.shape(name) is not None
        if not by_name and schema.files.target(schema.path, name) is None:
            yield target.flaw(target.pointer, f"The discriminator maps {key} to {name}, which does not exist.")
