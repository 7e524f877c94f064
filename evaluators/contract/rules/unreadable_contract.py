"""The rule unreadable-contract."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unreadable-contract", family="contract", severity=Severity.ERROR)
def unreadable_contract(contract: Contract) -> Iterator[Flaw]:
    """The contract cannot be read.

    Why: What no parser can read describes nothing, and nothing can be proved against it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: "Shop, version: "1"}
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
    paths: {}
    ```

    Precision: Whatever keeps the file from being read is one finding, and no other rule speaks then. Bounds of
    depth and size count as unreadable too.

    Source: OpenAPI 3.1, "Format": a document is JSON, or YAML 1.2 that JSON can express.
    """
    yield from contract.told("unreadable-contract")
