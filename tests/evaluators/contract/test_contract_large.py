"""A contract above the size of other files is judged, whatever it is called and wherever it says what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.inputs import contract
from evaluators.contract.document import contract_of
from evaluators.draft import MAX_ARTIFACT_BYTES
from evaluators.folder import find
from evaluators.report import NotChecked

LARGER = f"larger than {MAX_ARTIFACT_BYTES} bytes"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """A contract above the bound."""
    made: dict[str, Any] = json.loads(contract(1.6))
    return made


@pytest.mark.parametrize("whole", [False, True], ids=["named", "folder"])
@pytest.mark.parametrize(("name", "ordered"), [("api.json", False), ("api.json", True), ("api.yaml", False)])
def test_a_large_contract_may_be_called_anything(
    tmp_path: Path, document: dict[str, Any], name: str, ordered: bool, whole: bool
) -> None:
    # With its keys ordered, `openapi` comes after a megabyte of components.
    dumped = json.dumps(document, sort_keys=ordered, indent=2)
    text = dumped if name.endswith(".json") else yaml.dump(document, Dumper=yaml.CSafeDumper, width=1000)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert (tmp_path / name).stat().st_size > MAX_ARTIFACT_BYTES
    found = find(tmp_path if whole else tmp_path / name)
    read = contract_of(found.subject)
    assert len(read.operations) == sum(len(item.keys() - {"parameters"}) for item in document["paths"].values())
    assert not found.left_out


@pytest.mark.parametrize("name", ["data.json", "data.yaml", "data.toml", "part.py"])
def test_what_else_is_large_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps({"openapi": "3.1.0"}), encoding="utf-8")
    text = json.dumps([{"schema": {"openapi": "3.1.0"}, "text": "x" * MAX_ARTIFACT_BYTES}])
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = find(tmp_path)
    assert found.subject.draft.paths == ("openapi.json",)
    assert found.left_out == (NotChecked(name, LARGER),)
