"""The rule verb-in-path."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_VERBS = frozenset(("get", "create", "update", "delete", "remove", "fetch", "insert", "retrieve", "post", "put"))


@rule("verb-in-path", family="contract", severity=Severity.INFO)
def verb_in_path(contract: Contract) -> Iterator[Flaw]:
    """A path says a verb that the method already says.

    Why: Resources are nouns; `POST /createItem` has no natural GET, PUT or DELETE beside it.

    Bad:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /get-items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /items:
        get:
          operationId: listItems
          responses: {"204": {description: None.}}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths:
      /posts:
        get:
          operationId: oneItem
          responses: {"204": {description: None.}}
      /posters: {get: {operationId: listPosters, responses: {"204": {description: None.}}}}
    ```

    Precision: The first word of a segment is compared with a list of verbs; actions as sub-resources are told
    too, which is why it is an info.

    Source: Zally 141, Redocly path-http-verbs-order, IBM path conventions.
    """
    for path, node in contract.root.items("paths") if contract.root else ():
        for segment in path.split("/"):
            words = words_of(segment) if "{" not in segment else []
            if words and words[0] in _VERBS and not (len(words) == 1 and words[0] in ("post", "put")):
                yield node.flaw(path, f"The path {path} says the verb {words[0]}.")
                break
