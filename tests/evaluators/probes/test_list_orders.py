"""Which parameter of a list is its order, told by the values that it takes and not by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evaluators.contract.document import contract_of
from evaluators.contract.shapes import Facets
from evaluators.draft import Draft, Subject
from evaluators.probes.behaviour_lists import ordering, orders_in

SHOWN = {"vilom", "bonam"}


@pytest.mark.parametrize(
    ("schema", "said", "role"),
    [
        ({"enum": ["vilom", "-vilom", "bonam"]}, "", "sort"),
        ({"enum": ["vilom:asc", "bonam:desc"]}, "", "sort"),
        ({"pattern": "^-?(vilom|bonam)$"}, "", "sort"),
        ({"enum": ["vilom", "bonam"]}, "The order.", "sort"),
        ({"enum": ["asc", "desc"]}, "", "direction"),
        # What to show, what to look into: names without a sign are many things.
        ({"enum": ["vilom", "bonam"]}, "", ""),
        ({"enum": ["open", "-closed"]}, "", ""),
        ({"pattern": "^[a-z-]+$"}, "", ""),
    ],
)
def test_an_order_is_known_by_its_values(schema: dict[str, Any], said: str, role: str) -> None:
    parameter = {"name": "gigan", "in": "query", "description": said, "schema": {"type": "string", **schema}}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "Fine."}}}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/things": {"get": operation}}}
    contract = contract_of(Subject(Draft.of({"openapi.json": json.dumps(document)})))
    (found,) = contract.operations[0].parameters_in("query")
    assert ordering(found, SHOWN) == role


def test_a_pattern_names_each_order_that_it_takes() -> None:
    assert orders_in(Facets(pattern="^-?(vilom|bonam)$")) == ["vilom", "-vilom", "bonam", "-bonam"]
