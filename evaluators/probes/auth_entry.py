"""Logging in within a scene, so that what a login writes is seen; and what else its answer hands out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import shape_of
from evaluators.probes.atlas import bare
from evaluators.probes.auth_survey import guarded_plays
from evaluators.probes.auth_tokens import Held, decoded, held_of
from evaluators.probes.world import Play, Scene, World
from evaluators.rule import Flaw
from evaluators.service.bodies import Place
from evaluators.service.csrf import NAME as CSRF
from evaluators.service.database import NoDatabase
from evaluators.service.entering import media_of
from evaluators.service.member import Member
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step
from evaluators.service.ways import DRAWN, UUID, Credential, cookies

SET_COOKIE = "sed -n 's/^[Ss]et-[Cc]ookie: \\([^;]*\\).*/\\1/p' | paste -sd ';' -"


@dataclass(frozen=True)
class Entry:
    """An identity that has just logged in."""

    member: Member
    """With the fresh credential."""
    steps: tuple[Step, ...]
    """Its logins, with what they wrote."""

    @property
    def held(self) -> Held | None:
        """The fresh secret."""
        return held_of(self.member)

    def sending(self, request: Request) -> Request:
        """A request with the fresh credential."""
        return request.forged(self.member.sent(request.operation.method))

    def others(self) -> list[tuple[str, str]]:
        """(name, value) of what else the logins handed out that looks drawn: refresh tokens."""
        mine = {self.held.value} if self.held else set()
        found = []
        for step in self.steps:
            sent = {str(value) for _, value in leaves(step.request.body)}
            for place, value in leaves(step.json):
                if isinstance(value, str) and place and value not in mine | sent and drawn(value):
                    found.append((str(place[-1]), value))
        return found


def drawn(value: str) -> bool:
    """Whether a text looks as if a service drew it as a secret."""
    return decoded(value) is not None or bool(len(value) >= 20 and DRAWN.fullmatch(value) and not UUID.fullmatch(value))


def login_of(member: Member | None) -> Operation | None:
    """The operation that an identity logs in with."""
    logins = [way.login for way in member.ways if way.login is not None] if member is not None else []
    return logins[0].operation if logins else None


async def rewritten(scene: Scene, statement: str, *values: object) -> bool:
    """Change rows with the gate's rights; False where a rule of the database refuses it, or no row is concerned."""
    import psycopg

    try:
        return await scene.set(statement, *values) > 0
    except (NoDatabase, psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.InternalError):
        return False


async def entered(scene: Scene, name: str) -> Entry | None:
    """Log an identity in as the crew was; None where it has no login or is refused."""
    member = scene.world.member(name)
    if member is None or member.account is None or login_of(member) is None:
        return None
    held: Credential | None = None
    steps: list[Step] = []
    for way in member.ways:
        if way.login is None:
            found = way.reading.of(member.account.answers, name, member.account)
        else:
            request = way.login.request(member.account, member.scopes)
            step = await scene.send(request.forged(held.headers) if held is not None else request)
            steps.append(step)
            found = way.reading.of([step], name, member.account) if 200 <= step.status < 400 else None
        if found is None:
            return None
        held = held.and_(found) if held is not None else found
    if held is None:
        return None
    if member.guard is not None:
        held = await member.guard.on(scene.world.watch, held, steps, name)
    return Entry(member.holding(held), tuple(steps))


async def sampled(world: World, name: str) -> Entry | None:
    """One login of an identity, for probes that only read what it brought; its rows are gone again."""
    kept: dict[str, Entry | None] = world.__dict__.setdefault("auth logins", {})
    if name not in kept:
        async with world.scene() as scene:
            kept[name] = await entered(scene, name)
    return kept[name]


def readers(world: World, name: str) -> list[Play]:
    """Working GETs of an identity that need a credential, those that show most of all first."""
    plays = [each for each in guarded_plays(world) if each.operation.method == "GET" and each.request.who == name]
    return sorted(plays, key=lambda each: (not each.shown, each.operation.path.count("{"), each.operation.path))


def writers(world: World, name: str) -> list[Play]:
    """Working changes of an identity that need a credential and may be done again."""
    plays = [each for each in guarded_plays(world) if each.operation.method != "GET" and each.request.who == name]
    return sorted((each for each in plays if each.repeats and each.changes), key=lambda each: each.operation.path)


def takers(world: World, name: str) -> Iterator[tuple[Operation, Place]]:
    """Operations whose JSON body or form has a property that is called like this, and its place."""
    for operation in world.operations("POST", "PUT", "PATCH", "DELETE"):
        media = media_of(operation)
        for each in shape_of(media.schema).properties if media is not None and media.schema is not None else ():
            if bare(each.name) == bare(name):
                yield operation, (each.name,)


def giving(world: World, operation: Operation, place: Place, value: str) -> Request:
    """A request to an operation with a value at one place; the rest as its play has it."""
    media = media_of(operation)
    play = world.plays.get(operation.symbol)
    if play is not None:
        return replace(play.request.having(place, value), credential=None)
    return Request(operation, body={str(place[0]): value}, media=media.type if media else "application/json")


def brings_token(step: Step) -> bool:
    """Whether an answer hands out a credential."""
    texts = [value for _, value in leaves(step.json) if isinstance(value, str)]
    return step.ok and (any(drawn(text) for text in texts) or bool(cookies([step])))


Renewing = tuple[Operation, Place, str]
"""An operation, the place of the refresh token in its body, and what the login's answer calls that token."""


async def renewer(world: World, name: str) -> Renewing | None:
    """The operation that changes a refresh token for a credential, where the token goes, and what the login calls it.

    Found by trying: the login's answer has a second token, and an operation that takes something of that name answers
    with a credential.
    """
    known = world.__dict__.get("auth renewer", 0)
    if known != 0:
        return known  # type: ignore[no-any-return]
    found = None
    async with world.scene() as scene:
        entry = await entered(scene, name)
        if entry is not None:
            found = await _renewing(scene, entry)
    world.__dict__["auth renewer"] = found
    return found


async def _renewing(scene: Scene, entry: Entry) -> Renewing | None:
    own = login_of(entry.member)
    for label, value in entry.others():
        for operation, place in takers(scene.world, label):
            if operation == own:
                continue
            step = await scene.send(giving(scene.world, operation, place, value).as_(None))
            if brings_token(step):
                return operation, place, label
    return None


def in_shell(given: Flaw, entry: Entry) -> Flaw:
    """The flaw with a cookie of the login kept in a variable of the shell; proof keeps what stands in JSON itself."""
    held = entry.held
    if held is None or not held.cookie:
        return given
    first, _, rest = given.reproduce.partition("\n")
    login = first.replace("curl -sS", "curl -sSi", 1)
    text = rest.replace(f"'Cookie: {held.prefix}{held.value}'", f'"Cookie: {held.prefix}$FRESH"')
    return replace(given, reproduce=f"FRESH=$({login} | {SET_COOKIE})\n{text}")


def key_in(rows: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    """The key of a row as a path takes it."""
    return str(rows[keys[0]]) if len(keys) == 1 and rows.get(keys[0]) is not None else None


NAMED_END = re.compile(r"log-?_?(out|off)|sign-?_?(out|off)|revo(ke|cation)|invalidat", re.IGNORECASE)


def ends(world: World, entry: Entry) -> Iterator[tuple[Operation, Request]]:
    """Requests that end the credential: by what they did to the rows that a login writes, or by their name."""
    tables = {table for step in entry.steps for table, _ in step.changes.added}
    fresh = {table: row for step in entry.steps for table, row in step.changes.added}
    for operation in world.operations("POST", "DELETE", "PUT", "PATCH"):
        play = world.plays.get(operation.symbol)
        named = bool(NAMED_END.search(f"{operation.path} {operation.id or ''}"))
        touched = set()
        if play is not None:
            touched = {table for table, _ in play.changes.removed} | {each.table for each in play.changes.updated}
        hit = sorted(touched & tables)
        if operation == login_of(entry.member) or not (hit or (named and "{" not in operation.path)):
            continue
        parameters = operation.parameters_in("path")
        if not parameters:
            base = play.request if play is not None else _bare_request(operation)
            if base is not None:
                yield operation, _with_tokens(base, entry)
        elif len(parameters) == 1 and hit and play is not None and not play.request.operation.body:
            key = key_in(fresh[hit[0]], world.keys.columns.get(hit[0], ()))
            if key is not None:
                yield operation, play.request.at(**{parameters[0].name: key})


def _bare_request(operation: Operation) -> Request | None:
    return Request(operation) if operation.body is None or not operation.body.required else None


def _with_tokens(request: Request, entry: Entry) -> Request:
    """The request with the login's own tokens where its body has properties called so."""
    if not isinstance(request.body, dict):
        return request
    told = {bare(name): value for name, value in entry.others()}
    body = {name: told.get(bare(name), value) for name, value in request.body.items()}
    return request.with_body(body)


def opens(world: World, label: str, value: str) -> bool:
    """Whether a text that an answer calls `label` is a credential by the contract: open operations take one so called.

    One that the contract answers again and again must be kept as it is, and is none.
    """
    if CSRF.search(label) or _shown_again(world, label):
        return False
    taken = any(not operation.secured for operation, _ in takers(world, label))
    named = [p for op in world.contract.operations if not op.secured for p in op.parameters_in("path")]
    by_path = any(bare(each.name) == bare(label) for each in named)
    keys = [s for s in world.contract.schemes if s.kind == "apiKey" and s.where != "cookie"]
    return taken or by_path or (bool(keys) and bool(re.search(r"key|token|secret", label, re.IGNORECASE)))


def _shown_again(world: World, label: str) -> bool:
    """Whether a working GET shows something of that name."""
    reads = [play for play in world.plays.values() if play.operation.method == "GET" and play.step.json is not None]
    return any(place and bare(str(place[-1])) == bare(label) for play in reads for place, _ in leaves(play.step.json))


def mailed(log: str) -> Iterator[str]:
    """Drawn texts in the lines of a log that a server does not write for each request by itself."""
    for line in log.split("\n"):
        if not ACCESS.search(line):
            yield from (word for word in WORD.findall(line) if len(set(word)) > 10 and re.search(r"\d", word))


WORD = re.compile(r"(?<![\w.-])[\w-]{20,}(?![\w-])")
ACCESS = re.compile(r"\"[A-Z]+ /[^\"]* HTTP/[\d.]+\"")
