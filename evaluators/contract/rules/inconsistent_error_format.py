"""The rule inconsistent-error-format."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("inconsistent-error-format", family="contract", severity=Severity.WARNING)
def inconsistent_error_format(contract: Contract) -> Iterator[Flaw]:
    """Errors are answered in several formats.

    Why: A client needs one way to read what went wrong, not one for each route.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204": {description: None.}
            "500":
              description: Broken.
              content: {application/json: {schema: {type: object, properties: {detail: {type: string}}}}}
            "503":
              description: The database is away.
              content: {application/json: {schema: {type: object, properties: {error: {type: string}}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204": {description: None.}
            "500": {$ref: "#/components/responses/Problem"}
            "503": {$ref: "#/components/responses/Problem"}
    components:
      responses:
        Problem:
          description: What went wrong.
          content: {application/problem+json: {schema: {type: object, properties: {detail: {type: string}}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses:
            "204": {description: None.}
            "422":
              description: Broken input.
              content:
                application/json:
                  schema: {type: object, properties: {detail: {type: string}, fields: {type: object}}}
            "503":
              description: The database is away.
              content: {application/json: {schema: {type: object, properties: {detail: {type: string}}}}}
    ```

    Precision: Formats are told apart by media type and by the names at the top; one that only adds to the usual
    one is the same.

    Source: RFC 9457, Problem Details for HTTP APIs. Zally 176.
    """
    formats: dict[tuple[str, frozenset[str]], list[Node]] = {}
    for operation in contract.operations:
        for response in operation.responses:
            for media in response.media if response.status[:1] in ("4", "5", "d") else ():
                if media.is_json and media.schema is not None:
                    names = shape_of(media.schema).names
                    formats.setdefault((media.type, names), []).append(media.node)
    if len(formats) < 2:
        return
    usual = max(formats, key=lambda each: len(formats[each]))
    others = [
        (each, nodes)
        for each, nodes in formats.items()
        if each[0] != usual[0] or not (each[1] >= usual[1] or each[1] <= usual[1])
    ]
    if others:
        nodes = list(dict.fromkeys(node for _, found in others for node in found))
        said = f"{others[0][0][0]} with {', '.join(sorted(others[0][0][1])) or 'no properties'}"
        most = f"{usual[0]} with {', '.join(sorted(usual[1])) or 'no properties'}"
        places = tuple(node.at for node in nodes[1:])
        yield nodes[0].flaw("errors", f"Most errors are {most}; this one is {said}.", "Use one for all.", places)
