"""The rule boolean-as-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("boolean-as-text", family="contract", severity=Severity.INFO)
def boolean_as_text(contract: Contract) -> Iterator[Flaw]:
    """A truth value is a text.

    Why: Every client compares texts, and "False" is true in most languages.

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
                  schema: {type: object, properties: {active: {type: string, enum: ["true", "false"]}}}
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
              content: {application/json: {schema: {type: object, properties: {active: {type: boolean}}}}}
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
                  schema: {type: object, properties: {active: {type: string, enum: ["yes", "no", "unknown"]}}}
    ```

    Precision: Only enums of exactly two opposite words are meant, in bodies; a query parameter is a text anyway.

    Source: Zally 174; JSON Schema, "boolean".
    """
    for schema, name, node in contract.survey.properties:
        said = facets(node).enum
        words = {str(value).lower() for value in said if isinstance(value, str)} if said else ()
        if words in ({"true", "false"}, {"yes", "no"}, {"0", "1"}, {"y", "n"}, {"t", "f"}):
            yield node.flaw(f"{schema.pointer} {name}", f"{name} is a text that means yes or no.", "Make it a boolean.")
