import json

from app.models import Base
from scripts.export_openapi import ROOT, current_contract

CONTRACT = json.loads((ROOT / "openapi.json").read_text())
METHODS = {"get", "post", "put", "patch", "delete"}
OPERATIONS = [
    (path, method, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
]


def test_the_contract_is_what_the_code_serves():
    assert CONTRACT == current_contract()
    assert CONTRACT["openapi"].startswith("3.1")


def test_operations_are_named_once():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names)) == 29


def test_all_but_the_login_need_a_key_or_a_session():
    for _, _, operation in OPERATIONS:
        expected = {
            "logIn": [],
            "logOut": [{"session": []}],
        }.get(operation["operationId"], [{"apiKey": []}, {"session": []}])
        assert operation["security"] == expected, operation["operationId"]


def test_lists_are_paged_and_bounded():
    for path, _, operation in OPERATIONS:
        if operation["operationId"].startswith("list"):
            parameters = {p["name"]: p["schema"] for p in operation["parameters"]}
            assert parameters["limit"]["maximum"] == 100, path
            assert "cursor" in parameters, path


def test_properties_are_columns():
    for name, schema in CONTRACT["components"]["schemas"].items():
        table = next((m.class_.__table__ for m in Base.registry.mappers if m.class_.__name__ == name), None)
        if table is None:
            continue
        derived = {"Inspection": {"items", "defectIds"}, "ServiceOrder": {"cost", "parts"}, "FuelEntry": {"cost"}}
        for prop, definition in schema["properties"].items():
            if prop in derived.get(name, set()):
                continue
            column = table.columns["".join(f"_{c.lower()}" if c.isupper() else c for c in prop)]
            nullable = {"type": "null"} in definition.get("anyOf", [])
            assert nullable == column.nullable, (name, prop)
