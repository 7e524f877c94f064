"""The probe `put-keeps-property`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import arrived, children_of, column_for, followed, named_by, places_of, writing
from evaluators.probes.behaviour_values import property_at
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.bodies import Place
from evaluators.service.request import ABSENT

KEPT = re.compile(r"\b(kept|keeps?|stays?|unchanged|as it was|partial)\b", re.IGNORECASE)
"""Words of a contract that says that what is left out stays."""


@rule("put-keeps-property", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def put_keeps_property(world: World) -> AsyncIterator[Flaw]:
    """A PUT leaves a property as it was that its body leaves out.

    Why: PUT replaces. A client that sends the whole thing without an optional
        property wants it empty; a value that stays can never be taken away.

    Sends: Each PUT that works, with all its properties, and then once more
        without each one that is optional; and each with a list of objects first
        longer, then shorter.

    Applies: To optional properties with a default, or that go to a column
        that may be NULL, in operations whose description does not say that what is left out stays.

    Proves: Both requests are accepted, and after the second one the column
        still holds what the first one sent; of a list, that the rows of all
        its objects are still there.

    Precision: Where the contract names a default, the column is to hold it.
        Other properties whose column may not be NULL are left out.

    Source: RFC 9110, section 9.3.4: the state is created or replaced by what
        is enclosed; CWE-440.
    """
    for play in writing(world, "PUT"):
        text = f"{play.operation.node.text('description')} {play.operation.node.text('summary')}"
        if KEPT.search(text):
            continue
        async for each in _shortened(world, play):
            yield each
        for place, value in places_of(play):
            name = _clearable(world, play, place)
            if name is None:
                continue
            async with world.scene() as scene:
                one = await scene.send(play.request)
                filled = named_by(world, play.subject, world.watch.now) or {}
                if not one.ok or not arrived(value, filled.get(name)):
                    continue
                two = await scene.send(followed(play.request, one).having(place, ABSENT))
                after = named_by(world, play.subject, world.watch.now) or {}
            if two.ok and after and after.get(name) == filled.get(name) and not _default(play, place, filled.get(name)):
                told = ".".join(map(str, place))
                yield flaw(
                    world, [one, two], f"{play.operation.symbol} without {told} keeps the value that it had before.",
                    seen=f"rows: {name} still holds what the first request sent",
                )  # fmt: skip
                break


async def _shortened(world: World, play: Play) -> AsyncIterator[Flaw]:
    """The first list of a body that keeps in another table what a shorter one leaves out."""
    row = named_by(world, play.subject, world.sealed)
    if row is None or play.subject is None or not isinstance(play.request.body, Mapping):
        return
    for listed, sent in play.request.body.items():
        if not isinstance(sent, list) or not sent or not isinstance(sent[0], Mapping):
            continue
        longer = sent if len(sent) > 1 else [*sent, *sent]
        async with world.scene() as scene:
            one = await scene.send(play.request.having((listed,), longer))
            before = _children(world, play.subject[0], row)
            two = await scene.send(followed(play.request, one).having((listed,), longer[:1]))
            after = _children(world, play.subject[0], row)
        kept = [
            table
            for table, count in before.items()
            if sum(name == table for name, _ in one.changes.added) == len(longer) and after[table] >= count
        ]
        if one.ok and two.ok and kept:
            yield flaw(
                world, [one, two], f"{play.operation.symbol} with fewer {listed} keeps those that it had before.",
                seen=f"rows: {kept[0]} still holds what the first request sent",
            )  # fmt: skip
            return


def _children(world: World, table: str, row: Mapping[str, Any]) -> dict[str, int]:
    """Table -> how many of its rows point to a row."""
    return {
        child: sum(each.get(column) == row.get(target) for each in world.watch.now.get(child, ()))
        for child, column, target in children_of(world, table)
    }


def _clearable(world: World, play: Play, place: Place) -> str | None:
    """The column of an optional property that may be NULL, and of which nothing says that it stays."""
    known = property_at(play.operation, place)
    name = column_for(world, play, place)
    if known is None or known.required or name is None or play.subject is None:
        return None
    if KEPT.search(known.node.text("description")) or len(place) != 1:
        return None
    table = world.seeds.table(play.subject[0])
    column = table.column(name) if table is not None else None
    return name if column is not None and (column.nullable or known.facets.has_default) else None


def _default(play: Play, place: Place, held: object) -> bool:
    """Whether a column holds just what the contract puts in the place of what is left out."""
    known = property_at(play.operation, place)
    node = known.node.get("default") if known is not None and known.facets.has_default else None
    return node is not None and (arrived(node.value, held) or node.value == held)
