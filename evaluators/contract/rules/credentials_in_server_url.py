"""The rule credentials-in-server-url."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("credentials-in-server-url", family="contract", severity=Severity.ERROR, security=True)
def credentials_in_server_url(contract: Contract) -> Iterator[Flaw]:
    """A server's URL holds a user name and a password.

    Why: The contract is published, and the password with it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://admin:hunter2@api.example.com"}]
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
    servers: [{url: "https://{user}.example.com:8443/api/@me", variables: {user: {default: shop}}}]
    paths: {}
    ```

    Precision: A user name without a password is left alone, and so are variables.

    Source: RFC 3986, section 3.2.1. OWASP API8:2023.
    """
    for node in contract.servers:
        if re.search(r"//[^/@\s]+:[^/@\s]+@", node.text("url")):
            host = node.text("url").rsplit("@", 1)[-1]
            yield node.flaw(host, f"The URL of the server {host} holds a password.", "Take it out and change it.")
