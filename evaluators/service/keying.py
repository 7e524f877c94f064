"""Identities by keys that the gate puts into the rows, where a service keeps digests and gives keys out by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluators.contract.facts import Contract
from evaluators.service.database import Look
from evaluators.service.lifting import put
from evaluators.service.member import Member
from evaluators.service.oracle import Row
from evaluators.service.seeding import IDENTITIES, LIFTED, Seeds, plain
from evaluators.service.tables import ForeignKey, Table
from evaluators.service.ways import Acceptance, Credential, bearing

HELD = re.compile(r"key|token|hash|secret|digest", re.IGNORECASE)
PREFIX = re.compile(r"prefix|hint", re.IGNORECASE)
TEXT = re.compile(r"text|char|varchar|character|citext|bytea|blob|$")
TABLES = 4


@dataclass(frozen=True)
class Keyed:
    """Who got in, and which rows of which table they are."""

    table: str
    rows: dict[str, Row]
    members: dict[str, Member]


@dataclass(frozen=True)
class _Place:
    """A column that may hold keys, and the person that its row points to."""

    table: Table
    column: str
    owner: ForeignKey


async def keyed(look: Look, contract: Contract, seeds: Seeds, accepted: Acceptance, secret: str) -> Keyed | None:
    """Write each form of a key into a seeded row until the service takes it; then one for everybody.

    Args:
        secret: the one that the gate gave the service: digests may be keyed with it.
    """
    for place in _places(seeds):
        row = _rows(place, seeds).get(IDENTITIES[0])
        for number in range(len(_forms("", "")) if row is not None else 0):
            for carried in _carried(contract, IDENTITIES[0]):
                if row is None or not await _put(look, place, row, _key(IDENTITIES[0]), secret, number):
                    break
                if await accepted.of(carried.headers):
                    return await _everybody(look, contract, seeds, place, (number, carried, secret))
    return None


async def _everybody(
    look: Look, contract: Contract, seeds: Seeds, place: _Place, found: tuple[int, Credential, str]
) -> Keyed:
    """A key of the form that worked for each identity."""
    number, first, secret = found
    owners = seeds.rows.get(place.owner.table, {})
    members: dict[str, Member] = {}
    people: dict[str, Row] = {}
    target = seeds.table(place.owner.table)
    for who, row in _rows(place, seeds).items():
        held = next((each for each in _carried(contract, who) if each.headers.keys() == first.headers.keys()), None)
        mine = owners.get(who, ())
        if held is None or not mine or target is None:
            continue
        pointing = [(place.owner.columns[0], mine[0][place.owner.targets[0]])]
        if await _put(look, place, row, _key(who), secret, number, pointing):
            own = {name: plain(value) for name, value in mine[0].items()}
            subject = str(own.get(target.key[0], "")) if len(target.key) == 1 else ""
            people[who] = mine[0]
            members[who] = Member(who, held.headers, held.told, held.variables, "key", subject,
                                  table=target.name, row=own)  # fmt: skip
    return Keyed(place.owner.table, people, members)


def _places(seeds: Seeds) -> list[_Place]:
    """Columns of tables that point to people, what is called a key first."""
    found = []
    for table in seeds.tables:
        owner = next((key for key in table.foreign_keys if key.table == seeds.users and len(key.columns) == 1), None)
        if owner is None or not seeds.rows.get(table.name):
            continue
        for column in table.columns:
            if HELD.search(column.name) and TEXT.match(column.type) and column.name not in table.key:
                found.append(_Place(table, column.name, owner))
    found.sort(key=lambda each: ("key" not in each.table.name.lower(), each.table.name, "hash" not in each.column))
    return found[:TABLES]


def _rows(place: _Place, seeds: Seeds) -> dict[str, Row]:
    """A row for each identity; the third takes a further one of the first."""
    held = seeds.rows.get(place.table.name, {})
    rows = {who: held[who][0] for who in IDENTITIES if held.get(who)}
    spare = [row for who in IDENTITIES for row in held.get(who, ())[1:]]
    return {**rows, **({LIFTED: spare[0]} if spare else {})}


def _key(who: str) -> str:
    """A key as services draw them, without signs that one may refuse."""
    return f"gate{who}" + hashlib.sha256(f"backwright {who}".encode()).hexdigest()[:39]


def _forms(key: str, secret: str) -> tuple[str, ...]:
    """What services keep of a key, commonest first."""
    raw = key.encode()
    return (
        hashlib.sha256(raw).hexdigest(),
        base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode(),
        base64.b64encode(hashlib.sha256(raw).digest()).decode(),
        hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
        hashlib.sha512(raw).hexdigest(),
        hashlib.blake2b(raw).hexdigest(),
        key,
    )


async def _put(
    look: Look, place: _Place, row: Row, key: str, secret: str, number: int, more: Sequence[tuple[str, object]] = ()
) -> bool:
    """Whether the row took the key in one of its forms."""
    column = next(each for each in place.table.columns if each.name == place.column)
    form = _forms(key, secret)[number]
    value: object = form
    if re.match("bytea|blob", column.type):
        value = bytes.fromhex(form) if re.fullmatch(r"([0-9a-f]{2})+", form) else form.encode()
    values: list[tuple[str, object]] = [(place.column, value), *more]
    for each in place.table.columns:
        if PREFIX.search(each.name) and isinstance(row.get(each.name), str):
            values.append((each.name, key[: len(row[each.name]) if each.length is None else each.length]))
    return await put(look, place.table, row, values)


def _carried(contract: Contract, who: str) -> Iterator[Credential]:
    """How a request may carry a key, by what the contract says."""
    key, variable = _key(who), f"KEY_{who.upper()}"
    for scheme in contract.schemes:
        name = scheme.node.text("name")
        if scheme.kind == "apiKey" and scheme.where == "cookie":
            header, prefix = "Cookie", f"{name}="
        elif scheme.kind == "apiKey":
            header, prefix = name if scheme.where == "header" else f"?{name}", ""
        elif bearing(scheme):
            header, prefix = "Authorization", "Bearer "
        else:
            continue
        yield Credential({header: prefix + key}, {header: f"{prefix}${variable}"}, {variable: key}, "key")
