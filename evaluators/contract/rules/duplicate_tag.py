"""The rule duplicate-tag."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("duplicate-tag", family="contract", severity=Severity.WARNING)
def duplicate_tag(contract: Contract) -> Iterator[Flaw]:
    """A tag is declared twice.

    Why: Readers show one of the two descriptions, and nobody knows which.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    tags: [{name: items, description: Goods.}, {name: items, description: Things.}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    tags: [{name: items, description: Goods.}]
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    tags: [{name: orders}, {name: Orders}]
    paths: {}
    ```

    Precision: Names are compared by letter.

    Source: OpenAPI 3.1: each tag name in the list MUST be unique.
    """
    seen: set[str] = set()
    for node in contract.root.elements("tags") if contract.root else ():
        name = node.text("name")
        if name in seen:
            yield node.flaw(name, f"The tag {name} is declared twice.")
        seen.add(name)
