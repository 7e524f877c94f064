"""`apply` and `undo`: a proved draft into a project, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import stages_named
from assistant.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.landing.plan import Change
    from evaluators.draft import Draft


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(apply)
    app.command()(undo)


def apply(
    run: Annotated[str, typer.Argument(help="A run's id, or the beginning of it.")],
    into: Annotated[Path, typer.Option("--into", help="The project's folder.")] = Path(),
    accept_unverified: Annotated[
        list[str] | None,
        typer.Option("--accept-unverified", metavar="STAGE", help="Land although this stage could not be proved."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Land without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change and land nothing.")] = False,
) -> None:
    """Land what an earlier run proved."""
    from rich.console import Console

    from assistant.events import Outcome
    from assistant.session import ended, may_land, open_journal
    from assistant.settings import load
    from evaluators.report import Reason, Report, Stage, State

    with open_journal(load()) as journal:
        record, draft, evidence = ended(journal, run)
    stages = tuple(
        Stage(each["name"], State(each["state"]), Reason(each["reason"]) if each["reason"] else None)
        for each in evidence["stages"]
    )
    accepted = frozenset(stages_named(accept_unverified)) | frozenset(evidence["accepted_unverified"])
    why_not = may_land(Outcome(evidence["verdict"]), Report(stages), accepted)
    if why_not:
        raise UsageError(f"run {record.id} may not land: {why_not}")
    evidence = {**evidence, "accepted_unverified": sorted(accepted)}
    land(draft, evidence, record.id, into, Console(highlight=False, markup=False), yes=yes, dry_run=dry_run)


def undo(
    project: Annotated[Path, typer.Argument(help="The project's folder.")] = Path(),
) -> None:
    """Take the last landing back; files that you changed since are never touched."""
    from assistant.landing.undo import undo as take_back

    landing = take_back(project)
    for path in landing.paths:
        typer.echo(f"  restored   {path}")
    typer.echo(f"undone: the landing of run {landing.run}")


def land(
    draft: Draft,
    evidence: dict[str, Any],
    run: str,
    into: Path,
    console: Console,
    *,
    yes: bool,
    dry_run: bool,
) -> bool:
    """Show the change, ask, and land it with its evidence; whether it landed.

    Raises:
        Conflict: files in the way are the user's.
        LandingError: the project cannot take it.
    """
    from assistant.landing.apply import apply as land_change
    from assistant.landing.apply import conflict, recover
    from assistant.landing.plan import evidence_path, plan, with_evidence

    for line in recover(into) if into.is_dir() else ():
        console.print(line, soft_wrap=True)
    change = plan(draft, into, run=run)
    _show(change, into, console, whole=dry_run or not yes)
    if change.conflicts:
        raise conflict(change.conflicts)
    if dry_run:
        console.print("nothing was written (--dry-run)")
        return False
    if not yes and not _agreed():
        console.print(f"nothing landed; later: backwright apply {run} --into {into}", soft_wrap=True)
        return False
    landing = land_change(with_evidence(change, run, evidence), into)
    console.print(f"landed {len(landing.paths)} files in {into}; evidence: {evidence_path(run)}", soft_wrap=True)
    console.print(f"to take it back: backwright undo {into}", soft_wrap=True)
    return True


def _agreed() -> bool:
    """Whether somebody says yes; no answer is a no. Ctrl-C stays Ctrl-C."""
    typer.echo("Land this change? [y/N]: ", nl=False)
    try:
        return input().strip().lower() in ("y", "yes")
    except EOFError:
        typer.echo("")
        return False


def _show(change: Change, into: Path, console: Console, *, whole: bool) -> None:
    """The change, a line a file; the whole diff where somebody decides by it."""
    from rich.text import Text

    from evaluators.formats._shown import safe

    console.print(f"\nThe change in {into}", style="bold", soft_wrap=True)
    for each in change.files:
        added = sum(line.startswith("+") and not line.startswith("+++") for line in each.diff.splitlines())
        removed = sum(line.startswith("-") and not line.startswith("---") for line in each.diff.splitlines())
        console.print(
            Text(f"  {each.kind.value:<12}{each.path}  +{added} -{removed} {each.why}".rstrip()), soft_wrap=True
        )
    for note in change.notes:
        console.print(Text(f"  note: {note}", "yellow"), soft_wrap=True)
    if whole:
        for line in change.diff.splitlines():
            style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
            console.print(Text(safe(line), style), soft_wrap=True)
