"""The rule server-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("server-removed", family="breaking", severity=Severity.WARNING)
def server_removed(change: Change) -> Iterator[Flaw]:
    """An address of the service is gone.

    Why: Clients have it in their settings. It breaks every client.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://a.example.com/v1}, {url: https://b.example.com}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://b.example.com}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://a.example.com}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://a.example.com}, {url: https://b.example.com}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://a.example.com}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: https://a.example.com/}]
    paths:
      /items:
        get:
          responses: {"204": {description: None.}}
    ```

    Precision: URLs are compared as they are written, without a last slash. A list that is left out altogether
    says nothing.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("server-removed")
