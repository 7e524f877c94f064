"""The probe `read-changes-rows`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_effects import taken_by_token, visible, written
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("read-changes-rows", family="probes", severity=Severity.ERROR, cwe="CWE-650", owasp="")
async def read_changes_rows(world: World) -> AsyncIterator[Flaw]:
    """A GET changes rows that answers show.

    Why: Crawlers, previews and retries read whatever they find. A read that
        writes makes versions and times move without anybody having changed
        a thing, or adds rows that nobody asked for.

    Sends: Each GET that works, twice, and as HEAD where that is answered.

    Applies: To reads whose path and query hold no token or code of the kind
        that a mail carries.

    Proves: Both times a row is added to a table that answers show, or a
        column changes that the answers show and whose name is none of a
        counter or of a last visit.

    Precision: Counters of views and times of the last use are meant; rows
        whose time has run out may be tidied up on a read.

    Source: RFC 9110, section 9.2.1 (safe methods); CWE-650.
    """
    shown = visible(world)
    for operation in world.operations("GET"):
        play = world.plays.get(operation.symbol)
        if play is None or not play.changes or taken_by_token(play):
            continue
        async with world.scene() as scene:
            one = await scene.send(play.request)
            two = await scene.send(play.request)
        what = written(one, shown) if one.ok and two.ok else ""
        if what and written(two, shown) == what:
            yield flaw(world, [one, two], f"{operation.symbol} {what}.")
