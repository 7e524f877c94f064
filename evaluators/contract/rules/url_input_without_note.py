"""The rule url-input-without-note."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_CALLED = frozenset(
    ("webhook", "callback", "hook", "import", "fetch", "source", "feed", "notify", "notification", "target", "endpoint")
)


@rule("url-input-without-note", family="contract", severity=Severity.INFO, security=True)
def url_input_without_note(contract: Contract) -> Iterator[Flaw]:
    """The service takes a URL that it will call, and says nothing of which.

    Why: Whoever sends an address of the inner network makes the service call it (server-side request forgery).

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {webhook_url: {type: string, format: uri, maxLength: 500}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties:
                    webhook_url:
                      type: string
                      format: uri
                      maxLength: 500
                      pattern: "^https://"
                      description: Public hosts only.
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        post:
          operationId: createItem
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {homepage_url: {type: string, format: uri, maxLength: 500}}
          responses: {"204": {description: Made.}, "422": {description: No item.}}
    ```

    Precision: Names that say that the service calls them (webhook, callback, import, fetch, source, feed, notify)
    are meant. Any description or pattern counts as a note; whether the service keeps to it is not seen.

    Source: OWASP API7:2023, Server Side Request Forgery. Spectral owasp:api7:2023-concerning-url-parameter.
    """
    given = [(p.name, p.schema) for op in contract.operations for p in op.parameters if p.schema is not None]
    given += [(name, node) for value in contract.request_values for name, node in value.items("properties")]
    told: set[Node] = set()
    for name, node in given:
        words = words_of(name)
        if words[-1:] not in (["url"], ["uri"]) or not set(words) & _CALLED or node in told:
            continue
        told.add(node)
        said = [part.text("description") or part.text("pattern") for part in flattened(node)[0]]
        if not any(said):
            yield node.flaw(node.pointer, f"Nothing says which addresses {name} may hold.", "Describe them.")
