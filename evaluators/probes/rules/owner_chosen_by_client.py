"""The probe `owner-chosen-by-client`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.seeding import plain


@rule(
    "owner-chosen-by-client", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023"
)
async def owner_chosen_by_client(world: World) -> AsyncIterator[Flaw]:
    """A user creates a thing in another user's name by naming the other one in the body.

    Why: Who owns a new row is known from the credential. Taken from the body,
        anybody orders, books and signs for anybody else.

    Sends: Each creation that works with the sender's own id in the body, with
        the id of another identity there.

    Applies: To places of the body that hold the row which stands for the
        sender, where rows of the other identity in the created row's table are
        kept from the sender.

    Proves: The request is accepted, and the new row belongs to the other
        identity and in no way to the sender.

    Precision: Messages and invitations name their sender too, so nothing is
        said of them.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("POST"):
        owner, stranger = play.request.who, trials.other(play.request.who)
        people = {name: thing for thing, name in trials.ownership.people.items()}
        if owner not in people or stranger not in people:
            continue
        for place, table in trials.naming(play):
            own = trials.row_named(table, play.request.body, place)
            if own is None or trials.ownership.thing(table, own) != people[owner] or people[stranger][0] != table:
                continue
            key = trials.ownership.tables[table].key[0]
            other = trials.ownership.rows[people[stranger]]
            step = await trials.step(play.request.having(place, plain(other[key])))
            made = [name for name, row in step.changes.added if trials.ownership.reach(name, row) == {stranger}]
            for name in made if step.ok else ():
                theirs = trials.row_of(name, stranger)
                refused = await trials.refusals(name, theirs, owner) if theirs is not None else []
                if refused:
                    yield flaw(
                        world,
                        [*refused, step],
                        f"{play.operation.symbol} makes a row of {name} that belongs to whom the body names.",
                        hint="Take the owner from the credential.",
                    )
                    break
