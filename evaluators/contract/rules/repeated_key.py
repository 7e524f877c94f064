"""The rule repeated-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("repeated-key", family="contract", severity=Severity.ERROR)
def repeated_key(contract: Contract) -> Iterator[Flaw]:
    """A mapping holds a key twice.

    Why: One of the two is lost without a word, and which one depends on the reader.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}}
      /items:
        delete:
          operationId: deleteItems
          responses: {"204": {description: Gone.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}}
        delete:
          operationId: deleteItems
          responses: {"204": {description: Gone.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: oneItem
          description: A.
          responses: {"204": {description: None.}}
      /others: {get: {operationId: other, description: A., responses: {"204": {description: None.}}}}
    ```

    Precision: A merge key (`<<`) may stand with keys that it would set. Every mapping of every file that is read
    is looked at.

    Source: YAML 1.2, section 3.2.1.3: keys are unique; RFC 8259, section 4.
    """
    yield from contract.told("repeated-key")
