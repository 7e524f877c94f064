"""The rule request-media-type-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("request-media-type-removed", family="breaking", severity=Severity.ERROR)
def request_media_type_removed(change: Change) -> Iterator[Flaw]:
    """A media type is no longer taken.

    Why: Clients that send it are answered 415. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json: {schema: {type: string}}, text/csv: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json: {schema: {type: string}}, text/csv: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          requestBody: {content: {application/json; charset=utf-8: {schema: {type: string}}}}
          responses: {"204": {description: Made.}}
    ```

    Precision: Parameters of the media type (charset) are not compared, and `*/*` holds every type.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("request-media-type-removed")
