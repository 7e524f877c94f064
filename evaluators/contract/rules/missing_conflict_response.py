"""The rule missing-conflict-response."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_UNIQUE = re.compile(
    r"\b(must|has to|have to|needs to|should) be (globally )?unique|\b(is|are) unique\b"
    r"|^unique\b(?! (identifier|id|key|reference|code|number)\b)"
    r"|\balready (exists|taken|in use)",
    re.IGNORECASE,
)
_TAKEN = re.compile(r"already|taken|duplicate|conflict|unique", re.IGNORECASE)


@rule("missing-conflict-response", family="contract", severity=Severity.WARNING)
def missing_conflict_response(contract: Contract) -> Iterator[Flaw]:
    """An operation says that something must be unique and declares no 409.

    Why: The second one is refused, and the contract does not say how; clients cannot tell it from bad input.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /members:
        post:
          operationId: addMember
          description: Adds a member. The nickname must be unique.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {nickname: {type: string, maxLength: 40}}
          responses: {"204": {description: Added.}, "422": {description: No member.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /members:
        post:
          operationId: addMember
          description: Adds a member. The nickname must be unique.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {nickname: {type: string, maxLength: 40}}
          responses:
            "204": {description: Added.}
            "409": {description: The nickname is taken.}
            "422": {description: No member.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /members:
        post:
          operationId: addMember
          description: Adds a member and gives it a unique number.
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {nickname: {type: string, maxLength: 40}}
          responses: {"204": {description: Added.}, "422": {description: No member.}}
    ```

    Precision: It reads what descriptions of the operation and of its properties say, and a 422 whose description
    speaks of it counts. What only the schema of the database knows is told by unique-without-conflict.

    Source: RFC 9110, section 15.5.10.
    """
    for operation in contract.operations:
        if operation.method not in ("POST", "PUT", "PATCH") or not operation.responses:
            continue
        if operation.response("409") is not None or any(_TAKEN.search(str(r.node.value)) for r in operation.responses):
            continue
        sent = sent_to(operation)
        said = [operation.node.text("description"), operation.node.text("summary")]
        said += [found.node.text("description") for found in (shape_of(sent).properties if sent else ())]
        if any(_UNIQUE.search(text) for text in said):
            at = operation.node.get("responses") or operation.node
            yield at.flaw(
                operation.symbol, f"{operation.symbol} needs something unique and declares no 409.", "Declare 409."
            )
