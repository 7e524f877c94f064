"""The probe `private-answer-cacheable`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_headers import directives, kept_private, private_reads
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule

LEAST = 3
SHARE = 0.6


@rule(
    "private-answer-cacheable", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-524",
    owasp="API8:2023",
)  # fmt: skip
async def private_answer_cacheable(world: World) -> AsyncIterator[Flaw]:
    """A private answer may be kept by caches, where the service's others may not.

    Why: What stays in a browser's or a proxy's cache is shown to the next
        person at the same screen, after the logout too.

    Sends: Nothing more: it reads the answers to the working GETs.

    Applies: To GETs that need a credential and show something.

    Proves: The answer is `public` or has an `s-maxage`, which lets shared caches
        keep it although it was authenticated; or it says nothing where at least
        three, and three of five, of the service's private answers say `no-store`,
        `private` or `no-cache`.

    Precision: A service that never says anything is not judged: then the habit
        may be set in front of it. An answer that is the same for everybody may
        be `public` by design; suppress it there.

    Source: RFC 9111, sections 3.5 and 5.2.2; OWASP API Security Top 10 2023, API8; CWE-524.
    """
    plays = private_reads(world)
    careful = [play for play in plays if kept_private(play.step)]
    habit = len(careful) >= LEAST and len(careful) >= SHARE * len(plays)
    for play in plays:
        said = directives(play.step)
        shared = bool(said & {"public", "s-maxage"}) and not said & {"no-store", "private"}
        if shared and (habit or not careful):
            text = f"{play.operation.symbol} lets shared caches keep a private answer."
        elif habit and not kept_private(play.step):
            text = f"{play.operation.symbol} lets caches keep a private answer; {len(careful)} others forbid it."
        else:
            continue
        told = play.step.answer.header("cache-control") or "absent"
        yield flaw(world, [play.step], text, hint="Answer with `Cache-Control: no-store`.",
                   seen=f"Cache-Control: {told}")  # fmt: skip
