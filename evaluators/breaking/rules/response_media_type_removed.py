"""The rule response-media-type-removed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("response-media-type-removed", family="breaking", severity=Severity.ERROR)
def response_media_type_removed(change: Change) -> Iterator[Flaw]:
    """A media type is no longer answered.

    Why: Clients that ask for it are answered 406, or get what they cannot read. It breaks clients that read.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: x
              content: {application/json: {schema: {type: string}}, text/csv: {schema: {type: string}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"200": {description: x, content: {application/json: {schema: {type: string}}}}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"200": {description: x, content: {application/json: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses:
            "200":
              description: x
              content: {application/json: {schema: {type: string}}, text/csv: {schema: {type: string}}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"200": {description: x, content: {application/json: {schema: {type: string}}}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          responses: {"200": {description: x, content: {*/*: {schema: {type: string}}}}}
    ```

    Precision: Parameters of the media type are not compared. Those of failures are told by error-format-changed.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("response-media-type-removed")
