"""Reports that people read: terminal, Markdown, annotations, the page of quality, badges, differences."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from stories import RESULTS, hostile, passing, results, score, trial

from assistant.errors import UsageError
from assistant.experiment.comparing import Comparison, compare, compare_arms
from assistant.experiment.diffing import diff
from assistant.experiment.reports import FORMATS, render
from assistant.experiment.reports.badges import badges
from assistant.experiment.reports.changes import as_json, as_text
from assistant.experiment.reports.quality import render_docs
from assistant.experiment.reports.table import Progress, progress_line
from assistant.experiment.reports.words import headline, number, percent, probability
from assistant.experiment.results import Results, Status

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


def told(sql: int, boots: int, *, cases: int = 24, **more: object) -> Results:
    """Cases of which so many pass two rungs; `contract` always passes."""
    return results(
        (
            trial(
                f"c{n:02}",
                first=score([] if n < sql else ["float-money a.sql t.a"], contract=True, sql=n < sql, boots=n < boots),
                final=score(contract=True, sql=n < sql, boots=n < boots),
                held_out=n % 4 == 0,
                tokens=100,
            )
            for n in range(cases)
        ),
        **more,  # type: ignore[arg-type]
    )


BEFORE, AFTER = told(20, 12), told(4, 11)
REGRESSED = compare(BEFORE, AFTER)
SMALL = compare(told(6, 6, cases=8), told(5, 6, cases=8))


def test_the_formats_of_the_command() -> None:
    assert tuple(FORMATS) == ("table", "json", "junit", "markdown", "github", "html")
    with pytest.raises(UsageError, match="'pdf' is no format of an evaluation"):
        render("pdf", AFTER)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_is_shown(name: str) -> None:
    text = render(name, AFTER, REGRESSED)
    assert "SQL lints" in text and "worse" in text
    # sql of the first answers, over 24 cases.
    assert re.search(r"83 %(25)? to 17 %", text) or name == "json"
    assert text.endswith("\n") and not text.endswith("\n\n")


def test_the_headline_says_what_is_shown_and_what_is_not() -> None:
    assert headline(REGRESSED) == (
        "Shown to be worse: SQL lints (first answer), SQL lints (after repair). "
        "4 measures are undecided; 2 measures are not compared, as nearly every case passed before; "
        "1 measure is without data."
    )
    assert headline(SMALL).startswith("Nothing is shown to be better or worse. ")
    assert "undecided" in headline(SMALL)
    stale = results([trial("a", status=Status.STALE)])
    assert headline(compare(BEFORE, stale)) == "Nothing can be compared: no case is scored on both sides (1 stale)."


def rows_of(markdown: str) -> dict[str, list[str]]:
    """First cell -> the other cells, of every table."""
    found: dict[str, list[str]] = {}
    for line in markdown.split("\n"):
        if line.startswith("| "):
            first, *rest = (cell.strip() for cell in line.strip("|").split(" | "))
            found.setdefault(first.strip(), [cell.strip(" |") for cell in rest])
    return found


def test_markdown_has_the_comparison_the_rates_and_the_lists() -> None:
    text = render("markdown", AFTER, REGRESSED)
    rows = rows_of(text)
    assert rows["SQL lints (first answer)"][:2] == ["worse", "83 % to 17 %: -67 points (-82 to -44)"]
    assert rows["boots (first answer)"][0] == "undecided"
    assert rows["SQL lints"][:3] == ["17 % (7 to 36 %)", "17 % (7 to 36 %)", "24"]
    assert rows["float-money"] == ["20"]
    assert "not discriminating, since more than 90 % of the cases passed before: contract valid" in text
    assert "held-out cases apart (6)" in text
    assert "is missed with a chance of" in text


def test_undecided_says_how_many_more_cases_and_how_blind_it_is() -> None:
    text = render("markdown", told(5, 6, cases=8), SMALL)
    assert re.search(r"SQL lints \(first answer\) \| undecided \| .* \| \d+ more cases would decide, p 1.00", text)
    assert "With 8 cases, a rung that drops in 20 % of them is missed with a chance of" in text


def test_what_is_not_scored_is_listed_with_its_command() -> None:
    why = "nothing is recorded (backwright eval --record --recipe crud --case {} --arm recipe)"
    odd = [trial(name, status=Status.MISSING, why=why.format(name)) for name in ("x", "y")]
    text = render("table", results([*BEFORE.trials, *odd]))
    assert "not scored: 2 missing" in text
    # Both lie alike, and one command records both.
    assert "missing: crud, arm recipe: 2 trials" in text
    assert "backwright eval --record --recipe crud --arm recipe" in " ".join(text.split())


def test_github_annotates_what_fails_and_only_that_as_an_error() -> None:
    lines = render("github", AFTER, REGRESSED).split("\n")
    assert lines[0].startswith("::error title=worse%3A SQL lints (first answer)::83 %25 to 17 %25: -67 points")
    assert "worse in: crud/c04, crud/c05" in lines[0]
    assert [line.split(" ")[0] for line in lines[:3]] == ["::error", "::error", "::notice"]
    assert not any(line.startswith("::error") for line in render("github", AFTER, SMALL).split("\n"))


def test_amounts_that_are_not_reported_are_unknown() -> None:
    text = render("table", AFTER)
    assert "tokens 100, cost unknown" in text and "time to answer unknown" in text


def test_colour_adds_colours_and_nothing_else() -> None:
    plain, coloured = render("table", AFTER, REGRESSED), render("table", AFTER, REGRESSED, colour=True)
    assert "\x1b[" in coloured and "\x1b[" not in plain
    stripped = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.split("\n")] == plain.split("\n")


def test_progress_tells_the_time_left_from_the_mean_of_what_was_played() -> None:
    assert progress_line(0, 4, 0, 0.0) == "0 of 4 trials"
    # Two from the cache cost nothing: the two that were played took 5 s each.
    assert progress_line(4, 10, 2, 10.0) == "4 of 10 trials, 2 from the cache, about 30 s left"
    assert progress_line(1, 61, 0, 60.0) == "1 of 61 trials, about 60 min left"
    assert progress_line(10, 10, 0, 10.0) == "10 of 10 trials"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere() -> None:
    shown, silent = Terminal(), io.StringIO()
    for stream in (shown, silent):
        progress = Progress(stream)
        progress(1, 2, cached=False, seconds=120.0)
        progress(2, 2, cached=True, seconds=121.0)
        progress.close()
    assert silent.getvalue() == ""
    assert "\n" not in shown.getvalue()
    assert shown.getvalue().startswith("\r1 of 2 trials, about 2 min left\r2 of 2 trials, 1 from the cache")
    assert shown.getvalue().endswith("\r")


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1.0, "100 %"), (None, "unknown")],
)
def test_percent_says_all_and_none_of_all_and_none_alone(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_numbers() -> None:
    assert [number(value) for value in (None, 0.0, 1.5, 12.345, 1234.0)] == ["unknown", "0", "1.5", "12.3", "1,234"]
    assert [probability(p) for p in (0.0001, 0.0312, 0.5)] == ["< 0.001", "0.031", "0.50"]


# The page of quality


def both_arms() -> Results:
    bare = [replace(each, key=replace(each.key, arm="bare")) for each in told(4, 23).trials]
    fed = [replace(each, endpoint="hand-fed") for each in told(22, 22).trials]
    return results([*bare, *fed, trial("late", arm="bare", status=Status.STALE, why="changed")])


def test_the_page_of_quality_holds_both_arms_side_by_side() -> None:
    text = render_docs(both_arms(), command="backwright eval --docs")
    rows = rows_of(text)
    assert rows["SQL lints"] == ["17 % (7 to 36 %)", "92 % (74 to 98 %)", "24 and 24"]
    assert rows["SQL lints (first answer)"][0] == "better"
    for part in ("## Rates: all cases", "## Rates: tuning cases", "## Rates: held-out cases", "### Held-out cases: 6"):
        assert part in text
    assert "more than 90 % of the cases passed bare: contract valid (first answer)" in text
    assert "24 of 48 answers came through a hand-fed endpoint" in text
    assert "2026-11-20" in text and "Not scored, and in no rate: 1 stale." in text
    assert text == render_docs(both_arms(), command="backwright eval --docs")


def test_the_page_of_quality_without_a_bare_arm_says_so() -> None:
    text = render_docs(AFTER)
    assert "Nothing can be compared: no case is scored on both sides" in text
    assert "Scored with one arm only, and so not compared: crud/c00" in text


# Badges


def test_a_badge_is_of_the_recipe_and_its_newest_model() -> None:
    old = passing("sql", {"a": True, "b": True}, model="old").trials
    new = [
        replace(each, recorded="2026-11-22", endpoint="hand-fed")
        for each in passing("sql", {"a": True, "b": False}, model="new").trials
    ]
    bare = passing("sql", {"c": False}, arm="bare", recipe="logout").trials
    stale = trial("z", status=Status.STALE, model="newest", recorded="2026-11-23")
    found = badges(results([*old, *new, *bare, stale]))
    assert set(found) == {"crud"}
    badge = found["crud"]
    assert (badge.model, badge.date, badge.cases, badge.samples, badge.when) == ("new", "2026-11-22", 2, 2, "final")
    rate = badge.rung("sql")
    assert rate is not None and (rate.interval.rate, rate.interval.cases) == (0.5, 2)
    assert str(badge) == "new, 2 cases, 2026-11-22, hand-fed: SQL lints 50 % (9 to 91 %)"
    assert badges(passing("sql", {"a": True}, depth="static"))["crud"].when == "first"


# Differences


def changed() -> tuple[Results, Results]:
    was = trial("a", first=score(["old-rule x t"], sql=True), files={"a.sql": "1"}, evidence="e1.json")
    now = trial("a", first=score(["new-rule x t"], sql=False), files={"a.sql": "2"}, evidence="e2.json")
    texts = {"1": "one\n", "2": "two\n"}
    return (
        results([was], sources={"crud": {"design.md.j2": "1"}}, texts=texts),
        results([now], sources={"crud": {"design.md.j2": "2"}}, texts=texts, gate="10"),
    )


def test_a_difference_names_prompts_flips_findings_and_answers() -> None:
    text = as_text(diff(*changed()))
    lines = text.split("\n")
    assert lines[0] == "gate 9 -> 10"
    assert "prompt of crud: design.md.j2, +1 -1 lines" in lines and "  -one" in lines and "  +two" in lines
    (flip,) = (line for line in lines if "SQL lints" in line)
    assert flip.startswith("  worse ") and "crud/a/recipe/m/1" in flip and "e1.json" in flip and "e2.json" in flip
    assert "  finding new-rule, first answer: came in crud/a" in lines
    assert "  finding old-rule, first answer: went in crud/a" in lines
    assert "  answer crud/a/recipe/m/1: 1 file changed (a.sql)" in lines
    value = json.loads(as_json(diff(*changed())))
    assert value["changes"][0]["flips"][0]["rung"] == "sql"
    assert as_text(diff(AFTER, AFTER)).startswith("Nothing differs")


def test_two_arms_of_one_evaluation_fail_nothing() -> None:
    worse = results([*BEFORE.trials, *(replace(each, key=replace(each.key, arm="new")) for each in AFTER.trials)])
    found = compare_arms(worse, "recipe", "new")
    assert "Shown to be worse" in headline(found)
    assert "as nearly every case passed recipe" in headline(found)
    assert "::error" not in render("github", worse, found) and "::notice title=worse" in render("github", worse, found)


# Anything at all


def tags(markdown: str) -> Iterable[str]:
    """Raw HTML that Markdown would let through."""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "html_block":
            yield from re.findall(r"<[^>]*>", token.content)
        yield from (child.content for child in token.children or () if child.type == "html_inline")


def test_markdown_lets_no_markup_through() -> None:
    told = hostile()
    for text in (render("markdown", told, compare(told, told)), render_docs(told, one="bare", other="<u>arm</u>")):
        assert {tag.strip("</>") for tag in tags(text)} <= {"details", "summary"}


def comparisons(before: Results, after: Results) -> Iterable[Comparison | None]:
    return (None, compare(before, after), compare_arms(after))


@settings(deadline=None, max_examples=50)
@given(RESULTS, RESULTS)
def test_any_results_are_told_and_nothing_controls_the_reader(before: Results, after: Results) -> None:
    for comparison in comparisons(before, after):
        for name in ("table", "markdown", "github"):
            text = render(name, after, comparison)
            assert not CONTROL.search(text), name
            text.encode()
        assert set(tags(render("markdown", after, comparison))) <= {
            "<details>", "<summary>", "</summary>", "</details>",
        }  # fmt: skip
        commands = render("github", after, comparison).split("\n")
        assert all(re.match(r"::(error|warning|notice) title=[^:,]*::", each) for each in commands[:-2])
    assert not set(tags(render_docs(after)))
    text = as_text(diff(before, after))
    assert not CONTROL.search(text)
    json.loads(as_json(diff(before, after)).encode())
    assert set(badges(after)) <= {each.key.recipe for each in after.trials}
    assert not any("\n" in str(badge) for badge in badges(after).values())
