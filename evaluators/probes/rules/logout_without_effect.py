"""The probe `logout-without-effect`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from evaluators.contract.facts import Operation
from evaluators.finding import Severity
from evaluators.probes.auth_entry import (
    NAMED_END,
    Entry,
    Renewing,
    brings_token,
    ends,
    entered,
    giving,
    in_shell,
    key_in,
    readers,
    renewer,
    rewritten,
    writers,
)
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.auth_tokens import decoded
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, Scene, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.seeding import quoted
from evaluators.service.step import Step

READS = 3
"""Reads that are tried after a logout: not all may ask the same guard."""
ALL = re.compile(r"\ball\b|_all(_|\b)|everywhere|every_?-?session", re.IGNORECASE)
OTHERS = re.compile(r"other", re.IGNORECASE)
"""How operations are called that end further sessions of the account."""
ACCESS = re.compile(r"\baccess[ _-]?tokens?\b", re.IGNORECASE)
LASTING = re.compile(r"\b(until|expir\w*|remains?|stays?|still|valid|not)\b", re.IGNORECASE)
"""How a contract says that a token (RFC 6749) lasts beyond its session."""
REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat"})
"""Claims of RFC 7519 that name no session."""
Session = tuple[str, Row]
"""(table, row)"""


@rule(
    "logout-without-effect", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613", owasp="API2:2023"
)
async def logout_without_effect(world: World) -> AsyncIterator[Flaw]:
    """A credential works after its own logout or revocation.

    Why: Logging out is what a user does on a shared or a lost device. A service
        that says yes and forgets to end the session leaves the account open to
        whoever finds the token.

    Sends: A login, the logout or revocation, and then a few working reads, a
        write and the change of the refresh token. Where all sessions are to end,
        another login before, whose credential is tried afterwards.

    Applies: To operations that take the credential or the refresh token and
        were seen to change a row that a login writes, or that are called logout
        or revocation; keys and sessions by their own id too.

    Proves: The same request shows the same after the logout as before.

    Precision: An access token that ends by itself is not expected to end with a
        logout that takes the refresh token alone; then the refresh token is. It
        is expected to where it names the session that the logout ends, and the
        contract says so of access tokens or the service refuses it once that
        session's row is gone.

    Source: OWASP ASVS 4.0.3, 3.3.1; CWE-613.
    """
    for name in world.crew.ordinary[:1]:
        plays = readers(world, name)
        if not plays:
            continue
        renewing = await renewer(world, name)
        async with world.scene() as scene:
            entry = await entered(scene, name)
            candidates = [operation for operation, _ in ends(world, entry)] if entry is not None else []
        reads = [*plays[:READS], *writers(world, name)[:1]]
        for operation in candidates:
            async with world.scene() as scene:
                found = (
                    None if OTHERS.search(_called(operation)) else await _after(scene, name, operation, reads, renewing)
                )
            if found is None and (ALL.search(_called(operation)) or OTHERS.search(_called(operation))):
                async with world.scene() as scene:
                    found = await _elsewhere(scene, name, operation, plays[0])
            if found is not None:
                yield found


def _called(operation: Operation) -> str:
    return f"{operation.path} {operation.id or ''}"


async def _after(
    scene: Scene, name: str, operation: Operation, plays: list[Play], renewing: Renewing | None
) -> Flaw | None:
    """What the credential still does after one logout."""
    entry = await entered(scene, name)
    ending = next((request for op, request in ends(scene.world, entry) if op == operation), None) if entry else None
    if entry is None or ending is None or entry.held is None:
        return None
    ended = await scene.send(entry.sending(ending) if operation.secured else ending.as_(None))
    if not ended.ok or brings_token(ended) or not (NAMED_END.search(_called(operation)) or _its_own(entry, ended)):
        return None
    own = operation.secured or decoded(entry.held.value) is None
    named = None if own else _session(scene.world, entry, ended)
    for play in plays if own or named is not None else ():
        step = await scene.send(entry.sending(play.request))
        if same_effect(play, step) and (named is None or await _meant(scene, entry, play, operation, named)):
            text = f"The credential still works after {operation.symbol} was accepted."
            steps = [*entry.steps, ended, step]
            return in_shell(flaw(scene.world, steps, text, operation=operation, hint=HINT), entry)
    return await _refreshed(scene, entry, ending, ended, renewing) if renewing is not None else None


def _its_own(entry: Entry, ended: Step) -> bool:
    """Whether a step touched a row that the login wrote; a change of the password ends the other sessions alone."""
    mine = [row for step in entry.steps for _, row in step.changes.added]
    return any(row in mine for _, row in ended.changes.removed) or any(e.before in mine for e in ended.changes.updated)


def _session(world: World, entry: Entry, ended: Step) -> Session | None:
    """The row that the login wrote, that its token names and that the logout touched; None where there is none."""
    read = decoded(entry.held.value) if entry.held is not None else None
    said = {str(value) for name, value in read[1].items() if name not in REGISTERED} if read is not None else set()
    mine = {
        (table, key_in(row, world.keys.columns.get(table, ()))) for s in entry.steps for table, row in s.changes.added
    }
    for table, row in (*ended.changes.removed, *((each.table, each.before) for each in ended.changes.updated)):
        key = key_in(row, world.keys.columns.get(table, ()))
        if key in said and (table, key) in mine:
            return table, row
    return None


async def _meant(scene: Scene, entry: Entry, play: Play, operation: Operation, session: Session) -> bool:
    """Whether access tokens are to end with their session: by the contract's words, or as they do without its row."""
    text = f"{operation.node.text('summary')}. {operation.node.text('description')}"
    if ACCESS.search(text):
        return not LASTING.search(text)
    table, row = session
    column = scene.world.keys.columns[table][0]
    statement = f"DELETE FROM {quoted(table)} WHERE {quoted(column)} = ?"  # noqa: S608 - quoted
    gone = await rewritten(scene, statement, row[column])
    return gone and (await scene.send(entry.sending(play.request))).status == 401


async def _elsewhere(scene: Scene, name: str, operation: Operation, play: Play) -> Flaw | None:
    """What another session of the same account still does after the end of all."""
    old = await entered(scene, name)
    worked = await scene.send(old.sending(play.request)) if old is not None else None
    entry = await entered(scene, name)
    ending = next((request for op, request in ends(scene.world, entry) if op == operation), None) if entry else None
    if old is None or entry is None or ending is None or old.held is None or entry.held is None:
        return None
    if worked is None or not worked.ok or old.held.value == entry.held.value:
        return None
    ended = await scene.send(entry.sending(ending))
    step = await scene.send(old.sending(play.request))
    if not ended.ok or not same_effect(play, step):
        return None
    text = f"Another session of the account still works after {operation.symbol} was accepted."
    return in_shell(flaw(scene.world, [*old.steps, *entry.steps, ended, step], text, operation=operation, hint=HINT),
                    old)  # fmt: skip


HINT = "End what the login wrote, and look at it with each request."


async def _refreshed(scene: Scene, entry: Entry, ending: Request, ended: Step, known: Renewing) -> Flaw | None:
    """Whether the session's refresh token is still changed for new tokens."""
    values = {str(value) for value in ending.body.values()} if isinstance(ending.body, dict) else set()
    renewing, place, label = known
    # What takes no token ends the session that the credential is of.
    token = next((v for n, v in entry.others() if n == label and (v in values or ending.operation.secured)), None)
    if token is None:
        return None
    step = await scene.send(giving(scene.world, renewing, place, token).as_(None))
    if not brings_token(step):
        return None
    operation = ending.operation
    text = f"{renewing.symbol} still takes the refresh token after {operation.symbol} was accepted."
    return flaw(scene.world, [*entry.steps, ended, step], text, operation=operation, hint=HINT)
