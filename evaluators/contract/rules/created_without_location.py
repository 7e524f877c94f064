"""The rule created-without-location."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

LEAST = 4
SHARE = 0.8
"""A habit: at least this share of more than so many creations."""


@rule("created-without-location", family="contract", severity=Severity.INFO)
def created_without_location(contract: Contract) -> Iterator[Flaw]:
    """A 201 does not say where the new resource is.

    Why: There is a GET for it, and the client has to build its URL by hand.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          responses: {"201": {description: Made.}}
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          responses:
            "201": {description: Made., headers: {Location: {schema: {type: string, format: uri-reference}}}}
      /items/{id}:
        get:
          operationId: getItem
          parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: oneItem
          responses: {"201": {description: Made.}}
    ```

    Precision: Told only where there is a GET for what was made, so that there is an address to give.

    Source: RFC 9110, section 15.3.2.
    """
    read = {
        re.sub(r"/\{[^{}/]+\}$", "", other.path)
        for other in contract.operations
        if other.method == "GET" and other.path.endswith("}")
    }
    created = [(each, each.response("201")) for each in contract.operations if each.method == "POST"]
    located = ["location" in made.headers for _, made in created if made is not None and made.status == "201"]
    # Where nearly all of a contract's creations say where the new thing is, one that does not was forgotten.
    habit = len(located) > LEAST and sum(located) >= SHARE * len(located)
    elsewhere = {path.rpartition("/")[2] for path in read}
    for operation, made in created:
        if made is None or made.status != "201" or "location" in made.headers:
            continue
        if operation.path in read or (habit and operation.path.rpartition("/")[2] in elsewhere):
            yield made.written.flaw(operation.symbol, f"{operation.symbol} answers 201 without a Location header.")
