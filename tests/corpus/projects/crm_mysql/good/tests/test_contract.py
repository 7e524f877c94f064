import re

import pytest

from app import CONTRACT_PATH
from app.contract import Contract

CONTRACT = Contract.load(CONTRACT_PATH)
SCHEMAS = CONTRACT.document["components"]["schemas"]


def test_routes_are_those_of_the_contract(app):
    declared = {
        (operation.method, re.sub(r"\{(\w+)\}", r"<id:\1>", operation.path), operation_id)
        for operation_id, operation in CONTRACT.operations.items()
    }
    routed = {
        (method, rule.rule, rule.endpoint.rsplit(".", 1)[-1])
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routed == declared


def test_scopes_and_roles_are_those_of_the_contract(app):
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        operation = CONTRACT.operations[rule.endpoint.rsplit(".", 1)[-1]]
        assert (view.required_scope,) == operation.scopes, operation.operation_id
        assert view.allowed_roles == operation.roles, operation.operation_id


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_example_fits_its_schema(name):
    schema = {"$ref": f"#/components/schemas/{name}"}
    assert CONTRACT.check(schema, SCHEMAS[name]["example"]) == []
