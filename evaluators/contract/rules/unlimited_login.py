"""The rule unlimited-login."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import is_password, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_TRIED = frozenset(("login", "signin", "token", "verify", "otp", "mfa", "reset", "session", "sessions", "authenticate"))


@rule("unlimited-login", family="contract", severity=Severity.INFO, security=True)
def unlimited_login(contract: Contract) -> Iterator[Flaw]:
    """Passwords or codes can be tried without a limit.

    Why: Nothing in the contract slows down whoever tries passwords, codes or reset tokens one after another.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /login:
        post:
          operationId: login
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string, maxLength: 80}, password: {type: string, maxLength: 80}}
          responses: {"204": {description: Welcome.}, "401": {description: No.}, "422": {description: No login.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /login:
        post:
          operationId: login
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string, maxLength: 80}, password: {type: string, maxLength: 80}}
          responses:
            "204": {description: Welcome.}
            "401": {description: No.}
            "422": {description: No login.}
            "429": {description: Too many tries., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /members:
        post:
          operationId: register
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {name: {type: string, maxLength: 80}, password: {type: string, maxLength: 80}}
          responses: {"204": {description: Welcome.}, "422": {description: No member.}}
    ```

    Precision: An operation counts as a login when its last segment says so and its body holds a password or a
    code. A limit in front of the service that the contract does not name is not seen.

    Source: OWASP API2:2023, Broken Authentication; API4:2023.
    """
    for operation in contract.operations:
        last = set(words_of(operation.path.rsplit("/", 1)[-1]))
        body = operation.body if operation.method == "POST" and last & _TRIED else None
        media = body.media if body else ()
        names = {found.name for each in media if each.schema for found in shape_of(each.schema).properties}
        tried = any(is_password(name) or set(words_of(name)) & {"otp", "pin", "code"} for name in names)
        if tried and operation.responses and operation.response("429") is None:
            at = operation.node.get("responses") or operation.node
            yield at.flaw(operation.symbol, f"{operation.symbol} can be tried without a limit.", "Declare 429.")
