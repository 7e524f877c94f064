"""The rule trace-in-error."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened, values
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_INSIDE = frozenset(("trace", "stack", "stacktrace", "traceback", "exception", "sql", "debug", "backtrace"))


@rule("trace-in-error", family="contract", severity=Severity.WARNING, security=True)
def trace_in_error(contract: Contract) -> Iterator[Flaw]:
    """An error answer holds what only the service should see.

    Why: Traces, statements and exception names tell an attacker what runs there and where it breaks.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204": {description: None.}
            "500":
              description: Broken.
              content:
                application/problem+json:
                  schema: {type: object, properties: {detail: {type: string}, stackTrace: {type: string}}}
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
            "204": {description: None.}
            "500":
              description: Broken.
              content:
                application/problem+json: {schema: {type: object, properties: {detail: {type: string}}}}
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
            "204": {description: None.}
            "500":
              description: Broken.
              content:
                application/problem+json:
                  schema: {type: object, properties: {detail: {type: string}, traceId: {type: string}}}
    ```

    Precision: It goes by names: trace, stack, exception, sql, debug. Ids of a trace are fine.

    Source: OWASP API8:2023, Security Misconfiguration; CWE-209.
    """
    bodies: dict[int, tuple[Node, Operation]] = {}
    for operation in contract.operations:
        for response in operation.responses:
            for media in response.media if response.status[:1] in "45d" else ():
                if media.schema is not None:
                    schema = media.schema.followed()
                    bodies.setdefault(id(schema.value), (schema, operation))
    told: set[Node] = set()
    for schema, operation in bodies.values():
        for value in values([schema]):
            for name, node in (pair for part in flattened(value)[0] for pair in part.items("properties")):
                words = words_of(name)
                if words and words[-1] in _INSIDE and node not in told:
                    told.add(node)
                    message = f"An error of {operation.symbol} holds {name}."
                    yield node.flaw(node.pointer, message, "Log it instead.")
