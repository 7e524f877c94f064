"""The rule path-case-mixed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_STYLES = {"kebab": r"[a-z0-9]+(-[a-z0-9]+)+", "snake": r"[a-z0-9]+(_[a-z0-9]+)+", "camel": r"[a-z]+([A-Z][a-z0-9]*)+"}


@rule("path-case-mixed", family="contract", severity=Severity.INFO)
def path_case_mixed(contract: Contract) -> Iterator[Flaw]:
    """Paths are written in several ways: kebab, snake and camel case.

    Why: Nobody can guess the next one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /order-items:
        get:
          operationId: listOrderItems
          responses: {"204": {description: None.}}
      /gift_cards:
        get:
          operationId: listGiftCards
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /order-items:
        get:
          operationId: listOrderItems
          responses: {"204": {description: None.}}
      /gift-cards:
        get:
          operationId: listGiftCards
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /order-items:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}}
      /v1/items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
    ```

    Precision: Segments of one word fit every habit. Parameters are not segments.

    Source: Zally 129, IBM path-segment-casing-convention.
    """
    first: dict[str, tuple[str, Node]] = {}
    for path, node in contract.root.items("paths") if contract.root else ():
        for segment in path.split("/"):
            for style, form in _STYLES.items():
                if re.fullmatch(form, segment):
                    first.setdefault(style, (segment, node))
    if len(first) > 1:
        said = ", ".join(f"{style} ({segment})" for style, (segment, _) in sorted(first.items()))
        yield list(first.values())[1][1].flaw("paths", f"Paths are written in several ways: {said}.")
