"""The rule operation-id-against-method."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_WRITES = frozenset(("create", "add", "insert", "update", "delete", "remove", "patch", "destroy", "replace"))
_READS = frozenset(("get", "list", "find", "read", "fetch", "show"))
_EXCLUDED = {
    "GET": _WRITES,
    "HEAD": _WRITES,
    "DELETE": _READS | {"create", "insert", "update", "patch", "replace"},
    "PUT": _READS | {"delete", "remove", "destroy"},
    "PATCH": _READS | {"delete", "remove", "destroy", "create"},
}


@rule("operation-id-against-method", family="contract", severity=Severity.WARNING)
def operation_id_against_method(contract: Contract) -> Iterator[Flaw]:
    """The operationId says another method than the operation has.

    Why: Generated clients get a function that says what it does not do; either the name or the method is a
    mistake.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        delete:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        delete:
          operationId: deleteItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/search:
        post: {operationId: listItems, responses: {"204": {description: None.}}}
      /items/{id}:
        put:
          operationId: createItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          requestBody: {required: true, content: {text/plain: {schema: {type: string, maxLength: 80}}}}
          responses: {"201": {description: Made.}, "422": {description: No.}}
    ```

    Precision: The first word is compared, and only pairs that exclude each other are told; a POST may do
    anything.

    Source: RFC 9110, section 9.3. Spectral operation-operationId (the naming part).
    """
    for operation in contract.operations:
        first = words_of(operation.id or "")[:1]
        if first and first[0] in _EXCLUDED.get(operation.method, ()):
            yield operation.node.flaw(
                operation.symbol, f"{operation.symbol} is called {operation.id}, which says another method."
            )
