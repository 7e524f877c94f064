"""The stage `tests`: a draft's own tests, in the sandbox, on a fresh database."""

from __future__ import annotations

import asyncio

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.report import Reason, StageResult, State
from evaluators.service import testrun

CODE = "def double(number):\n    return number * 2\n"


def judge(files: dict[str, str]) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            return await testrun.judge(Subject(Draft.of(files), stack="fastapi"), bench)

    return asyncio.run(run())


def test_passing_tests_pass_and_are_counted() -> None:
    files = {
        "app/shop.py": CODE,
        "tests/test_shop.py": "from app.shop import double\n\ndef test_it():\n    assert double(2) == 4\n",
    }
    result = judge(files)
    assert (result.stage.state, result.stage.detail) == (State.PASSED, "1 passed, 0 failed, 0 skipped")


def test_a_failing_test_is_one_canonical_finding() -> None:
    text = "import time\n\nclass Thing:\n    at = 1\n\ndef test_it(tmp_path):\n    assert (Thing(), tmp_path) == 5\n"
    (finding,) = judge({"tests/test_a.py": text}).findings
    assert (finding.rule, finding.symbol, finding.location.line) == ("test-fails", "tests/test_a.py::test_it", 7)
    assert finding.evidence.startswith(
        "tests/test_a.py:7: assert (Thing(), tmp_path) == 5\nAssertionError: assert (<test_a.Thing object>"
    )
    assert "0x" not in finding.evidence
    assert "/tmp" not in finding.evidence
    assert finding.reproduce == "pytest 'tests/test_a.py::test_it'"


def test_the_same_failure_gives_the_same_bytes() -> None:
    text = (
        "import datetime, uuid\n\ndef test_it(tmp_path):\n"
        "    assert [str(uuid.uuid4()), datetime.datetime.now(datetime.UTC), object(), str(tmp_path)] == []\n"
    )
    first, second = (judge({"tests/test_a.py": text}).findings for _ in range(2))
    assert first == second


def test_a_file_that_cannot_be_imported_is_told() -> None:
    (finding,) = judge({"tests/test_a.py": "import nothing_here\n\ndef test_it():\n    assert True\n"}).findings
    assert (finding.rule, finding.symbol, finding.location.line) == ("test-fails", "tests/test_a.py", 1)
    assert "No module named 'nothing_here'" in finding.evidence


@pytest.mark.parametrize(
    "text",
    [
        "def check_it():\n    assert True\n",
        "import pytest\n\n@pytest.mark.skip\ndef test_it():\n    assert True\n",
    ],
)
def test_tests_of_which_none_runs_fail(text: str) -> None:
    result = judge({"tests/test_a.py": text})
    assert [finding.rule for finding in result.findings] == ["no-test-runs"]
    assert result.stage.state is State.FAILED


def test_a_skipped_test_is_listed_as_not_checked() -> None:
    text = "import pytest\n\n@pytest.mark.skip\ndef test_a():\n    assert 0\n\ndef test_b():\n    assert 1\n"
    result = judge({"tests/test_a.py": text})
    assert result.stage.state is State.PASSED
    assert [each.what for each in result.not_checked] == ["tests/test_a.py::test_a"]


def test_a_test_that_never_ends_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testrun, "SECONDS", 2.0)
    result = judge({"tests/test_a.py": "import time\n\ndef test_it():\n    time.sleep(600)\n    assert True\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TIME_BOUND)


def test_a_test_that_ends_the_process_is_unverified() -> None:
    result = judge({"tests/test_a.py": "import os\n\ndef test_it():\n    os._exit(0)\n    assert True\n"})
    assert (result.stage.state, result.stage.reason) == (State.UNVERIFIED, Reason.TOOL_FAILED)


def test_the_database_is_fresh_and_has_the_schema() -> None:
    text = (
        "import os\nimport psycopg\n\ndef test_it():\n"
        "    assert os.environ['JWT_SECRET']\n"
        "    with psycopg.connect(os.environ['DATABASE_URL']) as connection:\n"
        "        connection.execute('INSERT INTO things VALUES (1)')\n"
        "        assert connection.execute('SELECT count(*) FROM things').fetchone() == (1,)\n"
    )
    result = judge({"schema.sql": "CREATE TABLE things (id int PRIMARY KEY);\n", "tests/test_a.py": text})
    assert result.findings == ()
    assert result.stage.state is State.PASSED


def test_the_host_is_out_of_reach() -> None:
    text = (
        "import pathlib, socket\nimport pytest\n\ndef test_it():\n"
        "    assert not pathlib.Path('/work').exists()\n"
        "    with pytest.raises(OSError):\n        socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
    )
    assert judge({"tests/test_a.py": text}).findings == ()


def test_settings_that_deselect_are_of_no_use() -> None:
    files = {
        "pytest.ini": "[pytest]\naddopts = --collect-only -k nothing\n",
        "tests/test_a.py": "def test_it():\n    assert 1 == 2\n",
    }
    assert [finding.rule for finding in judge(files).findings] == ["test-fails"]


def test_without_tests_it_does_not_apply() -> None:
    assert not testrun.applies(Subject(Draft.of({"app/main.py": CODE, "tests/conftest.py": "", "a.go": ""})))
    assert testrun.applies(Subject(Draft.of({"tests/test_a.py": ""})))
