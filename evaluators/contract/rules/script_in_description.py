"""The rule script-in-description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_SCRIPT = re.compile(r"<\s*script(?=[\s/>])|javascript:|<[^>]+\son[a-z]+\s*=", re.IGNORECASE)


@rule("script-in-description", family="contract", severity=Severity.WARNING, security=True)
def script_in_description(contract: Contract) -> Iterator[Flaw]:
    """A description holds a script.

    Why: Documentation pages render descriptions as Markdown, and some as HTML: it runs in the
    reader's browser.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1", description: "<script>alert(1)</script>"}
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1", description: "Goods and orders."}
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          description: Use `a < script.length` and the header on="1".
          responses: {"204": {description: None.}}
    ```

    Precision: It looks for script tags, javascript: links and handlers in tags; what a renderer escapes is not
    known.

    Source: OpenAPI 3.1, "Security Considerations". Spectral no-script-tags-in-markdown.
    """
    for key in ("description", "summary", "title"):
        for node in contract.survey.holding(key):
            text = node.value[key]
            if isinstance(text, str) and ("<" in text or ":" in text) and _SCRIPT.search(text):
                at = node.get(key) or node
                yield at.flaw(at.pointer, f"The {key} holds a script.")
