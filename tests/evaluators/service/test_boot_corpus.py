"""The good service starts and serves what is written; each planted defect is seen where it is."""

from __future__ import annotations

import pytest
from transfer_corpus import files, judge, mutants, planted, subject

from evaluators.draft import Draft, Subject
from evaluators.report import Reason, State
from evaluators.service import boot

BOOT = mutants("boot")
BOUND = (("service.starts-within", "2.5"),)


def test_the_good_service_boots_without_a_finding() -> None:
    result = judge(subject(files(), required=frozenset({"boot"})))["boot"]
    assert result.stage.state is State.PASSED
    assert result.findings == () and result.not_checked == ()


@pytest.mark.parametrize("name", BOOT)
def test_a_planted_defect_is_found_where_it_is(name: str) -> None:
    mutant = BOOT[name]
    bound = BOUND if name == "hangs" else ()
    result = judge(subject(planted(files(), mutant), options=bound))["boot"]
    assert result.stage.state is State.FAILED
    errors = [found for found in result.findings if found.severity == "error"]
    assert (mutant["rule"], mutant["symbol"], mutant["path"]) in {(e.rule, e.symbol, e.location.path) for e in errors}
    if "line" in mutant:
        assert errors[0].location.line == mutant["line"]
        assert "os.environ" in errors[0].evidence and "KeyError" in errors[0].message
    told = "\n".join(found.message + found.evidence + found.reproduce for found in result.findings)
    assert "/app/" not in told and "/var/" not in told and "127.0.0.1:" not in told


def test_a_service_without_a_written_contract_is_booted_by_the_served_one() -> None:
    made = {path: text for path, text in files("sqlite").items() if path != "openapi.yaml"}
    result = judge(subject(made, dialect="sqlite"))["boot"]
    assert result.stage.state is State.PASSED
    assert [each.what for each in result.not_checked] == ["written contract"]


def test_other_names_of_variables_are_mapped() -> None:
    made = files("sqlite")
    made["app/database.py"] = made["app/database.py"].replace('"DATABASE_URL"', '"DB"')
    made["app/main.py"] = made["app/main.py"].replace(
        "app = FastAPI(", 'import os\n\nassert os.environ["DB"].startswith("sqlite")\napp = FastAPI(', 1
    )
    options = (("service.env.DB", "$DATABASE_URL"),)
    assert judge(subject(made, dialect="sqlite", options=options))["boot"].stage.state is State.PASSED


def test_a_service_that_ignores_sigterm_is_warned_of() -> None:
    made = files("sqlite")
    made["app/main.py"] = made["app/main.py"].replace(
        'app = FastAPI(title="Transfers",',
        "import time\nfrom contextlib import asynccontextmanager\n\n\n@asynccontextmanager\n"
        "async def slow(_):\n    yield\n    time.sleep(600)\n\n\n"
        'app = FastAPI(lifespan=slow, title="Transfers",',
    )
    result = judge(subject(made, dialect="sqlite", required=frozenset({"boot"})))["boot"]
    assert [(found.rule, found.severity) for found in result.findings] == [("sigterm-ignored", "warning")]
    assert result.stage.state is State.PASSED


def test_two_applications_are_not_chosen_between() -> None:
    made = {"one.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    made["two.py"] = made["one.py"]
    result = judge(subject(made, dialect="sqlite"))["boot"]
    assert [(found.rule, found.symbol) for found in result.findings] == [("application-ambiguous", "one:app two:app")]
    made["src/main.py"] = made["one.py"]
    assert judge(subject(made, dialect="sqlite"))["boot"].stage.state is State.PASSED


def test_what_is_no_service_is_not_booted() -> None:
    assert not boot.applies(Subject(Draft.of({"openapi.yaml": "openapi: 3.1.0\n"}), stack="fastapi"))
    assert not boot.applies(Subject(Draft.of({"app/x.py": "import django\n"})))
    assert not boot.applies(Subject(Draft.of({"app/x.py": "import fastapi\n"})))
    assert boot.applies(Subject(Draft.of({"app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"})))


def test_an_unknown_stack_is_unverified() -> None:
    result = judge(Subject(Draft.of({"app/x.py": "import django\n"}), stack="django"))["boot"]
    assert result.stage.reason is Reason.NO_STACK and "django" in result.stage.detail
