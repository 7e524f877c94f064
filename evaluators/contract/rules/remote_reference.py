"""The rule remote-reference."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("remote-reference", family="contract", severity=Severity.ERROR)
def remote_reference(contract: Contract) -> Iterator[Flaw]:
    """A `$ref` leads to another host.

    Why: Nothing is fetched while judging, so what it names is not proved; and a contract that
    changes when a stranger's server changes is no contract.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {$ref: "https://example.com/common.yaml#/responses/None"}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {$ref: "#/components/responses/None"}}
    components:
      responses:
        None: {description: None.}
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
                  schema: {type: object, properties: {url: {type: string, default: "https://example.com/a"}}}
    ```

    Precision: Identifiers (`$id`, `$self`) that a file of the contract has are found there. Nothing is ever
    fetched.

    Source: OWASP API10:2023, Unsafe Consumption of APIs.
    """
    for node in contract.references:
        if node.target() is not None:
            continue
        reference = node.reference or ""
        remote = "://" in reference.partition("#")[0] or reference.startswith("//")
        if remote:
            yield node.flaw(reference, f"{reference} is on another host.", "Copy it into the contract.")
