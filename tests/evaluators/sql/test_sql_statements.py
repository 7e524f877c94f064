"""The splitter: no text is lost, nothing raises, places are exact."""

from __future__ import annotations

import time

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.sql.statements import Kind, pieces, split

DIALECTS = ("postgres", "sqlite", "mysql", "tsql")

BITS = st.sampled_from(
    [
        "CREATE TABLE a (id int)",
        "INSERT INTO a VALUES (1, 'x;y')",
        "select 'it''s'",
        'select "a;b"',
        "'",
        '"',
        "`",
        "[",
        "]",
        "$$",
        "$x$",
        "$1",
        "E'\\'",
        "/*",
        "*/",
        "--",
        "#",
        ";",
        "\n",
        "\r\n",
        "\\.",
        "\\connect x",
        "COPY a FROM stdin",
        "BEGIN ATOMIC",
        "CREATE TRIGGER t AFTER UPDATE ON a BEGIN",
        "END",
        "CASE",
        "DELIMITER //",
        "//",
        "GO",
        "\ufeff",
        "\0",
        "\ud800",
        "é",
        " ",
        "\t",
    ]
)
TEXTS = st.lists(st.one_of(BITS, st.text(max_size=8)), max_size=30).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(DIALECTS))
def test_pieces_cover_the_text(text: str, dialect: str) -> None:
    found = pieces(text, dialect)
    assert "".join(text[piece.start : piece.end] for piece in found) == text
    assert [piece.start for piece in found[1:]] == [piece.end for piece in found[:-1]]
    assert all(piece.start < piece.end for piece in found)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(DIALECTS))
def test_statements_are_the_text_at_their_place(text: str, dialect: str) -> None:
    lines = text.split("\n")
    for statement in split("a.sql", text, dialect):
        line = lines[statement.line - 1].replace("\ufeff", "")
        first = statement.text.split("\n")[0].replace("\ufeff", "")
        assert line[statement.column - 1 :].startswith(first)
        assert statement.text == statement.text.strip()
        end = statement.at(len(statement.text))
        assert end.line == statement.line + statement.text.count("\n")


SOUND = st.lists(
    st.sampled_from(
        [
            "select 1",
            "select 'a;b'",
            "select $$ ; ' $$",
            "select $q$ $$ ; $q$",
            'create table "a;b" (id int)',
            "insert into t values (E'\\';', 'it''s;')",
            "select 1 /* ; /* ; */ ; */",
            "select 1 -- ; '\n",
            "update t set a = $1",
            "",
            "\n",
        ]
    ),
    max_size=8,
).map(";\n".join)


@settings(max_examples=150, deadline=None)
@given(SOUND)
def test_agrees_with_postgresql(text: str) -> None:
    ours = [statement.text for statement in split("a.sql", text)]
    theirs = [found.strip() for found in postgast.split(text, method="scanner")]
    assert [_bare(each) for each in ours] == [_bare(each) for each in theirs]


def _bare(text: str) -> str:
    """A statement by its tree, so that comments around it do not count."""
    return postgast.fingerprint(text).hex + str(len(postgast.parse(text).stmts))


CASES = [
    ("postgres", "select 1; select 2", ["select 1", "select 2"]),
    ("postgres", "\ufeffselect 1;\r\nselect 2;\r\n", ["select 1", "select 2"]),
    ("postgres", "-- only a comment", []),
    ("postgres", ";;;", []),
    ("postgres", "create function f() returns int begin atomic select case 1 when 1 then 2 end; end; select 3", 2),
    ("postgres", "\\restrict x\nselect 1;\n\\unrestrict x\n", ["select 1"]),
    ("postgres", "copy t (a) from stdin;\n1\t'x\n2\ty;\n\\.\nselect 1;", ["copy t (a) from stdin", "select 1"]),
    ("postgres", "select a$$b from t; select 2", 2),
    ("sqlite", "create trigger x after update on t begin update t set b=case 1 when 1 then 2 end; end; select 1", 2),
    ("sqlite", "create table [a;b] (`c;d` int); select 1", 2),
    ("mysql", "select 'a\\';b'; select \"c;d\"; # ; comment\nselect 3", 3),
    ("mysql", "DELIMITER //\ncreate procedure p() begin select 1; end //\nDELIMITER ;\nselect 2;", 2),
    ("mysql", "create procedure p() begin if 1 then select 1; end if; end; select 2", 2),
    ("tsql", "create table a (id int)\nGO\ncreate table b (id int)\nGO 2\n", 2),
    ("tsql", "create table [a]]b] (id int); select 1", 2),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "expected"), CASES)
def test_cuts(dialect: str, text: str, expected: list[str] | int) -> None:
    found = [statement.text for statement in split("a.sql", text, dialect)]
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_copy_keeps_its_rows() -> None:
    copy, after = split("a.sql", "copy t from stdin;\n1\t'x\n\\.\nselect 1;")
    assert copy.data == "\n1\t'x\n\\.\n"
    assert (after.text, after.line, after.column) == ("select 1", 4, 1)


@pytest.mark.parametrize(
    ("broken", "flaw"),
    [
        ("select 'open", "a quote is not closed"),
        ('select "open', "a quote is not closed"),
        ("select $$ open", "a dollar quote is not closed"),
        ("select 1 /* open", "a comment is not closed"),
        ("insert into a values ('it's');", "a quote is not closed"),
    ],
)
def test_a_broken_statement_hides_no_other(broken: str, flaw: str) -> None:
    text = f"create table a (id int);\n{broken}\n\nCREATE TABLE b (\n    name text DEFAULT 'x'\n);\n"
    first, *middle, last = split("a.sql", text)
    assert first.text == "create table a (id int)"
    assert [each.flaw for each in middle if each.flaw] == [flaw]
    assert (last.head, last.line, last.flaw) == ("CREATE TABLE B NAME", 4, "")


def test_kinds() -> None:
    found = pieces("\\c x\nselect 1; copy t from stdin;\n1\n\\.\n")
    assert [piece.kind for piece in found if piece.kind is not Kind.GAP] == [
        Kind.META,
        Kind.STATEMENT,
        Kind.STATEMENT,
        Kind.DATA,
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "unit", ["CREATE TABLE $a{}$\n", "CREATE TABLE /*{}\n", "CREATE TABLE ('{}\n", "CREATE TABLE $$", "("]
)
def test_hostile_text_takes_no_time(unit: str, dialect: str) -> None:
    text = "".join(unit.format(number) for number in range(30_000))
    began = time.process_time()
    split("a.sql", text, dialect)
    assert time.process_time() - began < 10


def test_a_large_file_is_cut_in_linear_time() -> None:
    text = "INSERT INTO t (a, b) VALUES (1, 'some text; with a semicolon');\n" * 12_000
    assert len(split("a.sql", text)) == 12_000
