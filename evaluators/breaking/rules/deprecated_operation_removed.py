"""The rule deprecated-operation-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("deprecated-operation-removed", family="breaking", severity=Severity.INFO)
def deprecated_operation_removed(change: Change) -> Iterator[Flaw]:
    """An operation that was deprecated is gone, after its sunset.

    Why: It was announced, so it is told and no more: look whether anybody still calls it. It breaks every client.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          deprecated: true
          x-sunset: 2020-01-31
          responses: {"204": {description: None.}}
      /orders: {get: {responses: {"204": {description: None.}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /orders:
        get:
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          deprecated: true
          x-sunset: 2020-01-31
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          deprecated: true
          x-sunset: 2020-01-31
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          deprecated: true
          x-sunset: 2020-01-31
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          deprecated: true
          responses: {"204": {description: None.}}
    ```

    Precision: The sunset is the first date in `x-sunset`, the description or a Sunset header; without one, or
    before it, the removal is told by operation-removed.

    Source: RFC 8594 (Sunset header); RFC 9745 (Deprecation header). Zally 187 and 189.
    """
    yield from change.told("deprecated-operation-removed")
