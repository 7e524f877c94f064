"""`backwright write` and `backwright resume`: a sentence becomes a proved change in a project."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant.cli.options import Slots, slot_options, stages_named

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.check_session import CheckSession
    from assistant.cli.view import View
    from assistant.events import Finished
    from assistant.session import Session
    from evaluators.report import State

Into = Annotated[Path | None, typer.Option("--into", help="The project's folder that gets the change.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Land without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the change and land nothing.")]
Accept = Annotated[
    list[str] | None,
    typer.Option("--accept-unverified", metavar="STAGE", help="Land although this stage could not be proved."),
]
Stream = Annotated[bool, typer.Option("--stream", help="Show the answer word for word as it arrives.")]


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(slot_options(write))
    app.command()(resume)


def write(
    sentence: Annotated[str, typer.Argument(help="The request, in the formula or in your own words.")],
    slots: Slots,
    into: Into = None,
    recipe: Annotated[str, typer.Option(help="Use this recipe instead of the one that fits best.")] = "",
    model: Annotated[str, typer.Option(help="The model's name; `recorded` plays recordings, without key.")] = "",
    base_url: Annotated[str, typer.Option(help="An OpenAI-compatible endpoint.")] = "",
    api: Annotated[str, typer.Option(help="chat or responses.")] = "",
    timeout: Annotated[float | None, typer.Option(help="Seconds of silence before a request is given up.")] = None,
    retries: Annotated[int | None, typer.Option(help="How often a failed request is asked again.")] = None,
    rounds: Annotated[int | None, typer.Option(help="Budget: answers, over all turns.")] = None,
    tokens: Annotated[int | None, typer.Option(help="Budget: tokens.")] = None,
    usd: Annotated[float | None, typer.Option(help="Budget: money, in US dollars.")] = None,
    seconds: Annotated[float | None, typer.Option(help="Budget: time for answers and proofs.")] = None,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Carry prompts and answers by hand, as files.")] = False,
    by_hand_folder: Annotated[Path, typer.Option(help="Where those files are.")] = Path(".backwright/by-hand"),
    record: Annotated[bool, typer.Option("--record", help="Record the answers into the recipe's cassettes.")] = False,
    case: Annotated[str, typer.Option(help="The case to record or to play.")] = "",
    sample: Annotated[str, typer.Option(help="The sample to record or to play.")] = "",
    arm: Annotated[str, typer.Option(help="Ask as this arm of an evaluation does: `bare`.")] = "",
    accept_unverified: Accept = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    stream: Stream = False,
) -> None:
    """Write a backend from one sentence, prove it, and land it in a project.

    Exit 0 passed, 1 failed, 3 unverified. Nothing lands that has not been proved.
    """
    from assistant.session import Wish, begin, open_journal
    from assistant.settings import load

    given: dict[str, Any] = {
        "model": model or None,
        "base_url": base_url or None,
        "api": api or None,
        "timeout": timeout,
        "retries": retries,
        "max_rounds": rounds,
        "max_total_tokens": tokens,
        "max_usd": usd,
        "max_seconds": seconds,
        "backend": "by-hand" if by_hand else None,
    }
    wish = Wish(
        sentence=sentence,
        slots=slots,
        recipe=recipe,
        into=str(into.absolute()) if into else "",
        accepted=stages_named(accept_unverified),
        settings={name: value for name, value in given.items() if value is not None},
        by_hand=str(by_hand_folder.absolute()) if by_hand else "",
        record=record,
        case=case,
        sample=sample,
        arm=arm,
    )
    with open_journal(load(wish.settings, project=into)) as journal:
        view = _view(stream)
        session = begin(wish, journal, view.waiting)
        _go(session, view, into, yes=yes, dry_run=dry_run)


def resume(
    run: Annotated[str, typer.Argument(help="A run's id, or the beginning of it.")],
    yes: Yes = False,
    dry_run: DryRun = False,
    stream: Stream = False,
) -> None:
    """Go on with a run that was stopped; what was answered is not asked again."""
    from assistant.session import again, open_journal
    from assistant.settings import load

    with open_journal(load()) as journal:
        view = _view(stream)
        record = journal.get(run)
        if record.kind == "check":
            from assistant.check_session import CheckSession

            _check(CheckSession(journal, record), view)
        session = again(run, journal, view.waiting)
        into = Path(session.wish.into) if session.wish.into else None
        _go(session, view, into, yes=yes, dry_run=dry_run)


def _view(stream: bool) -> View:
    """A view on standard output."""
    from rich.console import Console

    from assistant.cli.view import View

    return View(Console(highlight=False, markup=False), stream=stream)


def _go(session: Session, view: View, into: Path | None, *, yes: bool, dry_run: bool) -> None:
    """Play the run, land what may land, and leave with the verdict's exit code."""
    import signal

    from assistant.cli.check import exit_code

    try:
        verdict = _play(session, view, into, yes=yes, dry_run=dry_run)
    except KeyboardInterrupt:
        view.console.print(f"\nstopped; go on with: backwright resume {session.record.id}", soft_wrap=True)
        raise
    finally:
        # All is stored; closing the history is not worth a second interruption.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(exit_code(verdict))


def _check(session: CheckSession, view: View) -> NoReturn:
    """Play a check that was begun on a page, and leave with the verdict's exit code."""
    import asyncio

    from assistant.cli.check import exit_code

    view.console.print(f"Check {session.record.id}: {session.record.sentence}", style="bold", soft_wrap=True)
    finished = asyncio.run(view.follow(session.events()))
    _proved(finished, view.console)
    sys.exit(exit_code(finished.report.verdict))


def _play(session: Session, view: View, into: Path | None, *, yes: bool, dry_run: bool) -> State:
    """The run on the screen, then the landing; the verdict."""
    import asyncio

    from assistant.session import may_land

    console = view.console
    _opening(session, console)
    finished = asyncio.run(view.follow(session.events()))
    _closing(session, finished, console)
    why_not = may_land(finished.outcome, finished.report, frozenset(session.wish.accepted))
    if why_not:
        console.print(f"nothing landed: {why_not}", soft_wrap=True)
    elif into is None:
        console.print(f"to land it: backwright apply {session.record.id} --into DIR", soft_wrap=True)
    else:
        from assistant.cli.land import land

        land(finished.draft, session.evidence(), session.record.id, into, console, yes=yes, dry_run=dry_run)
    return finished.report.verdict


def _opening(session: Session, console: Console) -> None:
    """What was understood, by which recipe and model; defaults are marked."""
    console.print(f"Run {session.record.id}", style="bold")
    for slot, text, silent in session.order.brief.rows:
        console.print(f"  {slot:<15} {text}{' (default)' if silent else ''}", soft_wrap=True)
    recipe = session.order.recipe
    console.print(f"  {'recipe':<15} {recipe.id} v{recipe.version}: {recipe.title}", soft_wrap=True)
    if session.wish.settings.get("model") == "recorded":
        console.print(f"  {'model':<15} recorded answers: no key, no network; the proofs are live", style="cyan")


def _closing(session: Session, finished: Finished, console: Console) -> None:
    """The final table, what was not checked, and how much was asked."""
    _proved(finished, console)
    rounds = len(session.journal.completions(session.record.id))
    console.print(f"run {session.record.id}, {rounds} answers", soft_wrap=True)


def _proved(finished: Finished, console: Console) -> None:
    """The final table and what was not checked."""
    from rich.text import Text

    from assistant.cli.view import COLOURS, stage_table
    from evaluators.formats._shown import safe

    console.print("\nWhat was proved", style="bold")
    console.print(safe(stage_table(finished.report)), soft_wrap=True)
    for each in finished.report.not_checked:
        console.print(safe(f"  not checked: {each.what} ({each.why})"), style="dim", soft_wrap=True)
    verdict = finished.report.verdict
    line = Text("\n")
    line.append(verdict.value, f"bold {COLOURS[verdict]}")
    line.append(safe(f": {finished.reason}"))
    console.print(line, soft_wrap=True)
