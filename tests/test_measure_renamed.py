"""A service under other names, with other keys and in an envelope, is the same service, and the gate judges it so."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.measure.defects import mutants, services
from tests.measure.renamed import COUNTED, Change, new_findings, renamed
from tests.measure.renaming import contract as contracts
from tests.measure.renaming.envelope import wrap_code
from tests.measure.renaming.ids import changed_schema
from tests.measure.renaming.names import Names
from tests.measure.renaming.schema import tables
from tests.measure.renaming.stays import kept
from tests.measure.renaming.words import Lexicon, singular
from tests.measure.running import Told, probed
from tests.measure.services import classes, expected, known_renamed, tried

GOOD = services()


def changed(name: str, into: Path, *parts: str, seed: int = 1) -> Path:
    """A good service, changed."""
    folder = Path(shutil.copytree(GOOD[name], into / name))
    renamed(folder, seed, parts)
    return folder


def text_of(folder: Path) -> dict[str, str]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.*")) if path.is_file()}


@pytest.mark.parametrize("name", GOOD)
def test_most_names_of_a_service_are_made_up_and_its_code_is_still_code(name: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOOD[name], tmp_path / name))
    done = renamed(folder, 1)
    counted = [done.shares[kind] for kind in COUNTED]
    # Of a service of four operations every other property is one of a problem (RFC 9457), which stays.
    assert sum(new for new, _ in counted) > 0.55 * sum(whole for _, whole in counted)
    assert done.wrapped >= len(list(contracts.operations(contracts.read(folder)))) / 2
    for path in folder.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
    old = {table.name for table in tables((GOOD[name] / "schema.sql").read_text())}
    new = {table.name for table in tables((folder / "schema.sql").read_text())}
    assert len(new) == len(old)
    assert len(new & old) <= 1


def test_the_seed_decides_the_names(tmp_path: Path) -> None:
    first = text_of(changed("events", tmp_path / "1", "names"))
    again = text_of(changed("events", tmp_path / "2", "names"))
    other = text_of(changed("events", tmp_path / "3", "names", seed=2))
    assert first == again
    assert set(first) != set(other)
    assert first["schema.sql"] != other["schema.sql"]


def test_contract_and_code_and_schema_have_the_same_new_names(tmp_path: Path) -> None:
    folder = changed("events", tmp_path, "names")
    contract, sql = contracts.read(folder), (folder / "schema.sql").read_text()
    code = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    paths = {path for path in contract["paths"] if path != "/oauth/token"}
    assert all(f'"{path}"' in code for path in paths)
    assert all(re.search(rf"\b{table.name}\b", code) for table in tables(sql))
    wanted = {parameter["name"] for *_, operation in contracts.operations(contract)
              for parameter in operation.get("parameters", []) if parameter["in"] in ("path", "query")}  # fmt: skip
    assert wanted
    assert all(re.search(rf"\b{name}\b", code) for name in wanted)


def test_a_name_that_a_library_gave_stays() -> None:
    stays = kept({Path("app/main.py"): (
        "from fastapi import FastAPI, Request\nfrom app import orders\n\n"
        "class Shop(FastAPI):\n    motto: str\n\n"
        "app = Shop(version='1', motto='x')\n\n"
        "def read(request: Request, stored):\n"
        "    orders.find(stored.price, colour=request.charge)\n    return stored.weigh(sign=1)\n"
    ), Path("app/orders.py"): "def find(price, *, colour): ...\n"})  # fmt: skip
    assert {"FastAPI", "Request", "version", "charge", "weigh", "sign"} <= stays
    assert not {"motto", "orders", "find", "price", "colour", "stored"} & stays


def test_words_are_translated_within_names() -> None:
    words = Lexicon(1, set())
    post, posts = words.name("post"), words.name("posts")
    assert posts == f"{post}s"
    assert words.name("getPost") == words.name("get") + post.capitalize()
    assert words.name("password_hash") == "password_hash"
    assert words.name("post_id").startswith(f"{post}_")
    assert not words.name("post_id").endswith("_id")
    assert [singular(word) for word in ("categories", "addresses", "status", "bus", "rooms")] == [
        "category", "address", "status", "bus", "room",
    ]  # fmt: skip


def test_integer_keys_become_uuids_with_what_refers_to_them() -> None:
    schema, columns = changed_schema(
        "create table a (id bigint generated always as identity, n bigint not null, primary key (id));\n"
        "create table b (a_id bigint not null, n int, primary key (a_id), foreign key (a_id) references a (id));\n"
        "create table c (b_id bigint references b (a_id), n bigint);\n"
    )
    assert columns == {"id", "a_id", "b_id"}
    assert "id uuid NOT NULL DEFAULT gen_random_uuid()" in schema
    assert schema.count("uuid ") == 3
    assert schema.count("bigint") == 2


@pytest.mark.parametrize("name", ["blog", "depot"])
def test_a_service_with_integer_keys_gets_uuids(name: str, tmp_path: Path) -> None:
    folder = changed(name, tmp_path, "ids")
    before, after = contracts.read(GOOD[name]), contracts.read(folder)
    uuids = str(after).count("'format': 'uuid'") - str(before).count("'format': 'uuid'")
    assert uuids > 15
    ids = [parameter["schema"] for *_, operation in contracts.operations(after)
           for parameter in operation.get("parameters", []) if parameter["in"] == "path"]  # fmt: skip
    assert ids
    assert all(each["type"] == "string" and "minimum" not in each for each in ids)
    assert "identity" not in (folder / "schema.sql").read_text()
    assert "INTEGER PRIMARY KEY" not in (folder / "schema.sql").read_text()


def test_every_json_success_is_in_the_envelope_and_a_token_is_not(tmp_path: Path) -> None:
    contract = contracts.read(changed("events", tmp_path, "envelope"))
    for path, _, operation in contracts.operations(contract):
        for status, response in operation["responses"].items():
            for kind, media in response.get("content", {}).items():
                wrapped = media["schema"].get("required") == ["data"]
                assert wrapped == (status.startswith("2") and kind == "application/json" and path != "/oauth/token")


def test_a_route_declares_the_envelope_and_its_model_puts_the_answer_in(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    main = tmp_path / "app" / "main.py"
    main.write_text(
        "from fastapi import FastAPI, Response\n\napp = FastAPI()\n\n\n"
        "@app.get('/a', response_model=list[int])\ndef a(): ...\n\n\n"
        "@app.get(\n    '/b',\n    tags=['é'],\n)\ndef b() -> dict[str, int]: ...\n\n\n"
        "@app.delete('/c', status_code=204)\ndef c() -> Response: ...\n\n\n"
        "@app.post('/token')\ndef d() -> dict[str, str]: ...\n"
    )
    form = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"required": ["grant_type"]}}}}}
    assert wrap_code(tmp_path, {"paths": {"/token": {"post": form}}}) == 2
    text = main.read_text()
    assert "from app.envelope import Envelope\n" in text
    assert "@app.get('/a', response_model=Envelope[list[int]])" in text
    assert "    tags=['é'], response_model=Envelope[dict[str, int]],\n" in text
    assert text.count("Envelope[") == 2
    made: dict[str, Any] = {}
    exec(compile((tmp_path / "app" / "envelope.py").read_text(), "envelope", "exec", dont_inherit=True), made)  # noqa: S102
    assert made["Envelope"][list[int]].model_validate([1]).model_dump() == {"data": [1]}


@pytest.mark.parametrize("name", ["bank", "parking", "tracker", "transactions"])
def test_what_a_contract_refers_to_is_still_there(name: str, tmp_path: Path) -> None:
    contract = contracts.read(changed(name, tmp_path, "names"))
    pointers = set(re.findall(r"'#/(components/[\w/]+)'", str(contract)))
    assert any(pointer.startswith("components/parameters/") for pointer in pointers)
    for pointer in pointers:
        node = contract
        for part in pointer.split("/"):
            node = node[part]


def test_an_example_has_the_new_names_at_every_depth() -> None:
    own = {"properties": {"errors": {}, "field": {}}}
    names = Names.of({}, {"components": {"schemas": {"A": own}}}, 1)
    found = names.contract({"example": {"errors": [{"field": "field"}]}})["example"]
    new = names.new["errors"], names.new["field"]
    assert found == {new[0]: [{new[1]: new[1]}]}


def test_an_attribute_of_an_annotated_type_stays() -> None:
    stays = kept({Path("app/main.py"): (
        "from typing import Annotated\nfrom fastapi import Depends\nfrom fastapi.security import Credentials\n\n"
        "def read(given: Annotated[Credentials | None, Depends()]):\n    return given.credentials\n"
    )})  # fmt: skip
    assert "credentials" in stays


def test_what_is_known_of_other_names_is_expected_under_other_names_alone() -> None:
    more = expected(Change(1)) - expected(None)
    assert more == known_renamed("missed")
    planted = {each.name for name in GOOD for each in mutants(name, GOOD[name])}
    assert more <= planted
    assert {each.split()[0] for each in known_renamed("said")} <= set(GOOD)


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="nmaes"):
        Change(1, ("nmaes",))


def test_by_rule_a_finding_is_new_where_there_are_more_of_it_than_before() -> None:
    def told(rule: str, symbol: str) -> Told:
        return Told("probes", rule, "error", symbol, "", "", 0)

    before = frozenset({("a", "x"), ("b", "y")})
    said = [told("a", "z"), told("b", "y"), told("b", "w"), told("c", "v")]
    assert [each.rule for each in new_findings(said, before, by_rule=True)] == ["b", "b", "c"]
    assert [each.symbol for each in new_findings(said, before, by_rule=False)] == ["z", "w", "v"]


def test_a_contract_is_written_as_it_was_read(tmp_path: Path) -> None:
    twice = "{responses: {'200': &x {n: 1}, '201': *x}}"
    (tmp_path / "openapi.yaml").write_text(f"openapi: 3.1.0\npaths: {{/a: {{get: {twice}}}}}\n")
    value = contracts.read(tmp_path)
    contracts.write(tmp_path, value)
    assert yaml.safe_load((tmp_path / "openapi.yaml").read_text()) == value
    assert "&" not in (tmp_path / "openapi.yaml").read_text()


HELD = {
    "blog": ("o-edit-by-every-author", "o-author-by-beginning"),
    "depot": ("o-closed-clients-read",),
}
"""Open defects that are found under any names."""


@pytest.mark.parametrize("name", HELD)
def test_a_changed_service_boots_and_the_figures_hold(name: str, tmp_path: Path) -> None:
    change = Change(3)
    right = {kind: rules for kind, (_, rules) in classes().items()}
    planted = [each for each in mutants(name, GOOD[name], "o-*") if each.slug in HELD[name]]
    folder = Path(shutil.copytree(GOOD[name], tmp_path / name))
    change.made(folder)
    rules = frozenset().union(*(right[each.kind] for each in planted))
    quiet = probed(folder, rules, frozenset(), replay=False)
    assert (quiet.fault, quiet.told) == ("", [])
    tries = {each.slug: tried(each, frozenset(), right[each.kind], False, change) for each in planted}
    assert {slug: (outcome.fault, bool(outcome.found)) for slug, outcome in tries.items()} == {
        slug: ("", True) for slug in HELD[name]
    }
