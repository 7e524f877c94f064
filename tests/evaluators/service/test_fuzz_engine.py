"""What `engine` takes for granted of the fuzzer's internals, held without a service."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import evaluators
from evaluators.service.engine import CHECKS, Order, Result, configuration, read_result
from evaluators.service.failures import RULES

CONTRACT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/things/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
                ],
                "responses": {"200": {"description": "ok"}, "404": {"description": "no"}},
            }
        }
    },
}


class Service(BaseHTTPRequestHandler):
    """Crashes on the thing 7, knows every other number."""

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].rpartition("/")[2]
        status = 500 if name == "7" else 200 if name.isdigit() and int(name) else 404
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def base_url(request: pytest.FixtureRequest) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), getattr(request, "param", Service))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(order: Order, folder: Path) -> tuple[Result, str]:
    root = str(Path(evaluators.__file__).parent.parent)
    command = [sys.executable, "-m", "evaluators.service.engine", "result.json"]
    told = json.dumps(asdict(order)).encode()
    subprocess.run(command, cwd=folder, check=True, input=told, env={"PYTHONPATH": root, "PYTHONHASHSEED": "0"})
    text = (folder / "result.json").read_text(encoding="utf-8")
    return read_result(text), text


def test_a_dictionary_reaches_the_service_and_the_failure_comes_back_whole(base_url: str, tmp_path: Path) -> None:
    order = Order(CONTRACT, base_url, {"Authorization": "Bearer t"}, 10, {"GET /things/{id}": {"path.id": [7]}})
    result, text = run(order, tmp_path)
    assert result.complete and result.errors == ()
    assert set(result.statuses) == {"GET /things/{id}"} and "500" in result.statuses["GET /things/{id}"]
    crash = next(each for each in result.failures if each.check == "not_a_server_error")
    assert (crash.kind, crash.operation) == ("ServerError", "GET /things/{id}")
    assert (crash.exchange.method, crash.exchange.target, crash.exchange.status) == ("GET", "/things/7", 500)
    assert ("authorization", "Bearer t") in crash.exchange.headers
    assert [(name) for name, _ in crash.exchange.answer_headers if name == "content-length"] == ["content-length"]
    _, again = run(order, tmp_path)
    assert sent(text) == sent(again), "the same requests, twice"
    assert not [each for each in tmp_path.iterdir() if each.name not in ("result.json", ".hypothesis")]


def sent(text: str) -> Any:
    """What was sent and seen, without the server's date and the request's number."""
    result = read_result(text)
    return result.statuses, [(each.check, each.exchange.target, each.exchange.status) for each in result.failures]


KEYED: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "components": {
        "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            "key": {"type": "apiKey", "in": "query", "name": "key"},
        }
    },
    "paths": {
        "/session": {
            "get": {
                "security": [{"session": []}],
                "parameters": [{"name": "size", "in": "query", "schema": {"type": "integer", "minimum": 1}}],
                "responses": {"200": {"description": "ok"}, "401": {"description": "no"}},
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"type": "string", "maxLength": 5}}},
                },
                "responses": {"200": {"description": "ok"}, "413": {"description": "no"}, "422": {"description": "no"}},
            },
        },
        "/keyed": {
            "get": {
                "security": [{"key": []}],
                "responses": {"200": {"description": "ok"}, "401": {"description": "no"}},
            }
        },
    },
}


class Keyed(Service):
    """Asks for a cookie or a key, refuses long bodies with 413, and never looks at `size` or at the type of a body."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        known = "key=k" in query.split("&") if path == "/keyed" else self.headers.get("Cookie") == "session=s"
        self._say(200 if known else 401)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._say(413 if len(body) > 7 else 200)

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


@pytest.mark.parametrize("base_url", [Keyed], indirect=True)
def test_a_credential_in_place_of_a_wrong_one_is_no_evidence_and_413_is_a_refusal(
    base_url: str, tmp_path: Path
) -> None:
    result, _ = run(Order(KEYED, base_url, {"Cookie": "session=s"}, 10, query={"key": "k"}), tmp_path)
    assert result.complete and result.errors == ()
    accepted = [each for each in result.failures if each.check == "negative_data_rejection"]
    assert {each.operation for each in accepted} == {"GET /session", "POST /session"}
    assert all("size=" in each.exchange.target for each in accepted if each.exchange.method == "GET")
    assert {each.exchange.status for each in accepted} == {200}
    assert "413" in result.statuses["POST /session"]
    assert "ignored_auth" not in {each.check for each in result.failures}


@pytest.mark.parametrize("base_url", [Keyed], indirect=True)
def test_an_operation_that_is_open_to_another_is_asked_by_that_one(base_url: str, tmp_path: Path) -> None:
    other, key = {"GET /session": {"Cookie": "session=s"}}, {"GET /keyed": {"key": "k"}}
    result, _ = run(Order(KEYED, base_url, headers_of={**other, "GET /keyed": {}}, query_of=key), tmp_path)
    assert result.complete
    assert "200" in result.statuses["GET /session"] and "200" in result.statuses["GET /keyed"]
    assert set(run(Order(KEYED, base_url), tmp_path)[0].statuses["GET /session"]) == {"401"}, "and by nobody else"


SAID: dict[str, Any] = {"200": {"description": "ok"}, "422": {"description": "no"}}
FORMS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        f"/{kind.rpartition('/')[2]}": {
            "post": {
                "requestBody": {"required": True, "content": {kind: {"schema": {
                    "type": "object", "required": ["scope"], "additionalProperties": False,
                    "properties": {"scope": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 9}},
                }}}},
                "responses": SAID,
            }
        }
        for kind in ("application/x-www-form-urlencoded", "application/xml", "application/json")
    },
}  # fmt: skip


class Yielding(Keyed):
    """Accepts everything."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._say(200)


@pytest.mark.parametrize("base_url", [Yielding], indirect=True)
def test_what_a_format_cannot_say_is_no_evidence(base_url: str, tmp_path: Path) -> None:
    """A field without a value counts as left out, and XML has no types; what else is wrong counts."""
    result, _ = run(Order(FORMS, base_url), tmp_path)
    accepted = [each for each in result.failures if each.check == "negative_data_rejection"]
    told = [each for each in accepted if each.exchange.body]
    assert {each.operation for each in told} == {"POST /x-www-form-urlencoded", "POST /json"}
    assert "POST /xml" in {each.operation for each in accepted}, "no body at all"
    forms = [base64.b64decode(each.exchange.body) for each in told if "form" in each.operation]
    assert forms and not any(re.search(rb"=(&|$)", body) for body in forms)


def test_what_is_drawn_at_random_chooses_no_example(base_url: str, tmp_path: Path) -> None:
    order = Order(CONTRACT, base_url, {}, 10, {"GET /things/{id}": {"path.id": [7]}}, drawn=["7"])
    result, _ = run(order, tmp_path)
    crash = next(each for each in result.failures if each.check == "not_a_server_error")
    assert crash.exchange.target == "/things/7" and crash.text == ("/things/", "")
    assert crash.size[-2:] == crash.text


def test_every_setting_and_check_is_known_to_the_fuzzer() -> None:
    from schemathesis.checks import CHECKS as KNOWN
    from schemathesis.checks import load_all_checks
    from schemathesis.config import SchemathesisConfig

    load_all_checks()
    assert set(CHECKS) <= set(KNOWN.get_all_names())
    assert set(CHECKS) == set(RULES)
    order = Order({}, "http://h", {}, 3, {"GET /x": {"path.a_b": [1], "body.c": ["x"], "body.d.[*].e": [2]}})
    made = SchemathesisConfig.from_dict(configuration(order))
    assert made.seed == 1


def test_the_literals_of_our_own_source_are_not_used() -> None:
    from hypothesis.internal.conjecture import providers

    from evaluators.service import engine

    before = providers._get_local_constants
    try:
        engine._forget_our_own_constants()
        assert len(providers._get_local_constants()) == 0
    finally:
        providers._get_local_constants = before


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"failures": 1}', '{"failures": [{}], "errors": [], "statuses": {}}']
)
def test_a_broken_result_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_result(text)
