"""Who is let in where nobody can ask for a key: by digests that the gate writes into the rows."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_contract import BEARER, COOKIE, HEADER_KEY, QUERY_KEY, contract
from fake_service import SECRET, Call, Service, Told, crew

KEYS = """
CREATE TABLE users (id INTEGER PRIMARY KEY, role TEXT NOT NULL DEFAULT 'driver' CHECK (role IN ('driver', 'operator')));
CREATE TABLE api_keys (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
    kept {kind} NOT NULL, key_prefix TEXT NOT NULL DEFAULT '12345678');
CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), body TEXT NOT NULL);
"""
Form = Callable[[bytes], Any]
FORMS: dict[str, Form] = {
    "sha256": lambda raw: hashlib.sha256(raw).hexdigest(),
    "sha256-url": lambda raw: base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode(),
    "sha256-base64": lambda raw: base64.b64encode(hashlib.sha256(raw).digest()).decode(),
    "hmac": lambda raw: hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest(),
    "sha512": lambda raw: hashlib.sha512(raw).hexdigest(),
    "blake2b": lambda raw: hashlib.blake2b(raw).hexdigest(),
    "plain": lambda raw: raw.decode(),
}


def _keyed(column: str, form: Form, read: Callable[[Call], str]) -> Callable[[Call], Told]:
    """What a service answers that looks a key up by its digest and by its first letters."""

    def answer(call: Call) -> Told:
        key = read(call)
        found = call.one(
            f"SELECT u.* FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.{column} = ? AND k.key_prefix = ?",  # noqa: S608
            form(key.encode()), key[:8],
        )  # fmt: skip
        if found is None:
            return 401, {"title": "A key, please."}
        if call.symbol == "GET /reports" and found["role"] != "operator":
            return 403, {"title": "Not you."}
        return 200, {"id": found["id"]}

    return answer


def _header(call: Call) -> str:
    return call.headers.get("x-api-key", "")


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_key(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(
        contract(HEADER_KEY, get_me=(True,), get_reports=(True,)),
        KEYS.format(kind="TEXT").replace("kept", "key_hash"),
        _keyed("key_hash", FORMS[form], _header),
    )
    made, _ = crew(service, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("operator",)
    a = made.members["a"]
    assert a.told == {"X-API-Key": "$KEY_A"} and a.way == "key" and a.table == "users"
    assert len({member.row["id"] for member in made.members.values()}) == 3, "each key is somebody else's"
    assert made.members["operator"].opens == {"GET /reports"}


@pytest.mark.parametrize(
    ("scheme", "read"),
    [
        (QUERY_KEY, lambda call: call.query.get("api_key", "")),
        (COOKIE, lambda call: call.headers.get("cookie", "").removeprefix("sid=")),
        (BEARER, lambda call: call.headers.get("authorization", "").removeprefix("Bearer ")),
    ],
)
def test_each_place_of_a_key(
    scheme: dict[str, Any], read: Callable[[Call], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = KEYS.format(kind="BLOB").replace("kept", "token_digest")
    answer = _keyed("token_digest", lambda raw: hashlib.sha256(raw).digest(), read)
    made, _ = crew(Service(contract(scheme, get_me=(True,)), schema, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b")


def test_a_key_that_is_kept_in_no_known_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = KEYS.format(kind="TEXT").replace("kept", "key_hash")
    answer = _keyed("key_hash", lambda raw: hashlib.md5(raw + b"salt").hexdigest(), _header)  # noqa: S324
    made, _ = crew(Service(contract(HEADER_KEY, get_me=(True,)), schema, answer), tmp_path, monkeypatch)
    assert not made.members and made.why == "nobody was let in, by apiKey"
