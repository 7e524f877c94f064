"""The rule parameter-style-changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("parameter-style-changed", family="breaking", severity=Severity.WARNING)
def parameter_style_changed(change: Change) -> Iterator[Flaw]:
    """A parameter is written in another style.

    Why: A list that was `a,b` must now be sent twice, or the other way round: the service reads one value or
    none. It breaks clients that send.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: color, in: query, explode: false, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          parameters: [{name: color, in: query, explode: true, schema: {type: string}}]
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
          parameters: [{name: color, in: query, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```

    Boundary:
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
          parameters: [{name: color, in: query, style: form, explode: true, schema: {type: string}}]
          responses: {"204": {description: None.}}
    ```

    Precision: Defaults of style and explode are worked in, so writing them out changes nothing. Of single values
    the style says little.

    Source: OpenAPI 3.1, "Style Values".
    """
    yield from change.told("parameter-style-changed")
