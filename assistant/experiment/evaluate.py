"""An evaluation: every chosen trial played on all cores, what is unchanged taken from the cache."""

from __future__ import annotations

import asyncio
import datetime
import functools
import hashlib
import json
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from multiprocessing import connection
from pathlib import Path
from typing import Any

from assistant.arms import RECIPE, as_arm
from assistant.errors import BackwrightError
from assistant.experiment.ladder import STALE
from assistant.experiment.plan import Choice, Plan, Trial, plan
from assistant.experiment.play import FULL, play
from assistant.experiment.results import Key, Results, Status, TrialResult
from assistant.library import Library, Recipe
from assistant.ordering import order_of
from evaluators.cache import Cache, default_folder
from evaluators.gate import VERSION

BUDGET = 4
"""Answers that a run may ask for, over all turns, where nothing else is said."""


LONGEST = 150
"""Characters of an evidence file's name that are taken from its trial; file systems have 255 bytes."""


@dataclass(frozen=True)
class Progress:
    """One more trial is done."""

    done: int
    of: int
    result: TrialResult
    seconds: float
    """Since the beginning."""


@dataclass(frozen=True)
class Ways:
    """How an evaluation is done."""

    depth: str = FULL
    budget: int = BUDGET
    fresh: bool = False
    """Take nothing from the cache."""
    jobs: int = 0
    """Processes; 0: one a core."""
    evidence: Path | None = None
    """A folder for each trial's reports."""


def evaluate(
    choice: Choice,
    ways: Ways | None = None,
    *,
    folders: tuple[Path, ...] = (),
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Results:
    """Play the chosen trials and judge them.

    Args:
        folders: the library's folders, weakest first; empty: the default ones.

    Raises:
        UsageError: a filter names nothing, or a case is malformed.
        BackwrightError: this machine cannot isolate what a model wrote, and `depth` is not `static`.
    """
    ways = ways or Ways()
    library = Library.load(folders) if folders else Library.load()
    folders = tuple(Path(str(folder)) for folder in library.folders)
    planned = plan(library, choice)
    if ways.depth == FULL:
        _refuse_without_sandbox()
    began = time.perf_counter()
    cache = Cache(default_folder())
    keys = {trial.key: _cache_key(cache, trial, library, ways) for trial in planned.trials}
    done: dict[Key, TrialResult] = {}

    def take(result: TrialResult, evidence: Mapping[str, Any], *, kept: bool) -> None:
        if ways.evidence is not None:
            result = replace(result, evidence=_write_evidence(ways.evidence, result, evidence))
        done[result.key] = replace(result, cached=kept)
        progress(Progress(len(done), len(planned.trials), done[result.key], time.perf_counter() - began))

    waiting: list[Trial] = []
    for trial in planned.trials:
        held = None if ways.fresh else _held(cache, keys[trial.key])
        if held is None:
            waiting.append(trial)
        else:
            take(*held, kept=True)
    for result, evidence in _played(waiting, folders, choice, ways):
        if _may_be_kept(result):
            cache.put(keys[result.key], {"result": result.as_dict(), "evidence": dict(evidence)})
        take(result, evidence, kept=False)
    return _results(planned, done, library, ways)


def _refuse_without_sandbox() -> None:
    """Raise BackwrightError where what a model wrote could not be held."""
    from evaluators.service.sandbox import available

    lacking = available()
    if lacking:
        message = f"no isolation on this machine: {lacking}"
        raise BackwrightError(message, "--static judges without running anything; `backwright doctor` says more")


# Processes


def _played(
    trials: list[Trial], folders: tuple[Path, ...], choice: Choice, ways: Ways
) -> Iterator[tuple[TrialResult, dict[str, Any]]]:
    """Play trials on all cores, as they end. One that takes its process with it is broken, and the rest go on."""
    jobs = min(ways.jobs or os.cpu_count() or 1, len(trials))
    given = {"folders": [str(folder) for folder in folders], "depth": ways.depth, "budget": ways.budget}
    left = list(trials)
    alone = False
    while left:
        # A fresh interpreter each: the gate keeps facts, and a forked one would share what it must not.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1 if alone else jobs, mp_context=context, initializer=_end_with_parent) as pool:
            running: dict[Future[tuple[dict[str, Any], dict[str, Any]]], Trial] = {}
            queue = iter([left[0]] if alone else left)
            try:
                while True:
                    for trial in _next(queue, 2 * jobs - len(running)):
                        running[pool.submit(_play, {**given, "key": asdict(trial.key)})] = trial
                    if not running:
                        break
                    ended, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in ended:
                        result, evidence = future.result()
                        left.remove(running.pop(future))
                        yield TrialResult.from_dict(result), evidence
                alone = False
            except BrokenProcessPool:
                # Whose fault it was is not known: the first one left is tried alone, then the others again.
                if alone:
                    trial = left.pop(0)
                    why = "its process ended without an answer"
                    yield TrialResult(trial.key, Status.BROKEN, why=why, cassette=trial.cassette), {}
                alone = not alone
            except BaseException:
                for future in running:
                    future.cancel()
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _end_with_parent() -> None:
    """End this process when the one that made it is gone: nobody would take its answer, nor end it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _next(queue: Iterator[Trial], most: int) -> Iterator[Trial]:
    """At most so many of a queue."""
    for _ in range(max(0, most)):
        trial = next(queue, None)
        if trial is None:
            return
        yield trial


def _play(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Play one trial in this process."""
    key = Key(**given["key"])
    library = Library.load([Path(folder) for folder in given["folders"]])
    choice = Choice((key.recipe,), (key.case,), arms=(key.arm,), models=(key.model,), samples=(key.sample,))
    trial = next(trial for trial in plan(library, choice).trials if trial.key == key)
    try:
        result, evidence = asyncio.run(play(trial, library, budget=given["budget"], depth=given["depth"]))
    except Exception as error:
        why = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        result, evidence = TrialResult(key, Status.BROKEN, why=why, cassette=trial.cassette), {}
    # A file of results names no folder of this machine.
    why = functools.reduce(lambda text, folder: text.replace(f"{folder}/", ""), given["folders"], result.why)
    return replace(result, why=why[:500]).as_dict(), evidence


# The cache


def _cache_key(cache: Cache, trial: Trial, library: Library, ways: Ways) -> str:
    """The key of all that a trial's score follows from."""
    try:
        order = order_of(trial.case.sentence, recipe=trial.key.recipe, arm=trial.key.arm, library=library)
        sources = {name: _digest(text) for name, text in sorted(_sources(order.recipe).items())}
    except BackwrightError:
        return ""
    stack = json.dumps(order.extra.get("stack", {}), sort_keys=True)
    turns = order.brief.model_dump_json() + repr((order.recipe.turns(order.brief), order.recipe.options(order.brief)))
    held = (trial.case.model_dump_json(), hashlib.sha256(trial.path.read_bytes()).hexdigest(), sources, stack, turns)
    return cache.key("trial", str(trial.key), ways.depth, ways.budget, _own_identity(), *held)


def _own_identity() -> str:
    """A hash of what plays and scores; reports and statistics read scores and make none."""
    place = Path(__file__).parent
    files = [place / f"{name}.py" for name in ("ladder", "play", "results")]
    files += [*sorted(place.parent.glob("*.py")), *sorted(place.parent.glob("model/*.py"))]
    return _digest("".join(file.read_text(encoding="utf-8") for file in files))


def _held(cache: Cache, key: str) -> tuple[TrialResult, dict[str, Any]] | None:
    """What the cache holds, if it reads."""
    value = cache.get(key) if key else None
    if not isinstance(value, dict):
        return None
    try:
        return TrialResult.from_dict(value["result"]), dict(value["evidence"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _may_be_kept(result: TrialResult) -> bool:
    """Whether a result follows from the answers and the gate alone."""
    scores = [score for score in (result.first, result.final) if score is not None]
    # What a machine could not judge may also be why the loop asked for something else than was recorded.
    machine = any(mark.machine and mark != STALE for score in scores for mark in score.rungs.values())
    return result.status in (Status.SCORED, Status.STALE) and not machine


# The file


def _results(planned: Plan, done: Mapping[Key, TrialResult], library: Library, ways: Ways) -> Results:
    """Everything in one value, in the order of keys."""
    absent = [TrialResult(key, Status.MISSING, why=_record(key)) for key in planned.missing]
    broken = [TrialResult(key, Status.BROKEN, why=why) for key, why in planned.unreadable.items()]
    trials = sorted([*done.values(), *absent, *broken], key=lambda trial: trial.key)
    sources: dict[str, dict[str, str]] = {}
    texts: dict[str, str] = {}
    for name, recipe in _asking(planned, library):
        parts = _sources(recipe)
        sources[name] = {part: _digest(text) for part, text in parts.items()}
        texts |= {_digest(text): text for text in parts.values()}
    return Results(
        trials=tuple(trials),
        depth=ways.depth,
        budget=ways.budget,
        backwright=version("backwright"),
        gate=VERSION,
        created=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        sources=sources,
        texts=texts,
    )


def _asking(planned: Plan, library: Library) -> Iterator[tuple[str, Recipe]]:
    """Each recipe and each arm that was played, once."""
    seen: set[str] = set()
    for trial in planned.trials:
        name = trial.key.recipe if trial.key.arm == RECIPE else trial.key.arm
        if name in seen:
            continue
        seen.add(name)
        recipe = library.get(trial.key.recipe)
        if trial.key.arm != RECIPE:
            order = order_of(trial.case.sentence, recipe=trial.key.recipe, library=library)
            recipe = as_arm(recipe, trial.key.arm, order.brief, library)
        yield name, recipe


def _sources(recipe: Recipe) -> dict[str, str]:
    """The templates that a recipe reaches: name -> text."""
    loader = recipe.templates.renderer.loader
    found = {name: loader.find(name) for name in recipe.check()}
    return {name: file.read_text(encoding="utf-8") for name, file in found.items() if file is not None}


def _record(key: Key) -> str:
    """Why there is no trial, and what records it."""
    return f"nothing is recorded (backwright eval --record --recipe {key.recipe} --case {key.case} --arm {key.arm})"


def _write_evidence(folder: Path, result: TrialResult, evidence: Mapping[str, Any]) -> str:
    """Write a trial's reports; the file's name in the folder. Raises BackwrightError."""
    key = result.key
    whole = "-".join((key.recipe, key.case, key.arm, key.model, key.sample))
    name = re.sub(r"[^A-Za-z0-9._-]", "_", whole)[:LONGEST]
    # Two names that read alike then are still two files.
    name += ".json" if name == whole else f"-{_digest(str(key))[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Half a surrogate pair in a model's words is written as JSON escapes it.
        text = json.dumps(evidence, indent=1, ensure_ascii=False) + "\n"
        (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise BackwrightError(f"{folder}: the evidence cannot be written: {error.strerror or error}") from None
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
