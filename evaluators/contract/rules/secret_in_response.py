"""The rule secret-in-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened, values
from evaluators.contract.words import is_password, is_secret
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _schemas(operation: Operation) -> list[Node]:
    return [media.schema for r in operation.successes for media in r.media if media.schema is not None]


def _secrets(schemas: list[Node], shown_once: bool) -> Iterator[Node]:
    """The properties below the schemas that nobody should read."""
    for value in values(schemas):
        for part in flattened(value)[0]:
            for name, node in part.items("properties"):
                if is_password(name) or (is_secret(name) and not shown_once):
                    said = facets(node)
                    if not said.write_only and said.types != {"boolean"}:
                        yield node


@rule("secret-in-response", family="contract", severity=Severity.ERROR, security=True)
def secret_in_response(contract: Contract) -> Iterator[Flaw]:
    """An answer holds a password, its hash or another secret.

    Why: Whoever may read the resource reads it too; a hash can be cracked at leisure.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /me:
        get:
          operationId: getMe
          responses:
            "200":
              description: Yourself.
              content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
    components:
      schemas:
        User: {type: object, properties: {name: {type: string}, password_hash: {type: string}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /me:
        get:
          operationId: getMe
          responses:
            "200":
              description: Yourself.
              content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
    components:
      schemas:
        User: {type: object, properties: {name: {type: string}, password_changed_at: {type: string, format: date-time}}}
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
                  schema:
                    type: object
                    properties:
                      has_password: {type: boolean}
                      password_hint_url: {type: string}
                      password: {type: string, writeOnly: true}
    ```

    Precision: It goes by names. What a POST answers once (a key that was made) is fine, a password never is.

    Source: OWASP API3:2023, Broken Object Property Level Authorization (excessive data exposure).
    """
    names = {name for _, name, _ in contract.survey.properties}
    if not any(is_password(name) or is_secret(name) for name in names):
        return
    told: set[Node] = set()
    for shown_once in (False, True):
        operations = [each for each in contract.operations if (each.method == "POST") is shown_once]
        for node in _secrets([schema for each in operations for schema in _schemas(each)], shown_once):
            if node in told:
                continue
            told.add(node)
            where = next(op for op in operations if node in _secrets(_schemas(op), shown_once))
            message = f"{where.symbol} answers with {node.name}."
            yield node.flaw(node.pointer, message, "Leave it out, or mark it writeOnly.")
