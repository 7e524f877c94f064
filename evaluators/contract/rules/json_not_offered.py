"""The rule json-not-offered."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_TEXT = frozenset(("text/plain", "text/html", "*/*", "text/*", "application/text", "json"))
_JSON = ("application/json", "application/problem+json")


@rule("json-not-offered", family="contract", severity=Severity.WARNING)
def json_not_offered(contract: Contract) -> Iterator[Flaw]:
    """An object is answered or taken under a media type that is not JSON.

    Why: The schema describes an object, and the media type says text, or is misspelt: clients do not parse it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content: {text/plain: {schema: {type: object, properties: {name: {type: string}}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: exportItems
          responses:
            "200":
              description: The items.
              content:
                text/csv: {schema: {type: string}}
                text/event-stream: {schema: {type: object, properties: {name: {type: string}}}}
                application/vnd.shop.v2+json: {schema: {type: object, properties: {name: {type: string}}}}
    ```

    Precision: Vendor types, forms, XML, streams and binary types are left alone; only text types, `*/*` and near
    misspellings of JSON with an object or a list as schema are told.

    Source: RFC 8259; RFC 6838. Zally 172 (prefer standard media type names).
    """
    for operation in contract.operations:
        bodies = [operation.body.media] if operation.body else []
        for media in (*bodies, *(response.media for response in operation.responses)):
            if any(each.is_json for each in media):
                continue
            for each in media:
                bare = each.type.split(";")[0].strip().lower()
                said = facets(each.schema).types if each.schema is not None else frozenset()
                if said & {"object", "array"} and (bare in _TEXT or get_close_matches(bare, _JSON, 1, 0.85)):
                    yield each.node.flaw(
                        f"{operation.symbol} {each.type}",
                        f"{operation.symbol} has an object or a list under the media type {each.type}.",
                        "Write application/json.",
                    )
