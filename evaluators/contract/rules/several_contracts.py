"""The rule several-contracts."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("several-contracts", family="contract", severity=Severity.ERROR)
def several_contracts(contract: Contract) -> Iterator[Flaw]:
    """Several files could be the contract.

    Why: Nobody can say which of them the service keeps, and only one would be proved.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {}
    ```
    ```yaml docs/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "2"}
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {/items: {$ref: "paths/openapi.yaml#/paths/~1items"}}
    ```
    ```yaml paths/openapi.yaml
    openapi: 3.1.0
    info: {title: Parts, version: "1"}
    paths: {/items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}}
    ```

    Precision: Equal copies, a bundled copy and files that one entry refers to are one contract. A project of
    several services names each in its own folder, or says `[paths] contract`.

    Source: OpenAPI 3.1, "OpenAPI Description Structure": one document is the entry.
    """
    yield from contract.told("several-contracts")
