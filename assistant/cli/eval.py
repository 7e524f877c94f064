"""`backwright eval`: did a prompt get better or worse, and can we be sure?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.budget import Budget
    from assistant.experiment.comparing import Comparison
    from assistant.experiment.evaluate import Progress, Ways
    from assistant.experiment.plan import Choice
    from assistant.experiment.results import Results

FORMATS = ("table", "json", "junit", "markdown", "github", "html", "docs")

Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    group = typer.Typer(
        name="eval", help=evaluate.__doc__, invoke_without_command=True, rich_markup_mode=None, no_args_is_help=False
    )
    group.callback()(evaluate)
    group.command()(diff)
    app.add_typer(group)


def evaluate(
    context: typer.Context,
    recipe: Annotated[Many, typer.Option(help="Only this recipe; may be given again.")] = None,
    case: Annotated[Many, typer.Option(help="Only cases of this name, or glob.")] = None,
    tag: Annotated[Many, typer.Option(help="Only cases with this tag; all of them where given again.")] = None,
    held: Annotated[Many, typer.Option("--set", help="Only `tuning` or `held-out` cases.")] = None,
    arm: Annotated[Many, typer.Option(help="Only this way to ask: `recipe`, `bare`.")] = None,
    model: Annotated[Many, typer.Option(help="Only answers of this model; with --record, the model to ask.")] = None,
    sample: Annotated[Many, typer.Option(help="Only this sample.")] = None,
    static: Annotated[bool, typer.Option("--static", help="Run nothing: first answers, read and linted.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Prove everything again, whatever is kept.")] = False,
    jobs: Annotated[int, typer.Option(min=0, help="Processes, 0: one a core; with --record, runs at once, 0: 4.")] = 0,
    budget: Annotated[int, typer.Option(min=1, help="Answers that a run may ask for, over all turns.")] = 4,
    baseline: Annotated[str, typer.Option(help="Compare with these results: a file, or a git revision.")] = "",
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the results to this file.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write each trial's reports into this folder.")
    ] = None,
    format: Annotated[str, typer.Option(help=f"{', '.join(FORMATS)}.")] = "table",
    check: Annotated[bool, typer.Option("--check", help="Look at the recordings without playing them.")] = False,
    record: Annotated[bool, typer.Option("--record", help="Record what is missing or stale.")] = False,
    samples: Annotated[int, typer.Option(min=1, help="With --record: samples a case and arm.")] = 2,
    timeout: Annotated[float | None, typer.Option(help="With --record: seconds of silence; as in write.")] = None,
    retries: Annotated[int | None, typer.Option(help="With --record: how often a request is asked again.")] = None,
    answers: Annotated[int | None, typer.Option(help="With --record: budget of the whole campaign.")] = None,
    tokens: Annotated[int | None, typer.Option(help="The same, in tokens.")] = None,
    usd: Annotated[float | None, typer.Option(help="The same, in US dollars.")] = None,
    seconds: Annotated[float | None, typer.Option(help="The same, in seconds.")] = None,
) -> None:
    """Play recorded answers, prove them, and say what the prompts are worth.

    Exit 1: a rung is shown to be worse than the baseline; with --check, a recording is stale, orphaned,
    partly played or leaking.
    """
    if context.invoked_subcommand is not None:
        return
    if format not in FORMATS:
        raise UsageError(f"--format {format}: unknown", f"one of {', '.join(FORMATS)}")
    if check and record:
        raise UsageError("--check and --record do different things", "give one of them")
    choice = _choice(recipe, case, tag, held, arm, model, sample)
    if check:
        _check(choice)
    elif record:
        from assistant.budget import Budget

        asking = {"timeout": timeout, "retries": retries}
        _record(choice, asking, Budget(answers, tokens, usd, seconds), samples=samples, jobs=jobs, answers=budget)
    else:
        from assistant.experiment.evaluate import Ways

        _evaluate(choice, Ways("static" if static else "full", budget, fresh, jobs, evidence), baseline, out, format)


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="Results: a file, or a git revision.")],
    other: Annotated[str, typer.Argument(metavar="B", help="What A is compared with.")],
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
) -> None:
    """Show what changed between two evaluations: prompts, answers, findings, and the cases that flipped."""
    from assistant.experiment import committed, diffing
    from assistant.experiment.reports import changes

    if format not in ("text", "json"):
        raise UsageError(f"--format {format}: unknown", "one of text, json")
    place = committed.place(Path.cwd())
    found = diffing.diff(diffing.results_at(one, place), diffing.results_at(other, place))
    typer.echo(changes.as_json(found) if format == "json" else changes.as_text(found), nl=False)


def _choice(recipes: Many, cases: Many, tags: Many, sets: Many, arms: Many, models: Many, samples: Many) -> Choice:
    """What of the library is meant."""
    from assistant.experiment.plan import Choice

    given = (recipes, cases, tags, sets, arms, models, samples)
    return Choice(*(tuple(each or ()) for each in given))


def _record(
    choice: Choice, asking: dict[str, Any], limits: Budget, *, samples: int, jobs: int, answers: int
) -> NoReturn:
    """Record what is missing or stale of one model."""
    from assistant.cli.eval_record import record as recorded

    if len(choice.models) > 1:
        raise UsageError("--record asks one model", "give --model once")
    given = {**asking, "model": "".join(choice.models) or None}
    options = {name: value for name, value in given.items() if value is not None}
    sys.exit(recorded(choice, options, samples=samples, jobs=jobs or 4, answers=answers, limits=limits))


def _check(choice: Choice) -> None:
    """The recordings, looked at."""
    from assistant.experiment import checking
    from assistant.library import Library
    from assistant.settings import load

    problems = checking.check(Library.load(), load(), choice)
    for line in checking.lines(problems):
        typer.echo(line)
    told = ", ".join(f"{number} {kind.value}" for kind, number in checking.counts(problems).items())
    typer.echo(told or "every recording answers what is asked now, and holds no secret")
    sys.exit(1 if problems else 0)


def _evaluate(choice: Choice, ways: Ways, baseline: str, out: Path | None, format: str) -> None:
    """Play, report, compare, and leave with the verdict's exit code."""
    from assistant.experiment import committed
    from assistant.experiment.comparing import compare
    from assistant.experiment.diffing import results_at
    from assistant.experiment.evaluate import evaluate as play_all
    from assistant.experiment.reports.table import Progress as Line

    before = results_at(baseline, committed.place(Path.cwd())) if baseline else None
    line = Line()

    def told(progress: Progress) -> None:
        line(progress.done, progress.of, cached=progress.result.cached, seconds=progress.seconds)

    try:
        results = play_all(choice, ways, progress=told)
    finally:
        line.close()
    if out is not None:
        results.write(out)
    comparison = compare(before, results) if before is not None else _arms(results)
    _report(results, comparison, format)
    sys.exit(_code(results, comparison if before is not None else None))


def _arms(results: Results) -> Comparison | None:
    """The recipes beside the bare sentence, where both were played."""
    from assistant.experiment.comparing import compare_arms

    played = {trial.key.arm for trial in results.trials if trial.key.sample}
    return compare_arms(results) if {"bare", "recipe"} <= played else None


def _report(results: Results, comparison: Comparison | None, format: str) -> None:
    """The report on standard output."""
    from assistant.experiment.reports import render

    if format == "docs":
        from assistant.experiment.reports.quality import render_docs

        typer.echo(render_docs(results), nl=False)
        return
    options = {"colour": sys.stdout.isatty()} if format == "table" else {}
    typer.echo(render(format, results, comparison, **options), nl=False)


def _code(results: Results, comparison: Comparison | None) -> int:
    """1 for a regression that is shown, 4 where the machine failed, 3 where nothing could be scored, else 0.

    Two arms of one evaluation are two ways to ask; neither is a regression of the other.
    """
    from assistant.experiment.results import Status

    if comparison is not None and comparison.regressed:
        return 1
    states = {trial.status for trial in results.trials}
    if Status.BROKEN in states:
        return 4
    return 0 if Status.SCORED in states else 3
