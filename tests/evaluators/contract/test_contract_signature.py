"""A signed request is not a login: 400 may stand for 401, and only there."""

from __future__ import annotations

import pytest

from evaluators.contract.document import contract_from
from evaluators.contract.lint import findings_of


@pytest.mark.parametrize(
    ("scheme", "status", "missing"),
    [
        ({"type": "apiKey", "in": "header", "name": "Stripe-Signature"}, "400", False),
        ({"type": "apiKey", "in": "header", "name": "Stripe-Signature"}, "422", True),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "400", True),
        ({"type": "http", "scheme": "bearer", "description": "No signature."}, "400", True),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "401", False),
    ],
)
def test_which_schemes_may_declare_400_instead_of_401(scheme: dict[str, str], status: str, missing: bool) -> None:
    answers = {"204": {"description": "Stored."}, status: {"description": "Refused."}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Hooks", "version": "1"},
        "security": [{"hook": []}],
        "paths": {"/hooks": {"post": {"operationId": "receive", "responses": answers}}},
        "components": {"securitySchemes": {"hook": scheme}},
    }
    found, crashed = findings_of(contract_from(document))
    assert not crashed
    assert ("missing-unauthorized-response" in {finding.rule for finding in found}) is missing
