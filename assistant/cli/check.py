"""`backwright check`: the gate alone, on any folder or answer file."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.checking import Asked, Running, case_of
from assistant.cli.check_url import AllowedBy, Contract, Database, Reset, Url, at_url
from assistant.errors import BackwrightError, UsageError

if TYPE_CHECKING:
    from assistant.checking import Case
    from evaluators.draft import Draft
    from evaluators.report import Report, StageResult, State

FORMATS = ("console", "json", "sarif", "junit", "github", "markdown")


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(check)


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="A project's folder, an answer file (.md), or files; several are judged together."),
    ] = None,
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.")] = "console",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to this file.")] = None,
    require: Annotated[
        str, typer.Option(help="Stages that must pass, comma-separated; `static` for those that run nothing.")
    ] = "",
    preset: Annotated[str, typer.Option(help="recommended (default), strict or security.")] = "",
    fail_on: Annotated[str, typer.Option(help="The mildest severity that fails: error (default), warning, info.")] = "",
    baseline: Annotated[Path | None, typer.Option(help="Findings in this file are known and do not fail.")] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="Write what is found to this file: now it is known.")
    ] = None,
    rules: Annotated[
        list[Path] | None, typer.Option(help="A Python file, or a folder of some, with rules of your own; repeatable.")
    ] = None,
    earlier: Annotated[
        str, typer.Option("--against", help="A folder, or a git revision: tell what the change since then breaks.")
    ] = "",
    dialect: Annotated[
        str | None, typer.Option(help="postgres, sqlite, mysql or tsql; default: by the drivers.")
    ] = None,
    stack: Annotated[str | None, typer.Option(help="The framework's stack; default: by the dependencies.")] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Fuzz with 100 examples an operation instead of 10.")] = False,
    url: Url = "",
    contract: Contract = None,
    database: Database = "",
    reset: Reset = False,
    allowed_by: AllowedBy = "",
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Judge what has not changed since the last time, too.")
    ] = False,
    no_isolation: Annotated[
        bool, typer.Option("--no-isolation", help="Run a project of your own as an ordinary program of this user.")
    ] = False,
) -> None:
    """Judge a backend, whoever wrote it: lint, load, boot, fuzz. Exit 0 passed, 1 failed, 3 unverified."""
    from evaluators.gate import STAGES

    if format not in FORMATS:
        raise UsageError(f"--format {format}: no such format", f"one of {', '.join(FORMATS)}")
    depth = "deep" if deep else "fast"
    asked = Asked(preset, fail_on, baseline, write_baseline, tuple(rules or ()), dialect, stack, depth)
    only, required = _only(require, frozenset(STAGES))
    running = Running(url, contract, database, reset, allowed_by)
    found = at_url(running, paths, asked, required) if running != Running() else case_of(paths or [], asked, required)
    case = _beside(found, paths or [], earlier)
    with _walls(case, away=no_isolation):
        report = _report(case, only, cached=not no_cache)
    _show(report, case.found.subject.draft, format, output)
    sys.exit(exit_code(report.verdict))


def _walls(case: Case, *, away: bool) -> AbstractContextManager[None]:
    """The sandbox as it is, or taken away with a warning. Raises UsageError for what is nobody's own."""
    from contextlib import nullcontext

    if not away:
        return nullcontext()
    from evaluators.service.backend import without_isolation

    if case.found.subject.hostile:
        message = "--no-isolation: what a model answered runs in the sandbox alone"
        raise UsageError(message, "only a project's folder may run without it")
    typer.secho(
        "backwright: warning: the judged code runs without isolation: it may read, change and send whatever you may",
        fg="yellow",
        err=True,
    )
    return without_isolation()


def _beside(case: Case, paths: list[Path], earlier: str) -> Case:
    """The case beside the earlier state that --against names, where it names one. Raises UsageError."""
    from dataclasses import replace

    from evaluators.folder import FolderError, against

    if not earlier:
        return case
    try:
        return replace(case, found=against(case.found, paths, earlier))
    except FolderError as error:
        raise UsageError(str(error), error.hint) from error


def _show(report: Report, draft: Draft, format: str, output: Path | None) -> None:
    """Print the report, or write it to a file."""
    from evaluators import formats
    from evaluators.formats import console

    if format == "console":
        text = console.render(report, colour=not output and sys.stdout.isatty(), sources=draft)
    else:
        text = formats.render(format, report)
    if output is None:
        typer.echo(text)
        return
    _write(output, text)


def _write(path: Path, text: str) -> None:
    """Write a file. Raises BackwrightError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BackwrightError(f"{path} cannot be written: {error.strerror}", "name another file") from error


def exit_code(verdict: State) -> int:
    """The documented exit code of a verdict."""
    return {"passed": 0, "failed": 1, "unverified": 3}[verdict.value]


def _only(require: str, known: frozenset[str]) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The stages that --require keeps (None: whatever applies), and those of them that must run and pass.

    `static` keeps what runs nothing, where there is something for it; a stage
    that is named must be there.
    """
    from evaluators.gate import STATIC

    if not require:
        return None, frozenset()
    named = {name.strip() for name in require.split(",") if name.strip()}
    kept = STATIC & known if "static" in named else frozenset[str]()
    named -= {"static"}
    unknown = sorted(named - known)
    if unknown:
        raise UsageError(f"--require {unknown[0]}: no such stage", f"static, or some of {', '.join(sorted(known))}")
    return kept | named, frozenset(named)


def _report(case: Case, only: frozenset[str] | None, *, cached: bool) -> Report:
    """The gate's report."""
    import asyncio

    told: list[Report] = []

    async def judging() -> None:
        # Not returned: on its way out asyncio writes down the task, and with it the whole of its result.
        told.append(await _judged(case, only, cached=cached))

    asyncio.run(judging())
    return told[0]


async def _judged(case: Case, only: frozenset[str] | None, *, cached: bool) -> Report:
    """The gate's report, with a line on stderr for each stage as it begins."""
    from contextlib import aclosing
    from dataclasses import replace

    from evaluators.cache import Cache, default_folder
    from evaluators.gate import Gate, Started
    from evaluators.report import Report, StageResult

    cache = Cache(default_folder()) if cached else None
    report: Report | None = None
    results: list[StageResult] = []
    found = case.found
    async with aclosing(Gate(only, case.terms, cache).judge(found.subject, case.before)) as stream:
        async for event in stream:
            if isinstance(event, Report):
                report = event
            elif isinstance(event, StageResult):
                results.append(event)
            elif isinstance(event, Started) and sys.stderr.isatty():
                typer.echo(f"\r{event.stage:<12}", err=True, nl=False)
    if sys.stderr.isatty():
        typer.echo("\r" + " " * 12 + "\r", err=True, nl=False)
    if report is None:
        raise BackwrightError("the gate ended without a report")
    if case.write_known is not None:
        report = _known_now(case, results, case.write_known)
    return replace(report, not_checked=(*report.not_checked, *found.left_out, *case.terms.not_checked))


def _known_now(case: Case, results: list[StageResult], path: Path) -> Report:
    """The report after what was found became known; the baseline's file is written."""
    from evaluators import baseline
    from evaluators.gate import report_of

    entries = baseline.entries_of(result for result in results if result.stage.name != "suppressions")
    _write(path, baseline.render(entries))
    typer.echo(f"backwright: {path} holds {len(entries)} known finding{'s' * (len(entries) != 1)}", err=True)
    terms = case.terms.with_known(entries, path.as_posix())
    settled = [terms.settled(result) for result in results if result.stage.name != "suppressions"]
    last = terms.closed(settled)
    return report_of([*settled, *([last] if last else [])], case.found.subject)
