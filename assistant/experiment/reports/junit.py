"""The report as JUnit XML: a suite a recipe and arm, a case a rung and request, and the comparison as a suite."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from assistant.experiment.comparing import Comparison
from assistant.experiment.judging import Row
from assistant.experiment.reports.words import because, counted, headline, line, moved
from assistant.experiment.results import Results, Status, TrialResult
from assistant.experiment.summing import When, in_order, made, score_of, title_of
from evaluators.report import State

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(results: Results, comparison: Comparison | None = None) -> str:
    """XML as the readers of Jenkins, GitLab and GitHub's actions take it.

    A case is what became of a rung in all samples of a request, after repair (of a static look:
    in the first answers). It fails where one failed, is skipped with the reason where one
    was left unverified, and passes otherwise. What is stale or missing is skipped, what is broken
    is an error. In the suite `comparison` a rung fails where it is shown to be worse than before, and
    what shows nothing is skipped.
    """
    top = ET.Element("testsuites", {"name": "backwright eval"})
    by: dict[tuple[str, str], list[TrialResult]] = defaultdict(list)
    for trial in results.trials:
        by[trial.key.recipe, trial.key.arm].append(trial)
    when: When = "first" if results.depth == "static" else "final"
    for (recipe, arm), trials in sorted(by.items()):
        name = f"{line(recipe)} ({line(arm)})"
        seconds = sum(trial.proof_seconds for trial in trials)
        _suite(top, name, _cases(name, trials, when), seconds)
    if comparison is not None:
        suite = _suite(top, "comparison", [_compared(row, comparison) for row in comparison.whole.rows], 0.0)
        ET.SubElement(suite, "system-out").text = _legal(headline(comparison))
    for count in ("tests", "failures", "errors"):
        top.set(count, str(sum(int(suite.get(count, 0)) for suite in top)))
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _suite(top: ET.Element, name: str, cases: Iterable[ET.Element], seconds: float) -> ET.Element:
    """Add a suite with its counts."""
    suite = ET.SubElement(top, "testsuite", {"name": _legal(name)})
    suite.extend(cases)
    found = suite.findall("testcase")
    suite.set("tests", str(len(found)))
    for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(kind) is not None for case in found)))
    suite.set("time", f"{seconds:.3f}")
    return suite


def _cases(suite: str, trials: list[TrialResult], when: When) -> Iterable[ET.Element]:
    """The cases of a recipe and arm: the rungs of each request, then what could not be scored."""
    by: dict[str, list[TrialResult]] = defaultdict(list)
    for trial in sorted(trials, key=lambda trial: (trial.key.model, made(trial.key.sample))):
        by[trial.key.case].append(trial)
    for request, of in sorted(by.items()):
        scored = [trial for trial in of if trial.status is Status.SCORED]
        scores = [score for trial in scored if (score := score_of(trial, when))]
        for rung in in_order(name for score in scores for name in score.rungs):
            yield _case(suite, request, rung, scored, when)
        for trial in of:
            if trial.status is not Status.SCORED:
                yield _unscored(suite, request, trial)


def _case(suite: str, request: str, rung: str, scored: list[TrialResult], when: When) -> ET.Element:
    """A rung of one request."""
    case = _element(suite, f"{request}: {title_of(rung)}")
    told = []
    states = []
    for trial in scored:
        score = score_of(trial, when)
        mark = score.rungs.get(rung) if score else None
        if mark is not None:
            states.append(mark.state)
            reason = f": {line(mark.reason)}" if mark.reason else ""
            told.append(f"{line(trial.key.model)}, sample {line(trial.key.sample)}: {mark.state.value}{reason}")
    failed = sum(state is State.FAILED for state in states)
    unverified = [text for text, state in zip(told, states, strict=True) if state is State.UNVERIFIED]
    if failed:
        message = f"{failed} of {counted(len(states), 'answer')} failed"
        ET.SubElement(case, "failure", {"type": _legal(rung), "message": message}).text = _legal("\n".join(told))
    elif unverified:
        ET.SubElement(case, "skipped", {"message": _legal(f"unverified: {unverified[0]}")}).text = _legal(
            "\n".join(told)
        )
    return case


def _unscored(suite: str, request: str, trial: TrialResult) -> ET.Element:
    """A trial that counts in no rate."""
    case = _element(
        suite, f"{request}: {line(trial.key.model) or 'no model'}, sample {line(trial.key.sample) or 'none'}"
    )
    kind = "error" if trial.status is Status.BROKEN else "skipped"
    about = {"type": trial.status.value, "message": _legal(f"{trial.status.value}: {line(trial.why)}")}
    ET.SubElement(case, kind, about)
    return case


def _compared(row: Row, comparison: Comparison) -> ET.Element:
    """A measure of the comparison."""
    case = _element("comparison", row.spoken)
    told = ", ".join(part for part in (moved(row), because(row, comparison)) if part)
    if comparison.fails(row):
        ET.SubElement(case, "failure", {"type": "worse", "message": _legal(told)}).text = _legal("\n".join(row.worse))
    elif row.verdict in ("better", "no-worse", "worse"):
        ET.SubElement(case, "system-out").text = _legal(f"{row.verdict}: {told}")
    else:
        ET.SubElement(case, "skipped", {"type": row.verdict, "message": _legal(f"{row.verdict}: {told}")})
    return case


def _element(suite: str, name: str) -> ET.Element:
    """A case."""
    return ET.Element("testcase", {"classname": _legal(suite), "name": _legal(line(name)), "time": "0.000"})


def _legal(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold, escaped or not."""
    return _ILLEGAL.sub("?", text)
