"""Evaluations to tell stories with: trials and results from a few words, and random ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from assistant.experiment.ladder import TITLES, Mark
from assistant.experiment.results import Key, Results, Score, Status, TrialResult
from evaluators.report import State

Said = bool | str | None
"""True: passed; False: failed; a text: unverified for that reason, by the machine where it begins with `machine`."""


def mark(said: Said) -> Mark:
    """A rung as a story says it."""
    if isinstance(said, str):
        return Mark(State.UNVERIFIED, said, said.startswith("machine"))
    return Mark(State.PASSED) if said else Mark(State.FAILED, "some-rule")


def score(findings: Iterable[str] = (), **rungs: Said) -> Score:
    """Rungs by name."""
    return Score({name: mark(said) for name, said in rungs.items()}, tuple(sorted(findings)))


def trial(
    case: str,
    sample: str = "1",
    *,
    recipe: str = "crud",
    arm: str = "recipe",
    model: str = "m",
    status: Status = Status.SCORED,
    first: Score | None = None,
    final: Score | None = None,
    **more: Any,
) -> TrialResult:
    """One trial; what is not said is as in a plain one."""
    told = {"answers": 2, "rounds": 0, "verdict": "passed", "endpoint": "live", "recorded": "2026-11-20", **more}
    return TrialResult(Key(recipe, case, arm, model, sample), status, first=first, final=final, **told)


def results(trials: Iterable[TrialResult], *, depth: str = "full", **more: Any) -> Results:
    """An evaluation of these trials."""
    told = {"budget": 4, "backwright": "0.1.0", "gate": "9", "created": "2026-11-22T03:00:00Z", **more}
    return Results(tuple(trials), depth, **told)


def passing(rung: str, by_case: Mapping[str, Said], *, final: Mapping[str, Said] | None = None, **more: Any) -> Results:
    """One rung, one sample a case."""
    kinds = ("arm", "model", "recipe", "status", "held_out")
    own = {name: more.pop(name) for name in kinds if name in more}
    return results(
        (
            trial(case, first=score(**{rung: said}), final=score(**{rung: (final or by_case)[case]}), **own)
            for case, said in by_case.items()
        ),
        **more,
    )


def drawn(
    draw: Random, rates: Mapping[str, float], cases: int, samples: int = 1, *, arm: str = "recipe", **more: Any
) -> Results:
    """Independent answers to `cases` cases, each rung passed with its rate; rounds and seconds vary."""
    made = []
    for case in range(cases):
        for sample in range(samples):
            rungs: dict[str, Said] = {rung: draw.random() < rate for rung, rate in rates.items()}
            told = {"rounds": draw.choice((0, 0, 1, 2)), "answer_seconds": draw.lognormvariate(3, 0.6)}
            both = score(**rungs)
            made.append(trial(f"c{case:02}", str(sample + 1), arm=arm, first=both, final=both, **told))
    return results(made, **more)


HOSTILE = st.sampled_from(
    (
        "plain",
        "<script>alert(1)</script>",
        "a|b`c`*d*",
        "x\n::error::injected",
        "\x1b[31mred\x00",
        "]]>&amp;\"'",
        "\u202eevil",
        "{{ 7*7 }}",
        "javascript:alert(1)",
        "\ud800\ufffe",
        "",
    )
)
NAMES = st.one_of(st.sampled_from(("a", "b", "c", "d", "e")), HOSTILE)
MARKS = st.one_of(
    st.just(Mark(State.PASSED)),
    st.just(Mark(State.PASSED)),
    st.builds(lambda why: Mark(State.FAILED, why), NAMES),
    st.builds(lambda why, machine: Mark(State.UNVERIFIED, why, machine), NAMES, st.booleans()),
)
RUNGS = st.one_of(st.sampled_from((*list(TITLES)[:4], "fuzz")), st.sampled_from(("later-rung", "<b>")))
SCORES = st.builds(
    Score,
    st.dictionaries(RUNGS, MARKS, max_size=5),
    st.lists(st.builds(lambda rule, rest: f"{rule} {rest}", NAMES, NAMES), max_size=3).map(tuple),
)
AMOUNTS = st.one_of(st.none(), st.floats(0, 1e9), st.sampled_from((float("nan"), float("inf"), 0.0)))
KEYS = st.builds(
    Key,
    st.sampled_from(("crud", "<i>r</i>")),
    NAMES,
    st.sampled_from(("recipe", "recipe", "bare", "<u>arm</u>")),
    st.sampled_from(("m", "n")),
    st.sampled_from(("1", "2", "10", "x")),
)
TRIALS = st.builds(
    TrialResult,
    KEYS,
    st.sampled_from((*[Status.SCORED] * 5, *Status)),
    held_out=st.booleans(),
    why=HOSTILE,
    first=st.one_of(st.none(), SCORES, SCORES),
    final=st.one_of(st.none(), SCORES, SCORES),
    verdict=st.sampled_from(("passed", "failed", "unverified", "")),
    answers=st.integers(0, 9),
    rounds=st.integers(0, 9),
    answer_seconds=AMOUNTS,
    proof_seconds=st.floats(0, 1e5),
    tokens=st.one_of(st.none(), st.integers(0, 10**9)),
    usd=AMOUNTS,
    endpoint=st.sampled_from(("live", "hand-fed")),
    recorded=st.sampled_from(("", "2026-11-20", "2026-11-22", "<b>")),
    cassette=HOSTILE,
    cassette_sha=NAMES,
    files=st.dictionaries(NAMES, st.sampled_from(("1", "2")), max_size=3),
    evidence=HOSTILE,
    cached=st.booleans(),
)
SOURCES = st.dictionaries(NAMES, st.sampled_from(("s1", "s2", "lost")), max_size=3)
RESULTS = st.builds(
    Results,
    st.lists(TRIALS, max_size=14, unique_by=lambda each: each.key).map(tuple),
    st.sampled_from(("full", "full", "static")),
    st.integers(0, 9),
    gate=st.sampled_from(("9", "10")),
    created=HOSTILE,
    sources=st.dictionaries(
        NAMES, st.dictionaries(NAMES, st.sampled_from(("s1", "s2", "lost")), max_size=3), max_size=3
    ),
    texts=st.just({"s1": "one\ntwo\n", "s2": "one\n<b>three</b>\x1b[0m\n"}),
)


def hostile() -> Results:
    """One answer whose every word is meant to become something else."""
    odd = "<img src=x onerror=alert(1)>\ufffe|`{{ 7*7 }}"
    one = Score({"sql": Mark(State.FAILED, odd)}, (f"{odd} a b",))
    key = Key(odd, odd, "<u>arm</u>", odd, odd)
    made = TrialResult(key, Status.SCORED, first=one, final=one, verdict=odd, reason=odd, evidence=odd)
    return results([made, TrialResult(Key(odd, "b", "<u>arm</u>", "", ""), Status.STALE, why=odd)], created=odd)
