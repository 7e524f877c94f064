"""The rule parameter-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("parameter-removed", family="breaking", severity=Severity.WARNING)
def parameter_removed(change: Change) -> Iterator[Flaw]:
    """A parameter is no longer taken.

    Why: It is refused, or silently ignored: a filter that does not filter answers everything. It breaks clients
    that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters:
            - {name: color, in: query, schema: {type: string}}
            - {name: size, in: query, schema: {type: string}}
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: size, in: query, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: color, in: query, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters:
            - {name: color, in: query, schema: {type: string}}
            - {name: size, in: query, schema: {type: string}}
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: X-Trace, in: header, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: x-trace, in: header, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```

    Precision: Headers are compared without case. A parameter that moved (from the query into a header) is told as
    removed.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("parameter-removed")
