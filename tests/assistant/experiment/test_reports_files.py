"""Reports that programs read: JSON, JUnit XML, and the page for a browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from stories import RESULTS, hostile, results, score, trial

from assistant.experiment.comparing import compare, compare_arms
from assistant.experiment.reports import render
from assistant.experiment.results import Results, Status


def told(sql: int, **more: object) -> Results:
    return results(
        (
            trial(f"c{n:02}", first=score(contract=True, sql=n < sql), final=score(contract=True, sql=n < sql))
            for n in range(24)
        ),
        **more,  # type: ignore[arg-type]
    )


BEFORE, AFTER = told(20), told(4)


# JSON


def test_json_has_the_summary_the_comparison_and_the_results() -> None:
    value = json.loads(render("json", AFTER, compare(BEFORE, AFTER)))
    assert list(value) == ["version", "summary", "comparison", "results"]
    assert Results.from_dict(value["results"]) == AFTER
    assert value["comparison"]["regressed"] is True
    rows = {(row["measure"], row["when"]): row for row in value["comparison"]["parts"][0]["rows"]}
    assert rows["sql", "first"]["verdict"] == "worse"
    assert rows["sql", "first"]["measured"]["worse"] == 16
    assert rows["sql", "first"]["rates"][1]["rate"] == pytest.approx(4 / 24)
    rates = {(rate["rung"], rate["when"]): rate for rate in value["summary"]["groups"][0]["rates"]}
    assert rates["sql", "first"]["interval"]["cases"] == 24
    assert rates["sql", "first"]["pass_at"] == {"1": pytest.approx(4 / 24)}
    assert json.loads(render("json", AFTER))["comparison"] is None


# JUnit


ALLOWED = {
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors"}, set()),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"name", "tests", "failures", "errors"},
    ),
    "testcase": ({"skipped", "error", "failure", "system-out", "system-err"}, {"name", "time", "classname"}, {"name"}),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}
"""Element -> (its children, its attributes, those that it must have).

What the schema of Jenkins' xUnit plugin (`junit-10.xsd`) allows of the elements that are written; no validator of XML
schemas is among the project's packages.
"""

TIME = re.compile(r"\d{0,3}(\d{3})*(\.\d*)?")


def assert_junit(element: ET.Element) -> None:
    """The element and all below it are as the schema wants them."""
    children, attributes, needed = ALLOWED[element.tag]
    assert {child.tag for child in element} <= children, element.tag
    assert needed <= set(element.attrib) <= attributes, element.attrib
    if "time" in element.attrib:
        assert TIME.fullmatch(element.attrib["time"])
    if element.tag in ("testsuites", "testsuite"):
        assert not (element.text or "").strip()
        for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if count in element.attrib:
                assert int(element.attrib[count]) == len(element.findall(f".//{kind}"))
        assert int(element.attrib["tests"]) == len(element.findall(".//testcase"))
    for child in element:
        assert_junit(child)


def suites(text: str) -> dict[str, dict[str, ET.Element]]:
    """Suite -> case -> element."""
    top = ET.fromstring(text)  # noqa: S314  our own text
    assert_junit(top)
    return {suite.get("name", ""): {case.get("name", ""): case for case in suite.findall("testcase")} for suite in top}


def test_a_suite_a_recipe_and_arm_and_a_case_a_rung_and_request() -> None:
    made = [
        trial("a", first=score(sql=False, boots=True), final=score(sql=True, boots="machine: no sandbox")),
        trial("a", "2", first=score(sql=False), final=score(sql=True)),
        trial("b", final=score(sql=False, boots="boot failed")),
        trial("b", "2", final=score(sql=True)),
        trial("a", arm="bare", final=score(sql=True)),
        trial("late", status=Status.STALE, why="changed"),
        trial("odd", status=Status.BROKEN, why="crashed"),
    ]
    found = suites(render("junit", results(made)))
    assert set(found) == {"crud (bare)", "crud (recipe)"}
    cases = found["crud (recipe)"]
    assert list(cases["a: SQL lints"]) == []
    skipped = cases["a: boots"].find("skipped")
    assert skipped is not None and "unverified: machine: no sandbox" in skipped.get("message", "")
    failure = cases["b: SQL lints"].find("failure")
    assert failure is not None and failure.get("message") == "1 of 2 answers failed"
    assert "sample 1: failed: some-rule" in (failure.text or "")
    unverified = cases["b: boots"].find("skipped")
    assert unverified is not None and "boot failed" in unverified.get("message", "")
    assert cases["late: m, sample 1"].find("skipped") is not None
    assert cases["odd: m, sample 1"].find("error") is not None


def test_a_static_look_tells_first_answers() -> None:
    cases = suites(render("junit", results([trial("a", first=score(sql=False))], depth="static")))["crud (recipe)"]
    assert cases["a: SQL lints"].find("failure") is not None


def test_the_comparison_fails_where_a_rung_is_worse() -> None:
    cases = suites(render("junit", AFTER, compare(BEFORE, AFTER)))["comparison"]
    failure = cases["SQL lints (first answer)"].find("failure")
    assert failure is not None and "83 % to 17 %" in failure.get("message", "")
    assert (failure.text or "").split("\n")[0] == "crud/c04"
    skipped = cases["contract valid (first answer)"].find("skipped")
    assert skipped is not None and skipped.get("type") == "not-discriminating"


# HTML


class Page(HTMLParser):
    """What a browser would see: elements that are closed as they were opened, their attributes, the text."""

    VOID = frozenset({"meta", "line", "circle", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "figure", "figcaption", "div"),
    *("svg", "text", "line", "circle", "rect", "ul", "li", "details", "summary", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""Elements that the template has."""


def assert_harmless(text: str) -> Page:
    """No element that the template has not, nothing that runs, nothing from elsewhere."""
    page = Page(text)
    assert set(page.seen) <= KNOWN
    assert page.seen["style"] == page.seen["html"] == 1
    for tag, name, value in page.attributes:
        assert not name.startswith("on") and name not in ("src", "style", "srcdoc", "action"), (tag, name)
        if name == "href":
            assert re.fullmatch(r"[\w./-]+", value) and not value.startswith(("/", ".")), value
    assert "url(" not in text and "@import" not in text and "http://" not in text and "https://" not in text
    return page


def test_the_page_is_one_file_with_charts_and_tables() -> None:
    page = assert_harmless(render("html", AFTER, compare(BEFORE, AFTER)))
    assert page.seen["svg"] == 2
    # A dot for each rung of either answer; a bar for each rung and answer.
    assert page.seen["circle"] == 4 and page.seen["rect"] == 4
    charts = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "role")]
    assert charts == ["img", "img"]
    assert ("svg", "aria-label") in {(tag, name) for tag, name, _ in page.attributes}
    words = " ".join(page.text)
    # The charts' figures stand in tables too.
    assert words.count("83 % to 17 %: -67 points (-82 to -44)") >= 2 and words.count("17 % (7 to 36 %)") == 2


def test_bars_are_as_long_as_their_rates() -> None:
    page = assert_harmless(render("html", AFTER))
    widths = [float(value.rstrip("%")) for tag, name, value in page.attributes if (tag, name) == ("rect", "width")]
    # sql and contract, first and repaired: 4 of 24 and all of the 46 percent between the labels and the figures.
    assert widths == [pytest.approx(46 * 4 / 24, abs=0.01)] * 2 + [46.0] * 2


@pytest.mark.parametrize(
    ("evidence", "linked"),
    [
        ("evidence/a-1.json", True),
        ("javascript:alert(1)", False),
        ("//evil.example/x", False),
        ("../../etc/passwd", False),
        ("a/../b", False),
        ("/etc/passwd", False),
        ("a b.json", False),
        ("", False),
    ],
)
def test_evidence_is_linked_where_it_lies_beside_the_page(evidence: str, linked: bool) -> None:
    page = assert_harmless(render("html", results([trial("a", first=score(sql=True), evidence=evidence)])))
    assert [value for _, name, value in page.attributes if name == "href"] == ([evidence] if linked else [])


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_colours_keep_the_contrast_of_wcag_aa_in_both_themes() -> None:
    template = files("assistant.experiment.reports").joinpath("page.html.j2").read_text(encoding="utf-8")
    themes = re.findall(r":root \{(.*?)\}", template, re.DOTALL)
    assert len(themes) == 2
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", theme))
        assert len(colours) == 13
        for name in ("text", "quiet", "link", "worse", "better", "unsure"):
            assert contrast(colours[name], colours["back"]) >= 4.5, name
        assert contrast(colours["text"], colours["panel"]) >= 4.5
        # What is drawn needs 3 to 1.
        for name in ("edge", "arm-0", "arm-1", "arm-2", "arm-3"):
            assert contrast(colours[name], colours["back"]) >= 3, name


def test_hostile_words_are_words() -> None:
    told = hostile()
    suites(render("junit", told, compare(told, told)))
    page = assert_harmless(render("html", told, compare(told, told)))
    assert "<img src=x onerror=alert(1)>" in "".join(page.text) and "{{ 7*7 }}" in "".join(page.text)


@settings(deadline=None, max_examples=50)
@given(RESULTS, RESULTS)
def test_any_results_give_files_that_are_well_formed(before: Results, after: Results) -> None:
    for comparison in (None, compare(before, after), compare_arms(after)):
        suites(render("junit", after, comparison))
        page = assert_harmless(render("html", after, comparison))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", "".join(page.text))
        text = render("json", after, comparison)
        text.encode()
        value = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert len(value["results"]["trials"]) == len(after.trials)
        for each in page.attributes:
            if each[1] in ("x", "x1", "x2", "cx", "width") and each[2].endswith("%"):
                assert 0 <= float(each[2].rstrip("%")) <= 100
