"""The rule ignored-reference-sibling."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_HARMLESS = frozenset(("$ref", "description", "summary", "title", "example"))


@rule("ignored-reference-sibling", family="contract", severity=Severity.WARNING)
def ignored_reference_sibling(contract: Contract) -> Iterator[Flaw]:
    """A key beside a `$ref` has no effect in OpenAPI 3.0.

    Why: Readers of 3.0 drop everything beside `$ref`: a `nullable` or a `maxLength` there is lost.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.0.3
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content:
                application/json:
                  schema: {nullable: true, $ref: "#/components/schemas/Item"}
    components:
      schemas:
        Item: {type: string}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.0.3
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "200":
              description: The items.
              content:
                application/json:
                  schema: {nullable: true, allOf: [{$ref: "#/components/schemas/Item"}]}
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
              content: {application/json: {schema: {$ref: "#/components/schemas/Item", maxLength: 20}}}
    components: {schemas: {Item: {type: string}}}
    ```

    Precision: Only in 3.0: since 3.1 siblings count. Description, summary, title and example beside a reference
    are lost as well, and harmless.

    Source: OpenAPI 3.0, "Reference Object": additional properties SHALL be ignored.
    """
    if contract.family != "3.0":
        return
    for node in contract.references:
        if len(node.value) == 1:
            continue
        lost = [key for key in node.value if key not in _HARMLESS and not key.startswith("x-")]
        item = len(node.tokens) == 2 and node.tokens[0] == "paths"
        if lost and not item:
            yield node.flaw(node.pointer, f"{', '.join(lost)} beside $ref has no effect.", "Wrap the $ref in allOf.")
