"""The rule broken-tag-parent."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("broken-tag-parent", family="contract", severity=Severity.WARNING)
def broken_tag_parent(contract: Contract) -> Iterator[Flaw]:
    """A tag has a parent that is not declared, or that is below it.

    Why: Documentation is built from the tree of tags: the tag and all its operations fall out of it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    tags: [{name: orders}, {name: returns, parent: ordres}]
    paths:
      /returns: {get: {operationId: listReturns, tags: [returns], responses: {"204": {description: None.}}}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    tags: [{name: orders}, {name: returns, parent: orders}]
    paths:
      /returns: {get: {operationId: listReturns, tags: [returns], responses: {"204": {description: None.}}}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.2.0
    info: {title: Shop, version: "1"}
    tags: [{name: returns, parent: orders}, {name: orders, parent: shop}, {name: shop}]
    paths:
      /returns: {get: {operationId: listReturns, tags: [returns], responses: {"204": {description: None.}}}}
    ```

    Precision: Only OpenAPI 3.2 has parents of tags; in other versions the key is told by invalid-contract.

    Source: OpenAPI 3.2, "Tag Object": the parent MUST exist, and circular references MUST NOT be used.
    """
    tags = list(contract.root.elements("tags")) if contract.root and contract.family == "3.2" else []
    parents = {tag.text("name"): tag.text("parent") for tag in tags}
    for tag in tags:
        name, parent = tag.text("name"), tag.text("parent")
        if parent and parent not in parents:
            near = get_close_matches(parent, sorted(parents), 1, 0.7)
            hint = f"Did you mean {near[0]}?" if near else ""
            yield (tag.get("parent") or tag).flaw(name, f"The parent {parent} of the tag {name} is not declared.", hint)
            continue
        above, seen = parent, {name}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == name:
            yield (tag.get("parent") or tag).flaw(name, f"The tag {name} is its own ancestor.")
