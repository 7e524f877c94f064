"""The gate's own identities: users A and B, each with a token that the service accepts.

By the contract's own registration and login where it has them; else the rows of
`seeding` and a token signed with the secret that the gate gave the service. A
token counts only when a secured operation does not answer it with 401.
"""

from __future__ import annotations

import ast
import re
import shlex
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evaluators.code.facts import code_of
from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, facets, shape_of
from evaluators.draft import Subject
from evaluators.service.boot import Running
from evaluators.service.seeding import Seeds, plain

TOKEN_SECONDS = 24 * 3600
"""How long a signed token holds: longer than any pass."""
DEPTH = 6
SECRET_LENGTH = 8
"""A shorter value is no secret, and may be part of any text."""


@dataclass(frozen=True)
class Identity:
    """One user of the service."""

    name: str
    """`a` or `b`."""
    subject: str
    """The token's `sub`."""
    headers: dict[str, str]
    """What a request of this user carries."""
    way: str
    """`signed`, `login`, or what else `crew` knows."""
    told: dict[str, str] = field(default_factory=dict)
    """The headers with `$NAME`s in place of secrets."""

    @property
    def query(self) -> dict[str, str]:
        """What the query carries instead of a header."""
        return {name[1:]: value for name, value in self.headers.items() if name.startswith("?")}

    @property
    def sent(self) -> dict[str, str]:
        """The headers without that."""
        return {name: value for name, value in self.headers.items() if not name.startswith("?")}

    def masked(self, text: str) -> str:
        """A text of evidence, or a line for a shell, with `$NAME`s in place of this identity's secrets."""
        for name, value in self.headers.items():
            told = self.told.get(name, "$CREDENTIAL")
            for spelled in (name, name.lower()):
                text = text.replace(shlex.quote(f"{spelled}: {value}"), f'"{name}: {told}"')
            if len(value) >= SECRET_LENGTH:
                text = text.replace(value, told)
        return text


@dataclass(frozen=True)
class Cast:
    """Who there is, and what belongs to them."""

    seeds: Seeds
    needed: bool
    """Whether any operation asks for a credential."""
    a: Identity | None = None
    b: Identity | None = None
    why: str = ""
    """Why there is no identity, where one is needed."""


def sign(secret: str, claims: dict[str, Any], seconds: int = TOKEN_SECONDS) -> str:
    """A JWT (HS256) with the claims and `iat`, `exp`, `jti`."""
    import jwt

    now = int(time.time())
    whole = {"iat": now, "exp": now + seconds, "jti": str(uuid.uuid4()), **claims}
    return jwt.encode(whole, secret, algorithm="HS256")


def claims_of(who: str, running: Running, seeds: Seeds) -> Iterator[tuple[str, dict[str, Any]]]:
    """The claims to try, likeliest first: `sub` is the user's key, then its name or address."""
    rows = seeds.rows.get(seeds.users or "", {}).get(who, [])
    row = rows[0] if rows else {}
    table = seeds.table(seeds.users or "")
    names = [*(table.key if table else ()), "id", "uuid", "public_id", "email", "username"]
    subjects = list(dict.fromkeys(str(plain(row[name])) for name in names if row.get(name) is not None))
    if not row:
        subjects = ["1" if who == "a" else "2", f"{who}0000000-0000-4000-8000-000000000001", f"{who}0@example.com"]
    extras = running.subject.fact(documented_claims)
    for subject in subjects:
        yield subject, {"sub": subject}
        if extras:
            values = {"email": row.get("email") or f"{who}0@example.com", "user_id": subject, "uid": subject}
            filled = {name: plain(row.get(name)) or values.get(name, value) for name, value in extras.items()}
            yield subject, {**filled, "sub": subject}


_USUAL: dict[str, Any] = {
    "role": "user",
    "roles": ["user"],
    "scope": "read write",
    "scopes": ["read", "write"],
    "type": "access",
    "token_type": "access",
    "typ": "access",
    "email": None,
    "username": None,
    "user_id": None,
    "uid": None,
    "nbf": 0,
    "aud": "authenticated",
    "iss": "app",
}


def documented_claims(subject: Subject) -> dict[str, Any]:
    """Claims that the code reads or demands where it decodes a token, with a plausible value each."""
    found: dict[str, Any] = {}
    for module in subject.fact(code_of).own:
        calls = [call for call in module.calls if module.called(call).rpartition(".")[2] == "decode"]
        if not calls:
            continue
        for call in calls:
            for keyword in call.keywords:
                name = {"audience": "aud", "issuer": "iss"}.get(keyword.arg or "")
                if name and isinstance(keyword.value, ast.Constant):
                    found[name] = keyword.value.value
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _USUAL:
                found.setdefault(node.value, _USUAL[node.value])
    return dict(sorted(found.items()))


def fill_path(operation: Operation, seeds: Seeds, who: str = "a") -> str:
    """The operation's path with a value in each place: a seeded id where one fits."""
    path = operation.path
    for parameter in operation.parameters_in("path"):
        ids = ids_for(operation, parameter, seeds, who)
        value = ids[0] if ids else example(parameter.schema)
        path = path.replace("{" + parameter.name + "}", str(value))
    return path


def ids_for(operation: Operation, parameter: Parameter, seeds: Seeds, who: str = "a") -> list[Any]:
    """Seeded values for a path parameter: of the table its name says, else of the segment before it."""
    names = [re.sub(r"(_?(id|uuid|key))$", "", parameter.name, flags=re.IGNORECASE)]
    before = operation.path.split("{" + parameter.name + "}")[0].rstrip("/").rpartition("/")[2]
    for name in (*names, before, operation.table or ""):
        table = table_named(name, seeds)
        if table and seeds.ids(table, who):
            return seeds.ids(table, who)
    return []


def alike_ids(table: str, seeds: Seeds) -> list[Any]:
    """The keys of A's rows, those first that are most like the first one: two in one request go together."""
    rows = seeds.rows.get(table, {}).get("a", [])
    ids = seeds.ids(table)
    if not ids:
        return []

    def unlike(number: int) -> int:
        return sum(value != rows[0].get(name) for name, value in rows[number].items())

    return [ids[number] for number in sorted(range(len(ids)), key=unlike)]


def table_named(name: str, seeds: Seeds) -> str | None:
    """The table that a name means: exactly, or as its plural or singular; None where there is none."""
    bare = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")
    forms = {bare, f"{bare}s", f"{bare}es", re.sub("y$", "ies", bare), re.sub("s$", "", bare)} - {"", "s", "es"}
    found = [table.name for table in seeds.tables if table.name.rpartition(".")[2].lower() in forms]
    return found[0] if len(found) == 1 else None


def example(schema: Node | None, depth: int = 0) -> Any:
    """A value that a schema allows, as far as a few bounds tell: its example, default or enum, else the smallest."""
    if schema is None or depth > DEPTH:
        return "example"
    end = schema.followed()
    for key in ("example", "default", "const"):
        if end.has(key):
            return end.raw(key)
    given = facets(schema)
    if given.enum:
        return given.enum[0]
    if "object" in given.types or end.has("properties"):
        return {each.name: example(each.node, depth + 1) for each in shape_of(schema).properties if each.required}
    if "array" in given.types:
        return []
    return _scalar(given)


_FORMATS = {
    "date": "2030-01-02",
    "date-time": "2030-01-02T10:00:00Z",
    "email": "gate@example.com",
    "uri": "https://example.com/",
    "uuid": "a0000000-0000-4000-8000-000000000001",
}


def _scalar(given: Facets) -> Any:
    if given.types & {"integer", "number"}:
        return given.minimum if given.minimum is not None else min(1, given.maximum or 1)
    if "boolean" in given.types:
        return True
    if given.format in _FORMATS:
        return _FORMATS[given.format]
    text = "Example"
    if given.min_length and len(text) < given.min_length:
        text = text * given.min_length
    return text[: given.max_length] if given.max_length else text[: max(7, given.min_length or 7)]
