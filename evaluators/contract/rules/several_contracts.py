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

    Source: OpenAPI 3.1, "OpenAPI Description Structure": one document is the entry.
    """
    yield from contract.told("several-contracts")
