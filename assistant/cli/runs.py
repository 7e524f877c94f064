"""`backwright runs`: the history of requests and answers."""

from __future__ import annotations

from typing import Annotated

import typer

runs = typer.Typer(help="The history: every request, answer and report.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.add_typer(runs, name="runs")


@runs.callback()
def listing(
    context: typer.Context,
    search: Annotated[str, typer.Option("--search", help="Text in the sentence, a prompt or an answer.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the latest first.")] = 20,
) -> None:
    """List the runs, the latest first."""
    if context.invoked_subcommand is not None:
        return
    from assistant.session import open_journal
    from assistant.settings import load

    with open_journal(load()) as journal:
        found = journal.runs(search, limit)
    for run in found:
        typer.echo(f"{run.id}  {run.created[:16]}  {run.state.value:<10}  {run.recipe:<18}  {run.sentence[:80]}")
    if not found:
        typer.echo("no runs" + (f" hold {search!r}" if search else " yet"))


@runs.command()
def cancel(run: Annotated[str, typer.Argument(help="A run's id, or the beginning of it.")]) -> None:
    """Ask for a run's end, wherever it runs; it stops within a second, and can be resumed."""
    from assistant.errors import UsageError
    from assistant.session import open_journal
    from assistant.settings import load

    with open_journal(load()) as journal:
        record = journal.get(run)
        if not journal.ask_cancel(record.id):
            raise UsageError(f"run {record.id} has ended already ({record.state.value})")
    typer.echo(f"run {record.id} is asked to stop")


@runs.command()
def show(
    run: Annotated[str, typer.Argument(help="A run's id, or the beginning of it.")],
    prompts: Annotated[bool, typer.Option("--prompts", help="Print the prompts as well.")] = False,
    answers: Annotated[bool, typer.Option("--answers", help="Print the answers as well.")] = False,
) -> None:
    """Show one run: its rounds, their verdicts and findings."""
    from assistant.session import open_journal
    from assistant.settings import load
    from evaluators.formats._shown import safe

    with open_journal(load()) as journal:
        record = journal.get(run)
        calls = journal.completions(record.id)
        judgements = journal.reports(record.id)
    typer.echo(safe(f"{record.id}  {record.state.value}  {record.detail}".rstrip()))
    typer.echo(f"  {record.sentence}\n  recipe {record.recipe}, begun {record.created}, into {record.project or '-'}")
    for call in calls:
        usage = call.completion.usage
        tokens = "unknown" if usage.completion_tokens is None else str(usage.completion_tokens)
        cost = "unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
        typer.echo(
            f"  {call.turn} round {call.round}: {safe(call.completion.model)} ({call.completion.origin}), "
            f"{len(call.completion.text):,} characters, tokens {tokens}, cost {cost}"
        )
        if prompts:
            for message in call.messages:
                typer.echo(safe(f"----- {message['role']}\n{message['content']}"))
        if answers:
            typer.echo(safe(f"----- answer\n{call.completion.text}"))
    for judgement in judgements:
        report = judgement.report
        states = ", ".join(f"{stage.name} {stage.state.value}" for stage in report.stages)
        typer.echo(f"  judged: {report.verdict.value} ({states})")
        for finding in report.errors:
            typer.echo(safe(f"    {finding.rule} {finding.location}: {finding.message}"))
