"""The rule insecure-server-url."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("insecure-server-url", family="contract", severity=Severity.WARNING, security=True)
def insecure_server_url(contract: Contract) -> Iterator[Flaw]:
    """A server is reached without TLS.

    Why: Tokens and data travel in clear text.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "http://api.example.com"}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com"}, {url: "http://localhost:8000"}]
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com"}, {url: "http://localhost:8000"}, {url: /api}]
    paths: {}
    ```

    Precision: Local names and private addresses are left alone. A service behind a proxy that ends TLS is told as
    well, because clients see the URL.

    Source: OWASP API8:2023, Security Misconfiguration. Spectral owasp:api8:2023-no-server-http.
    """
    for node in contract.servers:
        url = node.text("url")
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            host = ""
        local = "." not in host or host.startswith(("127.", "10.", "192.168.", "0.")) or host.endswith(".local")
        if url.lower().startswith("http://") and not local:
            yield node.flaw(url, f"The server {url} has no TLS.", "Write https.")
