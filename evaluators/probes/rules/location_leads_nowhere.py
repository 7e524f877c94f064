"""The probe `location-leads-nowhere`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import unquote, urlsplit

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.request import Request
from evaluators.service.step import Step


@rule("location-leads-nowhere", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def location_leads_nowhere(world: World) -> AsyncIterator[Flaw]:
    """The Location of a creation leads to nothing.

    Why: A client that follows the header, as generated ones do, gets a 404
        for what it has just made.

    Sends: Each POST that works and whose answer has a Location, and a GET
        of that place as the same identity.

    Applies: To places that are a path of the contract with a GET.

    Proves: The creation is answered 201, and the read 404.

    Precision: Where the contract has no GET for it, or where another path
        reads the same things too (drafts, say), nothing is said.

    Source: RFC 9110, sections 10.2.2 and 15.3.2; CWE-440.
    """
    for play in writing(world, "POST"):
        if play.step.status != 201 or not play.step.answer.header("location"):
            continue
        async with world.scene() as scene:
            made = await scene.send(play.request)
            request = led(world, play, made.answer.header("location") or "")
            if not made.ok or request is None:
                continue
            read = await scene.send(request)
        if read.status == 404 and not _elsewhere(world, made, play):
            told = f"The Location that {play.operation.symbol} answers is not found."
            yield flaw(world, [made, read], told, operation=play.operation)


def _elsewhere(world: World, made: Step, play: Play) -> bool:
    """Whether another path reads things of that kind: then the one that is told may be open to others later on."""
    table = play.subject[0] if play.subject else ""
    path = urlsplit(made.answer.header("location") or "").path.rpartition("/")[0]
    reads = [known for symbol, known in world.plays.items() if symbol.startswith("GET ") and symbol.endswith("}")]
    return any(
        known.subject is not None and known.subject[0] == table
        and not f"{world.prefix}{known.operation.path}".startswith(f"{path}/{{")
        for known in reads
    )  # fmt: skip


def led(world: World, play: Play, location: str) -> Request | None:
    """The request that reads a place, or None where the contract has none."""
    path = urlsplit(location).path
    if path.startswith(world.prefix):
        path = path[len(world.prefix) :]
    for operation in world.operations("GET"):
        form = "/".join(
            f"(?P<p{number}>[^/]+)" if part.startswith("{") else re.escape(part)
            for number, part in enumerate(operation.path.split("/"))
        )
        found = re.fullmatch(form, path)
        if found:
            parts = operation.path.split("/")
            values = {parts[int(name[1:])].strip("{}"): unquote(value) for name, value in found.groupdict().items()}
            return Request(operation, play.request.who, values)
    return None
