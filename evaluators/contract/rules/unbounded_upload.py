"""The rule unbounded-upload."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract, Media
from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened, shape_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SIZE = re.compile(r"[0-9] ?([KMG]i?B|bytes)\b", re.IGNORECASE)


def _files(media: Media) -> Iterator[tuple[str, Node]]:
    """The files of a body by their property's name; the body itself has none."""
    schema = media.schema
    if schema is None:
        return
    if facets(schema).format == "binary":
        yield "", schema
    for found in shape_of(schema).properties if media.type.startswith("multipart/") else ():
        items = next((part.get("items") for part in flattened(found.node)[0] if part.has("items")), None)
        for node in (found.node, items):
            if node is not None and (facets(node).format == "binary" or node.has("contentMediaType")):
                yield found.name, node


@rule("unbounded-upload", family="contract", severity=Severity.WARNING, security=True)
def unbounded_upload(contract: Contract) -> Iterator[Flaw]:
    """A file is taken of any size or of any type.

    Why: A large one fills memory or disk; a script or a page that is taken as a picture is served to others.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /photos:
        post:
          operationId: addPhoto
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {file: {type: string, format: binary}}
          responses: {"204": {description: Added.}, "422": {description: No photo.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /photos:
        post:
          operationId: addPhoto
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {file: {type: string, format: binary, maxLength: 5000000}}
                encoding: {file: {contentType: "image/png, image/jpeg"}}
          responses: {"204": {description: Added.}, "422": {description: No photo.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /photos:
        post:
          operationId: addPhoto
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {file: {type: string, format: binary}}
          responses:
            "204": {description: Added.}
            "422": {description: No photo.}
            "413": {description: Too large.}
            "415": {description: No picture.}
    ```

    Precision: Size may be said by maxLength or by a declared 413, the type by contentMediaType, by the encoding
    or by a declared 415; a number with a unit in the description counts too. A body with a media type of its own
    has its type.

    Source: OWASP API4:2023; OWASP File Upload Cheat Sheet.
    """
    for operation in contract.operations:
        declared = {response.status for response in operation.responses}
        for media in operation.body.media if operation.body else ():
            for name, node in _files(media):
                said = facets(node)
                text = node.text("description") + operation.node.text("description") + operation.node.text("summary")
                encoded = media.node.down("encoding", name, "contentType") if name else None
                sized = said.max_length is not None or "413" in declared or _SIZE.search(text) is not None
                typed = encoded is not None or node.has("contentMediaType") or "415" in declared
                typed = typed or (not name and media.type not in ("application/octet-stream", "*/*"))
                lacking = [word for word, there in (("size", sized), ("type", typed)) if not there]
                if lacking:
                    yield node.flaw(
                        f"{operation.symbol} {name or 'body'}",
                        f"{operation.symbol} takes a file of any {' and any '.join(lacking)}.",
                        "Declare maxLength and contentType, or 413 and 415.",
                    )
