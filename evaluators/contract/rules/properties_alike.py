"""The rule properties-alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("properties-alike", family="contract", severity=Severity.WARNING)
def properties_alike(contract: Contract) -> Iterator[Flaw]:
    """Two properties of one object differ only in how they are written.

    Why: One of them is a leftover or a typing mistake: clients fill the one, and the service reads the other.

    Bad:
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
                  schema: {type: object, properties: {userId: {type: string}, userid: {type: string}}}
    ```

    Good:
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
              content: {application/json: {schema: {type: object, properties: {userId: {type: string}}}}}
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
                      line1: {type: string}
                      line2: {type: string}
                      unit: {type: string}
                      units: {type: integer}
    ```

    Precision: Case, underscores and hyphens are taken away before two names are compared; what else is alike is
    not told.

    Source: Consistency; Zally 118.
    """
    for schema in contract.survey.schemas_with("properties"):
        seen: dict[str, Node] = {}
        for name, node in schema.items("properties"):
            known = seen.setdefault(re.sub(r"[-_]", "", name.lower()), node)
            if known != node:
                yield node.flaw(
                    f"{schema.pointer} {name}",
                    f"{name} and {known.name} differ only in how they are written.",
                    places=(known.at,),
                )
