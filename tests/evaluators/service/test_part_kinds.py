"""The stage `part`: good parts pass, and each planted defect is named."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.report import Reason, StageResult, State
from evaluators.service import mutate, part
from evaluators.stacks.references import reference

CORPUS = Path(__file__).parents[2] / "corpus" / "parts"
AUTH = (CORPUS / "jwt-middleware" / "good.py").read_text()
MODELS = (CORPUS / "sqlalchemy-model" / "good.py").read_text()

MIDDLEWARE = {"part.kind": "middleware", "part.module": "auth", "part.symbol": "current_user"}
MODEL = {"part.kind": "model", "part.module": "models", "part.symbol": "Base"}
TEST = {"part.kind": "test", "part.reference": "transfer"}


def judge(files: dict[str, str], options: dict[str, str]) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            return await part.judge(Subject(Draft.of(files), stack="fastapi", options=tuple(options.items())), bench)

    return asyncio.run(run())


def told(result: StageResult) -> set[tuple[str, str]]:
    return {(finding.rule, finding.symbol) for finding in result.findings}


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_good_dependency_passes() -> None:
    result = judge({"auth.py": AUTH}, MIDDLEWARE)
    assert result.findings == ()
    assert (result.stage.state, result.stage.detail) == (State.PASSED, "15 requests")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'options={"require": ["exp", "sub"]}',
            'options={"verify_signature": False}',
            {
                ("invalid-token-accepted", "a token signed with another secret"),
                ("invalid-token-accepted", "a token with alg none"),
                ("invalid-token-accepted", "a token whose claims were changed"),
                ("invalid-token-accepted", "an expired token"),
                ("invalid-token-accepted", "a token without exp"),
                ("part-crashes", "a token without sub"),
            },
        ),
        (
            'options={"require": ["exp", "sub"]}',
            'options={"require": ["sub"], "verify_exp": False}',
            {("invalid-token-accepted", "an expired token"), ("invalid-token-accepted", "a token without exp")},
        ),
        (
            ', headers={"WWW-Authenticate": "Bearer"}',
            "",
            {("refusal-without-challenge", "401")},
        ),
        ('User(sub=decode_token(credentials.credentials)["sub"])', "User(sub='somebody')", None),
        ("    except jwt.InvalidTokenError:\n", "    except jwt.ExpiredSignatureError:\n", None),
    ],
)  # fmt: skip
def test_a_planted_defect_is_named(old: str, new: str, expected: set[tuple[str, str]] | None) -> None:
    result = judge({"auth.py": changed(AUTH, old, new)}, MIDDLEWARE)
    assert result.stage.state is State.FAILED
    if expected is not None:
        assert told(result) == expected
    elif "somebody" in new:
        assert ("identity-not-visible", "a valid token") in told(result)
    else:
        assert ("part-crashes", "no Authorization header") in told(result)
        crash = next(each for each in result.findings if each.symbol == "a text that is no token")
        assert re.fullmatch(
            r"auth.py:\d+: return User\(.*\)\nauth.py:\d+: return jwt.decode\(\n"
            r"jwt.exceptions.DecodeError: Not enough segments",
            crash.evidence,
        )


def test_403_in_place_of_401_is_named() -> None:
    text = changed(AUTH, "HTTP_401_UNAUTHORIZED", "HTTP_403_FORBIDDEN")
    result = judge({"auth.py": text}, MIDDLEWARE)
    assert {rule for rule, _ in told(result)} == {"refusal-status-wrong"}


def test_an_asgi_middleware_is_mounted_too() -> None:
    text = """
import os
import jwt
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class JWTMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise jwt.InvalidTokenError
            request.state.user = jwt.decode(
                token, os.environ["JWT_SECRET"], algorithms=["HS256"], options={"require": ["exp", "sub"]}
            )
        except jwt.InvalidTokenError:
            return JSONResponse({"detail": "no"}, 401, headers={"WWW-Authenticate": "Bearer"})
        return await call_next(request)
"""
    assert judge({"auth.py": text}, {**MIDDLEWARE, "part.symbol": "JWTMiddleware"}).findings == ()


def test_a_part_that_is_not_there_is_named() -> None:
    assert told(judge({"auth.py": AUTH}, {**MIDDLEWARE, "part.symbol": "get_user"})) == {
        ("part-missing", "auth.get_user")
    }
    assert told(judge({"security.py": AUTH}, MIDDLEWARE)) == {("part-missing", "auth.current_user")}


def test_a_part_that_cannot_be_mounted_is_told_canonically() -> None:
    result = judge({"auth.py": AUTH.replace("import jwt\n", "import jwt\nimport not_there\n")}, MIDDLEWARE)
    (finding,) = result.findings
    assert finding.rule == "part-fails-to-start"
    assert "ModuleNotFoundError: No module named 'not_there'" in finding.evidence
    assert "/root" not in finding.evidence


def test_an_unknown_kind_is_unverified() -> None:
    result = judge({"auth.py": AUTH}, {"part.kind": "webhook"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NO_HARNESS)


def test_a_good_model_passes_with_rows_in_every_table() -> None:
    result = judge({"models.py": MODELS}, MODEL)
    assert [(finding.rule, finding.symbol) for finding in result.findings if finding.severity == "error"] == []
    assert (result.stage.state, result.stage.detail) == (State.PASSED, "2 tables created, 2 filled")
    assert result.not_checked == ()


def test_a_model_without_checks_lets_negative_amounts_in() -> None:
    text = changed(MODELS, 'CheckConstraint("principal_amount > 0", name="principal_positive"),', "")
    result = judge({"models.py": text}, MODEL)
    about = [finding for finding in result.findings if finding.symbol == "loans.principal_amount"]
    assert about
    assert about[0].location.path == "models.py"
    assert "principal_amount" in text.split("\n")[about[0].location.line - 1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('relationship(back_populates="loan")', 'relationship(back_populates="lone")', "has no property 'lone'"),
        ('ForeignKey("loans.id", ', 'ForeignKey("lones.id", ', "could not find table 'lones'"),
        ('CheckConstraint("principal_amount > 0"', 'CheckConstraint("principal > 0"', "UndefinedColumn"),
    ],
)
def test_a_model_that_cannot_be_created_is_named(old: str, new: str, said: str) -> None:
    result = judge({"models.py": changed(MODELS, old, new)}, MODEL)
    (finding,) = result.findings
    assert (finding.rule, finding.symbol) == ("model-fails", "models.Base")
    assert said in finding.evidence


def test_a_model_without_tables_is_named() -> None:
    text = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"
    assert told(judge({"models.py": text}, MODEL)) == {("model-without-tables", "Base")}


def suite(name: str) -> dict[str, str]:
    return {"tests/test_transfer.py": (CORPUS / "endpoint-test" / name / "test_transfer.py").read_text()}


def test_a_good_suite_passes_and_notices_every_mutant() -> None:
    result = judge(suite("good"), TEST)
    assert result.findings == ()
    count = len(mutate.mutants("fastapi", "transfer"))
    assert (result.stage.state, result.stage.detail) == (
        State.PASSED,
        f"19 tests, {count} of {count} mutants noticed",
    )


def test_a_shallow_suite_leaves_mutants_alive() -> None:
    result = judge(suite("shallow"), {**TEST, "part.mutants": "few"})
    core = {mutant.name for mutant in mutate.mutants("fastapi", "transfer") if mutant.core}
    assert told(result) == {("mutants-survive", name) for name in core - {"created-is-200"}}
    debited = next(finding for finding in result.findings if finding.symbol == "not-debited")
    assert debited.message == "No test notices when the source account keeps its money."


def test_a_suite_that_refuses_the_reference_is_told_its_failure() -> None:
    files = {path: text.replace("== 201", "== 200") for path, text in suite("shallow").items()}
    (finding,) = judge(files, TEST).findings
    assert (finding.rule, finding.symbol) == ("test-fails", "tests/test_transfer.py::test_transfer")
    assert finding.location.line == 16
    assert finding.evidence == (
        "tests/test_transfer.py:16: assert answer.status_code == 200\n"
        "assert 201 == 200\n+  where 201 = <Response [201 Created]>.status_code"
    )


def test_a_suite_that_hangs_on_a_mutant_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutate, "SECONDS", 6.0)
    hang = "    if answer.status_code == 200:\n        import time\n        time.sleep(600)\n    assert answer"
    files = {path: text.replace("    assert answer", hang) for path, text in suite("shallow").items()}
    one = tuple(mutant for mutant in mutate.mutants("fastapi", "transfer") if mutant.name == "created-is-200")
    monkeypatch.setattr(mutate, "mutants", lambda stack, name: one)
    result = judge(files, TEST)
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)


def test_tests_cannot_replace_what_they_test() -> None:
    draft = Draft.of({"tests/test_a.py": "", "app/test/main.py": "", "app/main.py": "app = None"})
    files = reference("fastapi", "transfer")
    folders, _ = mutate.plan(draft, files, ())
    assert folders[mutate.REFERENCE]["app/main.py"] == files["app/main.py"]


def test_every_mutant_fits_its_reference_and_parses() -> None:
    files = reference("fastapi", "transfer")
    planted = mutate.mutants("fastapi", "transfer")
    assert len(planted) >= 12
    assert len({mutant.name for mutant in planted}) == len(planted)
    for mutant in planted:
        compile(mutant.applied(files)[mutant.path], mutant.path, "exec")
    with pytest.raises(mutate.MutantError, match="0 times"):
        mutate.Mutant("x", "y", "app/main.py", "nowhere", "").applied(files)
