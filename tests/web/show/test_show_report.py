"""A report for the page: complete, bounded, with anchors that are one each."""

from __future__ import annotations

from dataclasses import replace

from evaluators.finding import Location
from evaluators.report import Means, Reason, Report, Stage, State, Suppressed
from tests.web.stories import finding, report
from web.show.report import LONGEST_EVIDENCE, PLACES, finding_view, finding_views, report_view


def test_every_finding_is_there_once_under_its_file() -> None:
    made = report_view(report(finding(), finding(path="app/main.py", rule="other"), finding(rule="third")))
    assert [(file.path, [f.rule for f in file.findings]) for file in made.files] == [
        ("schema.sql", ["missing-primary-key", "third"]),
        ("app/main.py", ["other"]),
    ]
    assert made.words == "3 errors" and made.verdict == "failed"
    assert made.not_checked == (("stage fuzz", "the contract has no operation"),)


def test_anchors_are_one_each_even_for_the_same_fingerprint() -> None:
    views = finding_views([finding(), finding(line=9), finding()])
    assert len({view.id for view in views}) == 3


def test_what_is_too_long_says_so() -> None:
    places = tuple(Location("schema.sql", n) for n in range(1, PLACES + 8))
    view = finding_view(replace(finding(evidence="x" * (LONGEST_EVIDENCE + 1)), places=places))
    assert len(view.evidence) == LONGEST_EVIDENCE and "20,001" in view.notes[0]
    assert len(view.places) == PLACES and view.more_places == 7


def test_hostile_text_is_visible_and_a_rule_cannot_leave_its_address() -> None:
    view = finding_view(finding(rule="../x?<b>", message="a\u202e\nb", evidence="\x1b[31m"))
    assert view.rule_url == "/rules/..%2Fx%3F%3Cb%3E"
    assert view.message == "a⟨U+202E⟩ b" and view.evidence == "\u241b[31m"


def test_stages_say_why_and_what_does_not_count_is_told() -> None:
    stage = Stage("fuzz", State.UNVERIFIED, Reason.NO_SANDBOX, "bwrap is missing", 0.0)
    made = report_view(Report((stage,), (), (), (Suppressed(finding(), Means.COMMENT, "known"),)))
    assert (made.stages[0].reason, made.stages[0].detail, made.stages[0].time) == ("no-sandbox", "bwrap is missing", "")
    assert made.suppressed[0][1:] == ("comment", "known") and made.words == "nothing found"
