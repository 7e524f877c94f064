"""The rule status-missing-unlike-others."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

MOST_OFTEN = 8
"""So many operations must be alike, and at most one of so many may differ."""
_TOLD = ("401", "404", "400", "422")
"""Statuses whose absence has a rule of its own."""
_ANYWHERE = ("429", "500", "502", "503", "504", "5XX")
"""Statuses that any operation can give; others are for operations of one kind."""

_PRIVILEGED = ("admin", "administration", "backoffice", "back-office", "staff", "internal", "manage", "management")


def _kinds(operation: Operation) -> Iterator[tuple[object, ...]]:
    """What an operation is like: all that are secured alike, and those of its method, body and id."""
    named = operation.path.rstrip("/").endswith("}")
    yield ("any", operation.secured)
    yield (operation.method, operation.secured, operation.body is not None, named)
    first = next((part for part in operation.path.split("/") if part in _PRIVILEGED), "")
    if first and operation.secured:
        yield ("privileged", first)


@rule("status-missing-unlike-others", family="contract", severity=Severity.WARNING)
def status_missing_unlike_others(contract: Contract) -> Iterator[Flaw]:
    """Nearly all operations of a kind declare a status, and one does not.

    Why: It was forgotten there: what holds for all its neighbours holds for it too, and clients do not expect it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /part0:
        get:
          operationId: get0
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part1:
        get:
          operationId: get1
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part2:
        get:
          operationId: get2
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part3:
        get:
          operationId: get3
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part4:
        get:
          operationId: get4
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part5:
        get: {operationId: get5, responses: {"204": {description: None.}}}
      /part6:
        get:
          operationId: get6
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part7:
        get:
          operationId: get7
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
    components:
      responses:
        Busy: {description: Too many., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /part0:
        get:
          operationId: get0
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part1:
        get:
          operationId: get1
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part2:
        get:
          operationId: get2
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part3:
        get:
          operationId: get3
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part4:
        get:
          operationId: get4
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part5:
        get:
          operationId: get5
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part6:
        get:
          operationId: get6
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part7:
        get:
          operationId: get7
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
    components:
      responses:
        Busy: {description: Too many., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /part0:
        get:
          operationId: get0
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part1:
        get:
          operationId: get1
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part2:
        get: {operationId: get2, responses: {"204": {description: None.}}}
      /part3:
        get:
          operationId: get3
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
      /part4:
        get:
          operationId: get4
          responses: {"204": {description: None.}, "429": {$ref: "#/components/responses/Busy"}}
    components:
      responses:
        Busy: {description: Too many., headers: {Retry-After: {schema: {type: integer}}}}
    ```

    Precision: Operations are compared with those of the same method that have the same security, a body and an id
    in the path alike; at least eight must be alike and at most one in eight may differ. A status that has its
    reason to be missing is told too.

    Source: Consistency; Zally 151 (must specify success and error responses).
    """
    kinds: dict[tuple[object, ...], list[Operation]] = {}
    for operation in contract.operations:
        if operation.responses:
            for kind in _kinds(operation):
                kinds.setdefault(kind, []).append(operation)
    told: set[tuple[str, str]] = set()
    for kind, alike in kinds.items():
        statuses = dict.fromkeys(r.status for each in alike for r in each.responses if r.status[:1] in "45")
        for status in statuses if len(alike) >= MOST_OFTEN else ():
            lacking = [each for each in alike if each.response(status) is None]
            if not lacking or len(lacking) * MOST_OFTEN > len(alike) or status in _TOLD:
                continue
            # Who may do what differs from one operation to the next, but not below one path of privilege.
            if (kind[0] == "any" and status not in _ANYWHERE) or (status == "403") != (kind[0] == "privileged"):
                continue
            for each in lacking:
                if (each.symbol, status) not in told:
                    told.add((each.symbol, status))
                    at = each.node.get("responses") or each.node
                    yield at.flaw(
                        f"{each.symbol} {status}",
                        f"{each.symbol} declares no {status}, as {len(alike) - len(lacking)} operations like it do.",
                    )
