"""From which states which operation is accepted, and what of that the contract and the other operations forbid."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from evaluators.probes.atlas import snake
from evaluators.probes.invariants_places import Spot, spots_of
from evaluators.probes.invariants_profile import Cell, Profile, known, moves, parents, profiles, set_cell
from evaluators.probes.invariants_states import LABELS, dead_revived, transition
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Row
from evaluators.service.step import Step
from evaluators.service.tables import Column
from evaluators.service.values import labels_of

MOST = 10
"""Operations of one column of states."""
DEAD = re.compile(
    r"^(cancell?ed|refunded|void(ed)?|rejected|declined|expired|revoked|withdrawn|annulled|terminated|abandoned|closed)$"
)
"""What nothing comes after."""
DONE = re.compile(r"^(delivered|shipped|completed?|fulfilled|checked_?in|finished|done|ended|used|redeemed|settled)$")
"""What cannot be undone by taking it back."""
BACK = re.compile(r"cancel|void|withdraw|revoke|release|leave|decline|reject|abort|abandon", re.IGNORECASE)
"""Operations that take something back before it is done."""
AGAIN = re.compile(
    r"(?<![a-z])(re_?(open|store|activ|sum|new|try|place|issue|instat)|un[a-z]+|enable|activat|appeal|archiv|delet|"
    r"refund|hid|purge|note|comment|messag|tag|attach|histor|read|seen|log|review|feedback|dispute|rat(e|ing))"
)
"""Operations that are meant for what is over, or do not mind."""
ONLY = re.compile(
    r"\b(only|unless|other than|except|must be|has to be|have to be|as long as|while|otherwise)\b", re.IGNORECASE
)
NOT = re.compile(
    r"\b(409|conflicts?|cannot|can't|may not|must not|never|stays?|no longer|refused|neither)\b", re.IGNORECASE
)
SENTENCES = re.compile(r"(?<=[.;:!])\s+")
FINAL = re.compile(r"\b(once|final|over|already|again|for good)\b", re.IGNORECASE)
"""How a description says that an answer is given once."""


@dataclass(frozen=True)
class Try:
    """An operation from one state of a row that it is about, or that what it makes belongs to."""

    profile: Profile
    cell: Cell
    home: Any
    """The state that it was found with."""
    label: Any
    step: Step
    works: bool
    """Whether it did what it does from its own state."""
    moved: bool
    """Whether it is an operation that changes the state."""

    @property
    def text(self) -> str:
        """What the contract says of the operation."""
        node = self.profile.play.operation.node
        return f"{node.text('summary')}. {node.text('description')}"


async def tries(world: World) -> dict[tuple[str, str], list[Try]]:
    """(table, column) -> every operation from every state; once a world."""
    held = known(world)
    if "matrix" not in held.results:
        found: dict[tuple[str, str], list[Try]] = {}
        counted: dict[tuple[str, str], int] = {}
        for profile in await profiles(world):
            for cell, labels, row in _states(world, profile):
                column = cell[0], cell[2]
                counted[column] = counted.get(column, 0) + 1
                if counted[column] <= MOST:
                    found.setdefault(column, []).extend(
                        [each async for each in _tried(world, profile, cell, labels, row)]
                    )
        held.results["matrix"] = found
    made: dict[tuple[str, str], list[Try]] = held.results["matrix"]
    return made


def _states(world: World, profile: Profile) -> Iterator[tuple[Cell, tuple[Any, ...], Row]]:
    """(cell, its labels, its row) of the rows that were there and that an operation is about."""
    rows = [(each.table, each.before) for each in profile.first.changes.updated]
    made = {table for table, _ in profile.first.changes.added}
    for table, new in profile.first.changes.added:
        rows += [(parent, other) for parent, other, _ in parents(world, table, new)]
    if profile.play.operation.method == "DELETE" or profile.sent.who is None:
        return
    named = set(profile.play.columns.values())
    seen: set[Cell] = set()
    # What else changes beside has states of its own.
    subject = profile.play.subject[0] if profile.play.subject is not None else ""
    rows = [each for each in rows if each[0] == subject] or [each for each in rows if subject in made]
    for called, row in rows:
        found = world.seeds.table(called)
        if found is None or not found.key or called == world.seeds.users:
            continue
        for column in found.columns:
            labels = labels_of(column, found)
            cell = called, world.keys.of(called, row), column.name
            if len(labels) > 1 and cell not in seen and (called, column.name) not in named:
                seen.add(cell)
                yield cell, labels, row


async def _tried(world: World, profile: Profile, cell: Cell, labels: tuple[Any, ...], row: Row) -> AsyncIterator[Try]:
    moving = transition(world, profile)
    moved = moving is not None and moving.cell == cell
    for label in labels[:LABELS]:
        if label == row.get(cell[2]):
            yield Try(profile, cell, row[cell[2]], label, profile.first, True, moved)
            continue
        async with world.scene() as scene:
            besides = _besides(world, cell, label, row)
            if not (await set_cell(scene, cell, label) or await set_cell(scene, cell, label, besides)):
                continue
            step = await scene.send(profile.fresh(8))
        yield Try(profile, cell, row[cell[2]], label, step, _does(profile, cell, step, moved), moved)


def _does(profile: Profile, cell: Cell, step: Step, moved: bool) -> bool:
    """Whether it changed the state as it does, or made what it makes."""
    if not step.ok:
        return False
    if moved:
        return any(each.table == cell[0] and cell[2] in each.columns for each in step.changes.updated)
    made = {table for table, _ in profile.first.changes.added}
    return bool(made) and made <= {table for table, _ in step.changes.added}


def _besides(world: World, cell: Cell, label: Any, row: Row) -> dict[str, Any]:
    """What a row of that state holds or lacks otherwise: when it was paid, who cancelled it."""
    table = world.seeds.table(cell[0])
    other = next((each for each in world.sealed.get(cell[0], ()) if each.get(cell[2]) == label), None)
    if table is None or other is None:
        return {}
    return {c.name: other[c.name] for c in table.columns if _differs(c, row, other)}


def _differs(column: Column, row: Row, other: Row) -> bool:
    return (
        column.nullable and not column.computed and (row.get(column.name) is None) != (other.get(column.name) is None)
    )


async def forbidden(world: World) -> AsyncIterator[Flaw]:
    """Operations that work from a state in which they must be refused."""
    told = {each.symbol async for each in dead_revived(world)}
    for column, found in sorted((await tries(world)).items()):
        for each in found:
            symbol = each.profile.symbol
            if symbol in told or not each.works or each.profile.play.operation.response("409") is None:
                continue
            why = _forbids(world, each, found) or _skips(world, each, found)
            if why:
                told.add(symbol)
                message = f"{symbol} is accepted for a row of {column[0]} that is {each.label}, {why}."
                yield flaw(
                    world, [each.step], message, hint="Look at the state in the statement that changes it.",
                    seen=f"{column[0]}.{column[1]} was {each.label} before.",
                )  # fmt: skip


async def relabelled(world: World) -> AsyncIterator[Flaw]:
    """Requests that name the new state, and are accepted for a row that such a request has ended before."""
    for profile in await profiles(world):
        operation = profile.play.operation
        text = f"{operation.node.text('summary')}. {operation.node.text('description')}"
        spots = spots_of(profile.play)
        if len(spots) != 1 or not spots[0].kind.enum or operation.response("409") is None or not FINAL.search(text):
            continue
        for each in profile.first.changes.updated:
            if spots[0].cell is None or each.table != spots[0].cell[0] or spots[0].cell[1] not in each.columns:
                continue
            cell = each.table, world.keys.of(each.table, each.before), spots[0].cell[1]
            found = await _ended_again(world, profile, spots[0], cell)
            if found is not None:
                step, label, end = found
                message = f"{profile.symbol} makes {end} of a row of {cell[0]} that is {label}, though that is final."
                yield flaw(world, [step], message, seen=f"{cell[0]}.{cell[2]} was {label} before.")
            break


async def _ended_again(world: World, profile: Profile, spot: Spot, cell: Cell) -> tuple[Step, Any, Any] | None:
    """(the request, the state before, the state after) where one end is followed by another."""
    ends = (spot.kind.enum or ())[:3]
    for label in ends:
        for end in (each for each in ends if each != label):
            async with world.scene() as scene:
                if not await set_cell(scene, cell, label):
                    continue
                step = await scene.send(profile.fresh(9).having(spot.place, end))
            changed = [u for u in step.changes.updated if u.table == cell[0] and cell[2] in u.columns]
            if step.ok and changed:
                return step, label, end
    return None


def _forbids(world: World, each: Try, found: list[Try]) -> str:
    """Why an operation must be refused from a state; empty where that cannot be told."""
    own = [other for other in found if other.profile is each.profile]
    table = world.seeds.table(each.cell[0])
    labels = [str(other.label) for other in own]
    allowed, denied, meant = said(each.text, labels)
    label = str(each.label)
    if label in denied - allowed:
        return "which its description rules out"
    works = {str(other.label) for other in own if other.works}
    if each.moved and meant & works and label not in allowed:
        return f"though it is described for {' or '.join(sorted(meant & works))} alone"
    if label in allowed or table is None:
        return ""
    operation = each.profile.play.operation
    name = snake(operation.path.rpartition("}")[2] or operation.id or "")
    others = [other for other in found if other.profile is not each.profile and str(other.label) == label]
    alive = {other.profile.symbol for other in found if other.works and str(other.label) != label}
    refusing = [other for other in others if other.step.refused and other.profile.symbol in alive]
    going = [other for other in others if other.works]
    # It may have been found with a row that is over: then more than one other must know better.
    sure = each.home != label or len(refusing) > 1
    if DEAD.match(label) and not AGAIN.search(name) and not going and sure and _live(works, label):
        return "which nothing else goes on from" if refusing else "which is over"
    if DONE.match(label) and each.moved and BACK.search(name) and refusing and not going:
        return "which cannot be taken back"
    return ""


def _skips(world: World, each: Try, found: list[Try]) -> str:
    """Why a step must leave a state to another one: both take back the same, and only the other undoes what led there.

    What is paid is refunded, and that gives the stock back; a cancellation that gives it back too keeps the money.
    """
    if not each.moved or each.label == each.home:
        return ""
    moved = _moved(world, each.profile, each.step)
    others = [other for other in found if other.moved and other.profile is not each.profile]
    back = [other for other in others if other.label == other.home == each.label]
    led = [other for other in others if other.label == other.home and _end(other) == each.label]
    for after, before in ((one, two) for one in back for two in led if one.profile is not two.profile):
        both = _moved(world, after.profile, after.step)
        undone = _undone(world, after, before)
        later = any(other.profile is after.profile and other.label == _end(each) and other.works for other in others)
        skipped = undone and both & moved and not later and not undone & each.step.changes.tables
        if skipped and not _leave(each, str(_end(after))):
            return f"and leaves out what {after.profile.symbol} does then to {' and '.join(sorted(undone))}"
    return ""


def _leave(each: Try, other: str) -> bool:
    """Whether a description names the state, in a sentence that does not tell what another operation makes of it."""
    own = [one for one in SENTENCES.split(each.text) if not said(one, [other])[0]]
    return any(said(one, [str(each.label)])[0] for one in own)


def _end(each: Try) -> Any:
    """The state that an operation led its row to."""
    return next((u.after[each.cell[2]] for u in each.step.changes.updated if u.table == each.cell[0]), None)


def _moved(world: World, profile: Profile, step: Step) -> set[tuple[str, str, bool]]:
    """(table, column, whether it rose) of the numbers that a step moved."""
    return {(one.table, one.column, one.by > 0) for one in moves(world, step.changes, profile.play)}


def _undone(world: World, after: Try, before: Try) -> frozenset[str]:
    """Tables of what one step takes back of what another did: a row beside a row, a number moved the other way."""
    rows = {table for table, _ in after.step.changes.added} & {table for table, _ in before.step.changes.added}
    there, back = _moved(world, before.profile, before.step), _moved(world, after.profile, after.step)
    return frozenset(rows | {table for table, column, rose in there if (table, column, not rose) in back})


def _live(works: set[str], label: str) -> bool:
    """Whether it works from a state that is not over too, and so is not meant for what is."""
    return any(not DEAD.match(other) for other in works - {label})


def said(text: str, labels: list[str]) -> tuple[set[str], set[str], set[str]]:
    """(states that a description names, those that it rules out, those alone that it is for).

    What an operation is for stands in its summary and its first sentence, or where it says `only`.
    """
    allowed: set[str] = set()
    denied: set[str] = set()
    meant: set[str] = set()
    spelt = {label: re.escape(label).replace("_", "[ _-]?") for label in labels}
    for place, sentence in enumerate(SENTENCES.split(text)):
        words = {label for label, form in spelt.items() if re.search(rf"\b{form}\b", sentence, re.IGNORECASE)}
        only = ONLY.search(sentence) is not None
        if NOT.search(sentence) and not only:
            denied |= words
            continue
        allowed |= words
        meant |= words if only or place < 2 else set()
    return allowed, denied, meant
