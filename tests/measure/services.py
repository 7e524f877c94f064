"""`python -m tests.measure.services`: what the whole gate finds of defects planted in running services.

tests/corpus/services/NAME/good/            a known-good service (a recorded one may lie in projects/NAME/good)
tests/corpus/services/NAME/findings.toml    what is said about it, each finding judged
tests/corpus/services/NAME/defects/*.patch  one defect each, under a header of `# key: value` lines

A defect is found when a finding that the good service does not get has a rule
which `service_classes.toml` names for the defect's class.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from tests.measure import plain
from tests.measure.corpus import PROJECTS, CorpusError
from tests.measure.defects import SERVICES, Mutant, mutants, services
from tests.measure.quiet import judged_in
from tests.measure.renamed import PARTS, Change, new_findings
from tests.measure.running import FUZZ, WHOLE, Again, Run, Told, probed, run

CLASSES = Path(__file__).with_name("service_classes.toml")
MISSED = Path(__file__).with_name("services_missed.toml")
"""The defects that are known to be missed; any other one that is missed breaks the measure."""
RENAMED = Path(__file__).with_name("services_renamed.toml")
"""What is known besides of services under other names: what is missed, and what is said of good ones."""
RUNNING = frozenset({"database", "boot", "probes", "fuzz"})
"""The stages that run a service. The others read it, and may read from words what something is."""
GOAL = 0.95
FUZZED = frozenset({"authentication-ignored"})
"""The rules of the stage `fuzz` that are right for a class."""


@dataclass
class Good:
    """What was said about a good service."""

    service: str
    run: Run
    unjudged: list[Told] = field(default_factory=list)
    false: list[Told] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    change: str = ""
    """What was done to it under `--renamed`."""

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """(rule, symbol) of everything that was said."""
        return frozenset(mark for told in self.run.told for mark in told.marks)


@dataclass
class Outcome:
    """What happened with one mutant."""

    mutant: Mutant
    found: list[str] = field(default_factory=list)
    """The right rules that fired; empty: missed."""
    stages: list[str] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    fault: str = ""
    seconds: float = 0.0


def classes() -> dict[str, tuple[str, frozenset[str]]]:
    """Class -> its title and the rules that are right for it."""
    if not CLASSES.exists():
        return {}
    read = tomllib.loads(CLASSES.read_text(encoding="utf-8"))
    return {name: (about["title"], frozenset(about["rules"])) for name, about in read.items()}


def heard(service: str, good: Path, change: Change | None = None) -> Good:
    """What the gate says about a good service, held against what was judged: by rule alone where it is changed."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, service)
        shutil.copytree(good, folder)
        said = change.made(folder).said() if change else ""
        done = run(folder, RUNNING if change else WHOLE)
    told = Good(service, done, change=said)
    # What reading finds of a recorded service is judged beside its design.
    own = judged_in(SERVICES / service / "findings.toml")
    judged = judged_in(PROJECTS / service / "findings.toml") | own
    if change:
        told.unjudged = [
            each
            for each in new_findings(done.told, frozenset(judged), by_rule=True)
            if f"{service} {each.rule}" not in known_renamed("said")
        ]
        return told
    for each in done.told:
        verdicts = {judged.get(mark) for mark in each.marks}
        if None in verdicts and verdicts - {None} == set():
            told.unjudged.append(each)
        elif "false" in verdicts:
            told.false.append(each)
    told.stale = [f"{rule} {symbol}" for rule, symbol in own if (rule, symbol) not in told.marks]
    return told


def tried(
    mutant: Mutant,
    before: frozenset[tuple[str, str]],
    right: frozenset[str],
    replay: bool,
    change: Change | None = None,
) -> Outcome:
    """Plant the defect and look at what is new.

    Only what could count is run: the probes that are right for the class, and where they
    find nothing, the fuzzer if one of its rules is right. No probe sees what another did.
    """
    outcome = Outcome(mutant)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            folder = mutant.applied(Path(scratch, mutant.service))
            if change:
                change.made(folder)
        except (CorpusError, LookupError, SyntaxError) as error:
            outcome.fault = str(error)
            return outcome
        done = probed(folder, right, before, replay)
        new = new_findings(done.told, before, by_rule=change is not None)
        outcome.fault, outcome.again = done.fault, done.again
        if not new and right & FUZZED:
            fuzzed = [told for told in run(folder, FUZZ).told if told.rule in right]
            new = new_findings(fuzzed, before, by_rule=change is not None)
        outcome.found = sorted({told.rule for told in new})
        outcome.stages = sorted({told.stage for told in new})
    outcome.seconds = time.perf_counter() - began
    return outcome


def main() -> int:
    """Measure, print the tables, and return 1 where a promise is broken."""
    options = _options()
    began = time.perf_counter()
    chosen = {name: good for name, good in services().items() if not options.service or name in options.service}
    right = {name: rules for name, (_, rules) in classes().items()}
    change = Change(options.seed, tuple(options.renamed.split(","))) if options.renamed else None
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        good = list(pool.map(heard, chosen, chosen.values(), [change] * len(chosen)))
        marks = {each.service: each.marks for each in good}
        planted = [m for name, folder in chosen.items() for m in mutants(name, folder) if options.only in m.slug]
        waiting = [
            pool.submit(tried, m, marks[m.service], right.get(m.kind, frozenset()), options.replay, change)
            for m in planted
        ]
        outcomes = [each.result() for each in waiting]
        # A race may be lost on a busy machine: what was found before gets a second try, alone.
        for number, each in enumerate(outcomes):
            if not each.found and each.mutant.name not in expected(change):
                m = each.mutant
                again = pool.submit(tried, m, marks[m.service], right.get(m.kind, frozenset()), options.replay, change)
                outcomes[number] = again.result()
    _tell_good(good)
    _tell_classes(outcomes)
    plain.tell(each.mutant for each in outcomes)
    _tell_missed(outcomes)
    print(f"\n{time.perf_counter() - began:.0f} s")
    if options.json:
        value = {"good": {g.service: g.run.states for g in good}, "mutants": [_value(each) for each in outcomes]}
        options.json.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    return _verdict(good, outcomes, expected(change))


def known_missed() -> frozenset[str]:
    """`service/defect` of those that are known to be missed."""
    return frozenset(tomllib.loads(MISSED.read_text(encoding="utf-8"))["missed"])


def known_renamed(what: str) -> frozenset[str]:
    """What is known of services under other names: `missed` defects, or `SERVICE RULE` that is `said` of a good one."""
    return frozenset(tomllib.loads(RENAMED.read_text(encoding="utf-8"))[what])


def expected(change: Change | None) -> frozenset[str]:
    """The defects that are known to be missed, under their own names or under others."""
    return known_missed() | (known_renamed("missed") if change else frozenset())


def _options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.services", description=__doc__)
    parser.add_argument("service", nargs="*", help="only these services")
    parser.add_argument("--only", default="", help="only mutants whose name holds this")
    parser.add_argument("--replay", action="store_true", help="run the shell lines of what was found")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    every = ",".join(PARTS)
    parser.add_argument("--renamed", nargs="?", const=every, default="", help=f"judge them changed: {every}, or some")
    parser.add_argument("--seed", type=int, default=1, help="what the other names are drawn by")
    parser.add_argument("--jobs", type=int, default=2, help="services at a time")
    return parser.parse_args()


def _value(outcome: Outcome) -> dict[str, object]:
    """A mutant's outcome for a machine."""
    about = outcome.mutant
    return {"service": about.service, "defect": about.slug, "class": about.kind, "held_out": about.held_out,
            "found_by": outcome.found, "stages": outcome.stages, "fault": outcome.fault,
            "again": [asdict(each) for each in outcome.again], "seconds": round(outcome.seconds, 1)}  # fmt: skip


def _tell_good(good: Iterable[Good]) -> None:
    """The findings on good services, and how long each took."""
    print(f"{'good service':<12}{'findings':>9}{'false':>7}{'unjudged':>10}{'stale':>7}{'seconds':>9}  probes")
    for each in good:
        counts = (len(each.run.told), len(each.false), len(each.unjudged), len(each.stale))
        state = each.run.fault or f"{each.run.states.get('probes', '-')}, {each.run.detail.get('probes', '')}"
        line = f"{each.service:<12}{counts[0]:>9}{counts[1]:>7}{counts[2]:>10}{counts[3]:>7}{each.run.whole:>9.1f}"
        print(f"{line}  {state[:110]}")
    for each in good:
        if each.change:
            print(f"  {each.service}: {each.change}")
        for told in (*each.false, *each.unjudged):
            print(f"  {each.service}: {told.severity} {told.rule} {told.symbol}: {told.message[:120]}")
        for text in each.stale:
            print(f"  {each.service}: judged, but no longer said: {text}")


def _tell_classes(outcomes: Sequence[Outcome]) -> None:
    """Recall by class and by set."""
    titles = {name: title for name, (title, _) in classes().items()}
    print(f"\n{'class':<26}{'found':>8}{'held-out':>10}  title")
    for kind in sorted({each.mutant.kind for each in outcomes}):
        of = [each for each in outcomes if each.mutant.kind == kind]
        held_of = _ratio([each for each in of if each.mutant.held_out])
        print(f"{kind:<26}{_ratio(of):>8}{held_of:>10}  {titles.get(kind, 'no class')}")
    held = [each for each in outcomes if each.mutant.held_out]
    open_ones = [each for each in outcomes if not each.mutant.held_out]
    print(f"\nfound {_ratio(outcomes)}; held-out {_ratio(held)}, open {_ratio(open_ones)}")
    shown = [again for each in outcomes for again in each.again]
    if shown:
        print(f"shown again by their own lines: {sum(each.shown for each in shown)}/{len(shown)}")
    if outcomes:
        print(f"a mutant takes {statistics.median(each.seconds for each in outcomes):.1f} s (median)")


def _ratio(of: Sequence[Outcome]) -> str:
    return f"{sum(bool(each.found) for each in of)}/{len(of)}" if of else "-"


def _tell_missed(outcomes: Iterable[Outcome]) -> None:
    """What was not found, with what else was said; faults; and lines that did not show a finding again."""
    for each in outcomes:
        if not each.found:
            fault = f"; {each.fault}" if each.fault else ""
            title = "" if each.mutant.held_out else f": {each.mutant.title}"
            print(f"  missed: {each.mutant.name} ({each.mutant.kind}){title}{fault}")
        for again in each.again:
            if not again.shown:
                print(f"  not shown again: {each.mutant.name} {again.rule}: {again.seen}")


def _verdict(good: Iterable[Good], outcomes: Sequence[Outcome], known: frozenset[str]) -> int:
    """1 where a good service is not quiet, a defect is missed that is not known to be, or lines show nothing."""
    broken = [each.service for each in good if each.false or each.unjudged or each.stale or each.run.fault]
    if broken:
        print(f"not quiet, or not judged: {', '.join(broken)}", file=sys.stderr)
    by_class: dict[str, bool] = {}
    for each in outcomes:
        by_class[each.mutant.kind] = by_class.get(each.mutant.kind, False) or bool(each.found)
    never = sorted(kind for kind, found in by_class.items() if not found)
    if never:
        print(f"classes never found: {', '.join(never)}")
    if sum(bool(each.found) for each in outcomes) < GOAL * len(outcomes):
        print(f"recall {_ratio(outcomes)} is below the goal, {GOAL:.0%}")
    missed = {each.mutant.name for each in outcomes if not each.found}
    lost = sorted(missed - known)
    if lost:
        print(f"missed, and not known to be: {', '.join(lost)}", file=sys.stderr)
    won = sorted({each.mutant.name for each in outcomes if each.found} & known)
    if won:
        print(f"found by now, to be taken out of the list of what is missed: {', '.join(won)}")
    not_shown = [again for each in outcomes for again in each.again if not again.shown]
    return 1 if broken or lost or not_shown else 0


if __name__ == "__main__":
    sys.exit(main())
