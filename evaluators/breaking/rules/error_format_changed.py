"""The rule error-format-changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("error-format-changed", family="breaking", severity=Severity.WARNING)
def error_format_changed(change: Change) -> Iterator[Flaw]:
    """Failures are answered in another format.

    Why: Clients read what went wrong from it; now they show nothing, or fail over the failure. It breaks clients
    that read.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"404": {description: x, content: {application/json: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"404": {description: x, content: {application/problem+json: {schema: {type: string}}}}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"404": {description: x, content: {application/json: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "404":
              description: x
              content:
                application/json: {schema: {type: string}}
                application/problem+json: {schema: {type: string}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"404": {description: x}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"404": {description: x, content: {application/problem+json: {schema: {type: string}}}}}
    ```

    Precision: A format where there was none is fine. Properties that went are told by response-property-removed.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("error-format-changed")
