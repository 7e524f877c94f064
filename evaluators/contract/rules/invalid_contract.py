"""The rule invalid-contract."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.validate import MOST, mistakes
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("invalid-contract", family="contract", severity=Severity.ERROR)
def invalid_contract(contract: Contract) -> Iterator[Flaw]:
    """The contract breaks the OpenAPI specification.

    Why: Generators, validators and the fuzzer read what the specification defines; the rest
    is ignored or ends them.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{id}:
        get:
          operationId: getItem
          parameters:
            - {name: id, in: path, schema: {type: integer}}
          responses:
            "204": {description: None.}
            "404": {description: No such item.}
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
          responses:
            "204": {description: None.}
            "404": {description: No such item.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {}
    x-anything: {goes: here}
    components: {schemas: {Item: {type: [string, "null"], x-note: fine, unknownKeyword: 1}}}
    ```

    Precision: The schemas of the OpenAPI Initiative decide; of choices, the one that was most likely meant is
    opened. Since 3.1 unknown keywords of a schema are allowed. After twelve mistakes the rest is counted.

    Source: the JSON Schemas of the OpenAPI Initiative, and JSON Schema 2020-12.
    """
    found = mistakes(contract)
    for mistake in found[:MOST]:
        symbol = f"{mistake.node.pointer} {mistake.about}".strip()
        yield mistake.node.flaw(symbol, mistake.message, mistake.hint)
    if len(found) > MOST:
        rest = tuple(mistake.node.at for mistake in found[MOST + 1 :])
        more = len(found) - MOST
        yield found[MOST].node.flaw("the rest", f"{more} more mistakes against the specification follow.", "", rest)
