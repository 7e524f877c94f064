"""Good contracts, mangled: bytes of the text, values of the tree, and what the files say of each other."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluators.contract.document import contract_of
from evaluators.contract.lint import findings_of
from evaluators.contract.source import read
from evaluators.draft import Draft, Subject

GOOD = sorted(path for path in (Path(__file__).parents[2] / "corpus/contracts/good").rglob("openapi.*"))
ODD = [None, True, 7, -1.5, "", "x", "#/components/schemas/Nothing", [], [[]], {}, {"$ref": "#"}, {"$ref": 3}, [None]]
SECONDS = 20


def judged(files: dict[str, str]) -> None:
    """Judge a draft; every rule must end, soon, and without an exception."""
    began = time.monotonic()
    contract = contract_of(Subject(Draft.of(files)))
    findings, crashed = findings_of(contract)
    assert crashed == []
    assert all(finding.location.path in files for finding in findings)
    assert contract.bundle is None or isinstance(contract.bundle.document, dict)
    assert time.monotonic() - began < SECONDS


def containers(value: Any) -> Iterator[Any]:
    """Every mapping and list of a tree that holds something."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict | list) and each:
            yield each
            pending += each.values() if isinstance(each, dict) else each


def mangled(tree: Any, chance: random.Random) -> Any:
    """The tree with a few values replaced, moved, doubled, renamed or taken away."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 4)):
        places = list(containers(tree))
        at = chance.choice(places)
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = chance.choice(keys)
        deed = chance.randrange(5)
        if deed == 0:
            at[key] = copy.deepcopy(chance.choice(ODD))
        elif deed == 1:
            at[key] = copy.deepcopy(chance.choice(places))
        elif deed == 2 and len(at) > 1:
            del at[key]
        elif deed == 3 and isinstance(at, dict):
            at[str(chance.choice([*keys, "allOf", "properties", "oneOf", "schema", "$ref", ""]))] = at.pop(key)
        elif isinstance(at, list):
            at.append(at[key])
    return tree


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("seed", range(25))
def test_a_mangled_tree(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    tree = read(path.name, path.read_text(encoding="utf-8")).data
    made = mangled(tree, chance)
    if isinstance(made, dict):
        made["openapi"] = chance.choice(["3.0.3", "3.1.0", "3.2.0"])
    judged({"openapi.json": json.dumps(made)})


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("seed", range(15))
def test_a_mangled_text(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    text = path.read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text))
        piece = chance.choice(["", "{", "}", "[", "]", ":", "- ", "\n", "\t", '"', "&a ", "*a", "<<: ", "|", "\0", "é"])
        text = text[:at] + piece + text[at + chance.randint(0, 9) :]
    judged({path.name: text})


@pytest.mark.parametrize("seed", range(25))
def test_mangled_files_that_refer_to_each_other(seed: int) -> None:
    chance = random.Random(seed)
    names = ["openapi.yaml", "a.yaml", "sub/b.yaml", "c.json"]
    targets = [
        *names,
        "../a.yaml",
        "a.yaml#/get",
        "#/paths",
        "openapi.yaml#/components/schemas/A",
        "b.yaml#x",
        "nope.yaml",
    ]

    def tree(depth: int) -> Any:
        if depth == 0 or chance.random() < 0.3:
            return {"$ref": chance.choice(targets)}
        words = [
            "get",
            "responses",
            "200",
            "content",
            "application/json",
            "schema",
            "properties",
            "allOf",
            "items",
            "A",
        ]
        return {chance.choice(words): tree(depth - 1) for _ in range(chance.randint(1, 3))}

    entry = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {"/a": {"$ref": chance.choice(targets)}, "/b": {"get": {"responses": {"200": tree(4)}}}},
        "components": {"schemas": {"A": tree(3), "B": {"$ref": chance.choice(targets)}}},
    }
    files = {name: json.dumps(tree(4)) for name in names[1:]}
    judged({"openapi.yaml": yaml.safe_dump(entry), **files})


def test_a_wide_contract_is_judged_in_time() -> None:
    answer = {
        "200": {"description": "x", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    }
    paths = {f"/p{n}/{{id}}": {"get": {"operationId": f"o{n}", "responses": answer}} for n in range(2_000)}
    schemas = {
        f"S{n}": {"type": "object", "properties": {"next": {"$ref": f"#/components/schemas/S{(n + 1) % 2_000}"}}}
        for n in range(2_000)
    }
    info = {"title": "x", "version": "1"}
    judged(
        {
            "openapi.json": json.dumps(
                {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}
            )
        }
    )


def test_a_deep_chain_of_all_of_is_judged_in_time() -> None:
    schemas: dict[str, Any] = {
        f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}, {"$ref": f"#/components/schemas/S{n + 2}"}]}
        for n in range(120)
    }
    use = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}, "example": {"a": 1}}}}
    paths = {"/a": {"post": {"requestBody": use, "responses": {"200": {"description": "x", **use}}}}}
    info = {"title": "x", "version": "1"}
    judged(
        {
            "openapi.json": json.dumps(
                {"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}
            )
        }
    )
