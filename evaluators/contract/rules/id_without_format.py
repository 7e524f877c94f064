"""The rule id-without-format."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("id-without-format", family="contract", severity=Severity.INFO, strict=True)
def id_without_format(contract: Contract) -> Iterator[Flaw]:
    """An identifier is a text of any form.

    Why: Nothing says what an id looks like: a service that takes any text answers 500 where the database refuses
    it, and tests cannot make a valid one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{itemId}:
        get:
          operationId: getItem
          parameters: [{name: itemId, in: path, required: true, schema: {type: string}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{itemId}:
        get:
          operationId: getItem
          parameters: [{name: itemId, in: path, required: true, schema: {type: string, format: uuid}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{slug}:
        get:
          operationId: getItem
          parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
      /orders/{id}:
        get:
          operationId: getOrder
          parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 26}}]
          responses: {"204": {description: None.}, "404": {description: None.}}
    ```

    Precision: Path parameters whose name is or ends in id are meant. A format, a pattern, a length or a list of
    values says the form; ids in bodies are left to unbounded-text.

    Source: Zally 144 and 174; OWASP API4:2023.
    """
    told: set[Node] = set()
    for operation in contract.operations:
        for parameter in operation.parameters_in("path"):
            said = facets(parameter.schema) if parameter.schema is not None else None
            if said is None or said.types != {"string"} or words_of(parameter.name)[-1:] not in (["id"], ["uuid"]):
                continue
            free = not (said.format or said.pattern or said.enum or said.max_length)
            if free and parameter.node not in told:
                told.add(parameter.node)
                yield parameter.node.flaw(
                    f"{operation.path} {parameter.name}",
                    f"The id {parameter.name} is a text of any form.",
                    "Say its format.",
                )
