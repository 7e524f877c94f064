"""The good service is fuzzed without noise; planted defects are found, twice with the same bytes."""

from __future__ import annotations

import re

import pytest
from transfer_corpus import files, judge, judge_twice, mutants, planted, subject

from evaluators.finding import Finding
from evaluators.report import Reason, State

FUZZ = mutants("fuzz")


@pytest.mark.parametrize("dialect", ["postgres", "sqlite"])
def test_the_good_service_gives_no_finding(dialect: str) -> None:
    result = judge(subject(files(dialect), dialect=dialect), "boot", "fuzz")["fuzz"]
    assert result.findings == ()
    assert result.stage.state is State.PASSED
    assert result.not_checked == (), "every operation was once accepted"
    assert result.stage.detail.endswith("7 of 7 operations")


def test_planted_defects_are_found_and_twice_the_same() -> None:
    made = planted(files(), *FUZZ.values())
    given = subject(made)
    first, second = (each["fuzz"] for each in judge_twice(given, "boot", "fuzz"))
    assert first.findings == second.findings, "the same bytes"
    assert first.stage.state is State.FAILED
    found = {(each.rule, each.symbol, each.location.path): each for each in first.findings}
    wanted = {(each["rule"], each["symbol"], each["path"]) for each in FUZZ.values()}
    assert wanted <= set(found)
    assert set(found) - wanted == set(), "and nothing else"
    crash = found["server-error", "POST /accounts IndexError in open_account", "app/accounts.py"]
    _is_whole(crash, made)
    for each in first.findings:
        _is_canonical(each)


def _is_whole(crash: Finding, made: dict[str, str]) -> None:
    """The crash has its line, its trace, the request, and a command."""
    line = made["app/accounts.py"].split("\n")[crash.location.line - 1]
    assert "str(range(60)[len(opening.name)])" in line
    assert "str(range(60)[len(opening.name)])" in crash.evidence
    assert "-> 500" in crash.evidence and "POST /accounts" in crash.evidence
    assert crash.reproduce.startswith('curl -sS -i -X POST "$BASE_URL"/accounts -H "Authorization: Bearer $TOKEN"')
    assert crash.message.startswith("POST /accounts answers 500: IndexError: range object index out of range")


def _is_canonical(finding: Finding) -> None:
    told = "\n".join((finding.message, finding.evidence, finding.reproduce, finding.hint))
    assert "127.0.0.1" not in told and "/app/" not in told and "eyJ" not in told
    assert not re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", told)


def test_without_an_identity_nothing_is_called_proved() -> None:
    made = files("sqlite")
    made["app/auth.py"] = made["app/auth.py"].replace('os.environ["JWT_SECRET"]', '"another secret, 32 bytes or more"')
    result = judge(subject(made, dialect="sqlite"), "boot", "fuzz")["fuzz"]
    assert result.stage.reason is Reason.NO_IDENTITY
    assert result.findings == ()
