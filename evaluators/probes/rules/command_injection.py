"""The probe `command-injection`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_effects import commands
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("command-injection", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-78", owasp="")
async def command_injection(world: World) -> AsyncIterator[Flaw]:
    """A text of a request is carried out by a shell.

    Why: Whoever asks runs programs with the service's rights.

    Sends: To each text of a request the command `sleep 1`, as it would run in a
        bare word, in double quotes and in single quotes.

    Applies: To places that take text, of operations that were reached.

    Proves: `sleep 2` takes two seconds and `sleep 0` none, both twice.

    Precision: A command that nobody waits for is not seen.

    Source: CWE-78; OWASP OS Command Injection Defense Cheat Sheet.
    """
    async for each in commands(world):
        text = f"{each.entry.play.operation.symbol} gives {each.entry.said} to a shell."
        hint = "Start the program with a list of arguments, without a shell, and with `--` before what is given."
        yield flaw(world, each.steps, text, seen=each.seen, hint=hint)
