"""What there is to record: samples that are missing, stale or unfinished, of the chosen cases and arms."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.arms import RECIPE
from assistant.case import Case
from assistant.errors import UsageError
from assistant.experiment.checking import Examined, Kind
from assistant.experiment.holdings import Held
from assistant.experiment.plan import Choice
from assistant.library import Library, Recipe

MISSING, STALE, UNFINISHED = "missing", "stale", "unfinished"


@dataclass(frozen=True)
class Task:
    """One sample to record."""

    recipe: str
    case: str
    arm: str
    sample: str
    sentence: str = ""
    why: str = MISSING
    """`missing`; `stale`: all of what is there gives way; `unfinished`: what is there is gone on with."""

    def __str__(self) -> str:
        """In one line."""
        return f"{self.recipe}/{self.case}/{self.arm}/{self.sample}"


def tasks(library: Library, examined: Examined, choice: Choice, model: str, samples: int) -> list[Task]:
    """What there is to record, first samples first.

    Raises:
        UsageError: a filter names a recipe or an arm that is not there, or nothing is left.
    """
    for name in choice.recipes:
        library.get(name)
    known = examined.prompts.arms
    odd = next((arm for arm in choice.arms if arm not in known), None)
    if odd is not None:
        raise UsageError(f"there is no arm {odd!r}", f"there are {', '.join(known)}")
    found: list[tuple[int, Task]] = []
    cases = 0
    for recipe, name, case in _cases(library, examined, choice):
        cases += 1
        for arm in choice.arms or known:
            owner = recipe.id if arm == RECIPE else arm
            there = [each for each in examined.held if (each.arm, each.owner, each.case) == (arm, owner, name)]
            bare = Task(recipe.id, name, arm, "", case.sentence)
            found += enumerate(_wanted(bare, there, examined, choice.samples, model, samples))
    if not cases and not examined.prompts.broken:
        raise UsageError("no case is left by these filters", "backwright show RECIPE lists a recipe's cases")
    found.sort(key=lambda pair: (pair[0], pair[1].recipe, pair[1].case, pair[1].arm))
    return [task for _, task in found if task.sample]


def _cases(library: Library, examined: Examined, choice: Choice) -> Iterator[tuple[Recipe, str, Case]]:
    """The chosen cases; a recipe whose cases cannot be read has none."""
    for recipe in library.recipes.values():
        for name, case in examined.prompts.cases.get(recipe.id, {}).items():
            if choice.takes(recipe, name, case):
                yield recipe, name, case


def _wanted(
    bare: Task, there: Sequence[Held], examined: Examined, named: tuple[str, ...], model: str, samples: int
) -> Iterator[Task]:
    """A task for each sample; without a sample's name where nothing is to be done."""
    mine = {each.sample: each for each in there if each.label is not None and each.label.model == model}
    taken = {each.sample for each in there}
    wanted = named or tuple(str(number) for number in range(1, samples + 1))
    spare = deque(sorted((name for name in mine if name not in wanted), key=lambda name: (len(name), name)))
    for name in wanted:
        sample = name
        if name in taken and name not in mine and not named:
            # Another model's: its recordings are not ours to replace.
            free = (str(number) for number in range(1, len(taken) + samples + 2))
            sample = spare.popleft() if spare else next(each for each in free if each not in {*taken, *wanted})
        taken.add(sample)
        if sample not in mine:
            yield replace(bare, sample=sample)
            continue
        why = _why(mine[sample], bare.sentence, examined.places.get(str(mine[sample].path), frozenset()))
        yield replace(bare, sample=sample, why=why) if why else bare


def _why(held: Held, sentence: str, kinds: frozenset[Kind]) -> str:
    """Why a recording is recorded again or gone on with, or nothing."""
    label = held.label
    if Kind.ORPHANED in kinds:
        # One that lies in the wrong place is somebody's, and is to be moved and not overwritten.
        at_home = label is not None and (label.case, label.sample) == (held.case, held.sample)
        return STALE if at_home and label is not None and label.sentence != sentence else ""
    if Kind.STALE in kinds:
        return STALE
    return UNFINISHED if kinds & {Kind.UNFINISHED, Kind.PARTLY} else ""
