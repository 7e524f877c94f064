"""The probe `patch-resets-property`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import column_for, followed, named_by, others, places_of, writing
from evaluators.probes.behaviour_values import property_at
from evaluators.probes.proof import flaw
from evaluators.probes.versions import is_version
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.step import Step

EMPTY = (None, "", 0, False, "{}", "[]", "0")


@rule("patch-resets-property", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def patch_resets_property(world: World) -> AsyncIterator[Flaw]:
    """A PATCH empties what its body does not name.

    Why: Whoever corrects a title loses the description. The usual cause is a
        model whose missing properties become null and are written.

    Sends: Each PATCH that works, with all its properties, and then once more
        with each one alone (and with those that are required).

    Applies: To bodies with two properties or more that may be left out.

    Proves: The second request is accepted, and a column that another property
        goes to is empty afterwards, or rows that another property made are
        gone.

    Precision: Only columns that are seen to belong to a property of the body
        count; what a change of state empties by design (the end of a
        suspension, say) is none of them.

    Source: RFC 5789, section 2, and RFC 7396: what a patch does not name stays;
        CWE-440.
    """
    for play in writing(world, "PATCH"):
        found = await _found(world, play)
        if found is not None:
            yield found


async def _found(world: World, play: Play) -> Flaw | None:
    """The first property that takes another one with it."""
    columns = {place: name for place, _ in places_of(play) if (name := column_for(world, play, place))}
    values = others(play)
    if not isinstance(play.request.body, Mapping):
        return None
    for place in _alone(play):
        async with world.scene() as scene:
            one = await scene.send(play.request)
            filled = named_by(world, play.subject, world.watch.now) or {}
            request = followed(_only(play, place, values.get(place)), one)
            two = await scene.send(request)
            after = named_by(world, play.subject, world.watch.now) or {}
        if not one.ok or not two.ok or not after:
            continue
        lost = _emptied(columns, place, filled, after) or _children(play, two, place)
        if lost:
            return flaw(
                world, [one, two], f"{play.operation.symbol} with {place[0]} alone empties {lost}.",
                seen=f"rows: what {lost} held after the first request is gone after the second",
            )  # fmt: skip
    return None


def _alone(play: Play) -> Iterator[Place]:
    """The optional properties of a body, where it has two or more; of each a request with it alone is sent."""
    body: Mapping[str, object] = play.request.body
    optional = [
        (name,) for name in body
        if (known := property_at(play.operation, (name,))) is not None and not known.required
        and not is_version(play, name)
    ]  # fmt: skip
    if len(optional) > 1:
        # Two of them do: what is lost with the first shows everything but the first.
        yield from optional[:2]


def _only(play: Play, place: Place, value: object) -> Request:
    """The request with one optional property, and with those that are required."""
    body = dict(play.request.body)
    kept = {
        name: each for name, each in body.items()
        if name == place[0] or is_version(play, name)
        or ((known := property_at(play.operation, (name,))) is not None and known.required)
    }  # fmt: skip
    if value is not None:
        kept[str(place[0])] = value
    return play.request.with_body(kept)


def _emptied(columns: Mapping[Place, str], place: Place, filled: Row, after: Row) -> str:
    """The property whose column is empty now and was not."""
    for each, name in columns.items():
        if each[0] == place[0] or columns.get(place) == name:
            continue
        if filled.get(name) not in EMPTY and after.get(name) in EMPTY:
            return ".".join(map(str, each))
    return ""


def _children(play: Play, step: Step, place: Place) -> str:
    """The table of rows that another property of the body made and that are gone now."""
    body: Mapping[str, object] = play.request.body
    lists = [name for name, value in body.items() if isinstance(value, list) and value and name != place[0]]
    made = {table for table, _ in play.changes.added}
    gone = {table for table, _ in step.changes.removed} - {table for table, _ in step.changes.added}
    return sorted(made & gone)[0] if lists and made & gone else ""
