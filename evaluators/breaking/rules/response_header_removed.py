"""The rule response-header-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("response-header-removed", family="breaking", severity=Severity.WARNING)
def response_header_removed(change: Change) -> Iterator[Flaw]:
    """A header is no longer answered.

    Why: Clients that page, cache or wait by it (Link, ETag, Retry-After) stop doing so. It breaks clients that
    read.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: x, headers: {ETag: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: x}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: x, headers: {ETag: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "204": {description: x, headers: {ETag: {schema: {type: string}}, Link: {schema: {type: string}}}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: x, headers: {ETag: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"204": {description: x, headers: {etag: {schema: {type: string}}}}}
    ```

    Precision: Names are compared without case; whether a client looks at the header is not known.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("response-header-removed")
