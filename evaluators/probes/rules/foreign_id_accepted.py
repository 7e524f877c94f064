"""The probe `foreign-id-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_ids import (
    Naming,
    beside_in_path,
    counts,
    fitting,
    headers_of,
    in_query,
    left_out,
    meant,
    strange_row,
    swaps,
    took,
)
from evaluators.probes.authorization_trial import Trials, trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row
from evaluators.service.request import Request, leaves
from evaluators.service.seeding import plain
from evaluators.service.step import Step

NOTHING, NOBODY = 987_654_321, "00000000-0000-4000-8000-00000000dead"
"""Keys of no row."""


@rule("foreign-id-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023")
async def foreign_id_accepted(world: World) -> AsyncIterator[Flaw]:
    """An id in the body, the query or a header names something of another user, and is accepted.

    Why: The path is checked and the body is not: an order takes somebody
        else's address, a file lands in somebody else's folder, a payment
        leaves somebody else's account.

    Sends: Each working request with an id of the sender's own row (or a number
        or name that is unique) replaced by that of another identity's row of the
        same table, one place of the body, the query, a header, or of a path with
        several at a time; and with such an id where the request leaves one out.

    Applies: To rows that belong to the other identity alone and that the
        service keeps from the sender. Places that are meant for somebody
        else's (a recipient, a target account) count only where the other one
        loses something.

    Proves: The request is accepted, and a row points to the other identity's
        row, or that row is changed or gone, or the answer shows it; or a read
        answers what it answers to the other one and not what an unknown id gets.

    Precision: Rows that stand for people may be named by anybody (an invited
        friend); nothing is said of them.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("GET", "POST", "PUT", "PATCH", "DELETE"):
        owner, stranger = play.request.who, trials.other(play.request.who)
        if owner is None or stranger is None:
            continue
        found = await _in_body(trials, play, owner, stranger) or await _beside(trials, play, owner, stranger)
        if found is not None:
            steps, name, table = found
            yield flaw(
                world,
                steps,
                f"{play.operation.symbol} takes in {name} a row of {table} that belongs to somebody else.",
                hint="Look up what the request names among the caller's own rows.",
            )


async def _in_body(trials: Trials, play: Play, owner: str, stranger: str) -> tuple[list[Step], str, str] | None:
    for naming, row in swaps(trials, play, owner, stranger):
        refused = await trials.refusals(naming.table, row, owner)
        step = await trials.step(naming.request) if refused else None
        if step is None or not step.ok:
            continue
        lost = took(step.changes, trials, stranger)
        touched = trials.ownership.touched(step.changes, stranger) or _used(trials, play, step, naming)
        given = _given(trials, play, naming.name, naming.table)
        if lost or (not given and (touched or _tied(trials, step, naming.table, row))):
            return [*refused, step], naming.name, naming.table
    others = [*left_out(trials, play, owner, stranger), *beside_in_path(trials, play, owner, stranger)]
    for naming, row in others if play.operation.method != "GET" else ():
        refused = await trials.refusals(naming.table, row, owner)
        step = await trials.step(naming.request) if refused else None
        if step is None or not step.ok or meant(trials, naming.name, naming.table):
            continue
        if _tied(trials, step, naming.table, row):
            return [*refused, step], naming.name, naming.table
    return None


def _tied(trials: Trials, step: Step, table: str, row: Row) -> bool:
    """Whether a row points to the row now, or the answer shows it or what belongs to it."""
    if trials.ownership.hung(step.changes, table, row) or _points(trials, step, table, row):
        return True
    wanted = trials.ownership.thing(table, row)
    shown = [(thing[0], trials.ownership.rows[thing]) for thing in trials.shown.rows(step.answer)]
    return any(
        trials.ownership.thing(*above[1:]) == wanted for each in shown for above in trials.ownership.above(*each)
    )


def _used(trials: Trials, play: Play, step: Step, naming: Naming) -> bool:
    """Whether the request did what it did with a row of the sender's own, where no column keeps which row it was."""
    stored = naming.place in dict(trials.naming(play)) or naming.place in play.columns
    return not stored and bool(step.changes) and step.changes.tables >= play.changes.tables


def _given(trials: Trials, play: Play, name: str, table: str) -> bool:
    """Whether a place is meant for somebody else's: by its name, or as one of two that keep amounts."""
    several = sum(1 for _, each in trials.naming(play) if each == table)
    return meant(trials, name, table) or (several > 1 and counts(trials, table))


def _points(trials: Trials, step: Step, table: str, row: object) -> bool:
    """Whether a changed row points to the row now."""
    for each in step.changes.updated:
        known = trials.ownership.tables.get(each.table)
        for key in known.foreign_keys if known else ():
            moved = set(key.columns) & set(each.columns)
            if moved and key.table == table and trials.ownership.parent(key, each.after) == row:
                return True
    return False


async def _beside(trials: Trials, play: Play, owner: str, stranger: str) -> tuple[list[Step], str, str] | None:
    """Ids in the query of a read, and in headers that hold an id of the sender's own."""
    if play.operation.method != "GET":
        return None
    for parameter, table in in_query(trials, play):
        key = trials.ownership.tables[table].key
        other = strange_row(trials, table, owner, stranger)
        value = fitting(parameter, other, key[0]) if other is not None and len(key) == 1 else None
        if value is None:
            continue
        asked = play.request.asking(**{parameter.name: value})
        found = await _shows(trials, await trials.step(asked), owner)
        if found is not None:
            return found[0], parameter.name, found[1]
        absent = play.request.asking(**{parameter.name: NOTHING if isinstance(value, int) else NOBODY})
        if other is not None and await _tells(trials, asked, absent, stranger):
            refused = await trials.refusals(table, other, owner)
            if refused:
                return [*refused, await trials.step(asked)], parameter.name, table
    for name, text in headers_of(play).items():
        tables = [thing[0] for thing in trials.ownership.rows if thing[1] == text and len(text) > 8]
        other = strange_row(trials, tables[0], owner, stranger) if tables else None
        if other is not None:
            value = str(plain(other[trials.ownership.tables[tables[0]].key[0]]))
            step = await trials.step(play.request.saying(**{name.replace("-", "_"): value}))
            found = await _shows(trials, step, owner)
            if found is not None:
                return found[0], name, found[1]
    return None


async def _tells(trials: Trials, asked: Request, absent: Request, stranger: str) -> bool:
    """Whether an answer that shows no row (a count, a sum) is the one that the other identity gets for its own."""
    step = await trials.step(asked)
    if not step.ok or not any(value for _, value in leaves(step.json) if not isinstance(value, bool)):
        return False
    theirs = await trials.step(asked.as_(stranger))
    return step.answer.body == theirs.answer.body != (await trials.step(absent)).answer.body


async def _shows(trials: Trials, step: Step, owner: str) -> tuple[list[Step], str] | None:
    """A row that the answer shows and that is kept from the sender."""
    for thing in sorted(trials.shown.rows(step.answer)):
        row = trials.ownership.rows[thing]
        if trials.ownership.strange(thing[0], row, owner):
            refused = await trials.refusals(thing[0], row, owner)
            if refused:
                return [*refused, step], thing[0]
    return None
