"""What lies behind a change: prompts, answers, findings and flipped rungs, from one evaluation to another."""

from __future__ import annotations

import difflib
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BackwrightError, UsageError
from assistant.experiment.results import Key, Results, Status, TrialResult
from assistant.experiment.summing import WHEN, When, case_of, in_order, passed, rule_of, score_of, title_of

CONTEXT = 3
"""Unchanged lines around a changed one."""

PATIENCE = 60
"""Seconds that git may take."""


@dataclass(frozen=True)
class PromptChange:
    """One template of a recipe or an arm that changed."""

    owner: str
    template: str
    diff: str
    """Unified; without lines where one of the texts was not kept."""

    @property
    def added(self) -> int:
        """Lines that came."""
        return sum(line.startswith("+") and not line.startswith("+++") for line in self.diff.split("\n"))

    @property
    def gone(self) -> int:
        """Lines that went."""
        return sum(line.startswith("-") and not line.startswith("---") for line in self.diff.split("\n"))


@dataclass(frozen=True)
class AnswerChange:
    """One trial that both sides have, whose answers or files differ."""

    key: Key
    recorded_anew: bool
    """Whether it is another recording, by its hash."""
    asked_anew: bool
    """Whether a turn's first prompt is another one, by its fingerprint."""
    added: tuple[str, ...] = ()
    """Paths of the final draft, sorted."""
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    status: tuple[Status, Status] | None = None
    """Before and after, where they differ."""


@dataclass(frozen=True)
class FindingChange:
    """A rule whose errors came or went."""

    rule: str
    when: When
    came: tuple[str, ...]
    """Cases in which it is an error now and was none, `recipe/case`."""
    went: tuple[str, ...]


@dataclass(frozen=True)
class Flip:
    """One answer that passed a rung on one side only."""

    rung: str
    title: str
    when: When
    key: Key
    better: bool
    """Whether it passes now."""
    why: str
    """What the rung says where it did not pass."""
    evidence: tuple[str, str]
    """The reports' files before and after, each relative to its results; empty where none was written."""


@dataclass(frozen=True)
class Changes:
    """What changed in one recipe as one arm asks for it."""

    recipe: str
    arm: str
    answers: tuple[AnswerChange, ...]
    findings: tuple[FindingChange, ...]
    flips: tuple[Flip, ...]
    """By rung in the order of the ladder, the worse ones first."""
    only_a: tuple[Key, ...]
    only_b: tuple[Key, ...]

    def __bool__(self) -> bool:
        return bool(self.answers or self.findings or self.flips or self.only_a or self.only_b)


@dataclass(frozen=True)
class Difference:
    """From one evaluation to another."""

    prompts: tuple[PromptChange, ...]
    changes: tuple[Changes, ...]
    """Those recipes and arms in which something changed, sorted."""
    facts: tuple[str, ...]
    """What else differs: the gate, the depth, the budget."""

    def __bool__(self) -> bool:
        return bool(self.prompts or self.changes or self.facts)


def diff(a: Results, b: Results) -> Difference:
    """What changed from `a` to `b`: by recipe and arm, and by rung."""
    one: dict[tuple[str, str], dict[Key, TrialResult]] = defaultdict(dict)
    other: dict[tuple[str, str], dict[Key, TrialResult]] = defaultdict(dict)
    for results, by in ((a, one), (b, other)):
        for trial in results.trials:
            by[trial.key.recipe, trial.key.arm][trial.key] = trial
    changes = [_changes(*owner, one[owner], other[owner]) for owner in sorted({*one, *other})]
    facts = [
        f"{what} {was} -> {now}"
        for what, was, now in (
            ("gate", a.gate, b.gate),
            ("depth", a.depth, b.depth),
            ("budget of answers", a.budget, b.budget),
        )
        if was != now
    ]
    return Difference(tuple(_prompts(a, b)), tuple(each for each in changes if each), tuple(facts))


def _prompts(a: Results, b: Results) -> Iterable[PromptChange]:
    """The templates that changed; owners that one side did not play are no change."""
    for owner in sorted(set(a.sources) & set(b.sources)):
        old, new = a.sources[owner], b.sources[owner]
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield PromptChange(owner, name, _unified(name, _text(a, old.get(name)), _text(b, new.get(name))))


def _text(results: Results, sha: str | None) -> str | None:
    """A template's text: empty where there is no such template, None where it was not kept."""
    return "" if sha is None else results.texts.get(sha)


def _unified(name: str, old: str | None, new: str | None) -> str:
    """A text diff, without a line end behind its last line."""
    if old is None or new is None:
        return ""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=CONTEXT)
    return "\n".join(lines)


def _changes(recipe: str, arm: str, one: Mapping[Key, TrialResult], other: Mapping[Key, TrialResult]) -> Changes:
    """What changed in one recipe and arm."""
    both = [(one[key], other[key]) for key in sorted(set(one) & set(other))]
    scored = [(was, now) for was, now in both if was.status is now.status is Status.SCORED]
    answers = [change for was, now in both if (change := _answer(was, now)) is not None]
    return Changes(
        recipe,
        arm,
        tuple(answers),
        tuple(_findings(scored)),
        tuple(_flips(scored)),
        tuple(sorted(set(one) - set(other))),
        tuple(sorted(set(other) - set(one))),
    )


def _answer(was: TrialResult, now: TrialResult) -> AnswerChange | None:
    """How a trial's answers differ; None where they do not."""
    old, new = was.files, now.files
    change = AnswerChange(
        now.key,
        was.cassette_sha != now.cassette_sha,
        was.prompts != now.prompts,
        tuple(sorted(set(new) - set(old))),
        tuple(sorted(set(old) - set(new))),
        tuple(sorted(path for path in set(old) & set(new) if old[path] != new[path])),
        (was.status, now.status) if was.status is not now.status else None,
    )
    told = (change.recorded_anew, change.asked_anew, change.added, change.gone, change.changed, change.status)
    return change if any(told) else None


def _findings(scored: Iterable[tuple[TrialResult, TrialResult]]) -> Iterable[FindingChange]:
    """Rules that came and went, by case: a rule is in a case where one of its compared answers has it."""
    old: dict[tuple[str, When], set[str]] = defaultdict(set)
    new: dict[tuple[str, When], set[str]] = defaultdict(set)
    for was, now in scored:
        for when in WHEN:
            first, second = score_of(was, when), score_of(now, when)
            # A score that one side lacks says nothing of what came.
            if first is not None and second is not None:
                for rule in {rule_of(finding) for finding in first.findings}:
                    old[rule, when].add(case_of(was.key))
                for rule in {rule_of(finding) for finding in second.findings}:
                    new[rule, when].add(case_of(now.key))
    for rule, when in sorted({*old, *new}):
        came, went = new[rule, when] - old[rule, when], old[rule, when] - new[rule, when]
        if came or went:
            yield FindingChange(rule, when, tuple(sorted(came)), tuple(sorted(went)))


def _flips(scored: list[tuple[TrialResult, TrialResult]]) -> Iterable[Flip]:
    """Answers that passed a rung on one side only."""
    for when in WHEN:
        there = [score.rungs for _, now in scored if (score := score_of(now, when))]
        for rung in in_order(name for rungs in there for name in rungs):
            flipped = []
            for was, now in scored:
                old, new = passed(was, when, rung), passed(now, when, rung)
                if old is None or new is None or old == new:
                    continue
                score = score_of(was if new else now, when)
                why = score.rungs[rung].reason if score else ""
                evidence = (was.evidence, now.evidence)
                flipped.append(Flip(rung, title_of(rung), when, now.key, new, why, evidence))
            yield from sorted(flipped, key=lambda flip: (flip.better, flip.key))


_REVISION = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_./@{}^~+-]{0,199}")


def results_at(revision: str, path: Path) -> Results:
    """The results in a file, or those committed at a git revision.

    Args:
        revision: a results file, or what git calls a revision (`main`, `HEAD~2`, `v1.0`).
        path: the committed results' file, for a revision.

    Raises:
        UsageError: neither such a file nor such a revision, nothing committed there, or no results in it.
        BackwrightError: git is not there, or does not answer.
    """
    try:
        there = Path(revision).is_file()
    except OSError:
        # A name that no file can have.
        there = False
    if there:
        return Results.read(Path(revision))
    if not _REVISION.fullmatch(revision) or ".." in revision:
        raise UsageError(f"{revision!r} is neither a file nor a git revision", "backwright eval --out FILE writes one")
    # The file may be gone from the working tree.
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    inside = path.absolute().relative_to(folder).as_posix()
    done = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if done.returncode:
        why = "not a file, nor a revision of the repository" if _repository(folder) else "not a file, nor is there git"
        raise UsageError(f"{revision}: {why} around {folder}")
    commit = done.stdout.decode().strip()
    done = _git(folder, "show", f"{commit}:./{inside}", "--")
    if done.returncode:
        raise UsageError(f"{revision} holds no {inside}", "only committed results can be compared by revision")
    try:
        return Results.from_dict(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = str(error).split("\n", 1)[0]
        raise UsageError(f"{revision}:{inside}: not results of an evaluation: {said}") from None


def _repository(folder: Path) -> bool:
    """Whether git knows the folder."""
    return _git(folder, "rev-parse", "--is-inside-work-tree").returncode == 0


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, without a shell. Raises BackwrightError."""
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        raise BackwrightError("git is not installed", "give a results file instead of a revision") from None
    except subprocess.TimeoutExpired:
        raise BackwrightError(f"git did not answer in {PATIENCE} s", "give a results file") from None
