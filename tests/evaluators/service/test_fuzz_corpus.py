"""The good service is fuzzed without noise; planted defects are found, twice with the same bytes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from transfer_corpus import files, judge, judge_twice, mutants, planted, subject

from evaluators.finding import Finding
from evaluators.report import Reason, State
from evaluators.service import fuzz
from evaluators.service.engine import Order

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


def test_an_operation_that_hangs_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "REQUEST_SECONDS", 1.0)
    made = files("sqlite")
    made["app/transfers.py"] = made["app/transfers.py"].replace(
        "    mine = select(accounts.c.id).where",
        '    __import__("time").sleep(60)\n    mine = select(accounts.c.id).where',
    )
    result = judge(subject(made, dialect="sqlite"), "boot", "fuzz")["fuzz"]
    assert [(each.rule, each.symbol) for each in result.findings] == [
        ("request-timed-out", "GET /transfers/{transfer_id}")
    ]


def test_a_service_that_dies_is_a_finding() -> None:
    made = files("sqlite")
    made["app/accounts.py"] = made["app/accounts.py"].replace(
        "    made = db.execute(insert",
        '    if len(opening.name) > 40:\n        __import__("os")._exit(3)\n    made = db.execute(insert',
    )
    result = judge(subject(made, dialect="sqlite"), "boot", "fuzz")["fuzz"]
    assert result.stage.state is State.FAILED
    assert [(each.rule, each.symbol) for each in result.findings] == [("service-died", "app.main:app")]
    assert result.findings[0].message == "The service ended while it was fuzzed (code 3)."
    assert result.findings[0].evidence.startswith("POST /accounts\n") and "no answer" in result.findings[0].evidence
    assert '-X POST "$BASE_URL"/accounts' in result.findings[0].reproduce


def test_a_bound_that_is_hit_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fuzz.SECONDS, "fast", 0.2)
    result = judge(subject(files("sqlite"), dialect="sqlite"), "boot", "fuzz")["fuzz"]
    assert result.stage.reason is Reason.TIME_BOUND and result.findings == ()


def test_a_fuzzer_that_fails_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "order_of", lambda running, *rest: Order({"openapi": "9"}, running.base_url))
    result = judge(subject(files("sqlite"), dialect="sqlite"), "boot", "fuzz")["fuzz"]
    assert result.stage.reason is Reason.TOOL_FAILED and result.stage.detail


def test_a_contract_that_nobody_wrote_only_warns_of_what_it_does_not_say() -> None:
    code = """
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()

class Thing(BaseModel):
    size: int

@app.post("/things", status_code=201)
def make(thing: Thing) -> Thing:
    if thing.size % 2:
        raise HTTPException(409)
    return thing

@app.get("/things/{size}")
def one(size: int) -> Thing:
    return Thing(size=100 // (size - 7))
"""
    result = judge(subject({"app/main.py": code}, dialect="sqlite"), "boot", "fuzz")["fuzz"]
    told = {(each.rule, str(each.severity)) for each in result.findings}
    assert ("undeclared-status", "warning") in told
    assert not {rule for rule, severity in told if severity == "error"} - {"server-error"}


VOUCHERS = """
import hashlib
import os
import secrets

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"])

def kept(code: str) -> dict[str, str]:
    return {"code": hashlib.sha256(code.encode()).hexdigest()}

class Voucher(BaseModel):
    voucher_code: str

class Use(Voucher):
    times: int = Field(ge=1, le=1000)

@app.post("/vouchers", status_code=201)
def make() -> Voucher:
    made = Voucher(voucher_code=secrets.token_urlsafe(24))
    with engine.begin() as session:
        session.execute(text("INSERT INTO vouchers (code) VALUES (:code)"), kept(made.voucher_code))
    return made

@app.post("/uses", status_code=201)
def use(use: Use) -> int:
    with engine.connect() as session:
        found = session.execute(text("SELECT id FROM vouchers WHERE code = :code"), kept(use.voucher_code)).first()
    if found is None:
        raise HTTPException(409)
    if use.times > 500:
        raise RuntimeError("too often")
    return use.times
"""


def test_what_the_probes_found_to_work_leads_behind_the_refusals() -> None:
    schema = "CREATE TABLE vouchers (id integer PRIMARY KEY, code varchar(64) NOT NULL UNIQUE);\n"
    given = subject({"app/main.py": VOUCHERS, "schema.sql": schema}, dialect="sqlite")
    wanted = "POST /uses RuntimeError in use"
    alone = judge(given, "boot", "fuzz")["fuzz"]
    assert wanted not in {each.symbol for each in alone.findings}
    assert [each.what for each in alone.not_checked] == ["POST /uses beyond its refusals"]
    first, second = (judge(given, "boot", "probes", "fuzz")["fuzz"] for _ in range(2))
    crash = next(each for each in first.findings if each.symbol == wanted)
    assert first.not_checked == () and '"voucher_code": "<drawn>"' in crash.evidence
    assert first.findings == second.findings, "the same bytes, though the codes are others"


@pytest.mark.parametrize("depth", ["fast", "deep"])
def test_the_depth_is_a_number_of_examples(depth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    examples: list[int] = []

    async def counted(order: Order, *rest: object) -> object:
        examples.append(order.max_examples)
        return await really(replace(order, max_examples=1), *rest)  # type: ignore[arg-type]

    really = fuzz.run
    monkeypatch.setattr(fuzz, "run", counted)
    given = replace(subject(files("sqlite"), dialect="sqlite"), depth=depth)
    stage = judge(given, "boot", "fuzz")["fuzz"].stage
    assert stage.state is State.PASSED and stage.detail.startswith(f"{depth}, ")
    assert examples == [{"fast": 10, "deep": 100}[depth]]
