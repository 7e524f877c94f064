"""Unified diffs, applied strictly."""

from __future__ import annotations

import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.answer import read
from evaluators.draft import Draft

BASE = Draft.of({"app/a.py": "one\ntwo\nthree\nfour\nfive\n", "b.sql": "x\nx\nx\n"})
T = "```"


def patched(diff: str, head: str = f"{T}diff\n") -> tuple[dict[str, str], list[str]]:
    """The files and findings of an answer that is one diff."""
    answer = read(f"{head}{diff}{T}\n", base=BASE)
    return {a.path: a.text for a in answer.draft}, [f.rule for f in answer.malformed]


HEAD = "--- a/app/a.py\n+++ b/app/a.py\n"


def test_a_hunk_that_fits() -> None:
    want = {"app/a.py": "one\nTWO\nthree\nfour\nfive\n"}
    hunk = "@@ -1,3 +1,3 @@ def f():\n one\n-two\n+TWO\n three\n"
    assert patched(HEAD + hunk) == (want, [])
    assert patched("diff --git a/app/a.py b/app/a.py\nindex 1..2 100644\n" + HEAD + hunk) == (want, [])
    assert patched(HEAD.replace("a/", "", 1).replace("b/", "", 1) + hunk) == (want, [])
    assert patched(hunk, f"{T}diff app/a.py\n") == (want, [])
    assert patched(hunk, f"### app/a.py\n\n{T}diff\n") == (want, [])
    assert patched(HEAD + hunk + "\\ No newline at end of file\n") == (want, [])


def test_wrong_numbers_do_not_matter_where_the_place_is_clear() -> None:
    want = {"app/a.py": "one\ntwo\nthree\nFOUR\nfive\n"}
    for head in ("@@ -1,9 +1,9 @@", "@@ -40 +41 @@", "@@ ... @@", "@@ -3,1 +3,1 @@"):
        assert patched(f"{HEAD}{head}\n three\n-four\n+FOUR\n") == (want, [])


def test_a_hunk_that_does_not_fit_is_a_finding() -> None:
    files, rules = patched(HEAD + "@@ -1,2 +1,2 @@\n one\n-zwei\n+TWO\n")
    assert (files, rules) == ({}, ["diff-does-not-apply"])
    finding = read(f"{T}diff\n{HEAD}@@ -1,2 +1,2 @@\n one\n-zwei\n+TWO\n{T}\n", base=BASE).malformed[0]
    assert "no line 'zwei'" in finding.message


def test_two_possible_places_are_a_finding() -> None:
    head = "--- a/b.sql\n+++ b/b.sql\n"
    assert patched(head + "@@ @@\n-x\n+y\n") == ({}, ["diff-does-not-apply"])
    assert patched(head + "@@ -2 +2 @@\n-x\n+y\n") == ({"b.sql": "x\ny\nx\n"}, [])


def test_one_bad_hunk_leaves_the_file_alone() -> None:
    good, bad = "@@ -1 +1 @@\n-one\n+ONE\n", "@@ -5 +5 @@\n-nope\n+x\n"
    assert patched(HEAD + good + bad) == ({}, ["diff-does-not-apply"])


def test_a_diff_of_a_file_that_is_not_there() -> None:
    assert patched("--- a/z.py\n+++ b/z.py\n@@ -1 +1 @@\n-a\n+b\n") == ({}, ["diff-without-base"])


def test_a_deletion_is_said_and_not_done() -> None:
    assert patched("--- a/b.sql\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-x\n-x\n-x\n") == ({}, ["deletion-ignored"])


def test_an_unsafe_target() -> None:
    assert patched("--- a/x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n") == ({}, ["unsafe-path"])


def test_a_diff_applies_to_the_answers_own_earlier_version() -> None:
    text = f"{T}python n.py\na\n{T}\n{T}diff\n--- a/n.py\n+++ b/n.py\n@@ -1 +1 @@\n-a\n+b\n{T}\n"
    assert read(text).draft == Draft.of({"n.py": "b\n"})


def test_a_patch_file_is_a_file() -> None:
    text = f"{T}diff fix.patch\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n{T}\n"
    assert read(text).draft.paths == ("fix.patch",)


LINES = st.lists(st.text("ab-+ @", min_size=0, max_size=4), max_size=12)


@settings(deadline=None)
@given(LINES, LINES)
def test_what_difflib_writes_is_applied(before: list[str], after: list[str]) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    made = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), "a/f.py", "b/f.py")
    diff = "".join(made)
    if not diff:
        return
    answer = read(f"{T}diff\n{diff}{T}\n", base=Draft.of({"f.py": old}))
    assert answer.malformed == ()
    assert answer.draft == Draft.of({"f.py": new})
