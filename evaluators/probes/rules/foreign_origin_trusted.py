"""The probe `foreign-origin-trusted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_headers import origins, private_reads
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "foreign-origin-trusted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-942",
    owasp="API8:2023",
)  # fmt: skip
async def foreign_origin_trusted(world: World) -> AsyncIterator[Flaw]:
    """Pages of any origin may read private answers with the visitor's credentials.

    Why: A page that a user happens to open asks the service with the user's
        cookies and reads the answer, as if it were the service's own page.

    Sends: A working GET with the `Origin` of a foreign page, with `null`, and
        with origins that begin, end or nearly read like those that the code
        names.

    Applies: To the first GET that needs a credential; without one, to nothing.

    Proves: `Access-Control-Allow-Origin` repeats that origin, and
        `Access-Control-Allow-Credentials` is `true`.

    Precision: `*` without credentials is fine, and so is an origin that stands
        in the code itself.

    Source: Fetch Standard, "CORS protocol and credentials"; OWASP API Security Top 10 2023, API8; CWE-942.
    """
    plays = private_reads(world)
    if not plays:
        return
    carries_cookie = any("cookie" in name.lower() for member in world.crew.members.values() for name in member.headers)
    for origin, what in origins(world):
        request = plays[0].request.saying(Origin=origin)
        if not carries_cookie:
            # Some middlewares repeat the origin only where there is a cookie.
            request = request.saying(Cookie="visited=1")
        answer = await world.ask(request)
        allowed = answer.header("access-control-allow-origin") == origin
        if allowed and (answer.header("access-control-allow-credentials") or "").lower() == "true":
            step = await world.once(request)
            text = f"{plays[0].operation.symbol} lets {what} read its answers with credentials."
            hint = "List the origins that are trusted, and compare them whole."
            seen = f"Access-Control-Allow-Origin: {origin}\nAccess-Control-Allow-Credentials: true"
            yield flaw(world, [step], text, hint=hint, seen=seen)
            return
