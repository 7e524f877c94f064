"""The rule payment-without-idempotency-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.resources import sent_to
from evaluators.contract.shapes import shape_of
from evaluators.contract.words import is_money, words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_MOVES = frozenset(
    (
        *("pay", "payment", "payments", "transfer", "transfers", "charge", "charges", "refund", "refunds"),
        *("payout", "payouts", "withdraw", "withdrawal", "withdrawals", "deposit", "deposits", "topup", "topups"),
        *("checkout", "purchase", "purchases", "disbursements", "remittances"),
    )
)


def _names_the_request(name: str) -> bool:
    words = set(words_of(name))
    outside = {"client", "external", "request", "merchant"} & words and {"id", "key", "reference", "token"} & words
    return "idempotency" in words or "reference" in words or "nonce" in words or bool(outside)


HABIT = 1
"""Operations that take the header, for a payment without it to stand out."""


@rule("payment-without-idempotency-key", family="contract", severity=Severity.WARNING)
def payment_without_idempotency_key(contract: Contract) -> Iterator[Flaw]:
    """Money is moved by a request that cannot be sent again safely.

    Why: When the answer is lost the client sends it again, and the money moves twice.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /payments:
        post:
          operationId: pay
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {amount: {type: integer, minimum: 1, maximum: 1000000}}
          responses: {"204": {description: Paid.}, "422": {description: No payment.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /payments:
        post:
          operationId: pay
          parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string, format: uuid}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {amount: {type: integer, minimum: 1, maximum: 1000000}}
          responses: {"204": {description: Paid.}, "422": {description: No payment.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /payments/quote:
        post:
          operationId: quote
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  properties: {amount: {type: integer, minimum: 1, maximum: 1000000}}
          responses: {"204": {description: Fine.}, "422": {description: No payment.}}
      /transfers/{transferId}:
        put:
          operationId: transfer
          parameters: [{name: transferId, in: path, required: true, schema: {type: string, format: uuid}}]
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  additionalProperties: false
                  required: [amount]
                  properties: {amount: {type: integer, minimum: 1, maximum: 1000000}}
          responses: {"204": {description: Moved.}, "404": {description: None.}, "422": {description: No transfer.}}
    ```

    Precision: A POST whose last word moves money and whose body names an amount is meant. A key in a header, or a
    body property that names the request (reference, request id, external id), counts; uniqueness that only the
    service knows does not.

    Source: The Idempotency-Key HTTP Header Field (IETF draft-ietf-httpapi-idempotency-key-header). Zally 230.
    """
    keyed = [each for each in contract.operations if each.method == "POST" and _takes_a_key(each)]
    for operation in contract.operations:
        segments = [part for part in operation.path.split("/") if part and not part.startswith("{")]
        sent = sent_to(operation) if operation.method == "POST" and segments else None
        if sent is None or not set(words_of(segments[-1])) & _MOVES:
            continue
        names = [found.name for found in shape_of(sent).properties]
        given = [p.name for p in operation.parameters if p.where == "header"] + names
        # Beside others that take the header, a reference of the payment's own is no key.
        forgotten = len(keyed) >= HABIT and not _takes_a_key(operation)
        if any(is_money(name) or "amount" in words_of(name) for name in names) and (
            forgotten or not any(_names_the_request(n) for n in given)
        ):
            yield operation.node.flaw(
                operation.symbol,
                f"{operation.symbol} moves money and takes no idempotency key.",
                "Take an Idempotency-Key header.",
            )


def _takes_a_key(operation: Operation) -> bool:
    """Whether an operation takes the header Idempotency-Key."""
    return any("idempotency" in each.name.lower() for each in operation.parameters if each.where == "header")
