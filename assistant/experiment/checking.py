"""`backwright eval --check`: what is wrong with the recordings, seen without playing one.

Everything is read as it lies there: each cassette's head, its text for secrets, and the first
prompt of each case and arm as it is rendered now. Files that have not changed since they were
last looked at are not looked at again.
"""

from __future__ import annotations

import enum
import fnmatch
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.arms import RECIPE
from assistant.case import SUFFIX, Case
from assistant.errors import BackwrightError, NoRecording, RecipeError, UsageError
from assistant.experiment.first_prompts import FirstPrompts, first_prompts
from assistant.experiment.holdings import Held, holdings
from assistant.experiment.plan import Choice
from assistant.experiment.results import Results, Status, TrialResult
from assistant.library import Library
from assistant.model.cassette import cassette_path
from assistant.settings import Settings
from assistant.yaml_file import line_in
from evaluators.cache import Cache, default_folder
from evaluators.formats._shown import line


class Kind(enum.StrEnum):
    """What is wrong; in the order in which it is told."""

    BROKEN = "does not render"
    """A recipe, an arm or a case: nothing can be said of its recordings."""
    UNREADABLE = "unreadable"
    LEAKING = "leaking"
    """It holds what looks like a secret."""
    ORPHANED = "orphaned"
    """Nothing asks for it any more."""
    STALE = "stale"
    """The first prompt of its case is another one now."""
    UNFINISHED = "unfinished"
    """Its run did not come to an end."""
    PARTLY = "partly played"
    """The committed results did not come to its end."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend. What it is not about is empty."""

    kind: Kind
    recipe: str
    arm: str
    case: str
    sample: str
    path: str
    """The file, relative to the working folder where it is below it; with its line where a line is meant."""
    message: str
    """One line."""
    command: str
    """What mends it."""


@dataclass(frozen=True)
class Examined:
    """A library's recordings and what is wrong with them."""

    held: tuple[Held, ...]
    prompts: FirstPrompts
    problems: tuple[Problem, ...]
    places: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    """A cassette's path -> the kinds of its problems."""


def check(
    library: Library, settings: Settings, choice: Choice | None = None, *, cache: Cache | None = None
) -> list[Problem]:
    """What is wrong with the recordings of the chosen cases, sorted by kind and case.

    Args:
        settings: for the secrets that must not be in a recording, and the model that commands name.
        cache: of what was looked at before; default: the user's.
    """
    examined = examine(library, settings, cache=cache)
    choice = choice or Choice()
    models = {shown(each.path): each.label.model for each in examined.held if each.label is not None}
    chosen = [
        each
        for each in examined.problems
        if _chosen(each, choice, library, examined.prompts)
        and (not choice.models or models.get(each.path) in (None, *choice.models))
    ]
    return list(_once(chosen))


def examine(library: Library, settings: Settings, *, cache: Cache | None = None) -> Examined:
    """All of a library's recordings with their problems."""
    cache = cache or Cache(default_folder())
    held = holdings(library, settings.secrets, cache)
    prompts = first_prompts(library, cache)
    results, problems = _results(library)
    problems += [_broken(library, *each) for each in prompts.errors]
    judge = _Judge(library, prompts, results, settings.model or "", _hidden(held))
    places: dict[str, frozenset[Kind]] = {}
    for each in held:
        found = list(judge.problems(each))
        problems += found
        places[str(each.path)] = frozenset(problem.kind for problem in found)
    order = list(Kind)
    problems.sort(key=lambda p: (order.index(p.kind), p.recipe, p.arm, p.case, p.sample, p.path, p.message))
    return Examined(tuple(held), prompts, tuple(problems), places)


def lines(problems: Iterable[Problem]) -> list[str]:
    """One line a problem, with the command that mends it; stale recordings of one recipe are one line."""
    shown: list[str] = []
    stale: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        if problem.kind is Kind.STALE:
            stale.setdefault((problem.recipe, problem.arm, problem.command), []).append(problem)
        else:
            shown.append(line(f"{problem.path}: {problem.message}: {problem.command}".removesuffix(": ")))
    for (recipe, arm, command), group in sorted(stale.items()):
        what = f"recipe {recipe}" if arm == RECIPE else f"arm {arm} for recipe {recipe}"
        number = f"{len(group)} cassette{'s' if len(group) > 1 else ''} to record again"
        shown.append(line(f"{what} changed: {number}: {command}"))
    return shown


def counts(problems: Iterable[Problem]) -> dict[Kind, int]:
    """How many there are of each kind, in the order of Kind; kinds without any are left out."""
    found = Counter(problem.kind for problem in problems)
    return {kind: found[kind] for kind in Kind if found[kind]}


def record_command(recipe: str, arm: str, case: str = "", sample: str = "", model: str = "") -> str:
    """The command that records what is missing or stale of a recipe, arm, case and sample."""
    words = ["--recipe", recipe]
    words += ["--arm", arm] if arm not in ("", RECIPE) else []
    for name, value in (("--case", case), ("--sample", sample), ("--model", model)):
        words += [name, value] if value else []
    return "backwright eval --record " + " ".join(map(shlex.quote, words))


class _Judge:
    """What is wrong with one cassette."""

    def __init__(
        self,
        library: Library,
        prompts: FirstPrompts,
        results: Mapping[Path, TrialResult],
        model: str,
        hidden: frozenset[Path],
    ) -> None:
        self._library, self._prompts, self._results = library, prompts, results
        self._model, self._hidden = model, hidden

    def problems(self, held: Held) -> Iterator[Problem]:
        """Each thing once: what is lost has no age, and what is stale need not be played."""
        recipe = self._recipe(held)
        place = shown(held.path)

        def problem(kind: Kind, message: str, command: str) -> Problem:
            return Problem(kind, recipe, held.arm, held.case, held.sample, place, message, command)

        gone = f"git rm {shlex.quote(place)}"
        if held.leaks:
            kinds = ", ".join(held.leaks)
            yield problem(Kind.LEAKING, f"holds {kinds}: revoke it, and take the file out of the history too", gone)
        if held.label is None:
            yield problem(Kind.UNREADABLE, held.why, gone)
            return
        lost = self._lost(held, recipe)
        if lost is not None:
            yield problem(Kind.ORPHANED, lost[0], lost[1] or gone)
            return
        if held.path in self._hidden or recipe in self._prompts.broken:
            return
        model = held.label.model if held.label.model != self._model else ""
        first = self._prompts.prints.get((recipe, held.case, held.arm))
        if first is None:
            return
        if first != held.first:
            why = "the first prompt of its case is another one now"
            yield problem(Kind.STALE, why, record_command(recipe, held.arm, model=model))
            return
        again = record_command(recipe, held.arm, held.case, held.sample, model)
        if held.label.budget and not held.label.ended:
            yield problem(Kind.UNFINISHED, "its run did not come to an end", again)
            return
        yield from self._partly(held, problem, again)

    def _recipe(self, held: Held) -> str:
        """The recipe that a cassette's case belongs to; for an arm, that of the case."""
        if held.arm == RECIPE:
            return held.owner
        owners = [name for name, cases in self._prompts.cases.items() if held.case in cases]
        said = held.label.sentence if held.label else ""
        fitting = [name for name in owners if self._prompts.cases[name][held.case].sentence == said]
        return next(iter(fitting or owners), "")

    def _lost(self, held: Held, recipe: str) -> tuple[str, str] | None:
        """Why nothing asks for a cassette, and the command where it is not to be taken away; None where it fits."""
        label = held.label
        assert label is not None  # noqa: S101  (the caller has seen to it)
        if held.arm == RECIPE and recipe not in self._library.recipes:
            return f"there is no recipe {recipe!r}", ""
        if held.arm != RECIPE and held.arm not in self._prompts.arms:
            return f"there is no arm {held.arm!r}", ""
        if not held.case:
            return "it does not lie at CASE/SAMPLE.yaml", ""
        case = self._prompts.cases.get(recipe, {}).get(held.case)
        if case is None:
            if recipe in self._prompts.broken or (held.arm != RECIPE and self._prompts.broken):
                return None
            return f"there is no case {held.case!r}", ""
        said = (label.recipe, label.case, label.sample)
        if said != (held.owner, held.case, held.sample):
            return f"its label says {'/'.join(said)}, which is not where it lies", _move(held, said)
        if label.sentence != case.sentence:
            why = "the sentence of its case is another one now"
            return why, record_command(recipe, held.arm, held.case, held.sample)
        return None

    def _partly(self, held: Held, problem: Callable[[Kind, str, str], Problem], again: str) -> Iterator[Problem]:
        """What the committed results say of these very bytes."""
        trial = self._results.get(held.path)
        if trial is None or trial.cassette_sha != held.sha:
            return
        if trial.status is Status.STALE:
            yield problem(Kind.PARTLY, f"the results call it stale: {trial.why or 'a later prompt changed'}", again)
        elif trial.unplayed:
            answers = "its last answer" if trial.unplayed == 1 else f"its last {trial.unplayed} answers"
            yield problem(Kind.PARTLY, f"the results did not come to {answers}", again)


def shown(path: Path) -> str:
    """A path as it is told: relative to the working folder where it is below it."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _move(held: Held, said: tuple[str, str, str]) -> str:
    """The command that puts a cassette where its label says, or nothing where that place is taken or none."""
    try:
        wanted = cassette_path(held.path.parents[3], *said)
    except NoRecording:
        return ""
    return "" if wanted.exists() else f"git mv {shlex.quote(shown(held.path))} {shlex.quote(shown(wanted))}"


def _hidden(held: Iterable[Held]) -> frozenset[Path]:
    """Cassettes that a later folder's of the same name and model takes the place of."""
    seen: dict[tuple[str, str, str, str, str], Path] = {}
    hidden: set[Path] = set()
    for each in held:
        if each.label is not None:
            key = (each.arm, each.owner, each.case, each.sample, each.label.model)
            if key in seen:
                hidden.add(seen[key])
            seen[key] = each.path
    return frozenset(hidden)


def _results(library: Library) -> tuple[dict[Path, TrialResult], list[Problem]]:
    """Cassette -> its trial in the committed results of its folder; results that cannot be read are problems."""
    found: dict[Path, TrialResult] = {}
    problems: list[Problem] = []
    for folder in map(Path, map(str, library.folders)):
        file = folder / "results.json"
        if not file.is_file():
            continue
        try:
            trials = Results.read(file).trials
        except UsageError as error:
            place = shown(file)
            why = error.message.removeprefix(f"{file}: ")
            command = f"backwright eval --out {shlex.quote(place)}"
            problems.append(Problem(Kind.UNREADABLE, "", "", "", "", place, why, command))
            continue
        found |= {folder / trial.cassette: trial for trial in trials if trial.cassette}
    return found, problems


_PLACE = re.compile(r"(?P<file>[^\n]+?):(?P<line>\d+): (?P<what>.+)", re.DOTALL)


def _broken(library: Library, recipe: str, case: str, arm: str, error: BackwrightError) -> Problem:
    """A recipe, case or arm that does not render, at its file and line."""
    told = _PLACE.fullmatch(error.message)
    if told and Path(told["file"]).is_file():
        place, what = f"{shown(Path(told['file']))}:{told['line']}", told["what"]
    else:
        file, number = _case_place(library, recipe, case)
        place, what = f"{shown(file)}:{number}", error.message
    what = f"{what} ({error.hint})" if error.hint else what
    words = ["backwright", "eval", "--check", "--recipe", recipe]
    return Problem(Kind.BROKEN, recipe, arm, case, "", place, line(what), shlex.join(words))


def _case_place(library: Library, recipe: str, case: str) -> tuple[Path, int]:
    """The file of a case, and the line of its sentence; the recipe's own file where there is none."""
    folder = Path(str(library.recipes[recipe].place))
    stem = case
    while stem:
        # A case of a file with parameters has the file's name and then theirs.
        file = folder / "cases" / f"{stem}{SUFFIX}"
        if file.is_file():
            try:
                return file, line_in(file, ("sentence",))
            except RecipeError:
                return file, 1
        stem = stem.rpartition(".")[0]
    return folder / "recipe.toml", 1


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems; a mistake in what many cases share once, at the first of those that were chosen."""
    told: set[tuple[str, str]] = set()
    for problem in problems:
        said = (problem.path, problem.message)
        if problem.kind is Kind.BROKEN:
            if said in told:
                continue
            told.add(said)
        yield problem


def _chosen(problem: Problem, choice: Choice, library: Library, prompts: FirstPrompts) -> bool:
    """Whether a problem is about what was chosen; what is about no case is not left out by filters on cases."""
    case: Case | None = prompts.cases.get(problem.recipe, {}).get(problem.case)
    if case is not None:
        taken = choice.takes(library.recipes[problem.recipe], problem.case, case)
    else:
        named = not problem.case or not choice.cases or any(fnmatch.fnmatchcase(problem.case, c) for c in choice.cases)
        taken = named and (not choice.recipes or problem.recipe in choice.recipes)
    of_arm = not choice.arms or problem.arm in ("", *choice.arms)
    return taken and of_arm and (not choice.samples or problem.sample in ("", *choice.samples))
