"""The rule wildcard-origin-with-credentials."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _values(header: Node) -> set[str]:
    """What the contract says that a header holds, as text."""
    schema = header.get("schema") or header
    found = [each.raw(key) for each in (header, schema) for key in ("const", "default", "example")]
    found += [value.value for value in schema.elements("enum")]
    return {str(value).lower() for value in found if value is not None}


@rule("wildcard-origin-with-credentials", family="contract", severity=Severity.ERROR, security=True)
def wildcard_origin_with_credentials(contract: Contract) -> Iterator[Flaw]:
    """Answers may be read from every origin, with credentials.

    Why: Every page that a user opens can then read with the cookies of that user; browsers refuse the pair, and
    servers that mirror the origin to get around it are open.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204":
              description: None.
              headers:
                Access-Control-Allow-Origin: {schema: {type: string, const: "*"}}
                Access-Control-Allow-Credentials: {schema: {type: boolean, const: true}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204":
              description: None.
              headers:
                Access-Control-Allow-Origin: {schema: {type: string, const: "https://shop.example.com"}}
                Access-Control-Allow-Credentials: {schema: {type: boolean, const: true}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204":
              description: None.
              headers: {Access-Control-Allow-Origin: {schema: {type: string, const: "*"}}}
    ```

    Precision: Values are read from const, enum, default and example of the two headers; what the service really
    sends is not known here.

    Source: Fetch Standard, "CORS protocol and credentials"; OWASP API8:2023.
    """
    for operation in contract.operations:
        for response in operation.responses:
            if "access-control-allow-origin" not in response.headers:
                continue
            said = {name.lower(): _values(node.followed()) for name, node in response.node.items("headers")}
            wide = "*" in said.get("access-control-allow-origin", set())
            if wide and "true" in said.get("access-control-allow-credentials", set()):
                yield response.node.flaw(
                    operation.symbol, f"{operation.symbol} lets every origin read with credentials."
                )
