"""Text that hides something shows it."""

from __future__ import annotations

import pytest

from web.show.plain import counted, lasted, one_line, slug, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b", "a\u2400b"),
        ("a\x1b[31mb", "a\u241b[31mb"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\ud800b", "a⟨U+D800⟩b"),
        ("a\x7fb", "a\u2421b"),
        ("a\rb", "a\u240db"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("Größe 漢字 🙂", "Größe 漢字 🙂"),
    ],
)
def test_what_nobody_sees_becomes_a_mark(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_is_one_line_and_says_that_it_is_cut() -> None:
    assert one_line("a\n b\t c") == "a b c"
    assert one_line("x" * 500, 10) == "x" * 9 + "…"


def test_numbers_and_times_are_for_people() -> None:
    assert counted(1, "line") == "1 line" and counted(2_000, "line") == "2,000 lines"
    assert [lasted(s) for s in (0, 0.123, 3.44, 75.2, 1200)] == ["", "0.12 s", "3.4 s", "75 s", "20 min"]


def test_a_slug_is_safe_in_an_id() -> None:
    assert slug('GET /a/{b}"><script>') == "get-a-b-script"
    assert slug("漢字") == "x"
