"""Files with colours: escaped, bounded, findings at their lines."""

from __future__ import annotations

import html
import re
import time

import pytest

from tests.web.stories import finding
from web.show.highlight import LONGEST_LINE, WINDOW, code_view, language_of
from web.show.report import finding_views

HOSTILE = "</code><script>alert(1)</script>\n\"' onload=x\n<!-- {{ 7*7 }} -->\n"


def plain(markup: str) -> str:
    """The text of markup."""
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


@pytest.mark.parametrize("path", ["a.py", "a.sql", "a.yaml", "a.json", "a.md", "a.html", "a.unknown", "Dockerfile"])
def test_every_line_keeps_its_text_and_none_of_its_markup(path: str) -> None:
    view = code_view(path, HOSTILE + "def f():\n    return '''a\nb'''\n")
    assert "\n".join(plain(line.html) for line in view.lines) == (HOSTILE + "def f():\n    return '''a\nb'''")
    assert all(re.fullmatch(r'(?:[^<]|<span class="[a-z]+">|</span>)*', line.html) for line in view.lines)


def test_colours_are_classes_and_a_token_over_several_lines_is_closed_in_each() -> None:
    view = code_view("a.py", '"""one\ntwo"""\nx = 1\n')
    assert view.language == "python" and language_of("x.unknown") == ""
    assert [line.html.count("<span") == line.html.count("</span>") for line in view.lines] == [True] * 3
    assert 'class="s"' in view.lines[1].html and "style" not in "".join(line.html for line in view.lines)


def test_findings_are_at_their_lines_and_those_without_one_at_the_top() -> None:
    told = finding_views([finding(line=2), finding(rule="other", line=0), finding(rule="far", line=99)])
    view = code_view("schema.sql", "a\nb\nc\n", told)
    assert [[f.rule for f in line.findings] for line in view.lines] == [[], ["missing-primary-key"], []]
    assert {f.rule for f in view.unplaced} == {"other", "far"}


def test_a_huge_file_comes_in_windows_that_say_so() -> None:
    text = "".join(f"line {n}\n" for n in range(1, 2 * WINDOW + 11))
    view = code_view("a.py", text, first=WINDOW + 5)
    assert (view.first, view.last, view.total) == (WINDOW + 1, 2 * WINDOW, 2 * WINDOW + 10)
    assert view.windows == (1, WINDOW + 1, 2 * WINDOW + 1) and "of 4,010" in view.notes[0]
    assert code_view("a.py", text, first=10**9).last == view.total


def test_a_line_that_is_too_long_is_cut_and_says_so() -> None:
    view = code_view("a.txt", "x" * (LONGEST_LINE + 5) + "\nshort\n")
    assert view.lines[0].cut == 5 and view.lines[1].cut == 0 and "1 line is longer" in view.notes[0]


def test_nothing_hidden_stays_hidden_and_lines_do_not_shift() -> None:
    view = code_view("a.py", "a = 1\rb\n# \u202eevil\nc\0d\n\n\n")
    assert view.total == 5 and "U+202E" in view.lines[1].html and "\0" not in view.lines[2].html


@pytest.mark.parametrize("path", ["a.py", "a.sql", "a.yaml", "a.md", "a.json"])
def test_a_text_made_to_be_slow_is_not(path: str) -> None:
    began = time.process_time()
    code_view(path, ("(" * 700 + "\n") * 200 + "'" * 1500 + "\n" + "a: " * 600)
    assert time.process_time() - began < 5
