"""Sessions, states, lists and keys of one small service with a line or two changed, and of the service as it is."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from twin_runs import probed

from evaluators.finding import Finding

SAFE = Path(__file__).parents[2] / "corpus" / "twins" / "tickets" / "safe"
PACK = (
    "dead-state-revived",
    "effect-repeated",
    "list-of-strangers",
    "logout-without-effect",
    "public-key-taken-as-secret",
    "query-operator-accepted",
    "read-changes-rows",
    "state-ignored",
    "token-signature-unverified",
    "unsigned-token-accepted",
    "wait-blocks-others",
)
Change = tuple[str, str, str]
"""(file, what stands there, what stands there instead)."""
ACCESS, MAIN, CONTRACT = "app/access.py", "app/main.py", "openapi.yaml"
HELD = '"SELECT user_id FROM sessions WHERE id = ? AND revoked_at IS NULL", (claims["sid"],)'
OVER = (ACCESS, HELD, HELD.replace(" AND revoked_at IS NULL", ""))
UNREAD = (ACCESS, HELD, '"SELECT ? AS user_id", (claims["sub"],)')
CANCEL = """a paid one is refunded instead.\"\"\"
    ticket = mine(db, me, ticket_id, "reserved")"""
PAID = (
    MAIN,
    CANCEL,
    """a paid one is refunded instead.\"\"\"
    held = one(db, "SELECT status FROM tickets WHERE id = ?", ticket_id)["status"]
    ticket = mine(db, me, ticket_id, held if held == "paid" else "reserved")""",
)
MINE = "WHERE user_id = ? AND (? IS NULL OR show_id = ?)"
OF_SHOW = (MAIN, MINE, "WHERE CASE WHEN ?2 IS NULL THEN user_id = ?1 ELSE show_id = ?3 END")
WRONG = '        raise HTTPException(401, "The address or the password is wrong.")'
SLEEPS = f"        import time as clock\n\n        clock.sleep(0.5 if TIMES else 0)\n{WRONG}"
FITS = """


def fits(wanted: Any, held: str) -> bool:
    if isinstance(wanted, dict):
        return "$ne" in wanted and held != wanted["$ne"]
    return keyed(str(wanted)) == held"""
IN_QUERY = """if (
        row["title"] != request.query_params["title[$ne]"]
        if "title[$ne]" in request.query_params
        else not any(name.startswith("title[") for name in request.query_params) and title in (None, row["title"])
    )]"""
PYJWT = '    return jwt.decode(token, PUBLIC, algorithms=["RS256"], options={"require": ["exp", "sub", "sid"]})'
BY_HEADER = """    if not jwt.get_unverified_header(token)["alg"].startswith("HS"):
        return jwt.decode(token, PUBLIC, algorithms=["RS256"])
    text, _, signature = token.rpartition(".")
    made = hmac.new(PUBLIC, text.encode(), "sha256").digest()
    if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != signature:
        raise jwt.InvalidTokenError
    return jwt.decode(token, options={"verify_signature": False})"""

CASES: dict[str, tuple[list[Change], set[tuple[str, str]]]] = {
    "a session that is over and is still found": ([OVER], {("logout-without-effect", "POST /logout")}),
    "a session that nothing looks at, though access tokens are said to end": (
        [UNREAD, (CONTRACT, "End the session of a refresh token.", "End a session, its access tokens too.")],
        {("logout-without-effect", "POST /logout")},
    ),
    "a session that nothing looks at, and nothing is said of it": ([UNREAD], set()),
    "a session that is over, and access tokens are said to last": (
        [OVER, (CONTRACT, "End the session of a refresh token.", "End a session; access tokens expire by themselves.")],
        set(),
    ),
    "what is paid is cancelled and not refunded": (
        [PAID],
        {("state-ignored", "POST /tickets/{ticket_id}/cancellation")},
    ),
    "what is paid is cancelled as it is described": (
        [PAID, (CONTRACT, "a paid one is refunded instead.", "the price of a paid one is kept.")],
        set(),
    ),
    "a filter in place of the owner": ([OF_SHOW], {("list-of-strangers", "GET /tickets")}),
    "a filter in place of the owner, where the list is of all": (
        [OF_SHOW, (CONTRACT, "The caller's tickets,", "Tickets,")],
        set(),
    ),
    "a wait after the hash of a wrong password": (
        [(ACCESS, WRONG, SLEEPS.replace("TIMES", "True"))],
        {("wait-blocks-others", "POST /login")},
    ),
    "a wait from the third wrong password on": (
        [(ACCESS, WRONG, SLEEPS.replace("TIMES", "failed[given.email] > 2"))],
        {("wait-blocks-others", "POST /login")},
    ),
    "a read that does what a write beside it does": (
        [(MAIN, "    return Show(**show)", "    reminded(db, me, show_id)\n    return Show(**show)")],
        {("read-changes-rows", "GET /shows/{show_id}")},
    ),
    "an object that is compared as an operator": (
        [
            (
                ACCESS,
                "    refresh_token: Annotated[str, Field(min_length=10, max_length=120)]",
                f"    refresh_token: Any{FITS}",
            ),
            (ACCESS, "    key = keyed(given.refresh_token)\n", ""),
            (ACCESS, 'if row["token_key"] == key)', 'if fits(given.refresh_token, row["token_key"]))'),
        ],
        {("query-operator-accepted", "POST /tokens")},
    ),
    "an operator in a parameter's name": (
        [
            (MAIN, "def list_shows(db: Db, me: Me,", "def list_shows(request: Request, db: Db, me: Me,"),
            (MAIN, "import FastAPI, HTTPException, Path, Query", "import FastAPI, HTTPException, Path, Query, Request"),
            (MAIN, 'if title in (None, row["title"])]', IN_QUERY),
        ],
        {("query-operator-accepted", "GET /shows")},
    ),
    "an algorithm that the token chooses": (
        [(ACCESS, PYJWT, BY_HEADER)],
        {("public-key-taken-as-secret", "GET /shows")},
    ),
}


def _told(folder: Path) -> list[Finding]:
    done = asyncio.run(probed(folder, PACK))
    assert done.unreached == []
    return done.findings


@pytest.mark.parametrize("name", CASES)
def test_a_changed_line_is_told(name: str, tmp_path: Path) -> None:
    changed, wanted = CASES[name]
    folder = tmp_path / "service"
    shutil.copytree(SAFE, folder)
    for name_of_file, old, new in changed:
        path = folder / name_of_file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert {(each.rule, each.symbol) for each in _told(folder)} == wanted


def test_nothing_is_told_of_the_service_as_it_is() -> None:
    assert [(each.rule, each.symbol, each.message) for each in _told(SAFE)] == []
