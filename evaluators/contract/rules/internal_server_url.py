"""The rule internal-server-url."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PRIVATE = re.compile(r"(10|192\\.168|172\\.(1[6-9]|2[0-9]|3[01])|169\\.254)\\.[0-9.]+$|.*\\.svc\\.cluster\\.local$")


@rule("internal-server-url", family="contract", severity=Severity.WARNING, security=True)
def internal_server_url(contract: Contract) -> Iterator[Flaw]:
    """A server of the inner network is listed.

    Why: A published contract tells everybody its name and address, and clients outside cannot reach it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://orders.prod.internal/api"}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com"}]
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers:
      - {url: "http://localhost:8000"}
      - {url: "https://api.example.com"}
      - {url: "https://internal-tools.example.com"}
    paths: {}
    ```

    Precision: Private addresses and names that no public resolver knows (.internal, .local, .corp, .lan, .svc)
    are meant; localhost is how one runs it at home.

    Source: OWASP API9:2023, Improper Inventory Management; RFC 1918.
    """
    for node in contract.servers:
        try:
            host = (urlsplit(node.text("url")).hostname or "").lower()
        except ValueError:
            continue
        if host.startswith("127.") or host == "localhost":
            continue
        if _PRIVATE.match(host) or host.endswith((".internal", ".local", ".corp", ".lan", ".intranet", ".svc")):
            yield node.flaw(node.text("url"), f"The server {host} is of an inner network.", "List public servers only.")
