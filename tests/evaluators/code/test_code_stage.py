"""The stage `code`, whole: what a reader, ruff and the import run find together."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.code import leaks, lint
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.report import Reason, StageResult, State
from evaluators.stacks import find

GOOD = {
    "app/__init__.py": "",
    "app/main.py": """
import os

from fastapi import FastAPI

from app.shop import price

app = FastAPI()


@app.get("/price")
def read() -> dict[str, int]:
    return {"price": price(os.environ["JWT_SECRET"])}
""",
    "app/shop.py": "def price(secret: str) -> int:\n    return len(secret)\n",
    "tests/test_price.py": "from app.shop import price\n\n\ndef test_price():\n    assert price('') == 0\n",
    "requirements.txt": f"fastapi=={find('fastapi').packages['fastapi']}\n",
}


def judge(files: dict[str, str], **known: object) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            subject = Subject(Draft.of(files), stack="fastapi", **known)  # type: ignore[arg-type]
            return await lint.judge(subject, bench)

    return asyncio.run(run())


def found(files: dict[str, str], **known: object) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.location)) for finding in judge(files, **known).findings]


def only(files: dict[str, str], **known: object) -> Finding:
    (finding,) = judge(files, **known).findings
    return finding


def test_good_code_passes_by_being_imported() -> None:
    result = judge(GOOD)
    assert result.findings == ()
    assert result.stage.state is State.PASSED


def test_syntax_error_is_told_with_its_line() -> None:
    finding = only({**GOOD, "app/shop.py": "def price(secret:\n    return 1\n"})
    assert (finding.rule, finding.location.path, finding.location.line) == ("syntax-error", "app/shop.py", 1)


def test_undefined_name_fails_and_unused_import_is_only_told() -> None:
    result = judge(
        {**GOOD, "app/shop.py": "import json\n\ndef price(secret: str) -> int:\n    return lenght(secret)\n"}
    )
    assert [(finding.rule, finding.severity.value, finding.location.line) for finding in result.findings] == [
        ("ruff-f401", "info", 1),
        ("ruff-f821", "error", 4),
    ]
    assert result.stage.state is State.FAILED


def test_noqa_has_no_effect_and_is_told() -> None:
    text = "def price(secret: str) -> int:\n    return lenght(secret)  # noqa: F821\n"
    assert found({**GOOD, "app/shop.py": text}) == [
        ("draft-configures-judge", "app/shop.py:2"),
        ("ruff-f821", "app/shop.py:2:12"),
    ]


def test_linter_settings_have_no_effect() -> None:
    files = {
        **GOOD,
        "app/shop.py": "def price(secret: str) -> int:\n    return lenght(secret)\n",
        "ruff.toml": "[lint]\nignore = ['ALL']\n",
        "pyproject.toml": "[tool.ruff]\nexclude = ['app']\n",
        "backwright.toml": "[rules]\nallow = ['ruff-f821']\n",
    }
    rules = [rule for rule, _ in found(files)]
    assert rules.count("draft-configures-judge") == 3
    assert "ruff-f821" in rules
    own = [rule for rule, _ in found(files, hostile=False)]
    assert own == ["ruff-f821"]


def test_type_ignore_is_no_finding() -> None:
    assert found({**GOOD, "app/shop.py": "def price(secret):  # type: ignore\n    return 1\n"}) == []


def test_a_test_hook_that_turns_results_is_an_error() -> None:
    finding = only({**GOOD, "tests/conftest.py": "def pytest_runtest_makereport(item, call):\n    return None\n"})
    assert (finding.rule, finding.severity.value) == ("draft-configures-judge", "error")


@pytest.mark.parametrize(
    ("text", "rule", "line", "hint"),
    [
        ("from app.shop import prize\n", "name-not-defined-there", 1, "price"),
        ("import app.shopp\n", "unknown-import", 1, "app.shop"),
        ("import psycopg2\n", "unknown-import", 1, "psycopg"),
        ("import fastapii\n", "unknown-import", 1, "fastapi"),
        ("from fastapi import FastApi\n", "import-fails", 1, ""),
        ("import os\nX = os.environ['NOT_THERE']\n", "import-fails", 2, ""),
        ("from .shop import price\nfrom .. import x\n", "unknown-import", 2, ""),
    ],
)
def test_imports_that_do_not_resolve(text: str, rule: str, line: int, hint: str) -> None:
    result = judge({**GOOD, "app/extra.py": text})
    errors = [finding for finding in result.findings if finding.severity.value == "error"]
    assert [(finding.rule, finding.location.path, finding.location.line) for finding in errors] == [
        (rule, "app/extra.py", line)
    ]
    assert hint in errors[0].hint


def test_optional_imports_are_left_alone() -> None:
    text = "try:\n    import psycopg2\nexcept ImportError:\n    psycopg2 = None\n"
    used = "import app.extra\n\n\n" + GOOD["app/shop.py"]
    assert [rule for rule, _ in found({**GOOD, "app/extra.py": text, "app/shop.py": used})] == ["ruff-f401"]


def test_a_failing_import_is_one_finding_at_its_cause_and_canonical() -> None:
    files = {**GOOD, "app/shop.py": "from pydantic import BaseModell\n\ndef price(secret):\n    return 1\n"}
    (finding,) = [each for each in judge(files).findings if each.severity.value == "error"]
    assert (finding.rule, str(finding.location)) == ("import-fails", "app/shop.py:1")
    assert finding.evidence == (
        "app/shop.py:1: from pydantic import BaseModell\nImportError: cannot import name 'BaseModell' from 'pydantic'"
    )


def test_a_module_that_ends_the_process_is_not_passed() -> None:
    result = judge({**GOOD, "app/shop.py": "import os\nos._exit(0)\n\ndef price(secret):\n    return 1\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TOOL_FAILED)


def test_dependencies_are_held_against_the_stack() -> None:
    listed = "fastapi==0.1.0\nfastapi-users-pro>=2  # nice\n-r other.txt\nuvicorn[standard]\nhttpxx\n"
    result = judge({**GOOD, "requirements.txt": listed})
    assert {(finding.rule, finding.location.line) for finding in result.findings} == {
        ("dependency-version-not-proved", 1),
        ("dependency-not-in-stack", 2),
        ("dependency-not-in-stack", 5),
    }
    assert next(finding.hint for finding in result.findings if finding.symbol == "httpxx") == "Did you mean httpx?"


def test_what_is_imported_and_not_listed_is_a_warning() -> None:
    result = judge({**GOOD, "requirements.txt": "uvicorn\n"})
    assert [(finding.rule, finding.symbol, finding.severity.value) for finding in result.findings] == [
        ("dependency-not-listed", "fastapi", "warning")
    ]


def test_expected_symbols_must_be_used_and_not_only_imported() -> None:
    text = "from fastapi import Depends, HTTPException\nimport jwt as j\n\ndef f(x=Depends(j.decode)):\n    return x\n"
    options = (("part.expect", "Depends,HTTPException,jwt.decode"),)
    result = judge({**GOOD, "app/extra.py": text, "requirements.txt": "fastapi\npyjwt\n"}, options=options)
    errors = [(finding.rule, finding.symbol) for finding in result.findings if finding.severity.value == "error"]
    assert ("expected-not-used", "HTTPException") in errors
    assert len([rule for rule, _ in errors if rule == "expected-not-used"]) == 1


def test_tests_of_a_reference_service_resolve_against_it() -> None:
    text = "from app.main import app\nfrom app.store import Shop\n\ndef test_it():\n    assert app is Shop\n"
    options = (("part.kind", "test"), ("part.reference", "transfer"))
    assert found({"tests/test_a.py": text}, options=options) == [("name-not-defined-there", "tests/test_a.py:2:1")]


def test_docstrings_are_required_where_the_level_says_so() -> None:
    text = '"""Things."""\n\nclass A:\n    """An A."""\n\nclass B:\n    x = 1\n'
    draft = {"models.py": text}
    assert found(draft) == []
    assert found(draft, options=(("part.docstrings", "required"),)) == [("docstring-missing", "models.py:6:1")]


def test_without_environment_it_is_unverified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path))
    result = judge(GOOD)
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.NO_ENVIRONMENT)
    fixed = judge(GOOD, required=frozenset({"code"}))
    assert fixed.stage.state is State.PASSED
    assert [each.what for each in fixed.not_checked] == ["the import run"]


KEY = "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY"


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("app/a.py", f'KEY = "{KEY}"\n', 1),
        ("README.md", f"Use {KEY}.\n", 1),
        ("app/a.py", 'JWT_SECRET = "k3J9x0Qm2Lw8Vt5Rb7"\n', 1),
        ("app/a.py", 'DB = "postgresql://app:Zk39fjQ2@db.prod.acme.io/app"\n', 1),
        ("docker-compose.yml", "environment:\n  API_KEY: k3J9x0Qm2Lw8Vt5Rb7\n", 1),
        (".env", "JWT_SECRET=k3J9x0Qm2Lw8Vt5Rb7\n", 1),
        (".env.example", "JWT_SECRET=k3J9x0Qm2Lw8Vt5Rb7\n", 0),
        ("tests/test_a.py", 'SECRET = "k3J9x0Qm2Lw8Vt5Rb7"\n', 0),
        ("app/a.py", 'PASSWORD = "change-me-please-1A"\n', 0),
        ("app/a.py", 'token_url = "oauth2Token9Endpoint"\n', 0),
        ("app/a.py", "token = credentials.credentials2Ab\n", 0),
        ("app/a.py", 'DB = "postgresql://user:password@localhost/app"\n', 0),
        ("openapi.yaml", "    password:\n      $ref: Abc123Defg\n", 0),
        ("schema.sql", "password_hash text NOT NULL,\n", 0),
        ("app/a.py", "password: str = Field(min_length=8)\n", 0),
    ],
)
def test_secrets_are_found_and_never_repeated(path: str, text: str, count: int) -> None:
    findings = leaks.findings(Draft.of({path: text}))
    assert [finding.rule for finding in findings] == ["hard-coded-secret"] * count
    for finding in findings:
        assert not any(part in finding.evidence for part in (KEY, "k3J9x0Qm2Lw8Vt5Rb7", "Zk39fjQ2"))


def test_a_private_key_is_a_secret() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq8Zf2kXw\n-----END RSA PRIVATE KEY-----\n"
    assert [finding.rule for finding in leaks.findings(Draft.of({"key.pem": text}))] == ["hard-coded-secret"]
