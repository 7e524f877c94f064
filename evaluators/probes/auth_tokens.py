"""What a request carries to say who asks, taken apart, and forged anew.

Each forgery knows the lines of a shell that make it from the identity's own
token, so that evidence holds no secret and works on another start.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluators.rule import Flaw
from evaluators.service.member import Member
from evaluators.service.request import Request

OTHER_SECRET = "backwright-signs-with-another-secret-that-nobody-holds-0123456789abcdef"  # noqa: S105 - nobody's
JWT = re.compile(r"[\w-]{4,}\.[\w-]{4,}\.[\w-]*")
VARIABLE = re.compile(r"\$(\w+)")
CASED = 8
"""Letters from which on their case is no chance."""
KEYS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


@dataclass(frozen=True)
class Held:
    """Where an identity's requests carry its secret."""

    member: Member
    header: str
    """A name that begins with `?` is a parameter of the query."""
    prefix: str
    value: str
    variable: str

    @property
    def cookie(self) -> bool:
        """Whether it is a cookie."""
        return self.header.lower() == "cookie"

    def with_value(self, request: Request, value: str, prefix: str | None = None) -> Request:
        """The request with another secret in the same place."""
        whole = self.member.sent(request.operation.method)
        return request.forged({**whole, self.header: (self.prefix if prefix is None else prefix) + value})


@dataclass(frozen=True)
class Forgery:
    """A credential that no honest service takes."""

    kind: str
    """`absent`, `malformed`, `signature`, `unsigned`, `expired`, ..."""
    told: str
    """For a sentence: `a token signed with another secret`."""
    value: str | None
    """None: nothing is carried at all."""
    prefix: str | None = None
    """In place of the one that belongs there."""
    lines: str = ""
    """Lines of a shell that set `FORGED`."""

    def on(self, held: Held | None, request: Request) -> Request:
        """The request with the forged credential."""
        if self.value is None or held is None:
            return request.forged({})
        return held.with_value(request, self.value, self.prefix)


def held_of(member: Member | None) -> Held | None:
    """The secret of an identity, or None where it has none (stated, or by more than one header)."""
    if member is None:
        return None
    for header, told in member.told.items():
        found = VARIABLE.search(told)
        if found and found.group(1) in member.variables:
            return Held(member, header, told[: found.start()], member.variables[found.group(1)], found.group(1))
    return None


def decoded(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a JWT, or None."""
    if not JWT.fullmatch(token):
        return None
    try:
        head, body = (json.loads(_bytes(part)) for part in token.split(".")[:2])
    except (ValueError, binascii.Error, UnicodeDecodeError, RecursionError):
        return None
    return (head, body) if isinstance(head, dict) and isinstance(body, dict) and "alg" in head else None


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signs(token: str, secret: str) -> bool:
    """Whether a token is signed with that secret (HMAC)."""
    read = decoded(token)
    digest = KEYS.get(str(read[0].get("alg"))) if read is not None else None
    if digest is None:
        return False
    text, _, signature = token.rpartition(".")
    made = hmac.new(secret.encode(), text.encode(), digest).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(made).rstrip(b"=").decode(), signature)


def minted(token: str, secret: str, claims: Mapping[str, Any]) -> str:
    """A token like this one with other claims, signed (HMAC) with a secret."""
    import jwt

    read = decoded(token)
    head = dict(read[0]) if read else {}
    algorithm = head.pop("alg", "HS256")
    return jwt.encode(dict(claims), secret, algorithm=algorithm if algorithm in KEYS else "HS256", headers=head)


def absent() -> Forgery:
    """No credential."""
    return Forgery("absent", "no credential", None)


def malformed(held: Held) -> Iterator[Forgery]:
    """Texts that are no credential of any service."""
    if held.member.way == "basic":
        yield from _basic(held)
        return
    yield Forgery("malformed", "a credential that is none", "backwright")
    yield Forgery("malformed", "an empty credential", "")
    if not held.cookie and held.prefix.strip():
        yield Forgery("malformed", "a credential of another scheme", "YmFja3dyaWdodDpub2JvZHk=", "Basic ")
        whole = f'FORGED="${held.variable}"'
        for prefix, told in (("Basic ", "under another scheme"), ("", "without a scheme")):
            yield Forgery("malformed", f"the right credential {told}", held.value, prefix, whole)
    yield from _changed(held)


def _changed(held: Held) -> Iterator[Forgery]:
    """Texts near the right one: what compares a part of it, its letters alone, or by a pattern, takes them."""
    value, name = held.value, held.variable
    half = len(value) // 2
    yield Forgery("malformed", "the credential with more behind it", f"{value}backwright",
                  lines=f'FORGED="${{{name}}}backwright"')  # fmt: skip
    if not held.cookie:
        yield Forgery("malformed", "the credential with a word behind it", f"{value} backwright",
                      lines=f'FORGED="${name} backwright"')  # fmt: skip
    yield Forgery("malformed", "the first half of the credential", value[:half],
                  lines=f'FORGED="${{{name}:0:{half}}}"')  # fmt: skip
    yield Forgery("malformed", "the last half of the credential", value[half:], lines=f'FORGED="${{{name}:{half}}}"')
    letters = sum(1 for letter in value if letter.isalpha())
    if letters > CASED and value.swapcase() != value and not re.fullmatch(r"[0-9a-fA-F-]+", value):
        yield Forgery("malformed", "the credential in other letters' case", value.swapcase(),
                      lines=f"FORGED=$(printf %s \"${name}\" | tr 'a-zA-Z' 'A-Za-z')")  # fmt: skip
    yield Forgery("malformed", "a pattern that fits every credential", "%")


def _basic(held: Held) -> Iterator[Forgery]:
    """A name and a password that are not both right."""
    raw = base64.b64decode(held.value).decode("utf-8", "replace")
    name, _, password = raw.partition(":")
    yield Forgery("malformed", "a credential that is none", "backwright")
    near = ((name, "a name without a password"), (f"{name}:", "a name with an empty password"),
            (f"{name}:{password}x", "a password with more behind it"),
            (f"{name}:{password[:-1]}", "a part of a password"),
            (f"{name}:{password.swapcase()}", "a password in other letters' case"))  # fmt: skip
    for text, told in near:
        yield Forgery("malformed", told, base64.b64encode(text.encode()).decode())


def signatures(held: Held) -> Iterator[Forgery]:
    """The identity's own claims under signatures that are not the service's."""
    read = decoded(held.value)
    if read is None:
        return
    variable = f'"${held.variable}"'
    yield Forgery(
        "signature", "a token signed with another secret", minted(held.value, OTHER_SECRET, read[1]),
        lines=_resigned(held, OTHER_SECRET),
    )  # fmt: skip
    head, body, _ = held.value.split(".")
    yield Forgery("signature", "a token whose signature was cut off", f"{head}.{body}.",
                  lines=f'FORGED="$(printf %s {variable} | cut -d. -f1,2)."')  # fmt: skip


def unsigned(held: Held) -> Iterator[Forgery]:
    """The identity's own claims under a header that says that there is no signature (RFC 7519, section 6)."""
    if decoded(held.value) is None:
        return
    body = held.value.split(".")[1]
    for word in ("none", "None", "NONE"):
        head = json.dumps({"alg": word, "typ": "JWT"}, separators=(",", ":"))
        coded = base64.urlsafe_b64encode(head.encode()).rstrip(b"=").decode()
        lines = f'FORGED="{coded}.$(printf %s "${held.variable}" | cut -d. -f2)."'
        yield Forgery("unsigned", f"an unsigned token (alg: {word})", f"{coded}.{body}.", lines=lines)


def expired(held: Held, secret: str) -> Forgery | None:
    """The identity's own token as it will be an hour after its end; None where the gate cannot sign for the service."""
    read = decoded(held.value)
    if read is None or not signs(held.value, secret):
        return None
    now = int(time.time())
    old: dict[str, Any] = {name: now - 2 * 3600 for name in ("iat", "nbf", "auth_time") if name in read[1]}
    claims = {**read[1], **old, "exp": now - 3600}
    return Forgery("expired", "a token that ended an hour ago", minted(held.value, secret, claims),
                   lines=resigned_with_claims(held, OLD))  # fmt: skip


OLD = (
    "import time; n = int(time.time()); "
    "c.update({k: n - 7200 for k in ('iat', 'nbf', 'auth_time') if k in c}, exp=n - 3600)"
)
_PYTHON = """FORGED=$(python3 - "${token}" "{secret}" <<'END'
import base64, hashlib, hmac, json, sys
token, secret = sys.argv[1:]
def packed(raw): return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
head, body = token.split(".")[:2]
c = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
{change}
text = head + "." + {body}
print(text + "." + packed(hmac.new(secret.encode(), text.encode(), hashlib.{digest}).digest()))
END
)"""


def _resigned(held: Held, secret: str) -> str:
    return _lines(held, secret, "")


def resigned_with_claims(held: Held, change: str) -> str:
    """Lines that sign the token's claims anew with the service's own secret, changed by a line of Python."""
    return _lines(held, "$JWT_SECRET", change)


def _lines(held: Held, secret: str, change: str) -> str:
    read = decoded(held.value)
    digest = KEYS.get(str(read[0].get("alg")) if read else "", "sha256")
    text = _PYTHON.replace("${token}", f"${held.variable}").replace("{secret}", secret).replace("{digest}", digest)
    # Claims that stay as they are stay so byte for byte.
    text = text.replace("{body}", "packed(json.dumps(c).encode())" if change else "body")
    return text.replace("{change}\n", f"{change}\n" if change else "")


def with_shell(given: Flaw, forgery: Forgery) -> Flaw:
    """The flaw with the forged text made by the shell's own lines."""
    if not forgery.lines or not forgery.value:
        return given
    lines = given.reproduce.replace(forgery.value, "'\"$FORGED\"'").replace("''\"", '"').replace("\"''", '"')
    return replace(given, reproduce=f"{forgery.lines}\n{lines}")
