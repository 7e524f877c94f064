"""The rule security-tightened."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("security-tightened", family="breaking", severity=Severity.ERROR)
def security_tightened(change: Change) -> Iterator[Flaw]:
    """Who got in before gets in no more.

    Why: A new credential, a new scope, or a scheme that is taken away answers 401 or 403 to whoever was let in.
    It breaks every client.

    Bad:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{jwt: []}, {key: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{jwt: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}}
    ```

    Good:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{jwt: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{jwt: []}, {key: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}}}
    ```

    Boundary:
    ```yaml before/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{jwt: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {jwt: {type: http, scheme: bearer}}}
    ```
    ```yaml after/openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          security: [{bearer: []}]
          responses: {"204": {description: None.}}
    components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
    ```

    Precision: Schemes are compared by what they are, not by what they are called; scopes by name. The addresses
    of an OAuth flow are not compared.

    Source: oasdiff, breaking changes; Zally 106 and 107 (do not break backward compatibility).
    """
    yield from change.told("security-tightened")
