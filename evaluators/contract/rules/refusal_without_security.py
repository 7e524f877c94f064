"""The rule refusal-without-security."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import is_entrance, is_password, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_CREDENTIAL = frozenset(("authorization", "signature", "token", "key", "secret", "session", "code", "otp", "cookie"))


@rule("refusal-without-security", family="contract", severity=Severity.WARNING, security=True)
def refusal_without_security(contract: Contract) -> Iterator[Flaw]:
    """An operation answers 401 and asks for no credential.

    Why: It answers that one must log in, and says nowhere how: its security was forgotten, and tests call it
    open.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          security: [{jwt: []}]
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /login:
        post:
          operationId: login
          responses: {"204": {description: Welcome.}, "401": {description: Wrong password.}}
      /hooks:
        post:
          operationId: receive
          parameters: [{name: X-Signature, in: header, required: true, schema: {type: string, maxLength: 90}}]
          responses: {"204": {description: Taken.}, "401": {description: Wrong signature.}}
    ```

    Precision: Entrances (login, refresh, webhooks and the like) and operations with a credential among their
    parameters or in their body are left alone.

    Source: OpenAPI 3.1, "Security Requirement Object"; RFC 9110, section 15.5.2.
    """
    for operation in contract.operations:
        refusal = next((r for r in operation.responses if r.status == "401"), None)
        if refusal is None or operation.security != () or is_entrance(operation.path):
            continue
        sent = sent_to(operation)
        names = [p.name for p in operation.parameters if p.where in ("header", "cookie", "query")]
        names += [found.name for found in (shape_of(sent).properties if sent is not None else ())]
        if not any(is_password(name) or set(words_of(name)) & _CREDENTIAL for name in names):
            yield refusal.written.flaw(
                operation.symbol, f"{operation.symbol} answers 401 and asks for no credential.", "State its security."
            )
