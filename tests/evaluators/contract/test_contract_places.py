"""Where the parts of a contract are: each place is worked out when it is asked for, and is the written one."""

from __future__ import annotations

import json
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.contract.parts import Source
from evaluators.contract.source import read


def place(source: Source, *tokens: str) -> tuple[int, int]:
    """Line and column."""
    found = source.locate(tokens)
    return found.line, found.column


def yaml(text: str) -> Source:
    """A YAML source that could be read."""
    source = read("openapi.yaml", textwrap.dedent(text).lstrip("\n"))
    assert source.data is not None
    return source


def test_places_of_yaml_with_merged_repeated_and_shared_parts() -> None:
    source = yaml("""
        base: &base
          kept: 1
          lost: 2
        list: [one, &two two, *two, {in: three}]
        made:
          <<: *base
          lost: 3
          own: *base
        twice: 1
        twice: 2
    """)
    assert source.data["made"] == {"kept": 1, "lost": 3, "own": {"kept": 1, "lost": 2}}
    assert source.data["twice"] == 2
    assert place(source) == (1, 1)
    assert place(source, "made", "kept") == (2, 3)
    assert place(source, "made", "lost") == (7, 3)
    assert place(source, "made", "own", "lost") == (3, 3)
    assert [place(source, "list", str(index)) for index in range(4)] == [(4, 8), (4, 13), (4, 13), (4, 29)]
    assert place(source, "list", "3", "in") == (4, 30)
    assert place(source, "twice") == (10, 1)
    assert place(source, "made", "nowhere", "else") == (5, 1)
    assert place(source, "list", "9") == (4, 1)
    assert [(problem.rule, problem.at.line) for problem in source.problems] == [("repeated-key", 10)]
    assert "already on line 9" in source.problems[0].message


def test_the_first_of_several_merged_mappings_wins() -> None:
    source = yaml("""
        one: &one {a: 1}
        two: &two {a: 2, b: 2}
        both:
          <<: [*one, *two]
          c: 3
    """)
    assert source.data["both"] == {"a": 1, "b": 2, "c": 3}
    assert place(source, "both", "c") == (5, 3)


@pytest.mark.parametrize("text", ["a: &x [*x]", "a: *none", "a: 1\n---\nb: 2", "[1]: 2", "a: !own 1", "- 1", ""])
def test_what_is_no_json_data_is_refused(text: str) -> None:
    assert read("openapi.yaml", text).data is None


def test_aliases_that_grow_without_bound_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    source = read("openapi.yaml", "\n".join(lines))
    assert source.data is None and "expands to more than" in source.problems[0].message


DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(max_size=4), DATA, max_size=4), st.sampled_from((None, 0, 2)), st.booleans())
def test_every_place_of_a_json_text_is_where_its_entry_is_written(data: object, indent: int | None, wide: bool) -> None:
    text = json.dumps(data, indent=indent, separators=(" ,\r", "\t:\n") if wide else None)
    source = read("openapi.json", text)
    assert source.data == data and not source.problems
    lines = text.split("\n")
    decode = json.JSONDecoder().raw_decode

    found: dict[tuple[str, ...], tuple[int, int]] = {}

    def held(value: object, tokens: tuple[str, ...]) -> None:
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in entries:
            line, column = found[*tokens, str(key)] = place(source, *tokens, str(key))
            at = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
            assert decode(text, at)[0] == (key if isinstance(value, dict) else inner)
            held(inner, (*tokens, str(key)))

    held(data, ())
    # In whatever order they are asked for: containers are opened only as far as they must be.
    again = read("openapi.json", text)
    assert {tokens: place(again, *tokens) for tokens in reversed(found)} == found
