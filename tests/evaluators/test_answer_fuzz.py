"""Never an exception, never a path outside; our own format is read back as it was written."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluators.answer import Answer, join, normal, read, render
from evaluators.draft import Artifact, Draft, UnsafePath, safe_path

T = "```"
PATHS = (
    "app/main.py",
    "README.md",
    "../x.py",
    "/etc/x.py",
    "schema.sql",
    ".env",
    "Dockerfile",
    "a.json",
    "APP/main.py",
)

PIECES = st.one_of(
    st.sampled_from(
        (
            T, "````", "~~~", f"{T}python", f"{T}markdown", f"{T}diff", f"   {T}", f"1. {T}sql", f"> {T}", "    ", "- ",
            "# ", "**", "`", "--- a/", "+++ b/", "@@ -1,2 +3 @@", "@@", "-", "+", " ", "\n", "\n\n", "\r\n",
            "\0", "\ufeff", "\u2028", "# ...", "rest unchanged", '{"files": [', '"path": "', "}", "]", ":", "File: ",
            'title="', '"""', "\ud800",
        )
    ),
    st.sampled_from(PATHS),
    st.text(max_size=8),
)  # fmt: skip
MARKDOWN = st.lists(st.one_of(PIECES, PIECES.map(lambda piece: piece + "\n")), max_size=40).map("".join)


def holds(answer: Answer) -> None:
    """What is true of every answer."""
    assert answer.draft.paths == tuple(dict.fromkeys(answer.draft.paths))
    for artifact in answer.draft:
        assert safe_path(artifact.path) == artifact.path
        assert artifact.text == normal(artifact.text)
        artifact.text.encode()
    for finding in answer.malformed:
        "".join((finding.symbol, finding.message, finding.evidence, finding.location.path)).encode()
    assert answer.draft.paths or answer.malformed


@settings(deadline=None)
@given(st.text())
@example("{" * 3000)
@example('[{"path": ' * 1200)
@example("> " * 400 + T)
def test_any_text_is_read(text: str) -> None:
    holds(read(text))


@settings(max_examples=300, deadline=None)
@given(MARKDOWN, st.booleans())
def test_any_markdown_is_read(text: str, complete: bool) -> None:
    base = Draft.of({"app/main.py": "a\nb\n", "b.sql": "x\n"})
    holds(read(text, base=base, complete=complete))


@settings(max_examples=200, deadline=None)
@given(MARKDOWN, MARKDOWN)
def test_any_two_parts_are_joined(first: str, rest: str) -> None:
    holds(read(join(first, rest)))


def _files(items: list[tuple[str, str]]) -> Draft:
    """A draft of the pairs that a draft can hold side by side."""
    files: dict[str, Artifact] = {}
    taken: set[str] = set()
    for path, text in items:
        try:
            artifact = Artifact.of(path, normal(text))
        except (UnsafePath, UnicodeEncodeError):
            continue
        # Parts of paths are kept apart, so that nothing collides.
        parts = {part.casefold() for part in artifact.path.split("/")}
        if not parts & taken:
            taken |= parts
            files[artifact.path] = artifact
    return Draft(tuple(files.values()))


NAMES = st.one_of(
    st.from_regex(r"[a-z]{1,6}(/[a-z_]{1,6}){0,2}\.(py|md|sql|json|yaml|toml|diff|sh)", fullmatch=True),
    st.text(min_size=1, max_size=12),
    st.text("ab./-_ `'{}=#:", min_size=1, max_size=12),
    st.sampled_from(("Dockerfile", "Makefile", ".env", "a/__init__.py", "python", "python.py", "x title=y.py", "3.14")),
)
FENCED = st.lists(
    st.sampled_from(("\n", "```\n", "````\n", "~~~\n", "```python x.py\n", "  ```\n", "text\n", "```")), max_size=8
).map("".join)
TEXTS = st.one_of(st.text(), FENCED)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=5).map(_files).filter(len))
def test_what_is_rendered_is_read_back(draft: Draft) -> None:
    answer = read(render(draft))
    assert answer.draft == draft
    assert answer.malformed == ()
    assert answer.truncated is None
    assert answer.notes == ()


def test_the_canonical_format_is_what_prompts_ask_for() -> None:
    draft = Draft.of({"app/main.py": "x = 1\n", "README.md": "```sh\nmake\n```\n"})
    assert render(draft) == ("```python app/main.py\nx = 1\n```\n\n````markdown README.md\n```sh\nmake\n```\n````\n")


@pytest.mark.parametrize(
    "path", ["a b.py", "it's.py", "`x`.py", "LICENSE", "weird", "title=a.py", "lines.py", "é/ü.py"]
)
def test_odd_names_survive(path: str) -> None:
    draft = Draft.of({path: "x\n"})
    assert read(render(draft)).draft == draft
