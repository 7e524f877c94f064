"""The rule path-not-kebab-case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("path-not-kebab-case", family="contract", severity=Severity.INFO, strict=True)
def path_not_kebab_case(contract: Contract) -> Iterator[Flaw]:
    """A path segment is not written in lower case with hyphens.

    Why: URLs are read aloud, typed and compared; one habit spares mistakes.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /line_items: {get: {operationId: listLineItems, responses: {"204": {description: None.}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /line-items: {get: {operationId: listLineItems, responses: {"204": {description: None.}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{lineItem}/.well-known/v1.2:
        get:
          operationId: getLineItem
          parameters: [{name: lineItem, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Precision: A matter of taste, and so in the preset strict only; several habits in one contract are told by
    path-case-mixed.

    Source: Zally 129. Spectral and Redocly have it as paths-kebab-case.
    """
    found = []
    styles = set()
    for path, node in contract.root.items("paths") if contract.root else ():
        for segment in re.sub(r"\{[^{}]*\}", "", path).split("/"):
            style = re.search(r"[A-Z_-]", segment)
            if style:
                styles.add("A" if style.group().isalpha() else style.group())
                found.append((segment, node))
                break
    if len(styles) == 1 and styles != {"-"}:
        segment, node = found[0]
        places = tuple(each.at for _, each in found[1:])
        yield node.flaw("paths", f"{segment} is not written in lower case with hyphens.", places=places)
