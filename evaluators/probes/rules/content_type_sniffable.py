"""The probe `content-type-sniffable`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "content-type-sniffable", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-430",
    owasp="API8:2023",
)  # fmt: skip
async def content_type_sniffable(world: World) -> AsyncIterator[Flaw]:
    """Content of users is answered without `X-Content-Type-Options: nosniff`.

    Why: A browser that guesses the type of an uploaded text runs the script in
        it, with the rights of whoever opened the link.

    Sends: Nothing more: it reads the answers to the working GETs.

    Applies: To GETs whose answer is neither JSON nor a type of its own that the
        service makes, such as HTML: downloads.

    Proves: The header is not there.

    Precision: Types that no browser guesses at, such as images, are asked for it
        too: the header costs nothing.

    Source: Fetch Standard, "X-Content-Type-Options"; OWASP File Upload Cheat Sheet; CWE-430.
    """
    for _, play in sorted(world.plays.items()):
        media = (play.step.answer.header("content-type") or "").split(";")[0].strip().lower()
        if play.operation.method != "GET" or not play.step.ok or not play.step.answer.body:
            continue
        if media.endswith(("json", "html")) or (play.step.answer.header("x-content-type-options") or "") == "nosniff":
            continue
        text = f"{play.operation.symbol} answers content of users without `X-Content-Type-Options: nosniff`."
        yield flaw(
            world, [play.step], text, hint="Send it with every answer.", seen=f"Content-Type: {media or 'absent'}"
        )
