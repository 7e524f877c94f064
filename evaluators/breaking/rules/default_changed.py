"""The rule default-changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("default-changed", family="breaking", severity=Severity.WARNING)
def default_changed(change: Change) -> Iterator[Flaw]:
    """A default is another one.

    Why: Who leaves the value out gets something else than before, without any error. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer, default: 50}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer, default: 10}}]
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer, default: 50}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer, default: 50}}]
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: limit, in: query, schema: {type: integer, default: 50}}]
          responses: {"204": {description: None.}}
    ```

    Precision: A default where none was written may be what the service did all the time.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("default-changed")
