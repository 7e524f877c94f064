"""Cases: read, expanded, refused with file and line, and described for editors."""

import json
from pathlib import Path

import pytest

from assistant.case import read_cases, schema
from assistant.errors import RecipeError


def cases(tmp_path: Path, text: str, name: str = "rooms.yaml") -> dict[str, str]:
    """The sentences of the cases that a file comes to."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: case.sentence for name, case in read_cases(tmp_path).items()}


def test_a_case_is_one_sentence(tmp_path: Path) -> None:
    assert cases(tmp_path, "sentence: Write {this} as it is\n") == {"rooms": "Write {this} as it is"}


def test_parameters_make_a_case_each(tmp_path: Path) -> None:
    text = (
        "sentence: Rooms on {database} in {tool}\nparameters:\n  database: [PostgreSQL, SQLite]\n  tool: [SQL Model]\n"
    )
    assert cases(tmp_path, text) == {
        "rooms.postgresql.sql-model": "Rooms on PostgreSQL in SQL Model",
        "rooms.sqlite.sql-model": "Rooms on SQLite in SQL Model",
    }


def test_a_value_is_not_filled_again(tmp_path: Path) -> None:
    """Else one parameter could name another."""
    with pytest.raises(RecipeError, match=r"rooms\.yaml:3: parameters\.a\.0: String should match"):
        cases(tmp_path, "sentence: '{a}{b}'\nparameters:\n  a: ['{b}']\n  b: [x]\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tags: [a]\n", r"rooms\.yaml:1: sentence: Field required"),
        ("sentence: x\nset: secret\n", r"rooms\.yaml:2: set: Input should be 'tuning' or 'held-out'"),
        ("sentence: x\ntags:\n- good\n- Not Good\n", r"rooms\.yaml:4: tags\.1: "),
        ("sentence: '{a}'\nparameters:\n  b: [x]\n", r"rooms\.yaml:1: \{[ab]\} must stand in the sentence"),
        ("sentence: '{a}'\nparameters:\n  a: []\n", r"rooms\.yaml:1: parameters\.a has no value"),
        ("sentence: '{a}'\nparameters:\n  a: [X, x]\n", r"rooms\.yaml:1: there are two cases 'rooms\.x'"),
        ("sentence: [\n", r"rooms\.yaml:2: not YAML"),
        ("- x\n", r"rooms\.yaml:1: not a mapping"),
        ("sentence: x\nnote: 2026-99-99\n", r"rooms\.yaml:1: not YAML: month must be in"),
        ("sentence: x\nnote: !!int abc\n", r"rooms\.yaml:1: not YAML: invalid literal"),
        ("sentence: x\ncolour: red\n", r"rooms\.yaml:2: colour: Extra inputs"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        cases(tmp_path, text)


def test_a_file_that_cannot_name_a_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot name a case"):
        cases(tmp_path, "sentence: x\n", "Not A Name.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rooms.yaml").write_bytes(b"sentence: \xff")
    with pytest.raises(RecipeError, match=r"rooms\.yaml:1: not UTF-8"):
        read_cases(tmp_path)


def test_the_schema_for_editors_is_the_one_that_holds() -> None:
    """`make schemas` writes it again."""
    committed = Path(__file__).parents[2] / "prompts" / "case.schema.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == schema()
