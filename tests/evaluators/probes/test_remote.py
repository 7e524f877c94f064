"""`check --url`: twins that run as ordinary programs, judged by their answers alone, by their rows, and reset."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from running_services import Service, running
from test_authorization import PACK
from typer.testing import CliRunner

from assistant.cli.app import build
from evaluators.service.remote import FarProcess

STAGES = ("--require", "boot,probes")


@dataclass(frozen=True)
class Told:
    """What `check --url` said."""

    code: int
    report: dict[str, Any]
    text: str

    @property
    def found(self) -> set[tuple[str, str]]:
        """(rule, operation) of the pack's findings."""
        return {(each["rule"], each["symbol"]) for each in self.report["findings"] if each["rule"] in PACK}

    @property
    def left(self) -> set[str]:
        """What was not checked."""
        return {each["what"] for each in self.report["not_checked"]}

    def stage(self, name: str) -> dict[str, Any]:
        """A stage's outcome."""
        return next(each for each in self.report["stages"] if each["name"] == name)


def checked(service: Service, *options: str) -> Told:
    """The JSON report on a service that runs."""
    named = ["--url", service.url, "--contract", str(service.contract), "--format", "json"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(service.folder)
        done = CliRunner().invoke(build(), ["check", *named, *options])
    assert done.stdout.startswith("{"), (done.stderr, done.exception)
    return Told(done.exit_code, json.loads(done.stdout), done.output)


@pytest.fixture
def vulnerable(tmp_path: Path) -> Iterator[Service]:
    with running("authorization/vulnerable", tmp_path) as service:
        yield service


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[Service]:
    with running("authorization/safe", tmp_path) as service:
        yield service


BY_ANSWERS = {
    ("read-by-stranger", "GET /notes/{note_id}"),
    ("list-of-strangers", "GET /letters"),
    ("list-of-strangers", "GET /tasks"),
}


def test_by_answers_alone(vulnerable: Service) -> None:
    told = checked(vulnerable, *STAGES)
    assert told.code == 1 and told.stage("probes")["state"] == "failed"
    assert told.found == BY_ANSWERS
    assert {"probe write-by-stranger", "probe double-spend-race", "probe path-traversal"} <= told.left
    assert "probe read-by-stranger" not in told.left, "it needs answers only"
    assert "probes of DELETE /folders/{folder_id}" in told.left, "it works once"
    leak = next(each for each in told.report["findings"] if each["rule"] == "read-by-stranger")
    assert '"$BASE_URL"' in leak["reproduce"] and service_free(vulnerable, leak)


def service_free(service: Service, finding: dict[str, Any]) -> bool:
    """Whether nothing of this run's address stands in a finding."""
    return service.url not in finding["evidence"] + finding["reproduce"]


def test_nothing_is_said_of_the_safe_twin(safe: Service) -> None:
    assert checked(safe, *STAGES).found == set()
    assert checked(safe, *STAGES, "--database", f"sqlite:///{safe.database}").found == set()


def test_the_rows_show_more_and_stay(vulnerable: Service) -> None:
    before = vulnerable.rows()
    told = checked(vulnerable, *STAGES, "--database", f"sqlite:///{vulnerable.database}")
    assert told.found > BY_ANSWERS | {("owner-chosen-by-client", "POST /invoices")}
    assert "probe sort-ignored" in told.left, "it sets rows of its own"
    assert told.stage("probes")["state"] == "failed"
    assert len(vulnerable.rows()["users"]) == len(before["users"]), "nobody was put there"


def test_reset_sets_the_rows_back_as_they_were(vulnerable: Service) -> None:
    before = vulnerable.rows()
    told = checked(vulnerable, *STAGES, "--database", f"sqlite:///{vulnerable.database}", "--reset")
    assert vulnerable.rows() == before
    assert told.found > BY_ANSWERS | {("write-by-stranger", "DELETE /folders/{folder_id}")}
    assert not any(each.startswith("probes of ") for each in told.left)
    assert {"probe log-line-forged", "probe path-traversal", "probe body-unbounded"} <= told.left, "no hand on it"


def test_reset_says_nothing_of_the_safe_twin(safe: Service) -> None:
    before = safe.rows()
    assert checked(safe, *STAGES, "--database", f"sqlite:///{safe.database}", "--reset").found == set()
    assert safe.rows() == before


def test_a_service_that_registers_people_is_checked_again_and_again(tmp_path: Path) -> None:
    with running("authentication/safe", tmp_path, rows="") as service:
        first, second = checked(service, *STAGES), checked(service, *STAGES)
    for told in (first, second):
        assert (told.code, told.stage("probes")["reason"], told.report["findings"]) == (3, "no-database", [])
        assert "without a database" in told.stage("probes")["detail"]


def test_the_contract_is_judged_and_the_service_fuzzed(vulnerable: Service) -> None:
    told = checked(vulnerable)
    assert [each["name"] for each in told.report["stages"]] == ["contract", "boot", "probes", "fuzz"]
    assert told.stage("fuzz")["state"] == "failed" and told.stage("boot")["detail"] == f"{vulnerable.url} answers"


def test_the_served_contract_is_taken_where_none_is_named(vulnerable: Service) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(vulnerable.folder)
        named = ["check", "--url", vulnerable.url, "--format", "json", "--require", "contract,boot"]
        done = CliRunner().invoke(build(), named)
    stages = {each["name"]: each for each in json.loads(done.stdout)["stages"]}
    whole = (vulnerable.folder / "openapi.yaml").read_text(encoding="utf-8").count("operationId:")
    assert stages["contract"]["detail"].startswith(f"{whole} operations") and stages["boot"]["state"] == "passed"


def test_the_contract_of_another_service_leaves_it_unverified(vulnerable: Service) -> None:
    paths = {f"/planets/{n}": {"get": {"responses": {"200": {"description": "Here."}}}} for n in range(3)}
    other = vulnerable.folder / "other.json"
    other.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Planets", "version": "1"}, "paths": paths}))
    told = checked(replace(vulnerable, contract=other), *STAGES)
    assert told.code == 3 and told.stage("probes")["reason"] == "no-identity"
    assert {f"GET /planets/{n} beyond its refusals" for n in range(3)} <= told.left
    other.write_text('{"openapi": "3.1.0", "info": {"title": "None", "version": "1"}, "paths": {}}')
    assert checked(replace(vulnerable, contract=other), "--require", "boot").stage("boot")["reason"] == "no-contract"


def test_who_allowed_it_stands_in_the_report(vulnerable: Service) -> None:
    told = checked(vulnerable, "--require", "boot", "--allowed-by", "Ann of operations")
    assert told.stage("boot")["detail"] == f"{vulnerable.url} answers, allowed by Ann of operations"


def test_a_database_that_cannot_be_reached_is_told_without_its_password(vulnerable: Service) -> None:
    told = checked(vulnerable, *STAGES, "--database", "postgresql://ann:hunter2@127.0.0.1:1/notes")
    assert told.stage("boot")["reason"] == "no-database" and told.code == 3
    assert "hunter2" not in told.text


def test_the_end_of_a_service_is_seen(tmp_path: Path) -> None:
    with running("authorization/safe", tmp_path) as service:
        process = FarProcess(service.url)
        assert process.alive and asyncio.run(process.wait(0.1)) is None
    assert not process.alive and process.killed == "nothing listens at its address any more"
    asyncio.run(process.wait())
