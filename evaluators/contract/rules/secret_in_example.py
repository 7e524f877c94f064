"""The rule secret-in-example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.node import Node
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_LIVE = re.compile(
    r"\b(AKIA[0-9A-Z]{16}|sk_live_[0-9A-Za-z]{16,}|ghp_[0-9A-Za-z]{36}|xox[bap]-[0-9A-Za-z-]{20,}|AIza[0-9A-Za-z_-]{35})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


_MARKS = ("AKIA", "sk_live_", "ghp_", "xox", "AIza", "PRIVATE KEY")


def _spoken(contract: Contract) -> bool:
    """Whether the files hold the beginning of any such credential."""
    texts = (source.text for source in contract.files.read_so_far())
    return any(mark in text for text in texts for mark in _MARKS)


def _texts(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node.value, str):
            yield node
        pending.extend(node.children())


@rule("secret-in-example", family="contract", severity=Severity.WARNING, security=True)
def secret_in_example(contract: Contract) -> Iterator[Flaw]:
    """An example holds what looks like a live credential.

    Why: Contracts are published, and the key with them.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {type: string}, example: AKIAQX7EXMNPRSTUVWXY}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content: {application/json: {schema: {type: string}, example: AKIA-your-key-id}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: getItem
          responses:
            "200":
              description: The item.
              content:
                application/json:
                  schema: {type: object, properties: {key: {type: string, example: sk_test_4eC39HqLyjWDarjtT1zdp7dc}}}
    ```

    Precision: Known formats of live keys only; keys for tests and texts that say EXAMPLE are fine.

    Source: OWASP API8:2023. Common formats of the providers' keys.
    """
    if contract.root is None or not _spoken(contract):
        return
    found = [node for node in _texts(contract.root) if _LIVE.search(node.value)]
    for node in sorted(found, key=lambda each: each.tokens):
        if "EXAMPLE" not in node.value:
            yield node.flaw(node.pointer, "The text looks like a live credential.", "Write a placeholder.")
