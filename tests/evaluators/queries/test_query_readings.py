"""Queries whose parts are chosen, joined or handed on: what is read of them, and what is said."""

from __future__ import annotations

import ast
import asyncio

import pytest

import evaluators.cross.rules
import evaluators.queries.rules
from evaluators.bench import Bench
from evaluators.code import leaks, lint, ruff
from evaluators.code.facts import code_in
from evaluators.code.kept import Kept
from evaluators.code.walking import walk
from evaluators.cross.facts import facts_of
from evaluators.draft import Draft, Subject
from evaluators.queries.facts import Parsed
from evaluators.queries.sources import queries_of
from evaluators.rule import load, rules_of, run_rules

load(evaluators.queries.rules)
load(evaluators.cross.rules)

SCHEMA = """
create table users (id bigint primary key);
create table notes (
  id bigint primary key,
  owner_id bigint not null references users (id),
  kind text not null check (kind in ('plain', 'list')),
  body text not null,
  deleted_at timestamptz
);
create index notes_owner on notes (owner_id, id);
"""
STORE = """
import psycopg


class Store:
    def __init__(self, connection):
        self.connection = connection

    def _send(self, sql, values=()):
        return self.connection.execute(sql, values)

    def _all(self, sql, values=()):
        return self._send(sql, values).fetchall()

"""


def subject(methods: str) -> Subject:
    return Subject(Draft.of({"schema.sql": SCHEMA, "app/store.py": STORE + methods}))


def parsed(methods: str) -> list[Parsed]:
    return [each for each in queries_of(subject(methods)).parsed if each.origin == "code"]


def told(methods: str) -> list[tuple[str, str]]:
    known = subject(methods)
    findings, crashed = run_rules(rules_of("queries"), queries_of(known))
    more, also = run_rules(rules_of("cross"), facts_of(known))
    assert crashed == also == []
    return [(each.rule, each.symbol) for each in (*findings, *more)]


LOCKED = '    def {name}(self, owner_id, id, lock=False):\n        return self._all(f"{sql}", ({values}))\n'
OWNED = "SELECT id, body FROM notes WHERE owner_id = %s AND id = %s {'FOR UPDATE' if lock else ''}"
ANY = "SELECT id, body FROM notes WHERE id = %s {'FOR UPDATE' if lock else ''}"


def test_a_choice_of_known_texts_is_read_as_each_of_them() -> None:
    (query,) = parsed(LOCKED.format(name="one", sql=OWNED, values="owner_id, id"))
    assert not query.open
    assert query.built
    assert query.tree.args.get("locks")
    assert [each.args.get("locks") for each in query.others] == [None]
    assert query.query is not None
    assert query.query.fetch == "all"


def test_a_choice_with_an_unknown_side_stays_a_hole() -> None:
    (query,) = parsed(LOCKED.format(name="one", sql="SELECT id FROM notes {lock if lock else ''}", values=""))
    assert query.open
    assert query.others == ()


def test_a_row_by_its_key_alone_is_found_behind_wrappers_and_choices() -> None:
    good = LOCKED.format(name="one", sql=OWNED, values="owner_id, id")
    bad = LOCKED.format(name="other", sql=ANY, values="id,")
    assert ("owner-not-filtered", "app.store.Store.other notes") in told(good + bad)
    assert [each for each in told(good + good.replace("one", "two")) if each[0] == "owner-not-filtered"] == []


LIST = '    def {name}(self, where, values, limit):\n        return self._all(f"{sql}", values)\n'
FILTERED = "SELECT id FROM notes WHERE {' AND '.join(where)} ORDER BY id"


def test_a_filtered_list_without_a_limit_is_told_where_it_forgets_it_or_differs() -> None:
    usual = "".join(
        LIST.format(name=name, sql=FILTERED + " LIMIT %s").replace("values)", "(*values, limit))")
        for name in ("a", "b", "c")
    )
    assert told(usual) == []
    bare = LIST.format(name="d", sql=FILTERED)
    assert [each[0] for each in told(bare)] == ["unbounded-query"]
    differing = bare.replace(", limit", "")
    assert told(differing) == []
    assert [each[0] for each in told(usual + differing)] == ["unbounded-query"]


@pytest.mark.parametrize(
    ("condition", "order", "expected"),
    [
        ("(id, body) > (%s, %s)", "id", 1),
        ("(id, body) > (%s, %s)", "id DESC, body DESC", 0),
        ("(body > %s OR (body = %s AND id > %s))", "body", 1),
        ("(body > %s OR (body = %s AND id > %s))", "body, id", 0),
        ("body > %s", "body", 0),
        ("id = %s AND (body, id) > (%s, %s)", "body", 0),
        ("(id, body) > (%s, %s)", "lower(body)", 0),
    ],
)
def test_the_order_of_a_page_names_what_its_cursor_names(condition: str, order: str, expected: int) -> None:
    sql = "SELECT id, body FROM notes WHERE %s ORDER BY %s LIMIT 10" % (condition, order)  # noqa: S608, UP031  (a test)
    found = told(f"    def page(self, values):\n        return self._all({sql!r}, values)\n")
    assert [each[0] for each in found].count("page-order-not-total") == expected


def test_deleted_rows_are_seen_in_a_join() -> None:
    joined = "SELECT n.id, u.id FROM notes n JOIN users u ON u.id = n.owner_id WHERE n.owner_id = %s"
    good = f'    def a(self, v):\n        return self._all("{joined} AND n.deleted_at IS NULL", v)\n'
    bad = f'    def b(self, v):\n        return self._all("{joined}", v)\n'
    assert ("deleted-rows-shown", "app.store.Store.b notes") in told(good + bad)
    assert [each for each in told(good) if each[0] == "deleted-rows-shown"] == []


def test_a_column_of_few_values_needs_no_index() -> None:
    by = '    def a(self, v):\n        return self._all("SELECT id FROM notes WHERE {} = %s", v)\n'
    assert told(by.format("kind")) == []
    assert [each[0] for each in told(by.format("body"))] == ["filter-unindexed"]


ROUTE = """
from typing import Annotated

from fastapi import FastAPI, Path

app = FastAPI()
{alias}

@app.get("/cars/{{carId}}")
def one(car: {kind}) -> dict[str, int]:
    return {{"car": car}}
"""


def test_a_path_parameter_by_alias_is_taken() -> None:
    async def heard(text: str) -> list[str]:
        async with Bench() as bench:
            with ruff.at_work(code_in(Draft.of({"app/main.py": text})), bench.scratch, Kept()) as told:
                found = await ruff.findings(told)
        return [each.rule for each in found]

    alias = 'Car = Annotated[int, Path(alias="carId")]'
    assert asyncio.run(heard(ROUTE.format(alias=alias, kind="Car"))) == []
    assert "ruff-fast003" in asyncio.run(heard(ROUTE.format(alias="", kind="Annotated[int, Path()]")))


@pytest.mark.parametrize("path", ["compose.yaml", ".env", "deploy/.env.production", "web/config.js", "Dockerfile"])
def test_settings_alone_are_searched_for_secrets(path: str) -> None:
    assert lint.applies(Subject(Draft.of({path: "A=1\n"})))
    assert not lint.applies(Subject(Draft.of({"README.md": "A\n", "openapi.yaml": "openapi: 3.1.0\n"})))


def test_a_secret_is_told_at_its_line() -> None:
    text = 'a = 1\npassword = "k3u8Qz1pLw92"  # the token and the key\n\n\nsecret = "Zx81kQp0aa7L"\n'
    assert [each.location.line for each in leaks.findings(Draft.of({"app/settings.py": text}))] == [2, 5]


def test_a_remembered_walk_is_that_of_the_library() -> None:
    tree = ast.parse(STORE)
    plain = [each for each in ast.walk(tree) if not isinstance(each, ast.expr_context)]
    assert walk(tree) == plain
    assert walk(tree) == plain
