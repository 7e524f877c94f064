"""The rule unknown-security-scheme."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unknown-security-scheme", family="contract", severity=Severity.ERROR, security=True)
def unknown_security_scheme(contract: Contract) -> Iterator[Flaw]:
    """A security requirement names a scheme that is not declared.

    Why: Nobody can say what credential is needed, and tools drop the requirement.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jtw: []}]
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: [{jwt: []}]
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}, "401": {description: Log in first.}}
    components:
      securitySchemes:
        jwt: {type: http, scheme: bearer, bearerFormat: JWT}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    security: []
    paths:
      /items:
        get:
          operationId: oneItem
          security: [{}]
          responses: {"204": {description: None.}}
    ```

    Precision: In 3.2 a scheme may be named by a URI; those inside the files of the contract are found.

    Source: OpenAPI 3.1, "Security Requirement Object": each name MUST correspond to a declared scheme.
    """
    declared = {scheme.name for scheme in contract.schemes}
    owners = [contract.root] if contract.root else []
    owners += [operation.node for operation in contract.operations]
    told: dict[str, list[Node]] = {}
    for owner in owners:
        for requirement in owner.elements("security"):
            for name, node in requirement.items():
                if name not in declared and not (contract.family == "3.2" and owner.files.target(owner.path, name)):
                    told.setdefault(name, []).append(node)
    for name, nodes in told.items():
        places = tuple(node.at for node in nodes[1:])
        yield nodes[0].flaw(name, f"The security scheme {name} is not declared.", "", places)
