"""What the pack `authentication` computes without a service: tokens, hashes, names, times."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from evaluators.probes.auth_doors import other
from evaluators.probes.auth_expiry import ends_in
from evaluators.probes.auth_storage import cheap, computed
from evaluators.probes.auth_tokens import Held, decoded, minted, signatures, signs, unsigned
from evaluators.service.member import Member

SECRET = "0123456789abcdef0123456789abcdef"
PASSWORD = "Correct-Horse-7-Kestrel"


def token(secret: str = SECRET) -> str:
    import jwt

    return jwt.encode({"sub": "7", "exp": 2_000_000_000}, secret, algorithm="HS256")


def held(value: str) -> Held:
    told = {"Authorization": "Bearer $TOKEN_A"}
    member = Member("a", {"Authorization": f"Bearer {value}"}, told, {"TOKEN_A": value})
    return Held(member, "Authorization", "Bearer ", value, "TOKEN_A")


def test_a_signature_is_told_by_its_secret() -> None:
    assert signs(token(), SECRET)
    assert not signs(token(), SECRET + "x")
    assert not signs("no.jwt.here", SECRET)


def test_claims_are_kept_and_the_signature_is_another() -> None:
    made = minted(token(), SECRET, {"sub": "8"})
    assert decoded(made) == ({"alg": "HS256", "typ": "JWT"}, {"sub": "8"})
    assert signs(made, SECRET)
    for forgery in signatures(held(token())):
        assert forgery.value is not None
        assert forgery.value.split(".")[1] == token().split(".")[1]
        assert not signs(forgery.value, SECRET)


def test_an_unsigned_token_says_so() -> None:
    found = [each.value or "" for each in unsigned(held(token()))]
    heads = [json.loads(base64.urlsafe_b64decode(each.split(".")[0] + "==")) for each in found]
    assert [head["alg"] for head in heads] == ["none", "None", "NONE"]
    assert all(each.endswith(".") for each in found)
    assert list(unsigned(held("opaque-text-that-is-no-token"))) == []


@pytest.mark.parametrize(
    ("text", "salts", "how"),
    [
        (hashlib.sha256(PASSWORD.encode()).hexdigest(), [b""], "sha256 of the password"),
        (hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest(), [b""], "md5 of the password"),
        (
            base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode(),
            [b""],
            "sha1 of the password",
        ),
        (
            "ab12$" + hashlib.sha512(b"ab12" + PASSWORD.encode()).hexdigest(),
            [b"", b"ab12"],
            "sha512 of the password and a salt that stands beside it",
        ),
        (hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"ab12", 1000).hex(), [b"ab12"], "PBKDF2 of 1000 rounds"),
        (
            "0123456789abcdef$" + hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"0123456789abcdef", 1000).hex(),
            [b""],
            "PBKDF2 of 1000 rounds",
        ),
        (hashlib.scrypt(PASSWORD.encode(), salt=b"ab12", n=2**14, r=8, p=1).hex(), [b"", b"ab12"], ""),
        ("a text of the row", [b""], ""),
    ],
)
def test_a_fast_hash_is_computed(text: str, salts: list[bytes], how: str) -> None:
    assert computed(text, PASSWORD, salts) == how


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("$2b$04$" + "a" * 53, "bcrypt with a cost of 4"),
        ("$2b$12$" + "a" * 53, ""),
        ("pbkdf2_sha256$1000$salt$hash", "PBKDF2 of 1000 rounds"),
        ("pbkdf2_sha256$600000$salt$hash", ""),
        ("pbkdf2:sha256:260000$salt$hash", ""),
        ("$argon2id$v=19$m=65536,t=3,p=4$salt$hash", ""),
        ("$argon2id$v=19$m=8,t=1,p=1$salt$hash", "argon2 of 8 KiB and 1 rounds"),
    ],
)
def test_a_hash_tells_its_own_cost(text: str, how: str) -> None:
    assert cheap(text) == how


def test_a_stranger_has_a_name_of_the_same_form() -> None:
    assert other("gate.a@example.com") != "gate.a@example.com"
    assert other("gate.a@example.com").endswith("@example.com")
    assert len({other("someone", number) for number in range(5)}) == 5
    assert other("dp_0123456789abcdef").startswith("dp_")
    assert set(other("dp_0123456789abcdef")[3:]) <= set("0123456789abcdef")


def test_an_end_that_lies_ahead_is_told_from_a_past_time() -> None:
    row = {"made": "2030-01-01T10:00:00Z", "ends": "2030-01-02T10:00:00Z", "unix": 1893664800, "n": 5}
    at = 1893500000.0
    found = {column: (old, ahead) for column, old, ahead in ends_in(row, at)}
    assert found["made"] == ("2001-01-01T10:00:00Z", False)
    assert found["ends"] == ("2001-02-01T10:00:00Z", True)
    assert found["unix"][1] is True
    assert "n" not in found
