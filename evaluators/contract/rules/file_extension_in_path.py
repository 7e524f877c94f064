"""The rule file-extension-in-path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_FIXED = re.compile(r"well-known|openapi|swagger|robots|sitemap|manifest|feed|rss|schema|index|jwks", re.IGNORECASE)


@rule("file-extension-in-path", family="contract", severity=Severity.INFO)
def file_extension_in_path(contract: Contract) -> Iterator[Flaw]:
    """A path ends in the extension of a file.

    Why: The format is negotiated by media type; a second format needs a second path for the same thing.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items.json: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items: {get: {operationId: listItems, responses: {"204": {description: None.}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /.well-known/jwks.json: {get: {operationId: keys, responses: {"204": {description: None.}}}}
      /openapi.yaml: {get: {operationId: contract, responses: {"204": {description: None.}}}}
    ```

    Precision: Documents whose name is fixed elsewhere (well-known, openapi, robots, feeds) are left alone.

    Source: Zally 143 and IBM path-segment conventions.
    """
    for path, node in contract.root.items("paths") if contract.root else ():
        if re.search(r"\.(json|xml|yaml|yml|html|php|aspx?|do|jsp)$", path) and not _FIXED.search(path):
            yield node.flaw(path, f"The path {path} ends in the extension of a file.")
