"""The rule path-without-version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import is_entrance
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_VERSION = re.compile(r"/v[0-9]+(?:/|$)", re.IGNORECASE)
_APART = re.compile(
    r"^/?$|^/(health|healthz|live|livez|ready|readyz|metrics|status|ping|version|docs|openapi|\.well-known|internal|admin)\b"
)


@rule("path-without-version", family="contract", severity=Severity.WARNING)
def path_without_version(contract: Contract) -> Iterator[Flaw]:
    """One path lacks the version that the others have.

    Why: The next version cannot be told from this one there, and clients that join base and path miss it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /v1/items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
      /v1/orders: {get: {operationId: listOrders, responses: {"204": {description: None.}}}}
      /v1/carts: {get: {operationId: listCarts, responses: {"204": {description: None.}}}}
      /invoices: {get: {operationId: listInvoices, responses: {"204": {description: None.}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /v1/items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
      /v1/orders: {get: {operationId: listOrders, responses: {"204": {description: None.}}}}
      /v1/carts: {get: {operationId: listCarts, responses: {"204": {description: None.}}}}
      /v1/invoices: {get: {operationId: listInvoices, responses: {"204": {description: None.}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /v1/items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
      /v1/orders: {get: {operationId: listOrders, responses: {"204": {description: None.}}}}
      /v1/carts: {get: {operationId: listCarts, responses: {"204": {description: None.}}}}
      /health: {get: {operationId: health, responses: {"204": {description: Well.}}}}
      /.well-known/jwks.json: {get: {operationId: keys, responses: {"204": {description: None.}}}}
    ```

    Precision: At least three paths, and three quarters of all, must have a version. Health, metrics, documents,
    well-known, entrance and webhook paths are left alone.

    Source: Zally 115. Consistency.
    """
    paths = list(contract.root.items("paths")) if contract.root else []
    versioned = [path for path, _ in paths if _VERSION.search(path)]
    rest = [(path, node) for path, node in paths if not _VERSION.search(path) and not _APART.search(path)]
    if len(versioned) < 3 or len(rest) * 3 > len(versioned):
        return
    for path, node in rest:
        if not is_entrance(path):
            yield node.flaw(path, f"The path {path} has no version, as {len(versioned)} others do.")
