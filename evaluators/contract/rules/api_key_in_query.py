"""The rule api-key-in-query."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("api-key-in-query", family="contract", severity=Severity.ERROR, security=True)
def api_key_in_query(contract: Contract) -> Iterator[Flaw]:
    """A credential travels in the URL's query.

    Why: URLs are written to logs, histories and Referer headers.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{key: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: No key.}}
    components:
      securitySchemes:
        key: {type: apiKey, in: query, name: api_key}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{key: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: No key.}}
    components:
      securitySchemes:
        key: {type: apiKey, in: header, name: X-API-Key}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{login: []}]
          responses: {"204": {description: None.}, "401": {description: Log in.}}
    components: {securitySchemes: {login: {type: apiKey, in: cookie, name: session}}}
    ```

    Precision: Schemes are judged; a key among the parameters is told by secret-in-url. A key in the query that a
    proxy strips from its logs is told too.

    Source: OWASP API2:2023, Broken Authentication. Spectral owasp:api2:2023-no-api-keys-in-url.
    """
    for scheme in contract.schemes:
        if scheme.kind == "apiKey" and scheme.where == "query":
            yield scheme.node.flaw(scheme.name, f"The key of {scheme.name} travels in the query.", "Use a header.")
