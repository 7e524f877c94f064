"""The rule undeclared-path-parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-path-parameter", family="contract", severity=Severity.ERROR)
def undeclared_path_parameter(contract: Contract) -> Iterator[Flaw]:
    """A path names a parameter that the operation does not declare.

    Why: Nobody knows its type, and the fuzzer cannot fill it in.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer}}
          responses: {"204": {description: None.}, "404": {description: No such item.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
        get: {operationId: getItem, responses: {"204": {description: None.}, "404": {description: None.}}}
    ```

    Precision: Parameters of the path item count for all its operations.

    Source: OpenAPI 3.1, "Path Templating": each template expression MUST correspond to a path parameter.
    """
    missing: dict[tuple[str, str], list[Operation]] = {}
    for operation in contract.operations:
        declared = {parameter.name for parameter in operation.parameters_in("path")}
        for name in re.findall(r"\{([^{}]+)\}", operation.path):
            if name not in declared:
                missing.setdefault((operation.path, name), []).append(operation)
    for (path, name), operations in missing.items():
        methods = ", ".join(operation.method for operation in operations)
        yield operations[0].node.flaw(
            f"{path} {name}",
            f"{path} has the parameter {name}, and {methods} does not declare it.",
            f"Declare {name} in: path, required: true.",
            tuple(operation.node.at for operation in operations[1:]),
        )
