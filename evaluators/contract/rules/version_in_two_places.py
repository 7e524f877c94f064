"""The rule version-in-two-places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_VERSION = re.compile(r"/v[0-9]+(?:/|$)", re.IGNORECASE)
_NAMES = frozenset(("version", "api-version", "x-api-version", "apiversion"))


@rule("version-in-two-places", family="contract", severity=Severity.WARNING)
def version_in_two_places(contract: Contract) -> Iterator[Flaw]:
    """The version of the interface is said in two places.

    Why: The path of the server and the paths (or a parameter) both have it: they drift apart, and URLs read
    /v1/v1.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com/v1"}]
    paths:
      /v1/items:
        get: {operationId: listItems, responses: {"204": {description: None.}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com/v1"}]
    paths:
      /items:
        get: {operationId: listItems, responses: {"204": {description: None.}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://v1.example.com/api"}]
    paths:
      /v1/items:
        get: {operationId: listItems, responses: {"204": {description: None.}}}
      /v2/items:
        get: {operationId: listItems2, responses: {"204": {description: None.}}}
    ```

    Precision: Only segments `v` with a number, and parameters named version or api-version, are taken for
    versions. A version in a host name is not.

    Source: Zally 115; Microsoft REST guidelines, "Versioning".
    """
    served = next(
        (server for server in contract.servers if _VERSION.search(server.text("url").partition("://")[2])), None
    )
    first = next((operation for operation in contract.operations if _VERSION.search(operation.path)), None)
    given = next((p for each in contract.operations for p in each.parameters if p.name.lower() in _NAMES), None)
    places = [("the server's URL", served), ("the paths", first.node if first else None)]
    places.append(("a parameter", given.node if given else None))
    said = [(word, node) for word, node in places if node is not None]
    if len(said) > 1:
        words = " and in ".join(word for word, _ in said)
        yield said[1][1].flaw("version", f"The version is said in {words}.", "Keep one.")
