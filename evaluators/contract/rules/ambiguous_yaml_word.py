"""The rule ambiguous-yaml-word."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("ambiguous-yaml-word", family="contract", severity=Severity.WARNING)
def ambiguous_yaml_word(contract: Contract) -> Iterator[Flaw]:
    """An unquoted word means different things to different YAML readers.

    Why: `no` is the text "no" to YAML 1.2, which OpenAPI asks for, and false to the many
    tools that read YAML 1.1; 08 and 10:30 become other numbers.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: country, in: query, schema: {type: string, enum: [se, no]}}
          responses: {"204": {description: None.}, "422": {description: No country.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters:
            - {name: country, in: query, schema: {type: string, enum: ["se", "no"]}}
          responses: {"204": {description: None.}, "422": {description: No country.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          description: "no"
          responses: {"204": {description: None.}}
    ```

    Precision: Quoted words, block texts, and `y` and `n`, which only few readers take for truth values, are left
    alone. JSON has no such words.

    Source: YAML 1.1 type repository (bool, int) against YAML 1.2, section 10.3.
    """
    yield from contract.told("ambiguous-yaml-word")
