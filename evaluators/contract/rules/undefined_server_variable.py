"""The rule undefined-server-variable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undefined-server-variable", family="contract", severity=Severity.WARNING)
def undefined_server_variable(contract: Contract) -> Iterator[Flaw]:
    """A server has a variable without a value, or a value that it may not have.

    Why: The URL cannot be built: every generated client starts with a broken address.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://{region}.example.com"}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers: [{url: "https://{region}.example.com", variables: {region: {default: eu, enum: [eu, us]}}}]
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    servers:
      - {url: "https://{region}.example.com:{port}", variables: {region: {default: eu}, port: {default: "8443"}}}
    paths: {}
    ```

    Precision: The servers of the whole contract are judged, not those of single operations.

    Source: OpenAPI 3.1, "Server Variable Object". Spectral oas3-server-variables.
    """
    for server in contract.servers:
        variables = dict(server.items("variables"))
        for name in dict.fromkeys(re.findall(r"\{([^{}]+)\}", server.text("url"))):
            node = variables.get(name)
            if node is None:
                yield server.flaw(f"{server.text('url')} {name}", f"The server's variable {name} is not described.")
            elif node.has("enum") and node.text("default") not in node.texts("enum"):
                yield node.flaw(f"{server.text('url')} {name}", f"The default of {name} is none of its values.")
