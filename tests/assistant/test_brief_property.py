"""`parse(say(brief)) == brief`, for every slot and for actions made of the parser's own words."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.brief import Brief, fill, parse, say, vocabulary
from assistant.errors import BriefError

WORDS = vocabulary()
ODD = (
    *sorted(WORDS.aliases),
    *(
        "to",
        "for",
        "that",
        "with",
        "using",
        "and",
        "in",
        "from",
        "not",
        "the",
        "a",
        "write",
        "create",
        "code",
        "endpoint",
        "no",
    ),
    *(
        ",",
        ".",
        ";",
        ":",
        '"',
        '""',
        "\\",
        '\\"',
        "“",
        "”",
        "(",
        ")",
        "`",
        "`x`",
        "-",
        "—",
        "/",
        "...",
        "?",
        "{{ 7 * 7 }}",
        "{% raw %}",
    ),
    *(
        "level",
        "ninja",
        "database:",
        "auth:",
        "for beginners",
        "don't",
        "/api/transfer",
        "it's",
        "café",
        "日本語",
        "🙂",
    ),
)
ACTIONS = st.one_of(
    st.lists(st.sampled_from(ODD), min_size=1, max_size=8).map(" ".join),
    st.lists(st.sampled_from(ODD), min_size=1, max_size=8).map("".join),
    st.text(max_size=40),
    st.sampled_from(
        ["transfer funds between two accounts", "register a new user", "checks for a valid JWT in the header"]
    ),
)


def _maybe(slot: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", *WORDS.values(slot)))


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    """Any brief that does not contradict itself."""
    action = " ".join("".join(c for c in draw(ACTIONS) if c.isprintable()).split()) or "x"
    said: dict[str, Any] = {
        slot: draw(_maybe(slot)) for slot in ("kind", "framework", "authentication", "level", "style")
    }
    said["action"] = action
    extra = {
        "database": draw(_maybe("database")),
        "validation": draw(_maybe("validation")),
        "hosted": draw(st.sampled_from(["", "supabase"])),
        "tools": draw(st.lists(st.sampled_from(WORDS.values("tools")), max_size=3)),
    }
    for slot, value in extra.items():
        try:
            fill(said | {slot: value})
        except BriefError:
            continue  # this one would contradict what stands already
        said[slot] = value
    return fill(said)


@settings(max_examples=400, deadline=None)
@given(briefs())
@example(fill({"action": '"quoted"'}))
@example(fill({"action": "pay, with JWT and PostgreSQL"}))
@example(fill({"action": "Django"}))
@example(fill({"action": "ends with a backslash \\"}))
@example(fill({"action": "cars", "tools": ["Redis", "pg"], "framework": "Koa"}))
@example(fill({"action": "cars", "authentication": "JWT", "tools": ["OAuth 2.0"]}))
@example(fill({"action": "cars", "tools": ["Redis"], "kind": "middleware"}))
def test_the_sentence_of_a_brief_parses_into_the_brief(brief: Brief) -> None:
    assert parse(say(brief)) == brief


@settings(max_examples=300, deadline=None)
@given(st.one_of(ACTIONS, st.text(max_size=200)))
def test_any_text_parses_or_is_one_clear_error(text: str) -> None:
    try:
        brief = parse(text)
    except BriefError as error:
        assert error.message and "\n" not in str(error)
    else:
        assert parse(say(brief)) == brief
