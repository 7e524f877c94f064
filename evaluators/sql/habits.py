"""What a schema does everywhere is a habit: told once for a file, with its places, not once for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evaluators.rule import Flaw
from evaluators.sql.facts import Schema

FEW = 5
"""So many flaws are always told one by one."""

NAMED = 10
"""Symbols that a habit's message names."""


def told_once(flaws: Iterable[Flaw], schema: Schema, habit: str) -> Iterator[Flaw]:
    """The flaws as they are, or one for each file where at least every second table has one.

    `habit` completes "N times: ", in the plural: `columns keep moments without time zone`.
    """
    found = list(flaws)
    if len(found) <= FEW or len(found) * 2 < len(schema.tables):
        yield from found
        return
    files: dict[str, list[Flaw]] = {}
    for flaw in found:
        files.setdefault(flaw.at.path, []).append(flaw)
    for path, alike in files.items():
        first = alike[0]
        names = [flaw.symbol for flaw in alike[:NAMED]]
        more = f" and {len(alike) - NAMED} more" if len(alike) > NAMED else ""
        # Each place with its symbol, so that one of them can be allowed or known without the others.
        held = {flaw.at for flaw in alike}
        own = [replace(flaw.at, symbol=flaw.symbol) for flaw in alike]
        places = [*own, *(place for flaw in alike for place in flaw.places if place not in held)]
        yield Flaw(
            path,
            own[0],
            f"{len(alike)} {habit}: {', '.join(names)}{more}.",
            hint=first.hint,
            places=tuple(place for place in dict.fromkeys(places) if place != own[0]),
        )
