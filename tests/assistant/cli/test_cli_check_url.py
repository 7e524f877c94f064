"""`backwright check --url`: whom it may ask, and what is told where that goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import BackwrightError, UsageError
from evaluators.service.remote_address import RemoteError, address, is_loopback

CONTRACT = """{"openapi": "3.1.0", "info": {"title": "Notes", "version": "1"},
"paths": {"/notes": {"get": {"responses": {"200": {"description": "All."}}}}}}"""


@contextmanager
def serving(answers: dict[str, tuple[int, str]]) -> Iterator[tuple[str, list[str]]]:
    """A service on the loopback, (its address, what it was asked for): path -> status and body, or new place."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = answers.get(self.path, (404, ""))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body)
            self.end_headers()
            self.wfile.write(b"" if 300 <= status < 400 else body.encode())

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def check(*options: str) -> Result:
    """What the command says."""
    return CliRunner().invoke(build(), ["check", *options])


def refused(*options: str) -> UsageError:
    """The error of a usage that is refused."""
    error = check(*options).exception
    assert isinstance(error, UsageError), error
    return error


@pytest.fixture
def contract(tmp_path: Path) -> str:
    path = tmp_path / "openapi.json"
    path.write_text(CONTRACT)
    return str(path)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "::1", "localhost", "LocalHost", "::ffff:127.0.0.1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["example.com", "10.0.0.1", "0.0.0.0", "::", "localhost.example.com", "127.1", "2130706433", ""],
)
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://example.com", "example.com is not this machine"),
        ("http://127.0.0.1@example.com:80", "more than an address"),
        ("http://ann:hunter2@127.0.0.1", "more than an address"),
        ("http://127.0.0.1:8000/api", "more than an address"),
        ("ftp://127.0.0.1", "no address of a service"),
        ("127.0.0.1:8000", "no address of a service"),
        ("http://127.0.0.1:99999", "no address of a service"),
        ("http://", "no address of a service"),
    ],
)
def test_addresses_that_are_refused(url: str, told: str) -> None:
    with pytest.raises(RemoteError, match=told) as error:
        address(url, "")
    assert "hunter2" not in str(error.value)


def test_addresses_are_kept_as_they_are_asked() -> None:
    assert address("http://127.0.0.1:8000/", "") == "http://127.0.0.1:8000"
    assert address("https://[::1]:8443", "") == "https://[::1]:8443"
    assert address("http://10.0.0.1", "Ann of operations") == "http://10.0.0.1"


def test_another_machine_needs_somebody_who_allowed_it(contract: str) -> None:
    error = refused("--url", "http://192.0.2.1:8000", "--contract", contract)
    assert error.exit_code == 2 and error.message == "--url: 192.0.2.1 is not this machine"
    assert "--allowed-by" in error.hint
    assert refused("--url", "http://192.0.2.1", "--allowed-by", " ").message == error.message


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ("postgresql://ann:hunter2@db.example.com/notes", "db.example.com is not this machine"),
        ("postgresql://ann:hunter2@127.0.0.1/notes?host=db.example.com", "db.example.com is not this machine"),
        ("postgresql://ann:hunter2@127.0.0.1/notes?hostaddr=192.0.2.1", "hostaddr is not used"),
        ("postgresql://ann:hunter2@127.0.0.1,192.0.2.1/notes", "one host and one name"),
        ("postgresql://ann:hunter2@/notes", "one host and one name"),
        ("postgresql://ann:hunter2@127.0.0.1/notes?service=other", "service is not used"),
        ("postgresql://ann:hunter2@[127/notes", "no address of PostgreSQL or SQLite"),
        ("oracle://ann:hunter2@127.0.0.1/notes", "no address of PostgreSQL or SQLite"),
        ("sqlite:///there/is/none.db", "there is no such file"),
    ],
)
def test_databases_that_are_refused(contract: str, database: str, told: str) -> None:
    error = refused("--url", "http://127.0.0.1:1", "--contract", contract, "--database", database)
    assert told in error.message
    assert "hunter2" not in str(error)


def test_nothing_listens_there(contract: str) -> None:
    error = check("--url", "http://127.0.0.1:1", "--contract", contract).exception
    assert isinstance(error, BackwrightError) and not isinstance(error, UsageError)
    assert (error.exit_code, error.message) == (4, "http://127.0.0.1:1 does not answer")


def test_options_that_do_not_go_together(tmp_path: Path, contract: str) -> None:
    assert "go with --url" in refused("--contract", contract).message
    assert "beside paths" in refused(str(tmp_path), "--url", "http://127.0.0.1:1").message
    assert "no --database" in refused("--url", "http://127.0.0.1:1", "--contract", contract, "--reset").message


def test_a_redirect_is_not_followed_to_the_contract() -> None:
    with serving({"/openapi.json": (200, CONTRACT)}) as (elsewhere, strange):
        with serving({"/openapi.json": (302, f"{elsewhere}/openapi.json")}) as (url, _):
            assert "holds no contract" in refused("--url", url).message
        assert strange == []


def test_the_contract_is_asked_for_and_hostile_requests_are_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving({"/openapi.json": (200, CONTRACT), "/notes": (200, "[]")}) as (url, asked):
        done = check("--url", url, "--require", "contract,boot")
    assert "hostile requests go to this service" in done.stderr
    assert f"{url} answers" in done.stdout
    assert asked == ["/", "/openapi.json", "/notes"]


def test_every_format_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, contract: str) -> None:
    monkeypatch.chdir(tmp_path)
    with serving({"/notes": (200, "[]")}) as (url, _):
        for name in ("console", "json", "sarif", "junit", "github", "markdown"):
            done = check("--url", url, "--contract", contract, "--require", "contract,boot", "--format", name)
            assert done.exit_code in (0, 1) and done.stdout, (name, done.exception)


def test_a_contract_elsewhere_is_judged_by_the_configuration_of_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, contract: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with serving({"/notes": (200, "[]")}) as (url, _):
        told = check("--url", url, "--contract", contract, "--require", "contract", "--format", "json")
        assert "missing-operation-id" in {each["rule"] for each in json.loads(told.stdout)["findings"]}
        (here / "backwright.toml").write_text('[rules]\nmissing-operation-id = "off"\n')
        told = check("--url", url, "--contract", contract, "--require", "contract", "--format", "json")
        assert "missing-operation-id" not in {each["rule"] for each in json.loads(told.stdout)["findings"]}
        assert "off by backwright.toml" in told.stdout
