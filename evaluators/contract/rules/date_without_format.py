"""The rule date-without-format."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.contract.shapes import facets
from evaluators.contract.words import words_of
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

MOST = 2


@rule("date-without-format", family="contract", severity=Severity.WARNING)
def date_without_format(contract: Contract) -> Iterator[Flaw]:
    """A point in time is a text without a format.

    Why: Each client then reads it by its own rules, with or without a time zone.

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
              content: {application/json: {schema: {type: object, properties: {created_at: {type: string}}}}}
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
              content:
                application/json:
                  schema: {type: object, properties: {created_at: {type: string, format: date-time}}}
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
                  schema:
                    type: object
                    properties:
                      format_at: {type: string, enum: [left, right]}
                      date: {type: string}
                      cat: {type: string}
    ```

    Precision: Names of two words and more that end in at or date are meant. A year alone, or a date by a pattern,
    is fine.

    Source: RFC 3339. Zally 126 and 169.
    """
    properties = contract.survey.properties
    days = [facets(node).format for _, name, node in properties if words_of(name)[-1:] == ["on"]]
    # `due_on` is a day where the contract's other names of that kind are; `depends_on` is none.
    habit = days.count("date") >= MOST and days.count("date") * 2 > len(days)
    for schema, name, node in properties:
        words = words_of(name)
        timed = len(words) > 1 and (words[-1] in ("at", "date") or (habit and words[-1] == "on"))
        said = facets(node) if timed else None
        if said and said.types == {"string"} and not (said.format or said.pattern or said.enum):
            yield node.flaw(f"{schema.pointer} {name}", f"{name} is a point in time without a format.")
