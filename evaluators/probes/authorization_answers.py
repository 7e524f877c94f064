"""What an answer holds that the contract does not declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluators.contract.node import Node
from evaluators.contract.shapes import flattened, shape_of
from evaluators.probes.authorization_trial import Trials
from evaluators.probes.tracing import normal
from evaluators.probes.world import Play
from evaluators.service.bodies import Place

SECRET = re.compile(
    r"hash|digest|token|secret|passw|pwd|salt|otp|nonce|cipher|encrypted|api_?key|private|internal", re.I
)
"""Columns that are nobody's business outside."""
AT_REST = re.compile(r"passw|pwd|salt|(password|passwd|pwd|pin|token|key|secret|code|otp)_?(hash|digest)", re.I)
"""Columns that no contract may hand out: what a secret is stored as."""
DEPTH = 8
SHORT = 6


@dataclass(frozen=True)
class Extra:
    """A property that the contract does not declare."""

    place: Place
    value: Any
    column: str
    """`table.column` of a sensitive column that holds the value; empty where there is none."""

    @property
    def told(self) -> str:
        """Its place, numbers left out: `items.pin`."""
        return ".".join(str(part) for part in self.place if isinstance(part, str))


def extras(trials: Trials, play: Play) -> list[Extra]:
    """The undeclared properties of a play's answer, and declared ones that hold what a secret is stored as."""
    schema = play.operation.answered
    response = play.operation.response(str(play.step.status))
    if response is not None:
        schema = next((media.schema for media in response.media if media.is_json and media.schema is not None), None)
    if schema is None or play.step.json is None:
        return []
    secrets = _secrets(trials, play, SECRET)
    found = [Extra(place, value, _column(value, secrets)) for place, value in undeclared(schema, play.step.json)]
    known = {each.place for each in found}
    stored = _secrets(trials, play, AT_REST)
    from evaluators.service.request import leaves

    for place, value in leaves(play.step.json):
        column = _column(value, stored)
        if column and not any(place[: len(each)] == each for each in known):
            found.append(Extra(place, value, column))
    unique: dict[str, Extra] = {}
    for each in found:
        if each.told not in unique or (each.column and not unique[each.told].column):
            unique[each.told] = each
    return list(unique.values())


def undeclared(schema: Node, value: Any, place: Place = (), depth: int = 0) -> Iterator[tuple[Place, Any]]:
    """(place, value) of every property that the schema does not speak of, where it lists properties at all."""
    if depth > DEPTH:
        return
    parts, _ = flattened(schema)
    if any(part.has(word) for part in parts for word in ("anyOf", "oneOf", "patternProperties", "not", "if")):
        if not any(part.has("properties") or part.has("items") for part in parts):
            return
        if any(len(list(part.elements(word))) > 2 for part in parts for word in ("anyOf", "oneOf")):
            return
    if isinstance(value, list):
        items = next((node for part in parts if (node := part.get("items")) is not None), None)
        for number, each in enumerate(value[:5]):
            if items is not None:
                yield from undeclared(items, each, (*place, number), depth + 1)
        return
    if not isinstance(value, dict):
        return
    known = {each.name: each.node for each in shape_of(schema).properties}
    free = any(part.has("additionalProperties") and part.raw("additionalProperties") is not False for part in parts)
    for name, each in value.items():
        if name in known:
            yield from undeclared(known[name], each, (*place, name), depth + 1)
        elif known and not free and not name.startswith(("_links", "$", "@")):
            yield (*place, name), each


def _secrets(trials: Trials, play: Play, names: re.Pattern[str]) -> dict[Any, str]:
    """Value -> `table.column`, of every column that is called like a secret."""
    rows = [(thing[0], row) for thing, row in trials.ownership.rows.items()]
    rows += [*play.changes.added, *((each.table, each.after) for each in play.changes.updated)]
    found: dict[Any, str] = {}
    for table, row in rows:
        for column, value in row.items():
            if isinstance(value, str) and len(value) >= SHORT and names.search(column):
                found.setdefault(normal(value), f"{table}.{column}")
    return found


def _column(value: Any, secrets: dict[Any, str]) -> str:
    return secrets.get(normal(value), "") if isinstance(value, str) and len(value) >= SHORT else ""
