"""Presets, levels, exclusions, suppressions, the baseline: what remains, and the state that follows."""

from __future__ import annotations

import pytest

from evaluators import baseline
from evaluators.baseline import BaselineError, Entry, entries_of, parse, render, stale
from evaluators.catalogue import ENGINES, ids, known, load_all, stage_of
from evaluators.finding import Finding, Location, Severity, said_once
from evaluators.policy import Level, Policy, Suppression, closing, matches, presets_of, settled
from evaluators.report import Means, Reason, StageResult, State, judged
from evaluators.rule import REGISTRY

load_all()

ERROR, WARNING, INFO = Severity
RULE = "missing-primary-key"


def finding(
    rule: str = RULE, severity: Severity = ERROR, at: str = "schema.sql", line: int = 3, symbol: str = "t"
) -> Finding:
    return Finding(rule, severity, Location(at, line, 5), symbol, f"{symbol} is wrong.")


def allowed(*rules: str, reason: str = "a log", path: str = "schema.sql", line: int = 3) -> Suppression:
    return Suppression(Location(path, line, 30), rules, reason, False, (line, 0), (line, 999))


def result(*findings: Finding, stage: str = "sql", doubt: Reason | None = None) -> StageResult:
    return judged(stage, findings, detail="3 statements", unverified=doubt)


def test_without_a_word_everything_stays() -> None:
    before = result(finding(), finding("float-money", WARNING))
    assert settled(before, Policy()) == before


@pytest.mark.parametrize(
    ("policy", "left", "state"),
    [
        (Policy(levels=(Level(RULE, off=True),)), [], State.PASSED),
        (Policy(levels=(Level(RULE, WARNING),)), [WARNING], State.PASSED),
        (Policy(levels=(Level(RULE, exclude=("*.sql",)),)), [], State.PASSED),
        (Policy(levels=(Level(RULE, exclude=("old/**",)),)), [ERROR], State.FAILED),
        (Policy(levels=(Level(RULE, symbols=("t*",)),)), [], State.PASSED),
        (Policy(levels=(Level(RULE, symbols=("audit_*",)),)), [ERROR], State.FAILED),
        (Policy(levels=(Level("float-money", off=True),)), [ERROR], State.FAILED),
        (Policy(suppressions=(allowed(RULE),)), [], State.PASSED),
        (Policy(suppressions=(allowed(RULE, reason=""),)), [ERROR], State.FAILED),
        (Policy(suppressions=(allowed(RULE, line=4),)), [ERROR], State.FAILED),
        (Policy(suppressions=(allowed(RULE, path="b.sql"),)), [ERROR], State.FAILED),
        (Policy(suppressions=(allowed("float-money", RULE),)), [], State.PASSED),
        (Policy(baseline={finding().fingerprint: 1}), [], State.PASSED),
        (Policy(baseline={"0" * 16: 1}), [ERROR], State.FAILED),
    ],
)
def test_what_remains_of_an_error(policy: Policy, left: list[Severity], state: State) -> None:
    after = settled(result(finding()), policy)
    assert [each.severity for each in after.findings] == left
    assert (after.stage.state, after.stage.reason, after.stage.detail) == (state, None, "3 statements")
    silent = policy.level(RULE).off or left
    assert len(after.suppressed) == (0 if silent else 1)


@pytest.mark.parametrize(("fail_on", "state"), [(ERROR, State.PASSED), (WARNING, State.FAILED), (INFO, State.FAILED)])
def test_what_fails_is_ones_own_choice(fail_on: Severity, state: State) -> None:
    assert settled(result(finding(severity=WARNING)), Policy(fail_on=fail_on)).stage.state is state
    assert settled(result(), Policy(fail_on=fail_on)).stage.state is State.PASSED


def test_a_suppressed_error_leaves_what_it_hid() -> None:
    policy = Policy(suppressions=(allowed(RULE, "sql-not-parsed", "schema-does-not-run"),))
    crashed = settled(result(finding(), doubt=Reason.RULE_CRASHED), policy)
    assert (crashed.stage.state, crashed.stage.reason) == (State.UNVERIFIED, Reason.RULE_CRASHED)
    unread = settled(result(finding("sql-not-parsed")), policy)
    assert (unread.stage.state, unread.stage.reason) == (State.UNVERIFIED, Reason.SUPPRESSED)
    refused = settled(result(finding("schema-does-not-run"), stage="database"), policy)
    assert (refused.stage.state, refused.stage.reason) == (State.UNVERIFIED, Reason.SUPPRESSED)
    assert "no proof" in refused.stage.detail
    lowered = settled(result(finding("sql-not-parsed")), Policy(levels=(Level("sql-not-parsed", INFO),)))
    assert lowered.stage.reason is Reason.SUPPRESSED
    mixed = settled(result(finding("sql-not-parsed"), finding(line=9)), policy)
    assert mixed.stage.state is State.FAILED


def test_an_unverified_stage_stays_unverified_and_a_failure_comes_first() -> None:
    doubtful = result(finding(severity=WARNING), doubt=Reason.NOT_PARSED)
    assert settled(doubtful, Policy()).stage == doubtful.stage
    failed = settled(doubtful, Policy(fail_on=WARNING))
    assert (failed.stage.state, failed.stage.reason, failed.doubt) == (State.FAILED, None, Reason.NOT_PARSED)


def test_a_place_of_the_finding_is_as_good_as_its_own() -> None:
    two = Finding(
        "float-money", ERROR, Location("openapi.yaml", 9), "p", "Wrong.", places=(Location("schema.sql", 3, 7),)
    )
    assert settled(result(two), Policy(suppressions=(allowed("float-money"),))).findings == ()


def several(*names: str) -> Finding:
    """A finding that stands for several, as a rule yields it that tells a habit once."""
    places = [Location("schema.sql", line, 3, name) for line, name in enumerate(names, 1)]
    return Finding(RULE, ERROR, places[0], "schema.sql", f"{len(names)} are wrong.", places=tuple(places[1:]))


def test_of_a_finding_for_several_one_can_be_allowed_excluded_or_known() -> None:
    before = several("a.x", "b.x", "c.x", "audit.x")
    policy = Policy(
        levels=(Level(RULE, symbols=("audit.*",)),),
        suppressions=(allowed(RULE, line=1),),
        baseline={Finding(RULE, ERROR, Location("schema.sql", 9), "c.x", "").fingerprint: 1},
    )
    after = settled(result(before), policy)
    (left,) = after.findings
    assert [part.symbol for part in left.parts] == ["b.x"] and left.location.line == 2
    assert left.message == "4 are wrong. 3 of these do not count."
    assert [(each.finding.symbol, each.means) for each in after.suppressed] == [
        ("a.x", Means.COMMENT), ("c.x", Means.BASELINE), ("audit.x", Means.CONFIGURATION),
    ]  # fmt: skip
    assert after.stage.state is State.FAILED
    entries = entries_of([result(before)])
    assert [each.symbol for each in entries] == ["a.x", "audit.x", "b.x", "c.x"]
    known_all = Policy(baseline=baseline.known(entries))
    assert settled(result(before), known_all).findings == ()
    assert stale(entries, [settled(result(before), known_all)], known_all, ALL, "b") == []
    new = settled(result(several("a.x", "b.x", "c.x", "audit.x", "new.x")), known_all).findings
    assert [part.symbol for each in new for part in each.parts] == ["new.x"]


def test_a_comment_at_one_of_many_places_does_not_allow_the_others() -> None:
    places = tuple(Location("schema.sql", line) for line in range(3, 9))
    many = Finding(RULE, ERROR, Location("schema.sql", 2), "t", "Wrong.", places=places)
    assert settled(result(many), Policy(suppressions=(allowed(RULE, line=5),))).findings == (many,)
    assert settled(result(many), Policy(suppressions=(allowed(RULE, line=2),))).findings == ()


def test_presets_are_the_rules_own_word() -> None:
    strict = next(rule for rule in REGISTRY.values() if rule.strict and not rule.security)
    secure = next(rule for rule in REGISTRY.values() if rule.security and not rule.strict)
    plain = next(rule for rule in REGISTRY.values() if not rule.security and not rule.strict)
    shown = {
        preset: {
            each.rule
            for each in settled(
                result(*(finding(rule, WARNING) for rule in (strict.id, secure.id, plain.id, "sql-not-parsed"))),
                Policy(preset=preset),
            ).findings
        }
        for preset in ("recommended", "strict", "security")
    }
    assert shown["recommended"] == {secure.id, plain.id, "sql-not-parsed"}
    assert shown["strict"] == {strict.id, secure.id, plain.id, "sql-not-parsed"}
    assert shown["security"] == {secure.id, "sql-not-parsed"}
    assert Policy(levels=(Level(strict.id, WARNING),)).in_force(strict.id)
    assert presets_of("ruff-s608") == ("recommended", "strict", "security")
    assert presets_of("ruff-f821") == ("recommended", "strict")


def test_no_rule_of_taste_is_an_error() -> None:
    assert [rule.id for rule in REGISTRY.values() if rule.strict and rule.severity is ERROR] == []


ALL = frozenset({"sql", "code"})


def test_a_suppression_that_did_nothing_is_told_where_its_rule_ran() -> None:
    policy = Policy(
        suppressions=(
            allowed(RULE),
            allowed(RULE, line=8),
            allowed("float-money", reason="", line=9),
            allowed("no-such-rule", line=9),
        )
    )
    after = settled(result(finding()), policy)
    closed = closing([after], policy, ALL, [])
    assert closed is not None
    assert [(each.rule, each.symbol, each.location.line) for each in closed.findings] == [
        ("unused-suppression", RULE, 8)
    ]
    assert (closed.stage.name, closed.stage.state, closed.stage.detail) == (
        "suppressions",
        State.PASSED,
        "1 by comment",
    )
    nowhere = closing([after], policy, frozenset(), [])
    assert nowhere is not None and nowhere.findings == ()
    silenced = Policy(suppressions=policy.suppressions, levels=(Level(RULE, off=True),))
    assert closing([], silenced, ALL, []) is None
    failing = closing([after], Policy(suppressions=policy.suppressions, fail_on=WARNING), ALL, [])
    assert failing is not None and failing.stage.state is State.FAILED


def test_nothing_to_say_is_no_stage() -> None:
    assert closing([result(finding())], Policy(), ALL, []) is None


def test_the_baseline_knows_a_finding_and_its_count() -> None:
    twice = Finding(RULE, ERROR, Location("a.sql", 1), "t", "Wrong.", places=(Location("a.sql", 5),))
    entries = entries_of([result(twice, finding())])
    assert entries == (Entry("a.sql", RULE, "t", 2), Entry("schema.sql", RULE, "t", 1))
    policy = Policy(baseline=baseline.known(entries))
    after = settled(result(twice, finding()), policy)
    assert after.findings == () and {each.means for each in after.suppressed} == {Means.BASELINE}
    assert after.stage.state is State.PASSED
    thrice = Finding(
        RULE, ERROR, Location("a.sql", 1), "t", "Wrong.", places=(Location("a.sql", 5), Location("a.sql", 6))
    )
    assert settled(result(thrice), policy).findings == (thrice,)
    assert entries_of([after]) == entries


def test_the_baseline_reads_what_it_writes_in_one_order() -> None:
    entries = (Entry("b.sql", "x-y", "ü.a"), Entry("a.sql", "x-y", 'q"', 3))
    assert parse(render(entries)) == tuple(sorted(entries))
    assert render(entries) == render(reversed(entries))
    assert len(render(entries).splitlines()) == 5 + 2
    assert parse(render(())) == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [3]}', "[" * 9999,
             '{"version": 1, "findings": [{"path": "a", "rule": "b", "symbol": "c", "count": 0}]}',
             '{"version": 1, "findings": [{"path": "a", "rule": "b"}]}'],
)  # fmt: skip
def test_what_is_no_baseline_is_one_line(text: str) -> None:
    with pytest.raises(BaselineError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_entries_that_no_longer_occur_are_told_so_that_the_file_shrinks() -> None:
    gone = Entry("schema.sql", RULE, "gone")
    entries = (Entry("schema.sql", RULE, "t"), gone, Entry("a.py", "hard-coded-secret", "x"))
    told = stale(entries, [result(finding())], Policy(), frozenset({"sql"}), "baseline.json")
    assert [(each.rule, each.severity, each.evidence) for each in told] == [("stale-baseline-entry", INFO, str(gone))]
    assert stale(entries[:1], [result(finding())], Policy(), ALL, "b") == []
    off = Policy(levels=(Level(RULE, off=True),))
    assert stale(entries, [result()], off, frozenset({"sql"}), "b") == []
    less = (Entry("schema.sql", RULE, "t", 2),)
    assert len(stale(less, [result(finding())], Policy(), ALL, "b")) == 1


@pytest.mark.parametrize(
    ("path", "glob", "fits"),
    [
        ("legacy/a/b.sql", "legacy/**", True),
        ("legacy/a/b.sql", "legacy/*", False),
        ("legacy/b.sql", "legacy/*", True),
        ("legacy/a/b.sql", "legacy/", True),
        ("legacy/a/b.sql", "*.sql", True),
        ("legacy/a/b.sql", "b.sql", True),
        ("legacy/a/b.sql", "legacy/**/b.sql", True),
        ("legacy/b.sql", "legacy/**/b.sql", True),
        ("old_legacy/b.sql", "legacy/**", False),
        ("legacy.sql", "legacy/**", False),
        ("a+b.sql", "a+b.sql", True),
        ("axb.sql", "a?b.sql", True),
        ("db/v1/a.sql", "./db/v?/a.sql", True),
    ],
)
def test_globs(path: str, glob: str, fits: bool) -> None:
    assert matches(path, glob) is fits


def test_many_findings_of_one_cause_are_one_with_its_places() -> None:
    def on(n: int, message: str = "{0} is narrow.", severity: Severity = WARNING) -> Finding:
        symbol = f"t{n}.id"
        return Finding("narrow-key", severity, Location("a.sql", n), symbol, message.format(symbol))

    alike = [on(n) for n in range(1, 4)]
    (one,) = said_once(alike)
    assert one.symbol == "*" and [place.symbol for place in one.parts] == ["t1.id", "t2.id", "t3.id"]
    assert one.message == "t1.id is narrow. The same holds at 2 more places."
    assert one.fingerprint == said_once([*alike[:1], on(9), on(8)])[0].fingerprint
    assert said_once([one]) == (one,)
    assert len(said_once(alike[:2])) == 2
    assert len(said_once([on(n, severity=ERROR) for n in range(9)])) == 9
    different = [on(n, "{0} is narrow, " + "x" * n) for n in range(1, 5)]
    assert len(said_once(different)) == 4
    (many,) = said_once([*different, on(9)])
    assert many.message == "t1.id is narrow, x There are 4 more of this kind."


def test_every_id_that_a_finding_carries_is_known() -> None:
    import ast
    from pathlib import Path

    root = Path(__file__).parents[2] / "evaluators"
    said: set[str] = set()
    for file in root.rglob("*.py"):
        if "harness" in file.parts or "reference" in file.parts or "answer" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                first = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "rule")]
                said |= {each.value for each in first if isinstance(each, ast.Constant)}
    assert len(said) > 20
    assert {each for each in said if not known(each)} - {"artifact-missing"} == set()
    assert len(set(ids())) == len(list(ids()))
    assert {stage_of(each) for each in ids()} <= {
        *ENGINES,
        "sql",
        "contract",
        "code",
        "cross",
        "migrations",
        "queries",
        "breaking",
        "probes",
    }
