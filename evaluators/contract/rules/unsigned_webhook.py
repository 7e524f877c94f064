"""The rule unsigned-webhook."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SIGNED = re.compile(r"signature|signed|signing|hmac|\bsecret|digest|mutual tls|mtls|authorization", re.IGNORECASE)


@rule("unsigned-webhook", family="contract", severity=Severity.WARNING, security=True)
def unsigned_webhook(contract: Contract) -> Iterator[Flaw]:
    """A webhook or callback does not say how its sender is known.

    Why: Anybody can send it: the receiver has nothing to tell a real event from a forged one.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    webhooks:
      paid:
        post:
          operationId: onPaid
          requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
          responses: {"204": {description: Taken.}, "422": {description: No event.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    webhooks:
      paid:
        post:
          operationId: onPaid
          parameters: [{name: X-Signature, in: header, required: true, schema: {type: string, maxLength: 200}}]
          requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
          responses: {"204": {description: Taken.}, "422": {description: No event.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    webhooks:
      paid:
        post:
          operationId: onPaid
          description: The header Webhook-Signature holds an HMAC of the body.
          requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
          responses: {"204": {description: Taken.}, "422": {description: No event.}}
    ```

    Precision: A security requirement, a header that looks like a signature, or a word about it in the
    descriptions counts.

    Source: Standard Webhooks, "Signatures"; OWASP API2:2023.
    """
    called = [(op.path, op.node, op.secured) for op in contract.webhooks]
    for holder in contract.survey.plain("callbacks"):
        for name, callback in holder.items("callbacks"):
            for item in callback.followed().children():
                for node in item.children():
                    if node.has("responses"):
                        called.append((name, node, node.has("security") or bool(_SIGNED.search(str(holder.value)))))
    told: set[str] = set()
    for name, node, secured in called:
        text = str(node.value) + (contract.root.text("description") if contract.root else "")
        shared = [each.followed() for each in node.elements("parameters")]
        headers = [each.text("name") for each in shared if each.text("in") == "header"]
        if not secured and not _SIGNED.search(text + " ".join(headers)) and name not in told:
            told.add(name)
            yield node.flaw(name, f"Nothing says who sends {name}.", "Sign it, and describe the header.")
