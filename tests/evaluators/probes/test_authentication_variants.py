"""The pack `authentication` on one good service with a line or two changed: the ways in which a defect may show."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from twin_runs import probed

SAFE = Path(__file__).parents[2] / "corpus" / "twins" / "authentication_keys" / "safe"
PACK = (
    "accounts-enumerable",
    "credential-survives-password-change",
    "logout-without-effect",
    "malformed-credential-accepted",
    "odd-credential-unhandled",
    "password-answered",
    "personal-data-in-log",
    "secret-in-log",
)
REQUESTS = 180
Change = tuple[str, str]
ALL_SESSIONS = 'run("DELETE FROM sessions WHERE account_id = ?", found["account_id"])'
CHANGED = 'run("DELETE FROM sessions WHERE account_id = ? AND id <> ?", account["id"], found["id"])'
OUT = 'def log_out(found: Session) -> None:\n    run("DELETE FROM sessions WHERE id = ?", found["id"])'
KEYED = "return hashlib.sha256(text.encode()).hexdigest()"
TOLD = 'JSONResponse({"detail": f"Invalid: {said}"}, 422)'
SCHEME = 'if scheme.lower() != "bearer":'
ORDER = "    if account is None or not right:"
WRONG = '        raise HTTPException(401, "Address or password is wrong.")'

CASES: dict[str, tuple[list[Change], set[tuple[str, str]]]] = {
    "parts of a token, errors that repeat, states told early": (
        [
            (KEYED, "return hashlib.sha256(text[:8].encode()).hexdigest()"),
            (ALL_SESSIONS, 'run("DELETE FROM sessions WHERE id = ?", found["id"])'),
            (TOLD, 'JSONResponse({"detail": str(error.errors())}, 422)'),
            ('log.info("An address was taken")', 'log.info("%s was taken", given.email)'),
            (
                ORDER,
                f'    if account and account["locked"]:\n        raise HTTPException(403, "It is closed.")\n{ORDER}',
            ),
        ],
        {
            ("accounts-enumerable", "POST /tokens"),
            ("logout-without-effect", "POST /logout-all"),
            ("malformed-credential-accepted", "GET /books"),
            ("malformed-credential-accepted", "POST /books"),
            ("password-answered", "POST /accounts"),
            ("password-answered", "POST /tokens"),
            ("password-answered", "PUT /account/password"),
            ("personal-data-in-log", "POST /accounts"),
        },
    ),
    "no scheme, refresh tokens that live on, refusals logged": (
        [
            (SCHEME, "if not token and not (token := scheme):"),
            (OUT, OUT.replace("DELETE FROM sessions", "UPDATE sessions SET access_key = ''")),
            (CHANGED, CHANGED.replace("DELETE FROM sessions", "UPDATE sessions SET access_key = ''")),
            ('log.info("A credential was refused")', 'log.info("Refused: %s", token)'),
            ('log.info("A login failed")', 'log.info("No account for %s", given.email)'),
            (
                'HTTPException(403, "The password is wrong.")',
                'HTTPException(403, f"{given.current_password} is wrong.")',
            ),
        ],
        {
            ("credential-survives-password-change", "PUT /account/password"),
            ("logout-without-effect", "POST /logout"),
            ("malformed-credential-accepted", "GET /books"),
            ("malformed-credential-accepted", "POST /books"),
            ("password-answered", "PUT /account/password"),
            ("personal-data-in-log", "POST /tokens"),
            ("secret-in-log", "GET /books"),
        },
    ),
    "letters alone, a header that tells, inputs logged": (
        [
            (KEYED, "return hashlib.sha256(text.lower().encode()).hexdigest()"),
            (WRONG, f'        found = {{"X-Account": "yes"}} if account else None\n{WRONG[:-1]}, found)'),
            ('log.info("Refused: %s", said)', 'log.info("Refused: %s", error.errors())'),
        ],
        {
            ("accounts-enumerable", "POST /tokens"),
            ("malformed-credential-accepted", "GET /books"),
            ("malformed-credential-accepted", "POST /books"),
            ("personal-data-in-log", "POST /accounts"),
            ("personal-data-in-log", "POST /tokens"),
            ("secret-in-log", "POST /accounts"),
            ("secret-in-log", "POST /tokens"),
            ("secret-in-log", "PUT /account/password"),
        },
    ),
    "tokens compared as they are, the unconfirmed told early": (
        [
            (KEYED, "return text"),
            (
                ORDER,
                f'    if account and not account["verified_at"]:\n        raise HTTPException(409, "No.")\n{ORDER}',
            ),
        ],
        {("accounts-enumerable", "POST /tokens"), ("odd-credential-unhandled", "GET /books")},
    ),
}


def _told(folder: Path) -> tuple[list[tuple[str, str]], int]:
    done = asyncio.run(probed(folder, PACK))
    assert done.unreached == []
    return sorted((each.rule, each.symbol) for each in done.findings), done.sent


@pytest.mark.parametrize("name", CASES)
def test_a_changed_line_is_told(name: str, tmp_path: Path) -> None:
    changed, wanted = CASES[name]
    folder = tmp_path / "service"
    shutil.copytree(SAFE, folder)
    main = folder / "app" / "main.py"
    text = main.read_text(encoding="utf-8")
    for old, new in changed:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    main.write_text(text, encoding="utf-8")
    assert _told(folder)[0] == sorted(wanted)


def test_nothing_is_told_of_the_service_as_it_is() -> None:
    found, sent = _told(SAFE)
    assert found == []
    assert sent <= REQUESTS
