"""The probe `read-changes-rows`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_reads import reads_that_write
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("read-changes-rows", family="probes", severity=Severity.ERROR, cwe="CWE-650", owasp="")
async def read_changes_rows(world: World) -> AsyncIterator[Flaw]:
    """A GET changes rows that answers show.

    Why: Crawlers, previews and retries read whatever they find. A read that
        writes makes versions and times move without anybody having changed
        a thing, or adds rows that nobody asked for.

    Sends: Each GET that works, twice, and as HEAD; then of the things that
        writes below its path work for, as the one who writes; then once more
        after the gate has set the times of the rows that it shows ten years back.

    Applies: To reads whose path and query hold no token or code of the kind
        that a mail carries, and whose description says nothing of it.

    Proves: Each time a row is added to or removed from a table that answers
        show, or a column changes that the answers show and whose name is
        none of a counter or of a last visit; or what such a write does is done.

    Precision: Counters of views and times of the last use are meant, and so
        are tables of accesses. Tidying up what has ended on a read is told:
        a job, or the query, can leave it out.

    Source: RFC 9110, section 9.2.1 (safe methods); CWE-650.
    """
    async for each in reads_that_write(world):
        yield each
