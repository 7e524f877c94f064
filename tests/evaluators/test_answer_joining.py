"""A cut answer and its continuation read as one answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.answer import join, read, render
from evaluators.draft import Draft

T = "```"
MAIN = "".join(f"def function_{number}(value):\n    return value + {number}\n\n\n" for number in range(6))
WHOLE = Draft.of({"app/a.py": "a = 1\n", "app/main.py": MAIN, "schema.sql": "CREATE TABLE t (id int);\n"})
TEXT = render(WHOLE)


@pytest.mark.parametrize("cut", range(0, len(TEXT), 3))
def test_the_very_next_character(cut: int) -> None:
    assert read(join(TEXT[:cut], TEXT[cut:])).draft == WHOLE


# Cuts inside app/main.py: at a line's end, in the middle of a line, in an indent.
INSIDE = TEXT.index("function_3") + 20
CUTS = [
    TEXT.index("def function_3"),
    INSIDE,
    INSIDE + 6,
    INSIDE + 9,
    TEXT.index("return value + 3"),
    TEXT.index("+ 4") + 3,
]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("back", [1, 2, 3])
@pytest.mark.parametrize(
    "opening", ["", f"{T}python app/main.py\n", f"{T}python\n", f"Continuing:\n\n{T}python app/main.py\n"]
)
def test_repeated_lines_and_a_fence_opened_again(cut: int, back: int, opening: str) -> None:
    first = TEXT[:cut]
    start = cut
    for _ in range(back):
        start = TEXT.rindex("\n", 0, start - 1)
    while TEXT[start + 1 : cut].strip() == "" or len(TEXT[start + 1 : cut].strip()) < 24:
        start = TEXT.rindex("\n", 0, start)
    assert read(join(first, opening + TEXT[start + 1 :])).draft == WHOLE


@pytest.mark.parametrize("cut", CUTS)
def test_the_whole_file_again(cut: int) -> None:
    again = TEXT[TEXT.index(f"{T}python app/main.py") :]
    assert read(join(TEXT[:cut], again)).draft == WHOLE


@pytest.mark.parametrize("cut", CUTS[:1] + CUTS[4:5])
def test_a_fence_opened_again_and_nothing_repeated(cut: int) -> None:
    assert read(join(TEXT[:cut], f"{T}python app/main.py\n{TEXT[cut:]}")).draft == WHOLE


def test_only_the_end_was_missing() -> None:
    first = f"{T}python app/a.py\na = 1\n"
    for rest in (T, f"{T}\n", f"{T}\n\n{T}python app/b.py\nb\n{T}\n"):
        answer = read(join(first, rest))
        assert answer.malformed == ()
        assert answer.draft.get("app/a.py") == WHOLE.get("app/a.py")


def test_a_bare_fence_opened_again() -> None:
    answer = read(join(f"{T}python app/a.py\na = 1\n", f"{T}\nb = 2\nc = 3\n{T}\n"))
    assert answer.draft == Draft.of({"app/a.py": "a = 1\nb = 2\nc = 3\n"})


def test_the_next_file_at_once() -> None:
    answer = read(join(f"{T}python app/a.py\na = 1\n", f"{T}python app/b.py\nb = 1\n{T}\n"))
    assert answer.draft == Draft.of({"app/a.py": "a = 1\n", "app/b.py": "b = 1\n"})


def test_a_cut_in_the_opening_line() -> None:
    want = Draft.of({"app/main.py": "x\n"})
    for first, rest in (
        (f"{T}python app/ma", f"in.py\nx\n{T}\n"),
        (f"{T}python app/ma", f"{T}python app/main.py\nx\n{T}\n"),
        (f"Text.\n\n{T}py", f"thon app/main.py\nx\n{T}\n"),
    ):
        assert read(join(first, rest)).draft == want


def test_a_cut_readme_keeps_its_own_fences() -> None:
    whole = Draft.of({"README.md": "# Title of it\n\n```sh\nmake demo\n```\n\nThe end of the text.\n"})
    text = render(whole)
    for cut in range(len(text)):
        assert read(join(text[:cut], text[cut:])).draft == whole


def test_an_empty_rest_changes_nothing() -> None:
    assert join(TEXT[:50], " \n") == TEXT[:50]


@settings(deadline=None)
@given(st.data())
def test_any_cut_of_any_draft(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.text("abcdef \t`~#", max_size=12), max_size=8))
    text = "".join(f"{number} {line}\n" for number, line in enumerate(lines))
    draft = Draft.of({"a.py": text, "b/c.md": text})
    shown = render(draft)
    cut = data.draw(st.integers(0, len(shown)))
    assert read(join(shown[:cut], shown[cut:])).draft == draft
