"""The rule identifier-type-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.contract.resources import answered_by, same_kind, unwrapped
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("identifier-type-differs", family="contract", severity=Severity.WARNING)
def identifier_type_differs(contract: Contract) -> Iterator[Flaw]:
    """An identifier has one type in the path and another in the resource, or in another path.

    Why: The id that one operation answers cannot be sent to the next one: generated clients do not even compile.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{itemId}:
        get:
          operationId: getItem
          parameters: [{name: itemId, in: path, required: true, schema: {type: integer}}]
          responses:
            "200":
              description: The item.
              content:
                application/json:
                  schema: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}
            "404": {description: None.}
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
          responses:
            "200":
              description: The item.
              content:
                application/json:
                  schema: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}
            "404": {description: None.}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items/{slug}:
        get:
          operationId: getItem
          parameters: [{name: slug, in: path, required: true, schema: {type: string, pattern: "^[a-z-]{1,40}$"}}]
          responses:
            "200":
              description: The item.
              content:
                application/json:
                  schema: {type: object, required: [id], properties: {id: {type: integer}, slug: {type: string}}}
            "404": {description: None.}
    ```

    Precision: A path parameter is held against the property of its own name, or against `id` where its name is id
    or ends in it; and against the same place of other paths. Types and formats are compared, bounds are not.

    Source: OpenAPI 3.1, "Path Templating". Consistency.
    """
    for resource in contract.resources:
        operation = resource.read
        found = (
            next((p for p in operation.parameters if (p.where, p.name) == ("path", resource.key)), None)
            if operation
            else None
        )
        answer = unwrapped(answered_by(operation))
        if operation is None or found is None or found.schema is None or answer is None:
            continue
        shape = shape_of(answer)
        name = resource.key if shape.property(resource.key) else "id" if words_of(resource.key)[-1:] == ["id"] else ""
        held = shape.property(name) if name else None
        if held is not None and not same_kind(held.node, found.schema):
            yield found.node.flaw(
                f"{operation.path} {resource.key}",
                f"{resource.key} in the path of {operation.symbol} and {name} of its answer differ in type.",
                places=(held.node.at,),
            )
    yield from _other_places(contract)


def _other_places(contract: Contract) -> Iterator[Flaw]:
    """Parameters that stand at one place of several paths, or are declared anew by an operation."""
    first: dict[str, Node] = {}
    told: set[Node] = set()
    methods: dict[str, list[Node]] = {}
    for operation in contract.operations:
        methods.setdefault(operation.path, []).append(operation.node)
    for path, written in contract.root.items("paths") if contract.root else ():
        for owner in (written.followed(), *methods.get(path, ())):
            for entry in owner.elements("parameters"):
                node = entry.followed()
                schema, name = node.get("schema"), node.text("name")
                above = path.partition("{" + name + "}")[0] + name
                if node.text("in") != "path" or schema is None or "{" + name + "}" not in path:
                    continue
                known = first.setdefault(above, schema)
                if not same_kind(known, schema) and node not in told:
                    told.add(node)
                    yield node.flaw(
                        f"{path} {name}", f"{name} has another type in {path} than elsewhere.", places=(known.at,)
                    )
