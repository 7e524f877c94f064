"""The rule secret-in-url."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import is_password, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("secret-in-url", family="contract", severity=Severity.ERROR, security=True)
def secret_in_url(contract: Contract) -> Iterator[Flaw]:
    """A password or key is sent in the path or the query.

    Why: URLs are written to logs, histories and Referer headers.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /session:
        get:
          operationId: logIn
          parameters: [{name: password, in: query, required: true, schema: {type: string, maxLength: 99}}]
          responses: {"204": {description: Welcome.}, "422": {description: No.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /session:
        post:
          operationId: logIn
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [password]
                  properties: {password: {type: string, maxLength: 99}}
          responses:
            "204": {description: Welcome.}
            "422": {description: No.}
            "429": {description: Too many tries., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          parameters: [{name: password_changed_before, in: query, schema: {type: string, format: date}}]
          responses: {"204": {description: None.}, "422": {description: No date.}}
    ```

    Precision: It goes by names; tokens of invitations and mails in a path are fine, because a link must carry
    them.

    Source: OWASP API2:2023. Spectral owasp:api2:2023-no-credentials-in-url.
    """
    told: set[str] = set()
    for operation in contract.operations:
        for parameter in (*operation.parameters_in("path"), *operation.parameters_in("query")):
            words = words_of(parameter.name)
            key = words in (["api", "key"], ["apikey"], ["secret"], ["client", "secret"], ["access", "token"])
            if (is_password(parameter.name) or key) and parameter.node.pointer not in told:
                told.add(parameter.node.pointer)
                message = f"{operation.symbol} takes {parameter.name} in the URL."
                yield parameter.node.flaw(
                    f"{operation.symbol} {parameter.name}", message, "Take it in a header or body."
                )
