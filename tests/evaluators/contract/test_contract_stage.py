"""The stage as a whole: good contracts pass, a sloppy one gets precise findings."""

import asyncio
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.contract import lint
from evaluators.contract.document import contract_from, contract_of
from evaluators.contract.lint import findings_of
from evaluators.contract.validate import mistakes
from evaluators.draft import Draft, Subject
from evaluators.finding import Severity, said_once
from evaluators.report import Reason, StageResult, State
from evaluators.rule import REGISTRY, Rule

GOOD = sorted((Path(__file__).parents[2] / "corpus/contracts/good").iterdir())


def folder(path: Path) -> Draft:
    return Draft.of({each.name: each.read_text(encoding="utf-8") for each in sorted(path.iterdir())})


def judge(subject: Subject) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            return await lint.judge(subject, bench)

    return asyncio.run(run())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_good_contracts_have_no_error_and_no_warning(path: Path) -> None:
    result = judge(Subject(folder(path)))
    told = [f"{f.rule} {f.location}: {f.message}" for f in result.findings if f.severity is not Severity.INFO]
    assert told == []
    assert result.stage.state is State.PASSED
    assert "operations" in result.stage.detail


SLOPPY = """\
openapi: 3.1.0
info:
  title: Sloppy
paths:
  /users/{userId}:
    get:
      operationId: getUser
      parameters:
        - {name: id, in: path, schema: {type: integer}}
      responses:
        200:
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Usr'}
  /users:
    post:
      operationId: getUser
      security: [{bearerAuth: []}]
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/User'}
      responses:
        201: {description: made}
components:
  securitySchemes:
    bearer: {type: http}
  schemas:
    User:
      type: object
      required: [id, emial]
      properties:
        id: {type: integer, default: x}
        email: {type: string, nullable: true}
        role: {type: string, enum: [admin, 3]}
"""


def test_a_sloppy_contract_gets_precise_findings() -> None:
    result = judge(Subject(Draft.of({"openapi.yaml": SLOPPY})))
    assert result.stage.state is State.FAILED
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    assert sorted((f.rule, f.location.line) for f in errors) == [
        ("default-mismatch", 34),
        ("duplicate-operation-id", 18),
        ("enum-value-mismatch", 36),
        ("ignored-nullable", 35),
        ("invalid-contract", 2),
        ("invalid-contract", 9),
        ("invalid-contract", 28),
        ("missing-invalid-input-response", 24),
        ("missing-unauthorized-response", 24),
        ("optional-request-body", 20),
        ("required-property-undefined", 32),
        ("undeclared-path-parameter", 6),
        ("unknown-security-scheme", 19),
        ("unresolved-reference", 15),
        ("unused-path-parameter", 9),
    ]
    by_rule = {f.rule: f for f in errors}
    assert by_rule["required-property-undefined"].hint == "Did you mean email?"
    assert by_rule["unresolved-reference"].hint == "The nearest name there is User."
    assert by_rule["default-mismatch"].evidence == "openapi.yaml#/components/schemas/User/properties/id/default"
    assert all(f.evidence.startswith("openapi.yaml#/") for f in errors)
    assert len({f.fingerprint for f in result.findings}) == len(result.findings)


def test_a_missing_contract_is_not_delivered() -> None:
    assert not lint.applies(Subject(Draft()))
    subject = Subject(Draft(), required=frozenset({"contract"}))
    assert lint.applies(subject)
    assert judge(subject).stage.reason is Reason.NOT_DELIVERED


def test_an_unreadable_contract_fails() -> None:
    result = judge(Subject(Draft.of({"openapi.yaml": "openapi: [\n"})))
    assert result.stage.state is State.FAILED
    assert [f.rule for f in result.findings] == ["unreadable-contract"]


def test_a_crashed_rule_makes_the_stage_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(contract: object) -> list[object]:
        raise KeyError("x")

    findings_of(contract_of(Subject(Draft())))
    old = REGISTRY["verb-in-path"]
    monkeypatch.setitem(REGISTRY, "verb-in-path", Rule(old.id, old.family, old.severity, crash, old.doc))  # type: ignore[arg-type]
    result = judge(Subject(folder(GOOD[0])))
    assert result.stage.reason is Reason.RULE_CRASHED
    assert "verb-in-path: KeyError" in result.stage.detail


def test_warnings_that_hold_everywhere_are_said_once() -> None:
    texts = "".join(f"        p{n}: {{type: string}}\n" for n in range(9))
    text = (
        "openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    post:\n      operationId: a\n"
        "      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n"
        "      responses: {'204': {description: x}, '422': {description: x}}\ncomponents:\n  schemas:\n    A:\n"
        f"      type: object\n      additionalProperties: false\n      properties:\n{texts}"
    )
    [finding] = said_once(judge(Subject(Draft.of({"openapi.yaml": text}))).findings)
    assert (finding.rule, len(finding.places)) == ("unbounded-text", 8)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sumary": "x"}, ["get does not take the key sumary. Did you mean summary?"]),
        ({"tags": "x"}, ['The value of tags must be array, and is the text "x".']),
        ({"parameters": [{"name": "a", "in": "query"}]}, ["Entry 1 of parameters needs content or schema."]),
        (
            {"parameters": [{"name": "a", "in": "query", "schema": {"type": "strin"}}]},
            ["The value of type is strin, and must be one of array, boolean, integer,"],
        ),
        ({"responses": {"200": {}}}, ["200 lacks description, which is required."]),
        ({"responses": {"20": {"description": "x"}}}, ["responses does not take the key 20."]),
    ],
)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_mistakes_are_few_and_to_the_point(version: str, change: dict[str, object], told: list[str]) -> None:
    operation = {"operationId": "a", "responses": {"200": {"description": "x"}}, **change}
    document = {"openapi": version, "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": operation}}}
    found = [f"{each.message} {each.hint}".strip() for each in mistakes(contract_from(document))]
    assert len(found) == len(told)
    for got, wanted in zip(found, told, strict=True):
        assert got.startswith(wanted)


def test_only_the_first_mistakes_are_told() -> None:
    paths = {
        f"/a{n}": {"get": {"operationId": f"a{n}", "wrong": 1, "responses": {"204": {"description": "x"}}}}
        for n in range(40)
    }
    document = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}
    findings, _ = findings_of(contract_from(document))
    assert len([f for f in findings if f.rule == "invalid-contract"]) == 13
    assert any("28 more mistakes" in f.message for f in findings)
