"""The rule enum-case-mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("enum-case-mixed", family="contract", severity=Severity.INFO)
def enum_case_mixed(contract: Contract) -> Iterator[Flaw]:
    """Values of one enum are written in several ways.

    Why: Somebody adds a value by another habit, or mistypes one; clients compare by letter.

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
                  schema: {type: object, properties: {state: {type: string, enum: [open, closed, OnHold]}}}
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
                  schema: {type: object, properties: {state: {type: string, enum: [open, closed, on_hold]}}}
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
                      currency: {type: string, enum: [EUR, USD]}
                      unit: {type: string, enum: [kg, m, lb]}
                      time: {type: string, enum: [Europe/Zurich, UTC]}
                      order: {type: string, enum: [name, -name, created_at]}
    ```

    Precision: Words of letters only are compared, and single words fit every lower or upper habit; names of
    places, units, methods and currencies have their own.

    Source: Zally 240 (enumerations in UPPER_SNAKE_CASE). Consistency.
    """
    for schema in contract.survey.schemas_with("enum"):
        values = [value for value in schema.elements("enum") if isinstance(value.value, str)]
        upper = [value for value in values if re.fullmatch(r"[A-Z]{3,}(_[A-Z]+)*", value.value)]
        lower = [value for value in values if re.fullmatch(r"[a-z]+([_-][a-z]+)*", value.value)]
        other = [value for value in values if re.fullmatch(r"[A-Z]?[a-z]+([A-Z][a-z]+)*", value.value)]
        other = [value for value in other if value not in lower]
        if other and all(value.value[0].islower() for value in other):
            # One word in small letters is right beside `notApplicable` too.
            one = [value for value in lower if value.value.isalpha()]
            lower, other = [value for value in lower if value not in one], [*other, *one]
        styles = sorted((each for each in (upper, lower, other) if each), key=len)
        if len(styles) > 1 and sum(map(len, styles)) == len(values) and len(styles[0]) < len(styles[-1]):
            odd = styles[0][0]
            yield odd.flaw(schema.pointer, f"{odd.value} is written in another way than {styles[-1][0].value}.")
