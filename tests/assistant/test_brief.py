"""Sentences to slots: the table in sentences.toml, what is refused, and what is derived."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.brief import SLOTS, Brief, amend, fill, parse, say, slots_schema, vocabulary
from assistant.brief.slots import MAX_SENTENCE
from assistant.errors import BriefError

TABLE = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
SENTENCES = [(entry["text"], {k: v for k, v in entry.items() if k != "text"}) for entry in TABLE["sentence"]]


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_a_sentence_parses_into_its_slots(text: str, said: dict[str, Any]) -> None:
    assert parse(text) == fill(said)


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_a_sentence_is_said_again(text: str, said: dict[str, Any]) -> None:
    brief = parse(text)
    assert brief.sentence
    assert parse(say(brief)) == brief


def test_the_table_is_long_enough_and_has_no_doubles() -> None:
    texts = [text for text, _ in SENTENCES]
    assert len(set(texts)) == len(texts) >= 60


@pytest.mark.parametrize(("text", "says"), [(entry["text"], entry["says"]) for entry in TABLE["refused"]])
def test_a_refused_sentence_says_why_in_one_line(text: str, says: str) -> None:
    with pytest.raises(BriefError) as caught:
        parse(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("text", [text for text, _ in SENTENCES if '"' not in text and "SQLite for tests" not in text])
def test_a_word_that_is_not_understood_stays_in_the_action(text: str) -> None:
    words = text.split()
    for place in range(len(words) + 1):
        try:
            brief = parse(" ".join([*words[:place], "zorply", *words[place:]]))
        except BriefError as error:
            assert "zorply" in str(error) or "two values" in str(error)
        else:
            assert "zorply" in brief.action


def test_a_megabyte_is_one_error() -> None:
    with pytest.raises(BriefError, match=r"20000 are the most"):
        parse("Write FastAPI code " * 55_000)


@pytest.mark.parametrize(
    "piece", ["jwt and ", "jwt (", "(", "pg/", "the jwt, ", "with jwt, ", "express ", "a.b ", "from jwt to ", "“"]
)
def test_the_longest_sentence_of_one_piece_comes_to_an_end(piece: str) -> None:
    text = "cars " + piece * ((MAX_SENTENCE - 5) // len(piece))
    try:
        assert parse(text).action
    except BriefError as error:
        assert "\n" not in str(error)


def test_silent_slots_get_the_recommended_defaults() -> None:
    brief = parse("Write code to create an endpoint for booking rooms")
    shown = {
        slot: getattr(brief, slot)
        for slot in ("framework", "database", "authentication", "validation", "level", "style")
    }
    assert shown == {
        "framework": "FastAPI",
        "database": "PostgreSQL",
        "authentication": "JWT",
        "validation": "Pydantic",
        "level": "advanced",
        "style": "REST",
    }
    assert brief.defaulted == set(shown)
    assert brief.data_access == "SQLModel"
    assert ("data access", "SQLModel", True) in brief.rows
    assert "framework: FastAPI (default)" in brief.as_text


@pytest.mark.parametrize(
    ("kind", "action", "authentication"),
    [
        ("service", "registering guests", "JWT"),
        ("endpoint", "register a new user", "none"),
        ("endpoint", "log in with a password", "none"),
        ("endpoint", "blog posts", "JWT"),
        ("webhook", "paid invoices", "signature"),
        ("model", "orders", "none"),
        ("middleware", "request ids", "none"),
        ("job", "mail", "none"),
    ],
)
def test_the_default_authentication_follows_the_kind(kind: str, action: str, authentication: str) -> None:
    assert fill({"kind": kind, "action": action}).authentication == authentication


@pytest.mark.parametrize(
    ("said", "dialect", "supabase"),
    [
        ({}, "postgres", False),
        ({"hosted": "supabase"}, "postgres", True),
        ({"database": "sqlite"}, "sqlite", False),
        ({"database": "MariaDB"}, "mysql", False),
        ({"database": "mssql"}, "tsql", False),
        ({"database": "mongo"}, "", False),
        ({"database": "none"}, "postgres", False),
    ],
)
def test_the_dialect_is_sqlglots(said: dict[str, Any], dialect: str, supabase: bool) -> None:
    brief = fill({"action": "cars", **said})
    assert (brief.dialect, brief.supabase) == (dialect, supabase)


def test_every_framework_has_defaults_that_fit_it() -> None:
    words = vocabulary()
    for framework in words.values("framework"):
        brief = fill({"framework": framework, "action": "cars"})
        assert words.term("validation", brief.validation).language in ("", brief.language)
        assert words.term("tools", brief.data_access).data
        assert (
            fill({"framework": framework, "action": "cars", "tools": [brief.data_access]}).data_access
            == brief.data_access
        )


def test_every_alias_names_one_value_of_its_slot() -> None:
    words = vocabulary()
    for slot in SLOTS:
        for value in words.values(slot):
            term = words.term(slot, value)
            for alias in (value, *term.aliases, *term.weak, *term.bare):
                assert words.value(slot, alias.upper()) == value, (slot, alias)


def test_an_option_amends_a_brief_and_silent_slots_follow() -> None:
    brief = parse("Write FastAPI code to create an endpoint for booking rooms, with Supabase")
    express = amend(brief, framework="express", level=None)
    assert (express.framework, express.validation, express.supabase) == ("Express", "Zod", True)
    assert amend(brief, database="pg").hosted == ""
    assert amend(brief, database="supabase") == brief
    assert amend(brief, tools=["pytest", "Alembic", "pytest"]).tools == ("Alembic", "pytest")
    assert amend(brief, framework="express").sentence == brief.sentence
    with pytest.raises(BriefError, match="unknown framework 'foobar'; known: Koa"):
        amend(brief, framework="foobar")
    with pytest.raises(BriefError, match="no slot 'colour'"):
        amend(brief, colour="red")


def test_the_json_schema_holds_the_vocabulary() -> None:
    schema = slots_schema()["properties"]
    assert schema["kind"]["enum"] == [
        "service",
        "endpoint",
        "middleware",
        "model",
        "test",
        "webhook",
        "job",
        "refactoring",
    ]
    assert "Spring Boot" in schema["framework"]["enum"]
    assert schema["tools"]["items"]["enum"] == list(vocabulary().values("tools"))
    assert list(schema) == list(SLOTS)
    assert all(about["description"] for about in schema.values())


def test_the_light_schema_agrees_with_the_models() -> None:
    light, model = slots_schema()["properties"], Brief.model_json_schema()["properties"]
    for slot in SLOTS:
        own = light[slot].get("items", light[slot])
        theirs = model[slot].get("items", model[slot])
        assert (own["type"], own.get("enum")) == (theirs["type"], theirs.get("enum"))


def test_the_schema_and_the_vocabulary_do_not_wait_for_pydantic() -> None:
    code = (
        "import sys; from assistant.brief import slots_schema, SLOTS; slots_schema(); print('pydantic' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_a_brief_is_frozen_and_survives_json() -> None:
    brief = parse(SENTENCES[0][0])
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
    assert len({brief, parse(say(brief))}) == 1
    with pytest.raises(ValueError, match="frozen"):
        brief.level = "ninja"


def test_white_space_and_line_ends_are_one_space() -> None:
    assert parse("\ufeffWrite FastAPI code\r\n to create an endpoint\tfor  cars.").action == "cars"


def test_parsing_imports_nothing_heavy() -> None:
    code = (
        "import sys; from assistant.brief import parse; parse('Write FastAPI code for cars');"
        "print([m for m in ('jinja2', 'sqlglot', 'openai', 'fastapi', 'schemathesis') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
