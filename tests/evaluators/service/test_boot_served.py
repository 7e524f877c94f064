"""Served against written: every real difference, and none that is not."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from transfer_corpus import FOLDER

from evaluators.contract.document import contract_from, contract_of
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.service.served import compared, prefix_of

TEXT = (FOLDER / "good" / "openapi.yaml").read_text(encoding="utf-8")
SERVED: dict[str, Any] = yaml.safe_load(TEXT)
WRITTEN = contract_of(Subject(Draft.of({"openapi.yaml": TEXT})))


def findings(served: dict[str, Any]) -> list[Finding]:
    return compared(WRITTEN, served, ("/health",))[0]


def changed(*where: Any, to: Any = None, drop: bool = False) -> dict[str, Any]:
    """The contract with one place changed or dropped."""
    made = copy.deepcopy(SERVED)
    node = made
    for key in where[:-1]:
        node = node[key]
    if drop:
        del node[where[-1]]
    else:
        node[where[-1]] = to
    return made


def test_the_same_contract_has_no_difference() -> None:
    assert findings(SERVED) == []


POST = ("paths", "/transfers", "post")
LIST = ("paths", "/accounts", "get")
ORDER = ("components", "schemas", "TransferOrder")
ACCOUNT = ("components", "schemas", "Account", "properties")

REAL = [
    ((*LIST, "parameters", 0, "name"), "size", "GET /accounts", "the query parameter limit is not served"),
    ((*LIST, "parameters", 0, "required"), True, "GET /accounts", "the query parameter limit is required"),
    ((*LIST, "parameters", 0, "schema"), {"type": "string"}, "GET /accounts", "limit is string, not integer"),
    ((*ORDER, "required"), ["from_account_id"], "POST /transfers", "property amount_cents is optional, not required"),
    ((*ORDER, "properties", "extra"), {"type": "string"}, "POST /transfers", "property extra is not in the contract"),
    ((*ORDER, "properties", "note", "type"), "integer", "POST /transfers", "property note is integer, not string"),
    ((*ACCOUNT, "owner_id"), {"type": "integer"}, "GET /accounts/{account_id}", "owner_id is not in the contract"),
    (("paths", "/health", "get", "security"), [{"bearer": []}], "GET /health", "with security"),
]


@pytest.mark.parametrize(("where", "to", "symbol", "text"), REAL)
def test_a_real_difference_is_an_error(where: tuple[Any, ...], to: Any, symbol: str, text: str) -> None:
    found = [each for each in findings(changed(*where, to=to)) if each.symbol == symbol]
    assert [each.rule for each in found] == ["served-contract-differs"]
    assert text in found[0].evidence
    assert found[0].location.path == "openapi.yaml" and found[0].location.line > 1


def test_a_success_of_another_status_is_an_error_and_a_refusal_a_warning() -> None:
    made = copy.deepcopy(SERVED)
    answers = made["paths"]["/transfers"]["post"]["responses"]
    answers["200"] = answers.pop("201")
    del answers["409"]
    found = {each.rule: each for each in findings(made)}
    assert set(found) == {"served-contract-differs", "served-contract-incomplete"}
    assert "201 is not in the served contract" in found["served-contract-differs"].evidence
    assert found["served-contract-incomplete"].severity == "warning"
    assert "409" in found["served-contract-incomplete"].evidence


def test_operations_that_one_side_lacks() -> None:
    made = changed("paths", "/transfers", drop=True)
    made["paths"]["/debug"] = {"get": {"responses": {"200": {"description": "x"}}}}
    made["paths"]["/"] = {"get": {"responses": {"200": {"description": "x"}}}}
    told = [(each.rule, each.symbol, str(each.severity)) for each in findings(made)]
    assert ("operation-not-served", "POST /transfers", "error") in told
    assert ("operation-not-declared", "GET /debug", "error") in told
    assert ("operation-not-declared", "GET /", "warning") in told
    assert len(told) == 3


NOT_REAL = [
    ((*POST, "summary"), "another"),
    ((*POST, "operationId"), "another_transfers_post"),
    ((*POST, "responses", "422"), {"description": "Validation Error"}),
    (("components", "schemas", "Transfer", "title"), "Transfer"),
    ((*ORDER, "properties", "note", "maxLength"), 10),
    (("paths", "/health", "get", "responses", "422"), {"description": "Validation Error"}),
]


@pytest.mark.parametrize(("where", "to"), NOT_REAL)
def test_what_nobody_would_call_a_difference_is_none(where: tuple[Any, ...], to: Any) -> None:
    assert findings(changed(*where, to=to)) == []


def test_names_of_path_parameters_do_not_count() -> None:
    made = copy.deepcopy(SERVED)
    item = made["paths"].pop("/accounts/{account_id}")
    item["parameters"][0]["name"] = "id"
    made["paths"]["/accounts/{id}"] = item
    assert findings(made) == []


def test_an_optional_parameter_may_also_be_null() -> None:
    schema = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert findings(changed(*LIST, "parameters", 1, "schema", to=schema)) == []


def test_a_prefix_of_the_server_counts() -> None:
    written = contract_from({**SERVED, "servers": [{"url": "/api/v1"}]}, "openapi.json")
    assert prefix_of(written) == "/api/v1"
    moved = {**SERVED, "paths": {f"/api/v1{path}": item for path, item in SERVED["paths"].items()}}
    assert compared(written, moved, ())[0] == []
    assert compared(written, SERVED, ())[0] == []


def test_without_one_of_them_nothing_is_compared() -> None:
    none = contract_of(Subject(Draft.of({"a.txt": ""})))
    assert [each.what for each in compared(none, SERVED, ())[1]] == ["written contract"]
    assert [each.what for each in compared(WRITTEN, None, ())[1]] == ["served contract"]
