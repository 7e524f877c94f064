"""The rule server-trailing-slash."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("server-trailing-slash", family="contract", severity=Severity.INFO)
def server_trailing_slash(contract: Contract) -> Iterator[Flaw]:
    """A server's URL ends with a slash.

    Why: Paths begin with one, so the joined URL has two.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com/v1/"}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://api.example.com/v1"}, {url: /}]
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: /}]
    paths: {}
    ```

    Precision: A single slash is the host itself.

    Source: Spectral oas3-server-trailing-slash.
    """
    for node in contract.servers:
        url = node.text("url")
        if url.endswith("/") and url != "/":
            yield node.flaw(url, f"The server {url} ends with a slash, and so do the joined paths begin.")
