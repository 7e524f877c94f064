"""The rule secret-in-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened, values
from evaluators.contract.words import is_password, is_secret
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _secrets(operation: Operation) -> Iterator[Node]:
    """The properties of the operation's successes that nobody should read."""
    shown_once = operation.method == "POST"
    schemas = [media.schema for r in operation.successes for media in r.media if media.schema is not None]
    for value in values(schemas):
        for part in flattened(value)[0]:
            for name, node in part.items("properties"):
                said = facets(node)
                kept = said.write_only or said.types == {"boolean"}
                if not kept and (is_password(name) or (is_secret(name) and not shown_once)):
                    yield node


@rule("secret-in-response", family="contract", severity=Severity.ERROR)
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

    Source: OWASP API3:2023, Broken Object Property Level Authorization (excessive data exposure).
    """
    told: set[str] = set()
    for operation in contract.operations:
        for node in _secrets(operation):
            if node.pointer not in told:
                told.add(node.pointer)
                message = f"{operation.symbol} answers with {node.name}."
                yield node.flaw(node.pointer, message, "Leave it out, or mark it writeOnly.")
