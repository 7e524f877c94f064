"""The pack `authentication` on twins: every hole at an operation of its own, and the nearest things that are fine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import probed

from evaluators.finding import Finding

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
PACK = (
    "accounts-enumerable",
    "content-type-sniffable",
    "credential-not-required",
    "credential-of-removed-user",
    "credential-survives-password-change",
    "error-format-differs",
    "expired-token-accepted",
    "foreign-origin-trusted",
    "internals-in-error",
    "logout-without-effect",
    "malformed-credential-accepted",
    "password-answered",
    "password-stored-readable",
    "password-weakly-hashed",
    "personal-data-in-log",
    "private-answer-cacheable",
    "secret-in-log",
    "session-cookie-unguarded",
    "session-fixed-by-client",
    "signing-secret-guessable",
    "token-kinds-confused",
    "token-signature-unverified",
    "token-stored-readable",
    "token-without-expiry",
    "unsigned-token-accepted",
    "wrong-passwords-past-limit",
    "wrong-passwords-unlimited",
)
REQUESTS = 360
"""What the pack may send to a service of sixteen operations with all that it looks at."""
Told = tuple[list[Finding], int, int]


async def _probed(folder: Path) -> Told:
    """(findings, operations that were not reached, requests of the pack)."""
    told = await probed(folder, PACK)
    return told.findings, len(told.unreached), told.sent


@pytest.fixture(scope="module")
def vulnerable() -> Told:
    return asyncio.run(_probed(TWINS / "authentication" / "vulnerable"))


@pytest.fixture(scope="module")
def safe() -> Told:
    return asyncio.run(_probed(TWINS / "authentication" / "safe"))


@pytest.fixture(scope="module")
def vulnerable_cookies() -> Told:
    return asyncio.run(_probed(TWINS / "authentication_cookies" / "vulnerable"))


@pytest.fixture(scope="module")
def safe_cookies() -> Told:
    return asyncio.run(_probed(TWINS / "authentication_cookies" / "safe"))


def test_each_hole_is_told_once_at_its_operation(vulnerable: Told) -> None:
    found, unreached, _ = vulnerable
    assert unreached == 0
    assert sorted((each.rule, each.symbol) for each in found) == [
        ("accounts-enumerable", "POST /login"),
        ("accounts-enumerable", "POST /resets"),
        ("content-type-sniffable", "GET /notes/{note_id}/text"),
        ("credential-not-required", "GET /notes/{note_id}"),
        ("credential-of-removed-user", "GET /recent"),
        ("credential-survives-password-change", "PUT /me/password"),
        ("error-format-differs", "DELETE /notes/{note_id}"),
        ("expired-token-accepted", "POST /notes"),
        ("expired-token-accepted", "POST /tokens"),
        ("foreign-origin-trusted", "GET /export"),
        ("internals-in-error", "POST /notes"),
        ("logout-without-effect", "POST /logout"),
        ("malformed-credential-accepted", "PUT /notes/{note_id}"),
        ("password-answered", "POST /me/guests"),
        ("password-stored-readable", "PUT /me/password"),
        ("password-weakly-hashed", "POST /me/guests"),
        ("personal-data-in-log", "POST /login"),
        ("private-answer-cacheable", "GET /recent"),
        ("secret-in-log", "PUT /me/password"),
        ("token-kinds-confused", "GET /export"),
        ("token-kinds-confused", "POST /tokens"),
        ("token-signature-unverified", "DELETE /notes/{note_id}"),
        ("token-stored-readable", "POST /login"),
        ("token-without-expiry", "POST /login"),
        ("unsigned-token-accepted", "GET /notes/{note_id}/text"),
        ("wrong-passwords-past-limit", "POST /login"),
    ]


def test_each_hole_of_sessions_is_told(vulnerable_cookies: Told) -> None:
    found, unreached, _ = vulnerable_cookies
    assert unreached == 0
    assert sorted((each.rule, each.symbol) for each in found) == [
        ("accounts-enumerable", "POST /people"),
        ("expired-token-accepted", "GET /letters"),
        ("foreign-origin-trusted", "GET /letters"),
        ("logout-without-effect", "DELETE /session"),
        ("password-answered", "POST /people"),
        ("password-answered", "POST /session"),
        ("password-weakly-hashed", "POST /people"),
        ("session-cookie-unguarded", "POST /session"),
        ("session-fixed-by-client", "POST /session"),
        ("token-stored-readable", "POST /session"),
        ("wrong-passwords-unlimited", "POST /session"),
    ]


def test_nothing_is_told_of_what_is_fine(safe: Told, safe_cookies: Told) -> None:
    for found, unreached, _ in (safe, safe_cookies):
        assert unreached == 0
        assert [(each.rule, each.symbol, each.message) for each in found] == []


def test_the_pack_is_bounded(vulnerable: Told, safe: Told) -> None:
    assert vulnerable[2] <= REQUESTS
    assert safe[2] <= REQUESTS


def test_no_evidence_holds_a_token(vulnerable: Told) -> None:
    for each in vulnerable[0]:
        assert "eyJ" not in each.evidence + each.message, each.rule
        assert each.reproduce.strip(), each.rule
    forged = next(each for each in vulnerable[0] if each.rule == "token-signature-unverified")
    assert "eyJ" not in forged.reproduce
    assert "$FORGED" in forged.reproduce
