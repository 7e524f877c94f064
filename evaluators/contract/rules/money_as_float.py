"""The rule money-as-float."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.contract.words import is_money
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("money-as-float", family="contract", severity=Severity.WARNING)
def money_as_float(contract: Contract) -> Iterator[Flaw]:
    r"""An amount of money is a number without precision.

    Why: 0.1 + 0.2 is not 0.3 in most readers of JSON numbers, and cents go missing.

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
              content: {application/json: {schema: {type: object, properties: {price: {type: number}}}}}
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
                  schema: {type: object, properties: {price: {type: string, pattern: '^\d{1,9}\.\d{2}$'}}}
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
                    type: object
                    properties:
                      price: {type: number, multipleOf: 0.01}
                      tax_rate: {type: number}
                      total_count: {type: integer}
    ```

    Precision: Names that end in a word for money are meant; rates are not money. A number with multipleOf has its
    precision.

    Source: Zally 173 (common money type); RFC 8259, section 6.
    """
    for schema, name, node in contract.survey.properties:
        said = facets(node) if is_money(name) else None
        if said and "number" in said.types and said.multiple_of is None:
            hint = "Use an integer of minor units, or a decimal as text."
            yield node.flaw(f"{schema.pointer} {name}", f"{name} is money and a number without precision.", hint)
