"""Comparisons: what is shown, what is not, and what never counts."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, settings
from stories import RESULTS, drawn, passing, results, score, trial

from assistant.experiment.comparing import compare, compare_arms, summary
from assistant.experiment.results import Results, Status
from assistant.experiment.summing import made

CASES = [f"c{number:02}" for number in range(24)]


def ladder(passed: int, cases: int = 24) -> dict[str, bool]:
    return {case: number < passed for number, case in enumerate(CASES[:cases])}


def test_a_real_regression_is_shown_and_fails() -> None:
    before = passing("sql", ladder(20))
    after = passing("sql", ladder(5))
    found = compare(before, after)
    row = found.whole.row("sql")
    assert row is not None and row.rates is not None
    assert (row.verdict, found.regressed) == ("worse", True)
    assert [round(rate.rate or 0, 3) for rate in row.rates] == [0.833, 0.208]
    assert row.worse == tuple(f"crud/{case}" for case in CASES[5:20])
    assert row.adjusted is not None and row.adjusted <= 0.05
    back = compare(after, before)
    assert not back.regressed
    assert [r.verdict for r in back.whole.rows if r.measure == "sql"] == ["better", "better"]


def test_a_small_change_of_few_cases_is_undecided_and_says_how_many_more() -> None:
    before, after = passing("sql", ladder(6, 8)), passing("sql", ladder(5, 8))
    found = compare(before, after)
    row = found.whole.row("sql")
    assert row is not None
    assert (row.verdict, found.regressed) == ("undecided", False)
    assert row.more is not None and row.more > 0
    # With eight cases a drop in a fifth of them is nearly never shown, and it says so.
    assert row.missing is not None and row.missing > 0.9


def test_nothing_changed_over_many_cases_is_no_worse() -> None:
    many = results(trial(f"c{n}", first=score(sql=n % 2 == 0), final=score(sql=n % 2 == 0)) for n in range(60))
    row = compare(many, many).whole.row("sql")
    assert row is not None and row.verdict == "no-worse"


def test_a_rung_that_nearly_all_passed_is_not_compared_and_takes_no_part() -> None:
    def told(contract: int, sql: int) -> Results:
        return results(
            trial(case, first=score(contract=number < contract, sql=number < sql)) for number, case in enumerate(CASES)
        )

    found = compare(told(24, 20), told(22, 5))
    contract, sql = found.whole.row("contract"), found.whole.row("sql")
    assert contract is not None and sql is not None
    assert (contract.verdict, contract.adjusted) == ("not-discriminating", None)
    assert contract.worse == ("crud/c22", "crud/c23")
    # sql, rounds and answers; no seconds were measured.
    assert found.whole.family == 3
    assert sql.measured is not None and sql.adjusted == pytest.approx(3 * sql.measured.p)


def test_what_nearly_all_passed_and_nothing_passes_now_is_worse_all_the_same() -> None:
    found = compare(passing("boots", ladder(24)), passing("boots", ladder(4)))
    row = found.whole.row("boots")
    assert row is not None
    assert (row.verdict, found.regressed, found.whole.family) == ("worse", True, 2)
    # Two rungs, rounds and answers are what the watch is corrected for.
    assert row.measured is not None and row.adjusted == pytest.approx(4 * row.measured.p)


def test_a_watched_rung_that_fell_a_little_does_not_fail() -> None:
    found = compare(passing("boots", ladder(24)), passing("boots", ladder(19)))
    assert [row.verdict for row in found.whole.rows if row.measure == "boots"] == ["not-discriminating"] * 2
    assert not found.regressed


def test_marks_of_the_machine_count_in_no_rate() -> None:
    told = passing("boots", {"a": True, "b": False, "c": "machine", "d": "boot failed"})
    rate = summary(told).groups[0].rate("boots")
    assert rate is not None
    assert (rate.interval.cases, rate.interval.rate, rate.not_passed) == (3, pytest.approx(1 / 3), ("crud/b", "crud/d"))


def test_the_first_answers_of_a_run_that_is_stale_count_and_nothing_else_of_it() -> None:
    """It went stale in a repair, which only a first answer that failed asks for: without it the rate would rise."""
    odd = trial("z", status=Status.STALE, first=score(sql=False), final=score(sql=True), rounds=9, answers=9, why="why")
    told = results([trial("a", first=score(sql=True), final=score(sql=True), rounds=0, answers=1), odd])
    found = summary(told)
    assert found.unscored == (odd,) and found.tally.stale == 1
    group = found.groups[0]
    rate = group.rate("sql", "first")
    assert rate is not None and (rate.interval.cases, rate.interval.rate) == (2, 0.5)
    assert group.means.rounds == 0


@pytest.mark.parametrize("status", [Status.STALE, Status.MISSING, Status.BROKEN])
def test_only_scored_trials_count_and_the_others_are_listed(status: Status) -> None:
    first = None if status is Status.STALE else score(sql=False)
    odd = trial("z", status=status, first=first, final=None, why="why")
    told = results([trial("a", first=score(sql=True)), odd])
    found = summary(told)
    assert found.unscored == (odd,)
    assert getattr(found.tally, status.value) == 1 and found.tally.unscored == 1
    rate = found.groups[0].rate("sql")
    assert rate is not None and (rate.interval.cases, rate.interval.rate) == (1, 1.0)
    compared = compare(results([trial("a", first=score(sql=True)), trial("z", first=score(sql=True))]), told)
    assert compared.whole.cases == 1
    assert compared.after.unscored == (odd,)
    assert compared.before.alone == ("crud/z",)


def test_held_out_cases_are_compared_apart_and_in_the_whole() -> None:
    def told(tuning: int, held: int) -> Results:
        made = [trial(f"t{n}", first=score(sql=n < tuning)) for n in range(12)]
        return results(made + [trial(f"h{n}", first=score(sql=n < held), held_out=True) for n in range(12)])

    found = compare(told(10, 10), told(10, 0))
    assert [(part.name, part.cases) for part in found.parts] == [("all", 24), ("tuning", 12), ("held-out", 12)]
    rows = [part.row("sql") for part in found.parts]
    rates = [(row.rates[0].rate, row.rates[1].rate) for row in rows if row and row.rates]
    assert rates == [(pytest.approx(20 / 24), pytest.approx(10 / 24)), (pytest.approx(10 / 12),) * 2,
                     (pytest.approx(10 / 12), 0.0)]  # fmt: skip
    assert [row.verdict for row in rows if row] == ["worse", "undecided", "worse"]
    assert [group.part for group in summary(told(10, 10)).overall] == ["all", "tuning", "held-out"]


def test_arms_are_paired_by_case() -> None:
    told = [trial(c, arm="bare", first=score(sql=n < 4)) for n, c in enumerate(CASES)]
    told += [trial(c, first=score(sql=n < 22)) for n, c in enumerate(CASES)]
    told += [trial("only-here", first=score(sql=True))]
    found = compare_arms(results(told))
    row = found.whole.row("sql")
    assert row is not None
    assert (found.before.name, found.after.name, found.whole.cases, row.verdict) == ("bare", "recipe", 24, "better")
    assert found.after.alone == ("crud/only-here",)


def test_more_samples_on_one_side_do_not_count_against_it() -> None:
    before = results(trial(c, first=score(sql=True)) for c in CASES)
    after = results(trial(c, sample, first=score(sql=sample == "1")) for c in CASES for sample in ("10", "2", "1"))
    row = compare(before, after).whole.row("sql")
    # The first sample of each case passed; the others have nothing to be compared with.
    assert row is not None and row.worse == () and row.better == ()


def test_models_are_compared_with_themselves() -> None:
    before = results(trial(c, model="old", first=score(sql=False)) for c in CASES)
    both = results([*before.trials, *(trial(c, model="new", first=score(sql=True)) for c in CASES)])
    found = compare(before, both)
    row = found.whole.row("sql")
    assert row is not None and row.better == ()
    assert "only answers of old are compared" in found.notes[0]
    other = compare(before, results(trial(c, model="new", first=score(sql=True)) for c in CASES))
    row = other.whole.row("sql")
    assert row is not None and row.verdict == "better"
    assert "no model is on both sides" in other.notes[0]


def test_rounds_and_seconds() -> None:
    before = results(trial(c, first=score(sql=True), rounds=0, answer_seconds=10.0) for c in CASES)
    after = results(
        trial(c, first=score(sql=True), rounds=1 + n % 2, answer_seconds=15.0 + n) for n, c in enumerate(CASES)
    )
    found = compare(before, after)
    rounds, seconds = found.whole.row("rounds", None), found.whole.row("seconds", None)
    assert rounds is not None and seconds is not None and seconds.means is not None
    assert (rounds.verdict, rounds.means, seconds.verdict) == ("worse", (0.0, 1.5), "worse")
    assert seconds.means[0] == pytest.approx(10) and seconds.means[1] == pytest.approx(
        math.exp(sum(math.log(15 + n) for n in range(24)) / 24)
    )
    # More rounds are said, and fail nothing.
    assert not found.regressed


def test_a_static_look_compares_first_answers_alone() -> None:
    before, after = passing("sql", ladder(12)), passing("sql", ladder(12), depth="static")
    found = compare(before, after)
    assert {(row.measure, row.when) for row in found.whole.rows} == {("sql", "first")}
    assert any("the depth differs" in note for note in found.notes)


def test_nothing_in_common_is_no_data() -> None:
    found = compare(passing("sql", {"a": True}), passing("sql", {"b": False}))
    assert found.whole.cases == 0 and not found.regressed
    assert {row.verdict for row in found.whole.rows} == {"no-data"}


@pytest.mark.parametrize("odd", [{"alpha": 0.0}, {"power": 1.0}, {"smallest": 0.0}, {"smallest": 1.5}])
def test_settings_that_cannot_be(odd: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        compare(passing("sql", {"a": True}), passing("sql", {"a": True}), **odd)  # type: ignore[arg-type]


def test_means_are_unknown_where_one_was_not_reported() -> None:
    known = [trial("a", "1", first=score(), tokens=10, usd=1.0), trial("a", "2", first=score(), tokens=30, usd=3.0)]
    told = summary(results([*known, trial("b", first=score(), tokens=40)])).groups[0]
    # The case is the unit: a's samples count together as one.
    assert (told.means.tokens, told.means.usd, told.means.seconds, told.means.rounds) == (30.0, None, None, 0.0)


def test_pass_at_k_for_the_samples_there_are() -> None:
    told = [trial("a", s, first=score(sql=s == "1")) for s in "1234"] + [trial("b", first=score(sql=True))]
    rate = summary(results(told)).groups[0].rate("sql")
    assert rate is not None
    assert rate.pass_at == {1: pytest.approx(0.625), 2: 0.5, 3: 0.75, 4: 1.0}
    assert rate.pass_hat == {1: pytest.approx(0.625), 2: 0.0, 3: 0.0, 4: 0.0}


def test_recurring_errors_count_cases_and_not_samples() -> None:
    told = [trial("a", s, first=score(["odd a.sql t", "odd a.sql u"])) for s in "12"]
    told += [trial("b", first=score(["odd b.sql t", "rare b.sql t"]), final=score(["late x y"]))]
    assert summary(results(told)).groups[0].errors == (("odd", 2), ("rare", 1))


def test_samples_are_in_the_order_they_were_made() -> None:
    assert sorted(["10", "9", "b2", "b10", "", "²"], key=made) == ["", "9", "10", "b2", "b10", "²"]


def test_false_alarms_stay_below_alpha_over_a_thousand_pairs() -> None:
    """No difference in anything: at most alpha of the comparisons may say `worse` of a rung, and fewer do.

    The bound is alpha plus three standard errors of a thousand draws.
    """
    draw = Random(7)
    rates = {"sql": 0.8, "schema": 0.85, "contract": 0.92, "boots": 0.97, "fuzz": 0.4}
    alarms = 0
    for _ in range(1000):
        before, after = drawn(draw, rates, 12, depth="static"), drawn(draw, rates, 12, depth="static")
        alarms += compare(before, after).regressed
    assert alarms / 1000 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 1000)


def test_a_simulated_regression_is_found_as_often_as_planned() -> None:
    draw = Random(3)
    found = sum(
        compare(
            drawn(draw, {"sql": 0.85}, 24, depth="static"), drawn(draw, {"sql": 0.25}, 24, depth="static")
        ).regressed
        for _ in range(60)
    )
    assert found >= 48


@settings(deadline=None, max_examples=60)
@given(RESULTS, RESULTS)
def test_any_results_are_compared(before: Results, after: Results) -> None:
    for found in (compare(before, after), compare_arms(after)):
        for part in found.parts:
            assert part.family <= len(part.rows)
            for row in part.rows:
                for rate in row.rates or ():
                    assert rate.rate is not None and 0 <= rate.low <= rate.rate <= rate.high <= 1
                assert (row.verdict == "no-data") is (row.measured is None)
                assert row.adjusted is None or 0 <= row.adjusted <= 1
                assert row.more is None or row.more >= 1
    told = summary(after)
    assert told.tally.scored + told.tally.unscored == len(after.trials)
    for group in (*told.groups, *told.overall):
        for each in group.rates:
            assert 0 <= each.interval.low <= (each.interval.rate or 0) <= each.interval.high <= 1
            assert all(0 <= value <= 1 for value in (*each.pass_at.values(), *each.pass_hat.values()))
