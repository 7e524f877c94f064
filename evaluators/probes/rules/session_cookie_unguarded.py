"""The probe `session-cookie-unguarded`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from evaluators.finding import Severity
from evaluators.probes.auth_entry import sampled
from evaluators.probes.auth_headers import SetCookie, set_cookies
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.csrf import NAME as CSRF


@rule(
    "session-cookie-unguarded", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-1004",
    owasp="API2:2023",
)  # fmt: skip
async def session_cookie_unguarded(world: World) -> AsyncIterator[Flaw]:
    """The cookie of a session lacks HttpOnly, Secure or SameSite.

    Why: Without `HttpOnly` a script that slipped into a page reads it, without
        `Secure` it travels in clear over the first plain link, and without
        `SameSite` every foreign page sends requests in the user's name.

    Sends: A login.

    Applies: To services whose credential is a cookie.

    Proves: The login's `Set-Cookie` lacks the attribute, or says
        `SameSite=None`.

    Precision: A cookie of a token against forgery, which scripts must read, is
        none of a session. Browsers that take `Lax` where nothing is said still
        send it with a top-level POST for two minutes.

    Source: RFC 6265bis, sections 4.1.2 and 8.8; OWASP Session Management Cheat Sheet; CWE-1004, CWE-614, CWE-1275.
    """
    for name in world.crew.ordinary[:1]:
        entry = await sampled(world, name)
        if entry is None or entry.held is None or not entry.held.cookie:
            continue
        for step in entry.steps:
            for cookie in set_cookies(step):
                lacks = list(_lacking(cookie))
                if lacks and not CSRF.search(cookie.name) and len(cookie.value) >= 16:
                    text = f"{step.request.symbol} sets the cookie {cookie.name} without {' and '.join(lacks)}."
                    hint = "Set it with HttpOnly, Secure and SameSite=Lax or Strict."
                    yield flaw(world, [step], text, hint=hint)


def _lacking(cookie: SetCookie) -> Iterator[str]:
    for label in ("HttpOnly", "Secure"):
        if label.lower() not in cookie.attributes:
            yield label
    if cookie.attributes.get("samesite") not in ("lax", "strict"):
        yield "SameSite"
