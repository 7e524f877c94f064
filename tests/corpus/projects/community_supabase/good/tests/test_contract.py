import re
from pathlib import Path

import yaml

from app import schemas

CONTRACT = yaml.safe_load((Path(__file__).parent.parent / "openapi.yaml").read_text())
METHODS = {"get", "post", "put", "patch", "delete"}


def contract_operations() -> set[tuple[str, str, str]]:
    return {
        (method.upper(), path, operation["operationId"])
        for path, item in CONTRACT["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_routes_equal_the_contract(app):
    v1 = app.openapi()["paths"]
    routes = {
        (method.upper(), path.removeprefix("/v1"), operation["operationId"])
        for path, item in v1.items()
        for method, operation in item.items()
    }
    assert routes == contract_operations()


def test_success_statuses_equal_the_contract(app):
    for path, item in app.openapi()["paths"].items():
        for method, operation in item.items():
            declared = CONTRACT["paths"][path.removeprefix("/v1")][method]["responses"]
            code = {status for status in operation["responses"] if status.startswith("2")}
            assert code == {status for status in declared if status.startswith("2")}, (method, path)


def test_models_have_the_properties_of_the_contract():
    for name, schema in CONTRACT["components"]["schemas"].items():
        model = getattr(schemas, name, None)
        if schema.get("type") == "object" and name != "Problem":
            assert model is not None, name
            assert set(model.model_fields) == set(schema["properties"]), name


def test_enumerations_equal_the_contract():
    for name, schema in CONTRACT["components"]["schemas"].items():
        if "enum" in schema:
            assert list(getattr(schemas, name).__args__) == schema["enum"], name


def test_enumerations_equal_the_migrations():
    migrations = Path(__file__).parent.parent / "supabase" / "migrations"
    sql = "\n".join(file.read_text() for file in sorted(migrations.glob("*.sql")))
    for name, schema in CONTRACT["components"]["schemas"].items():
        if "enum" in schema:
            type_name = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
            found = re.search(rf"create type public\.{type_name} as enum \(([^)]*)\)", sql)
            assert found, type_name
            assert re.findall(r"'(\w+)'", found[1]) == schema["enum"], type_name


def test_every_table_has_row_level_security():
    migrations = Path(__file__).parent.parent / "supabase" / "migrations"
    sql = "\n".join(file.read_text() for file in sorted(migrations.glob("*.sql")))
    tables = set(re.findall(r"create table public\.(\w+)", sql))
    secured = set(re.findall(r"alter table public\.(\w+) enable row level security", sql))
    assert len(tables) == 23
    assert tables == secured
