"""The rule identical-paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("identical-paths", family="contract", severity=Severity.ERROR)
def identical_paths(contract: Contract) -> Iterator[Flaw]:
    """Two paths differ only in the names of their parameters.

    Why: No router can tell them apart.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
      /items/{name}:
        delete:
          operationId: deleteItem
          parameters: [{name: name, in: path, required: true, schema: {type: string, maxLength: 20}}]
          responses: {"204": {description: Gone.}, "404": {description: No such item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
        get:
          operationId: getItem
          responses: {"204": {description: None.}, "404": {description: No such item.}}
        delete:
          operationId: deleteItem
          responses: {"204": {description: Gone.}, "404": {description: No such item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: oneItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
      /items/mine: {get: {operationId: mine, responses: {"204": {description: None.}}}}
    ```

    Precision: A fixed segment beside a parameter is fine: the fixed one wins. Templates that overlap in part are
    not compared.

    Source: OpenAPI 3.1, "Paths Object": templated paths with the same hierarchy MUST NOT exist.
    """
    first: dict[str, str] = {}
    for path, node in contract.root.items("paths") if contract.root else ():
        bare = re.sub(r"\{[^{}]*\}", "{}", path)
        if bare in first:
            yield node.flaw(path, f"{path} is the same path as {first[bare]}.", "Join the two.")
        first.setdefault(bare, path)
