"""The rule accepted-without-status."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import shape_of, values
from evaluators.contract.words import is_entrance, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("accepted-without-status", family="contract", severity=Severity.INFO)
def accepted_without_status(contract: Contract) -> Iterator[Flaw]:
    """A 202 does not say where to ask for the outcome.

    Why: The work is not done yet: the client cannot find out whether it ever was, or failed.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /exports:
        post:
          operationId: export
          responses: {"202": {description: Will be made.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /exports:
        post:
          operationId: export
          responses:
            "202": {description: Will be made., headers: {Location: {schema: {type: string, format: uri-reference}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /exports:
        post:
          operationId: export
          responses:
            "202":
              description: Will be made.
              content: {application/json: {schema: {type: object, properties: {jobId: {type: string, format: uuid}}}}}
      /webhooks/payments:
        post:
          operationId: notify
          responses: {"202": {description: Taken.}}
    ```

    Precision: A header that names a place, a link, a callback, or an id, status or URL in the body counts.
    Webhooks, whose sender does not ask back, and operations that mail somebody are left alone.

    Source: RFC 9110, section 15.3.3. Zally 253.
    """
    for operation in contract.operations:
        given = operation.response("202") if not is_entrance(operation.path) else None
        if given is None or given.status != "202" or operation.node.has("callbacks") or given.node.has("links"):
            continue
        if {"location", "content-location", "link", "operation-location", "operation-id"} & set(given.headers):
            continue
        schemas = [media.schema for media in given.media if media.schema is not None]
        names = {word for each in values(schemas) for f in shape_of(each).properties for word in words_of(f.name)}
        sent = sent_to(operation)
        if sent is not None and {"password", "email"} & {found.name for found in shape_of(sent).properties}:
            continue
        if not names & {
            "id",
            "status",
            "state",
            "url",
            "uri",
            "href",
            "links",
            "job",
            "task",
            "operation",
            "reference",
        }:
            yield given.written.flaw(
                operation.symbol, f"{operation.symbol} answers 202 and no place to ask for the outcome."
            )
