"""Expressions are written byte for byte as the parser's own deparser writes them."""

from __future__ import annotations

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluators.sql.rules as package
from evaluators.rule import load, rules_of
from evaluators.sql.postgres_text import deparsed, text_of

load(package)

ATOMS = [
    "1",
    "0",
    "-1",
    "1.50",
    "'a'",
    "'it''s'",
    "E'a\\\\b'",
    "''",
    "true",
    "FALSE",
    "NULL",
    "now()",
    "random()",
    "a",
    "t.a",
    "user",
    "current_date",
    '"A b"',
    '"select"',
    "name",
    "value",
    "date",
    "'open'::text",
    "0::numeric",
    "'{}'::jsonb",
    "5::int8",
    "'x'::varchar(3)",
    "'a'::\"char\"",
    "(-1)::int",
    "CURRENT_TIMESTAMP",
    "count(*)",
    "lower(a)",
    "coalesce()",
    "left()",
    "a[1]",
    "'1 day'::interval",
    "1::money",
    "x::text",
    "'{1}'::int[]",
    "2147483648",
    "1e5",
    "true::boolean",
    "'now'::pg_catalog.timestamptz",
    "pg_catalog.now()",
    "interval '1 day'",
    "date '2020-01-01'",
    "between_",
    "id",
]
JOINS = ["=", "<>", "!=", "<", ">=", "~", "~*", "||", "+", "*", "IS DISTINCT FROM", "LIKE", "AND", "->>"]


def same(expression: str) -> None:
    try:
        tree = postgast.parse(f"SELECT {expression}")
    except postgast.PgQueryError:
        return
    for target in tree.stmts[0].stmt.select_stmt.target_list:
        node = target.res_target.val
        assert text_of(node) == deparsed(node)


@pytest.mark.parametrize("atom", ATOMS)
def test_atoms(atom: str) -> None:
    same(atom)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(ATOMS), st.sampled_from(JOINS), st.sampled_from(ATOMS), st.sampled_from(ATOMS), st.integers(0, 3)
)
def test_operations(left: str, join: str, right: str, third: str, form: int) -> None:
    same(
        (
            f"{left} {join} {right}",
            f"{left} IN ({right}, {third})",
            f"({left} {join} {right}) {join} {third}",
            f"{left} NOT IN ({right})",
            f"{left} {join} ANY (ARRAY[{right}, {third}])",
        )[form]
    )


@given(st.from_regex(r"[a-z_]{1,12}", fullmatch=True))
def test_any_name(name: str) -> None:
    same(name)
    same(f"{name}()")
    same(f"'x'::{name}")


def test_all_that_the_rules_speak_of() -> None:
    from evaluators.sql.postgres_tree import messages

    count = 0
    for rule in rules_of("sql"):
        for artifact in (*rule.example("Bad"), *rule.example("Good"), *rule.example("Boundary")):
            if rule.dialect == "postgres":
                for node in messages(postgast.parse(artifact.text), "Constraint"):
                    if node.HasField("raw_expr"):
                        count += 1
                        assert text_of(node.raw_expr) == deparsed(node.raw_expr)
    assert count > 50
