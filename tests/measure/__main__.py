"""`python -m tests.measure`: how quiet the static gate is on good work, and what it finds of planted defects."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.measure import peers
from tests.measure.corpus import Planted, Project, acceptance, classes, planted, projects
from tests.measure.quiet import Quiet, heard, stubs
from tests.measure.recall import Outcome, tried

GOAL = 0.95
"""Share of the planted defects that the gate must find."""

PARTS = ("schema", "migrations", "queries", "contract", "code", "cross")


def main() -> int:
    """Measure, print the tables, and return 1 where a promise is broken."""
    options = _options()
    began = time.perf_counter()
    chosen = [each for each in (*projects(), *acceptance()) if not options.project or each.name in options.project]
    with ThreadPoolExecutor(options.jobs) as pool:
        quiet = list(pool.map(heard, chosen))
        if options.stubs:
            print("\n".join(f"# {each.project}\n{stubs(each.unjudged)}" for each in quiet if each.unjudged))
            return 0
        outcomes = list(pool.map(_tried(quiet), _defects(chosen)))
    _tell_quiet(quiet)
    _tell_recall(outcomes)
    if not options.project:
        peers.tell(outcomes)
    print(f"\n{time.perf_counter() - began:.0f} s")
    if options.json:
        options.json.write_text(json.dumps(_as_value(quiet, outcomes), indent=2) + "\n", encoding="utf-8")
    return _verdict(quiet, outcomes)


def _options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure", description=__doc__)
    parser.add_argument("project", nargs="*", help="only these projects")
    parser.add_argument("--stubs", action="store_true", help="print the unjudged findings as entries to fill in")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--jobs", type=int, default=2, help="checks at a time")
    return parser.parse_args()


def _defects(chosen: Iterable[Project]) -> list[tuple[Planted, Path]]:
    """Each planted defect with its good project's folder."""
    return [(defect, project.folder) for project in chosen if project.folder for defect in planted(project)]


def _tried(quiet: Iterable[Quiet]):  # type: ignore[no-untyped-def]
    """A function that tries one defect, given what was said about the good projects."""
    before = {each.project: frozenset(said.fingerprint for said in each.said) for each in quiet}
    rules = {name: right for name, (_, right) in classes().items()}

    def run(given: tuple[Planted, Path]) -> Outcome:
        defect, good = given
        return tried(defect, good, before[defect.project], rules)

    return run


def _tell_quiet(quiet: Iterable[Quiet]) -> None:
    """The findings on good projects."""
    print(f"{'good project':<24}{'findings':>9}{'errors':>8}{'false':>7}{'unjudged':>10}{'stale':>7}")
    for each in quiet:
        errors = sum(said.severity == "error" for said in each.said)
        counts = (len(each.said), errors, len(each.false), len(each.unjudged), len(each.stale))
        print(f"{each.project:<24}{counts[0]:>9}{counts[1]:>8}{counts[2]:>7}{counts[3]:>10}{counts[4]:>7}")
    for each in quiet:
        for said in (*each.false, *each.unjudged):
            print(f"  {each.project}: {said}")
        for text in each.stale:
            print(f"  {each.project}: judged, but no longer said: {text}")


def _tell_recall(outcomes: list[Outcome]) -> None:
    """Recall by part and by set, then by class, then what was missed."""
    print(f"\n{'part':<14}{'planted':>9}{'found':>7}{'recall':>8}{'held-out':>12}")
    for part in (*PARTS, ""):
        of = [each for each in outcomes if part in ("", each.defect.part)]
        held = [each for each in of if each.defect.held_out]
        if of:
            print(f"{part or 'all':<14}{len(of):>9}{_found(of):>7}{_share(of):>8}{_found(held):>6}/{len(held):<5}")
    titles = {name: title for name, (title, _) in classes().items()}
    print(f"\n{'class':<16}{'found':>9}  title")
    for kind in sorted({each.defect.kind for each in outcomes}):
        of = [each for each in outcomes if each.defect.kind == kind]
        print(f"{kind:<16}{f'{_found(of)}/{len(of)}':>9}  {titles.get(kind, 'unknown class')}")
    missed = [each for each in outcomes if not each.found]
    for each in missed:
        print(f"  missed: {each.defect.project}/{each.defect.slug} ({each.defect.kind}): {each.defect.title}")


def _found(of: Iterable[Outcome]) -> int:
    """How many were found."""
    return sum(bool(each.found) for each in of)


def _share(of: list[Outcome]) -> str:
    """Recall in percent."""
    return f"{100 * _found(of) / len(of):.0f}%" if of else "-"


def _as_value(quiet: Iterable[Quiet], outcomes: Iterable[Outcome]) -> dict[str, object]:
    """The figures as JSON."""
    return {
        "quiet": {each.project: {"findings": len(each.said), "false": len(each.false)} for each in quiet},
        "defects": [
            {
                "project": each.defect.project,
                "defect": each.defect.slug,
                "class": each.defect.kind,
                "held_out": each.defect.held_out,
                "found_by": list(each.found),
                "also": list(each.other),
            }
            for each in outcomes
        ],
    }


def _verdict(quiet: Iterable[Quiet], outcomes: list[Outcome]) -> int:
    """1 where a good project has a false, unjudged or stale finding, or recall is below the goal."""
    broken = [each.project for each in quiet if each.fails]
    if broken:
        print(f"not quiet, or not judged: {', '.join(broken)}", file=sys.stderr)
    low = bool(outcomes) and _found(outcomes) < GOAL * len(outcomes)
    if low:
        print(f"recall {_share(outcomes)} is below {GOAL:.0%}", file=sys.stderr)
    return 1 if broken or low else 0


if __name__ == "__main__":
    sys.exit(main())
