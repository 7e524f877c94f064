"""What is reserved for those with more rights, as the service and its contract show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import shape_of
from evaluators.probes.atlas import bare
from evaluators.probes.authorization_trial import Trials
from evaluators.probes.forms import media_of
from evaluators.probes.world import Play
from evaluators.service.step import Step

WRITES = ("POST", "PUT", "PATCH", "DELETE")
SIBLINGS = 2
"""Reserved operations that make the same of another one plausible."""
ONLY = re.compile(
    r"\b(admin(istrator)?s?|staff|moderators?|superusers?|operators?)\b,? only\b"
    r"|\bonly (for |by |an? |the )?(admin(istrator)?s?|staff|moderators?|superusers?)\b(?! (and|or|may see|see))"
    r"|\bnot an? (admin(istrator)?|moderator|superuser)\b",
    re.IGNORECASE,
)
HIGH = re.compile(r"admin|staff|moderat|superuser|root|operator|support|manager", re.IGNORECASE)
"""Roles and flags that nobody gives to himself; a seller's or an author's may be for everybody."""
MEMBERS = re.compile(r"/\{[^{}]*\}$")


async def reserved(trials: Trials, play: Play) -> tuple[list[Step], str] | None:
    """(refusals that show it, why) where an operation that an ordinary identity passed is reserved."""
    if play.request.who in trials.world.crew.lifted:
        said = _said_above(trials, play)
        return ([], said) if said is not None else None
    if play.request.who not in trials.world.crew.ordinary:
        return None
    told = _raises(trials, play)
    if told is not None:
        return [], told
    asked = _scopes(trials, play)
    if asked is not None:
        return [], asked
    if play.operation.method != "GET" and not play.changes:
        return None
    told = _said(trials, play)
    if told is not None:
        return [], told
    if _own(trials, play):
        return None
    return await _beside(trials, play) or await _alike(trials, play)


def _said(trials: Trials, play: Play) -> str | None:
    """Whether the contract's words leave the operation to somebody with more rights, which the identity has not."""
    labels = _labels(trials)
    texts = [play.operation.node.text("summary"), play.operation.node.text("description")]
    texts += [each.node.text("description") for each in play.operation.responses if each.status == "403"]
    for text in texts:
        found = ONLY.search(text)
        if found and (labels or trials.world.crew.lifted):
            return f"the contract says: {found.group().strip()}"
        found = next(
            (each for each in re.finditer(r"\b(\w+?)s? only\b", text, re.I) if each[1].lower() in labels), None
        )
        if found:
            return f"the contract says: {found.group()}"
    return None


def _said_above(trials: Trials, play: Play) -> str | None:
    """Whether the contract's words leave the operation to another role than the one in the middle that passed."""
    crew = trials.world.crew
    own = {str(value).lower() for value in crew.members[play.request.who or ""].row.values()}
    above = sorted(_labels(trials) - own)
    if not above or (play.operation.method != "GET" and not play.changes):
        return None
    named = "|".join(map(re.escape, above))
    wanted = re.compile(
        rf"\b({named})s?,? only\b|\bonly (for |by |an? |the )?({named})s?\b(?! (and|or))|\bnot an? ({named})\b"
    )
    texts = [play.operation.node.text("summary"), play.operation.node.text("description")]
    texts += [each.node.text("description") for each in play.operation.responses if each.status == "403"]
    for text in texts:
        found = wanted.search(text.lower())
        if found and not any(re.search(rf"\b{re.escape(each)}s?\b", text.lower()) for each in own if each.isalpha()):
            return f"the contract says: {found.group()}"
    return None


async def granted(trials: Trials, play: Play) -> tuple[Step, str] | None:
    """(the request that was accepted, column) where whoever asks writes into an account the role of those above."""
    crew = trials.world.crew
    media = media_of(play.operation)
    if play.request.who in crew.lifted or media is None or media.schema is None or play.operation.method == "GET":
        return None
    declared = shape_of(media.schema).properties
    for name in crew.lifted:
        member, plain_one = crew.members[name], crew.members[crew.ordinary[0]]
        rows = [row for table, row in play.changes.added if table == member.table]
        rows += [each.after for each in play.changes.updated if each.table == member.table]
        for column in sorted(_ranks(trials, dict(member.row), dict(plain_one.row), member.table)) if rows else ():
            value = member.row[column]
            place = next((each.name for each in declared if bare(each.name) == bare(column)), None)
            if place is None or not HIGH.search(f"{column} {value}"):
                continue
            step = await trials.step(play.request.having((place,), value))
            after = [*step.changes.rows_added(member.table)]
            after += [each.after for each in step.changes.updated if each.table == member.table]
            if step.ok and any(row.get(column) == value for row in after):
                return step, f"{member.table}.{column}"
    return None


def _labels(trials: Trials) -> frozenset[str]:
    """What those with more rights are called, and no ordinary identity."""
    crew = trials.world.crew
    low = {str(value).lower() for name in crew.ordinary for value in crew.members[name].row.values()}
    high = {str(value).lower() for name in crew.lifted for value in crew.members[name].row.values()}
    return frozenset(each for each in high - low if each.isalpha())


def _raises(trials: Trials, play: Play) -> str | None:
    """Whether a column was changed by which somebody with more rights differs from an ordinary identity."""
    for name in trials.world.crew.lifted:
        member = trials.world.crew.members[name]
        plain_one = trials.world.crew.members[trials.world.crew.ordinary[0]]
        ranks = _ranks(trials, dict(member.row), dict(plain_one.row), member.table)
        for each in play.changes.updated:
            moved = ranks & set(each.columns)
            if each.table == member.table and moved:
                return f"it changes {each.table}.{min(moved)}, which is what gives more rights"
    return None


def _ranks(trials: Trials, high: dict[str, object], low: dict[str, object], table: str) -> set[str]:
    """Columns whose value is one of a few, and differs between the two."""
    from evaluators.service.values import labels_of

    known = trials.ownership.tables.get(table)
    columns = known.columns if known else ()
    listed = {c.name for c in columns if known and (labels_of(c, known) or c.type.startswith("bool"))}
    flags = {name for name in high if {high[name], low.get(name)} <= {0, 1}}
    return {name for name in (listed | flags) if high.get(name) != low.get(name)}


def _scopes(trials: Trials, play: Play) -> str | None:
    """Whether the contract asks for scopes that the identity did not ask for."""
    member = trials.world.member(play.request.who)
    held = set((member.scopes if member else "").split())
    if not held:
        return None
    wanted = [set(each) for each in scopes_of(trials, play.operation)]
    if wanted and all(each - held for each in wanted):
        return f"the contract asks for the scope {min(min(each - held) for each in wanted)}, which it does not hold"
    return None


def scopes_of(trials: Trials, operation: Operation) -> Iterator[list[str]]:
    """The scopes of each alternative of an operation's security."""
    raw = operation.node.raw("security") if operation.security_stated else None
    root = trials.world.contract.root
    raw = raw if raw is not None else root.raw("security") if root is not None and root.has("security") else []
    for alternative in raw if isinstance(raw, list) else []:
        if isinstance(alternative, dict):
            yield [str(scope) for scopes in alternative.values() if isinstance(scopes, list) for scope in scopes]


def _own(trials: Trials, play: Play) -> bool:
    """Whether the operation is about what belongs to an ordinary identity."""
    found = trials.subject(play)
    return found is not None and bool(trials.ownership.reach(*found) & set(trials.world.crew.ordinary))


async def _beside(trials: Trials, play: Play) -> tuple[list[Step], str] | None:
    """Writes on the same thing that are refused to everybody ordinary."""
    if play.operation.method not in ("PUT", "PATCH", "DELETE"):
        return None
    here = _collection(play.operation)
    for other in trials.world.plays.values():
        if other.operation.method not in WRITES or _collection(other.operation) != here or other is play:
            continue
        if other.request.who not in trials.world.crew.lifted:
            continue
        tables = play.changes.tables & other.changes.tables
        refused = await trials.step(other.request.as_(play.request.who))
        if tables and refused.status == 403:
            return [refused], f"{other.operation.symbol} writes {min(tables)} too and is refused to him"
    return None


async def _alike(trials: Trials, play: Play) -> tuple[list[Step], str] | None:
    """Every other operation with the same 403 and the same beginning is refused to ordinary identities."""
    said = _refusal(play.operation)
    alike = [
        each
        for each in trials.world.contract.operations
        if each is not play.operation and said and _refusal(each) == said and _head(each) == _head(play.operation)
    ]
    plays = [trials.world.plays.get(each.symbol) for each in alike]
    closed = [each for each in plays if each is not None and each.request.who in trials.world.crew.lifted]
    if len(closed) < SIBLINGS or any(each is not None and each not in closed for each in plays):
        return None
    refused = await trials.step(closed[0].request.as_(play.request.who))
    if refused.status != 403:
        return None
    return [refused], f"every other operation under /{_head(play.operation)} that declares this 403 is refused to him"


def _refusal(operation: Operation) -> str:
    """What the contract says of 403."""
    response = next((each for each in operation.responses if each.status == "403"), None)
    return f"{response.node.pointer} {response.node.text('description')}".split(" ", 1)[-1] if response else ""


def _head(operation: Operation) -> str:
    return operation.path.strip("/").split("/")[0]


def _collection(operation: Operation) -> str:
    """`/products/{id}` and `/products` are one."""
    return re.sub(r"\{[^{}]*\}", "{}", MEMBERS.sub("", operation.path.rstrip("/")))
