"""Credentials of people who are not there any more: whose row is gone, or is marked as closed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluators.probes.auth_doors import door_of
from evaluators.probes.auth_entry import rewritten
from evaluators.probes.auth_survey import guarded_plays, same_effect, surveyed
from evaluators.probes.auth_tokens import Forgery, Held, decoded, held_of, minted, resigned_with_claims, signs
from evaluators.probes.world import Play, World
from evaluators.service.member import Member
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.tables import Column, Table
from evaluators.service.values import is_time, labels_of

CLOSED = re.compile(r"disabled|deactivat|suspend|banned|blocked|deleted|removed|revoked|closed|locked", re.IGNORECASE)
OPEN = re.compile(r"^(is_?)?(active|enabled)$", re.IGNORECASE)
STATE = re.compile(r"^(account_?)?(status|state)$", re.IGNORECASE)
LOCKOUT = re.compile(r"lock(ed|out)?_?(until|till|expires)", re.IGNORECASE)
UNTIL = re.compile(r"until|till|expires", re.IGNORECASE)
CONFIRMED = re.compile(r"(confirmed|verified|activated)(_(at|on))?$", re.IGNORECASE)
WAITING = re.compile(r"pending|unverified|unconfirmed|inactive|new|invited", re.IGNORECASE)
GONE_NUMBER = 912345678
WHEN = "2024-01-02T10:00:00Z"
LATER = "2099-01-02T10:00:00Z"
MOST = 12
SHUT = "shut_by"
"""What was found out is noted in the world under this name."""


@dataclass(frozen=True)
class Trial:
    """What each operation said to one such credential."""

    taken: tuple[tuple[Play, Step], ...]
    """Operations that did what they do for the identity, or answered with success."""
    refused: int
    """Operations that answered 401 or 403."""
    login_refused: bool = False
    forgery: Forgery | None = None
    mark: str = ""
    """`table.column` that was set."""


async def _plays(world: World, name: str) -> list[Play]:
    """Working requests to operations that look at the credential at all."""
    open_ones = {each.play.operation.symbol for each in (await surveyed(world)).taken}
    plays = [play for play in guarded_plays(world) if play.request.who == name and play.repeats]
    return [play for play in plays if play.operation.symbol not in open_ones][:MOST]


def gone(member: Member, held: Held, table: Table, secret: str) -> Forgery | None:
    """The identity's token for a key that no row has; None where the gate cannot sign for the service."""
    read = decoded(held.value)
    if read is None or len(table.key) != 1 or not signs(held.value, secret):
        return None
    key = plain(member.row.get(table.key[0]))
    instead = str(GONE_NUMBER) if str(key).isdigit() else str(uuid.UUID(int=uuid.UUID(str(key)).int ^ 0xFFFF)) if (
        _is_uuid(str(key))) else ""  # fmt: skip
    if not instead or str(key) not in {str(value) for value in read[1].values()}:
        return None
    claims = {name: _other(value, str(key), instead) for name, value in read[1].items()}
    change = f"c.update((k, type(v)({instead!r})) for k, v in list(c.items()) if str(v) == {str(key)!r})"
    return Forgery("gone", "the token of a user who is not there", minted(held.value, secret, claims),
                   lines=resigned_with_claims(held, change))  # fmt: skip


def _other(value: Any, key: str, instead: str) -> Any:
    if str(value) != key or isinstance(value, bool):
        return value
    return int(instead) if isinstance(value, int) else instead


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


async def without_row(world: World, name: str) -> Trial | None:
    """Ask each operation with the token of a user who is not there."""
    member = world.member(name)
    held = held_of(member)
    table = world.seeds.table(member.table) if member is not None else None
    if member is None or held is None or table is None or not member.row:
        return None
    forgery = gone(member, held, table, world.running.secret)
    if forgery is None:
        return None
    taken, refused = [], 0
    for play in await _plays(world, name):
        answer = await world.ask(forgery.on(held, play.request))
        refused += answer.status in (401, 403)
        if 200 <= answer.status < 300:
            async with world.scene():
                # What it changed is put back before it is watched.
                pass
            taken.append((play, await world.once(forgery.on(held, play.request))))
    return Trial(tuple(taken), refused, forgery=forgery)


def marks(table: Table, row: dict[str, Any]) -> Iterator[tuple[Column, Any]]:
    """Columns of an account's row that close it, with the value that does."""
    for column in table.columns:
        value = row.get(column.name)
        labels = [str(each) for each in labels_of(column, table)]
        if STATE.search(column.name) and labels:
            closing = [label for label in labels if CLOSED.search(label) and label != value]
            if closing:
                yield column, closing[0]
        elif OPEN.search(column.name) and value in (True, 1):
            yield column, False if value is True else 0
        elif LOCKOUT.search(column.name):
            # A pause after failed logins: it shuts the door for a while, and throws nobody out.
            continue
        elif CLOSED.search(column.name) and value in (False, 0, None):
            timed = value is None and re.match(r"timestamp|date|text|char|varchar", column.type)
            if timed:
                yield column, LATER if UNTIL.search(column.name) else WHEN
            elif value is not None:
                yield column, True if value is False else 1


def unconfirmed(table: Table, row: dict[str, Any]) -> Iterator[tuple[Column, Any]]:
    """Columns of an account's row that say that it was confirmed, with the value that takes it back."""
    for column in table.columns:
        value = row.get(column.name)
        if CONFIRMED.search(column.name) and value not in (None, False, 0):
            if column.nullable and not isinstance(value, bool | int):
                yield column, None
            elif value in (True, 1):
                yield column, False if value is True else 0
        elif STATE.search(column.name):
            labels = [str(each) for each in labels_of(column, table)]
            yield from ((column, label) for label in labels[:4] if label != value and WAITING.search(label))


@dataclass(frozen=True)
class Shut:
    """What shuts the login of an account, seen by trying it."""

    column: Column
    value: Any
    back: bool
    """Whether it takes back what was done to a new account (it was confirmed); else it closes one."""


async def shut_by(world: World, member: Member, table: Table) -> list[Shut]:
    """Which columns of an account's row shut its login, whatever they are called: each state, flag and time is tried.

    A time that ends a wait shuts nothing, since it is set to what has gone by.
    """
    known: dict[str, list[Shut]] = vars(world).setdefault(SHUT, {})
    door = door_of(world, member.name)
    if door is None or not world.running.sets_back:
        return []
    if member.name not in known:
        known[member.name] = []
        for shut in list(_switches(table, dict(member.row)))[:MOST]:
            async with world.scene() as scene:
                if await rewritten(scene, _statement(table, shut.column), shut.value, member.row[table.key[0]]):
                    login = await scene.send(door.right())
                    if login.status in (400, 401, 403, 423):
                        known[member.name].append(shut)
    return known[member.name]


def _switches(table: Table, row: dict[str, Any]) -> Iterator[Shut]:
    """Each other value of a state, a flag and a time of an account's row."""
    pointing = {name for key in table.foreign_keys for name in key.columns}
    for column in table.columns:
        value, timed = row.get(column.name), is_time(column, table) or re.match("date|timestamp", column.type)
        if column.computed or column.name in (*table.key, *pointing):
            continue
        labels = [label for label in labels_of(column, table) if str(label) not in ("0", "1")]
        if labels:
            others = [label for label in labels[:4] if label != value]
            yield from (Shut(column, label, back=WAITING.search(str(label)) is not None) for label in others)
        elif column.nullable and timed:
            yield Shut(column, WHEN if value is None else None, back=value is not None)
        elif isinstance(value, bool) or (value in (0, 1) and column.has_default):
            # What was turned on may be that it was confirmed.
            yield Shut(column, not value if isinstance(value, bool) else 1 - value, back=bool(value))


def _statement(table: Table, column: Column) -> str:
    return f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE "{table.key[0]}" = ?'  # noqa: S608 - schema's names


async def closed(world: World, name: str) -> list[Trial]:
    """Mark the identity's row as closed in each way that its table has, and ask each operation."""
    member = world.member(name)
    table = world.seeds.table(member.table) if member is not None else None
    if member is None or table is None or len(table.key) != 1 or not member.row:
        return []
    found = []
    named = list(marks(table, dict(member.row)))
    taken_back = {column.name for column, _ in unconfirmed(table, dict(member.row))}
    seen = [(s.column, s.value) for s in await shut_by(world, member, table) if not s.back]
    seen = [(column, value) for column, value in seen if column.name not in {each.name for each, _ in named}]
    for column, value in (*named, *(pair for pair in seen if pair[0].name not in taken_back)):
        trial = await _marked(world, member, table, column, value)
        if trial is not None:
            found.append(trial)
    return found


async def _marked(world: World, member: Member, table: Table, column: Column, value: Any) -> Trial | None:
    door = door_of(world, member.name)
    statement = _statement(table, column)
    taken, refused = [], 0
    plays = [each for each in await _plays(world, member.name) if each.operation.method == "GET"]
    async with world.scene() as scene:
        if not await rewritten(scene, statement, value, member.row[table.key[0]]):
            return None
        for play in plays:
            step = await scene.send(play.request)
            refused += step.status in (401, 403)
            if same_effect(play, step):
                taken.append((play, step))
        login = await scene.send(door.right()) if door is not None else None
    shut = login is not None and 400 <= login.status < 500
    return Trial(tuple(taken), refused, shut, mark=f"{table.name}.{column.name}")
