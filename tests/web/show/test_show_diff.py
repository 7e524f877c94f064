"""Side by side: every line is there once, in order, at its number."""

from __future__ import annotations

import html
import random
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from web.show.diff import diff, diff_files, matches

TEXTS = st.lists(st.sampled_from(["a", "b", "", "x = 1", "y", "<b>"]), max_size=30).map("\n".join)


def plain(markup: str) -> str:
    """The text of markup."""
    return html.unescape(re.sub(r"</?mark>", "", markup))


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_from_the_rows(old: str, new: str) -> None:
    made = diff("f", old, new, whole=True)
    left = [plain(row.left.html) for row in made.rows if row.left.number]
    right = [plain(row.right.html) for row in made.rows if row.right.number]
    assert left == old.splitlines() and right == new.splitlines()
    assert [row.left.number for row in made.rows if row.left.number] == list(range(1, len(left) + 1))
    for row in made.rows:
        if row.left.kind == "same":
            assert row.left.html == row.right.html
    assert made.removed == sum(row.left.kind == "removed" for row in made.rows)


@given(TEXTS, TEXTS)
def test_blocks_are_equal_and_rise(old: str, new: str) -> None:
    a, b = old.split("\n"), new.split("\n")
    last = (0, 0)
    for left, right, size in matches(a, b):
        assert a[left : left + size] == b[right : right + size] and left >= last[0] and right >= last[1]
        last = (left + size, right + size)


def test_words_that_differ_are_marked_and_lines_that_share_nothing_are_not() -> None:
    made = diff("f", "return part(a)\n", "return whole(a)\n")
    assert made.rows[0].left.html == "return <mark>part</mark>(a)"
    other = diff("f", "alpha\n", "12 34 56\n")
    assert "<mark>" not in other.rows[0].left.html


def test_markup_in_a_line_is_text() -> None:
    made = diff("f", "<script>a</script>\n", "<script>b</script>\n")
    assert made.rows[0].left.html == "&lt;script&gt;<mark>a</mark>&lt;/script&gt;"


def test_long_unchanged_stretches_are_folded_with_their_number() -> None:
    lines = [f"line {n}" for n in range(100)]
    made = diff("f", "\n".join(lines), "\n".join([*lines[:50], "new", *lines[50:]]))
    folded = [row.folded for row in made.rows if row.folded]
    assert folded == [46, 46] and made.added == 1 and made.removed == 0


def test_files_that_came_or_went_are_whole() -> None:
    made = {each.path: each for each in diff_files({"a": "1\n", "b": "2\n"}, {"b": "2\n", "c": "3\n"})}
    assert {path: each.change for path, each in made.items()} == {"a": "removed", "c": "added"}
    assert made["c"].rows[0].left.kind == "none"


def test_a_line_end_that_changed_is_said() -> None:
    assert "line end" in diff("f", "a\n", "a").notes[0]


def test_five_thousand_lines_are_quick_and_the_same_each_time() -> None:
    dice = random.Random(7)
    old = [dice.choice(["", "}", "    return x", f"value {dice.random()}"]) for _ in range(5_000)]
    new = [line if dice.random() > 0.1 else f"changed {dice.random()}" for line in old]
    began = time.process_time()
    made = diff("f", "\n".join(old), "\n".join(new))
    assert time.process_time() - began < 5
    assert made == diff("f", "\n".join(old), "\n".join(new))
    same = ["}"] * 5_000
    began = time.process_time()
    diff("f", "\n".join(same), "\n".join(["{"] * 2_500 + same[:2_500]))
    assert time.process_time() - began < 5


def test_a_line_that_is_too_long_says_how_much_is_cut() -> None:
    assert "4,000 more characters" in diff("f", "", "x" * 5_000).rows[0].right.html
