"""The rule personal-data-without-security."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import flattened, values
from evaluators.contract.words import is_entrance, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PERSONAL = frozenset(("email", "phone", "birthdate", "birthday", "iban", "passport", "ssn", "salary"))
_PUBLIC = frozenset(("contact", "support", "public", "info", "help", "company", "store", "shop"))


def _personal(name: str) -> bool:
    """Whether a property of that name is about a person."""
    words = set(words_of(name))
    dated = {"birth", "date"} <= words or {"date", "of", "birth"} <= words
    return bool(words & _PERSONAL or dated) and not words & (_PUBLIC | {"verified", "enabled", "id"})


@rule("personal-data-without-security", family="contract", severity=Severity.WARNING, security=True)
def personal_data_without_security(contract: Contract) -> Iterator[Flaw]:
    """An operation answers personal data to everybody.

    Why: Others ask for a credential, and this one gives mail addresses or the like to whoever calls: its security
    was forgotten.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /members:
        get:
          operationId: listMembers
          responses:
            "200":
              description: The members.
              content:
                application/json:
                  schema:
                    type: array
                    maxItems: 50
                    items: {type: object, properties: {email: {type: string, format: email}}}
      /me:
        get:
          operationId: getMe
          security: [{jwt: []}]
          responses: {"204": {description: x}, "401": {description: x}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /members:
        get:
          operationId: listMembers
          responses:
            "200":
              description: The members.
              content:
                application/json:
                  schema:
                    type: array
                    maxItems: 50
                    items: {type: object, properties: {email: {type: string, format: email}}}
            "401": {description: Log in.}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /shops/{id}:
        get:
          operationId: getShop
          security: []
          parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
          responses:
            "200":
              description: The shop.
              content:
                application/json:
                  schema: {type: object, properties: {name: {type: string}, contactEmail: {type: string}}}
            "404": {description: None.}
      /me:
        get:
          operationId: getMe
          security: [{jwt: []}]
          responses: {"204": {description: x}, "401": {description: x}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Precision: Reads only. A contract without any scheme is left alone, and so is `security: []`, which was
    written on purpose. Addresses for contact or support are public.

    Source: OWASP API1:2023 and API2:2023.
    """
    if not contract.schemes or not any(operation.secured for operation in contract.operations):
        return
    for operation in contract.operations:
        if operation.method != "GET" or operation.secured or operation.security_stated or is_entrance(operation.path):
            continue
        schemas = [m.schema for response in operation.successes for m in response.media if m.schema is not None]
        for value in values(schemas):
            named = [name for part in flattened(value)[0] for name, _ in part.items("properties") if _personal(name)]
            if named:
                yield operation.node.flaw(
                    operation.symbol, f"{operation.symbol} answers {named[0]} and asks for no credential."
                )
                break
