"""What a column holds of a password: its text, a hash that is computed at once, or a slow one by its own words."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evaluators.contract.shapes import shape_of
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.entering import SECRET_NAME, media_of
from evaluators.service.oracle import Row
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.step import Step

SENTINELS = ("Correct-Horse-7-Kestrel", "Amber-Falcon-4-Lantern")
"""Passwords that no other part of the gate uses."""
SHORT = "Q7-vx"
"""One that is too short nearly everywhere."""
FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
FEW = (1, 10, 100, 500, 1000, 2000, 4096, 5000, 10_000)
"""Rounds of PBKDF2 that are tried; OWASP's password storage cheat sheet asks for 600,000 of SHA-256."""
LEAST_ROUNDS = 100_000
LEAST_COST = 9
"""Of bcrypt; the cheat sheet asks for 10."""
SALTS = 60
SLOW = re.compile(r"\$argon2|\$2[abxy]\$|\$?scrypt|\$?pbkdf2|\$7\$|\$y\$|\$[56]\$")
"""How slow hashes begin, which say their cost themselves."""


@dataclass(frozen=True)
class Kept:
    """One password that was sent, and what was written of it."""

    play: Play
    place: Place
    password: str
    step: Step

    @property
    def written(self) -> list[tuple[str, Row]]:
        """The rows that are new or changed."""
        return [*self.step.changes.added, *((each.table, each.after) for each in self.step.changes.updated)]


def password_places(world: World) -> Iterator[tuple[Play, Place]]:
    """Places of working requests that take a password and whose request writes something."""
    return ((play, place) for play, place in secret_places(world) if play.changes)


def secret_places(world: World) -> Iterator[tuple[Play, Place]]:
    """Places of working requests that take a password."""
    for _, play in sorted(world.plays.items()):
        media = media_of(play.operation)
        if not isinstance(play.request.body, dict) or media is None or media.schema is None:
            continue
        marked = {each.name for each in shape_of(media.schema).properties if each.facets.format == "password"}
        for place, value in leaves(play.request.body):
            name = str(place[-1]) if place else ""
            if isinstance(value, str) and len(value) >= 6 and (SECRET_NAME.search(name) or name in marked):
                yield play, place


def wrong_forms(request: Request, place: Place) -> Iterator[tuple[Request, str]]:
    """(the request with a password that is not the one, or in a form that is refused; that password)."""
    sent = request.having(place, SENTINELS[0])
    yield sent, SENTINELS[0]
    others = [each for each, _ in leaves(request.body) if each != place and isinstance(each[-1], str)]
    for other in others[:1]:
        yield sent.having(other, ABSENT), SENTINELS[0]
        yield sent.having(other, [[]]), SENTINELS[0]
        yield sent.having(other, ""), SENTINELS[0]
    yield sent.having(("backwright",), 1), SENTINELS[0]
    yield request.having(place, SHORT), SHORT
    yield request.having(place, SENTINELS[0] * 400), SENTINELS[0]
    yield request.having(place, [SENTINELS[0]]), SENTINELS[0]


async def kept(world: World) -> list[Kept]:
    """Each place that takes a password, sent with a sentinel; the second call answers what the first one saw."""
    known = world.__dict__.get("auth kept")
    if isinstance(known, list):
        return known
    found: list[Kept] = []
    for play, place in password_places(world):
        async with world.scene() as scene:
            step = await scene.send(play.request.having(place, SENTINELS[0]))
            if step.ok and step.changes:
                found.append(Kept(play, place, SENTINELS[0], step))
    world.__dict__["auth kept"] = found
    return found


def texts(row: Row) -> Iterator[tuple[str, str]]:
    """(column, text) of a row; bytes as their hexadecimal digits, JSON as its text."""
    for column, value in row.items():
        if isinstance(value, str) and value:
            yield column, value
        elif isinstance(value, dict | list):
            yield column, str(value)


def readable(given: Kept) -> list[tuple[str, str]]:
    """(table, column) that hold the password so that it can be read: as it is, or coded without a key."""
    raw = given.password.encode()
    packed = [each(raw).decode().lower().rstrip("=") for each in (base64.b64encode, base64.urlsafe_b64encode)]
    coded = {given.password.lower(), given.password[::-1].lower(), raw.hex(), *packed}
    found = []
    for table, row in given.written:
        found += [(table, column) for column, text in texts(row) if any(each in text.lower() for each in coded)]
    return found


@dataclass(frozen=True)
class Weak:
    """A column that holds a hash that is too fast."""

    table: str
    column: str
    how: str
    """`sha256 of the password`."""


def weak(given: Kept, secret: str) -> Weak | None:
    """The first column whose text can be computed from the password at once, or says itself that it was cheap."""
    for table, row in given.written:
        others = _salts([text for _, text in texts(row)] + [str(v) for v in row.values() if isinstance(v, int)], secret)
        for column, text in texts(row):
            how = cheap(text) or computed(text, given.password, others)
            if how:
                return Weak(table, column, how)
    return None


def cheap(text: str) -> str:
    """Why a hash in a known form is too fast, by its own text; empty where it is not."""
    found = re.match(r"\$2[abxy]\$(\d\d)\$.{53}$", text)
    if found and int(found.group(1)) < LEAST_COST:
        return f"bcrypt with a cost of {int(found.group(1))}"
    found = re.match(r"\$?pbkdf2[_:-]?(?:hmac)?[_:-]?\w*[$:](?:i=)?(\d+)[$:,]", text)
    if found and int(found.group(1)) < LEAST_ROUNDS:
        return f"PBKDF2 of {found.group(1)} rounds"
    found = re.match(r"\$argon2i?d?\$(?:v=\d+\$)?m=(\d+),t=(\d+),p=\d+\$", text)
    if found and int(found.group(1)) * int(found.group(2)) < 7000:
        return f"argon2 of {found.group(1)} KiB and {found.group(2)} rounds"
    found = re.match(r"scrypt:(\d+):(\d+):", text)
    if found and int(found.group(1)) * int(found.group(2)) < 2**14:
        return f"scrypt of N={found.group(1)}"
    if re.match(r"\$[156]\$", text):
        return "crypt(3)" if text.startswith("$1$") else ""
    return ""


def _salts(known: Sequence[str], secret: str) -> list[bytes]:
    """What may have been mixed in: nothing, other columns, pieces of the text, the service's secret."""
    pieces: dict[bytes, None] = {b"": None, secret.encode(): None}
    for text in known:
        for part in (text, *re.split(r"[$:|.;,\s]+", text)):
            pieces.update(dict.fromkeys(_readings(part)))
    return list(pieces)[:SALTS]


def _readings(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8", "replace")
    if re.fullmatch(r"(\\x)?(?:[0-9a-fA-F]{2}){4,64}", text):
        yield bytes.fromhex(text.removeprefix("\\x"))
    elif re.fullmatch(r"[\w+/-]{8,}={0,2}", text) and len(text) < 100:
        try:
            yield base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return


def computed(text: str, password: str, salts: Sequence[bytes]) -> str:
    """How a text follows from the password, or empty: a fast hash, salted or not, or PBKDF2 of few rounds."""
    if SLOW.match(text):
        return ""
    pieces = (text, *re.split(r"[$:|.;,\s]+", text))
    readings = dict.fromkeys(raw for part in pieces for raw in _readings(part))
    wanted = {raw for raw in readings if len(raw) in SIZES and raw != text.encode()}
    # A salt's own text may be as long as a digest: the shorter of what stands there comes first.
    own = sorted((raw for raw in readings if raw != text.encode() and 0 < len(raw) <= 64), key=len)
    raw_password = password.encode()
    for name in FAST if wanted else ():
        if not any(hashlib.new(name, usedforsecurity=False).digest_size == len(raw) for raw in wanted):
            continue
        for salt in dict.fromkeys((*own, *salts)):
            for said, raw in _digests(name, raw_password, salt):
                if raw in wanted:
                    return said
    for name in ("sha256", "sha1", "sha512"):
        sizes = {len(raw) for raw in wanted} & {hashlib.new(name, usedforsecurity=False).digest_size}
        for salt in list(dict.fromkeys((*own, *(each for each in salts if each))))[:ROUNDED] if sizes else ():
            for rounds in FEW:
                if hashlib.pbkdf2_hmac(name, raw_password, salt, rounds) in wanted:
                    return f"PBKDF2 of {rounds} rounds"
    return ""


SIZES = frozenset((16, 20, 28, 32, 48, 64))
"""Bytes of a digest."""
ROUNDED = 8
"""Salts that PBKDF2 is tried with."""


def _digests(name: str, password: bytes, salt: bytes) -> Iterator[tuple[str, bytes]]:
    def digest(raw: bytes) -> bytes:
        return hashlib.new(name, raw, usedforsecurity=False).digest()

    plain = digest(password)
    if not salt:
        yield f"{name} of the password", plain
        yield f"{name} of the password, twice", digest(plain)
        yield f"{name} of the password, twice", digest(plain.hex().encode())
        return
    said = f"{name} of the password and a salt that stands beside it"
    for between in (b"", b":", b"$", b"|", b"."):
        yield said, digest(salt + between + password)
        yield said, digest(password + between + salt)
    yield said, hmac.new(salt, password, name).digest()
    yield said, hmac.new(password, salt, name).digest()


async def unsalted(world: World, given: Kept) -> tuple[str, str, list[Step]] | None:
    """(table, column, steps) of a text that two people with one password share and that another password changes."""
    first = {(table, column): text for table, row in given.written for column, text in texts(row) if len(text) >= 20}
    steps = [given.step]
    for password in (given.password, SENTINELS[1]):
        step = await world.once(_somebody_else(given, password))
        if not step.ok:
            return None
        rows = replace(given, step=step).written
        now = {(table, column): text for table, row in rows for column, text in texts(row)}
        same = password == given.password
        first = {place: text for place, text in first.items() if (now.get(place) == text) is same}
        steps += [step] if same else []
    place = min(first, default=None)
    return (*place, steps) if place is not None else None


def _somebody_else(given: Kept, password: str) -> Request:
    """The same request with another address and name."""
    request = given.play.request.having(given.place, password)
    for place, value in leaves(given.play.request.body):
        if isinstance(value, str) and place != given.place and "@" in value:
            request = request.having(place, f"other.{value}")
        elif isinstance(value, str) and place != given.place and re.fullmatch(r"[a-z][a-z0-9_-]{2,20}", value):
            request = request.having(place, f"{value}z")
    return request
