"""The probe `log-line-forged`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_output import log_lines
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("log-line-forged", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-117", owasp="")
async def log_line_forged(world: World) -> AsyncIterator[Flaw]:
    """A line break in a request begins a line of the log.

    Why: Whoever sends it writes what seems to be the service's own lines: a login
        that never was, another user's name, a second that did not fail.

    Sends: To each text of a path, a query and a body a line break and a line of
        our own.

    Applies: To places that take text, of operations that were reached.

    Proves: A line of the log begins with ours.

    Precision: Lines of tracebacks are left out, since an exception may have
        several. A mail that is written to the log with its body counts.

    Source: CWE-117; OWASP Logging Cheat Sheet, Event collection.
    """
    async for each in log_lines(world):
        text = f"{each.entry.play.operation.symbol} writes {each.entry.said} to the log with its line breaks."
        yield flaw(world, each.steps, text, seen=each.seen, hint="Log values as JSON, or with `%r`.")
