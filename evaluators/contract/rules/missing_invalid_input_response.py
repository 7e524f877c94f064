"""The rule missing-invalid-input-response."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation, Parameter
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _bounded(parameter: Parameter) -> bool:
    """Whether some text is no valid value of the parameter."""
    if parameter.schema is None:
        return False
    said = facets(parameter.schema)
    bounds = (said.enum, said.pattern, said.max_length, said.min_length, said.format)
    return bool(said.types - {"string"}) or any(bound is not None for bound in bounds)


def _input(operation: Operation) -> str:
    """What can be wrong, in a few words; empty where nothing can."""
    if operation.body is not None and any(media.schema is not None for media in operation.body.media):
        return "a body"
    query = [parameter for parameter in operation.parameters_in("query") if _bounded(parameter)]
    return f"the query parameter {query[0].name}" if query else ""


@rule("missing-invalid-input-response", family="contract", severity=Severity.ERROR)
def missing_invalid_input_response(contract: Contract) -> Iterator[Flaw]:
    """An operation takes input that can be wrong and declares neither 400 nor 422.

    Why: A body or a query that breaks its schema must be refused, and the contract does not say how.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          parameters: [{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}]
          responses: {"204": {description: None.}, "422": {description: No limit.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          parameters: [{name: q, in: query, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```

    Precision: A free text cannot be wrong. 400, 422, a range or a default counts. Path parameters that are wrong
    may be 404.

    Source: RFC 9110, sections 15.5.1 and 15.5.21. Spectral owasp:api8:2023-define-error-validation.
    """
    for operation in contract.operations:
        taken = _input(operation)
        refused = any(operation.response(status) is not None for status in ("400", "422"))
        if taken and operation.responses and not refused:
            at = operation.node.get("responses") or operation.node
            yield at.flaw(
                operation.symbol, f"{operation.symbol} takes {taken} and declares neither 400 nor 422.", "Declare 422."
            )
