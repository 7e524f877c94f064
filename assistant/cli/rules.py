"""`backwright rules` and `backwright rule ID`: what the gate knows, from the rules' own docstrings."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import UsageError

if TYPE_CHECKING:
    from evaluators.rule import Rule

OWN = Annotated[list[Path] | None, typer.Option("--rules", help="A file or folder of rules of your own, too.")]


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(rules)
    app.command()(rule)


def rules(
    named: Annotated[str, typer.Argument(metavar="[FAMILY]", help="The same as --family.")] = "",
    family: Annotated[
        str, typer.Option(help="sql, migrations, contract, breaking, cross, code, queries or probes; default: all.")
    ] = "",
    preset: Annotated[str, typer.Option(help="recommended, strict or security: those that it holds.")] = "",
    severity: Annotated[str, typer.Option(help="error, warning or info.")] = "",
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    own: OWN = None,
) -> None:
    """List the rules: family, severity, presets (R recommended, S strict, X security), id, what is wrong."""
    from evaluators.finding import Severity
    from evaluators.rule import FAMILIES, PRESETS, REGISTRY

    family = _known("family of rules", family or named, tuple(FAMILIES))
    preset = _known("preset", preset, PRESETS)
    severity = _known("severity", severity, tuple(Severity))
    format = _known("format", format, ("text", "json"))
    _load(own)
    found = [
        each
        for each in sorted(REGISTRY.values(), key=lambda each: (each.family, each.id))
        if family in ("", each.family) and severity in ("", each.severity) and (not preset or preset in each.presets)
    ]
    if format == "json":
        import json

        typer.echo(json.dumps([_value(each) for each in found], indent=2, ensure_ascii=False))
        return
    width = max((len(each.id) for each in found), default=0)
    for each in found:
        marks = "".join(mark if name in each.presets else "-" for name, mark in zip(PRESETS, "RSX", strict=True))
        typer.echo(f"{each.family:<10} {each.severity.value:<7} {marks}  {each.id:<{width}}  {each.title}")


def rule(
    id: Annotated[str, typer.Argument(help="A rule's id, as `backwright rules` lists it.")], own: OWN = None
) -> None:
    """Show a rule: what, why, examples, what it may miss, its source, how to configure it."""
    from evaluators.catalogue import ids, known, stage_of
    from evaluators.rule import REGISTRY
    from evaluators.rules_page import configuring

    _load(own)
    found = REGISTRY.get(id)
    if found is not None:
        about = f"{found.family}, {found.severity.value}, presets: {', '.join(found.presets)}"
        typer.echo(f"{found.id} ({about})\n\n{found.doc}\n\nConfigure:\n\n{configuring(found)}")
    elif known(id):
        typer.echo(f"{id} (reported by the stage {stage_of(id)} itself; its finding says what is wrong)")
    else:
        near = difflib.get_close_matches(id, list(ids()), n=3, cutoff=0.4)
        raise UsageError(f"{id!r} is no rule", f"nearest: {', '.join(near)}" if near else "see `backwright rules`")


def _known(what: str, value: str, known: tuple[str, ...]) -> str:
    """`value`, if it is empty or known. Raises UsageError."""
    if value and value not in known:
        raise UsageError(f"{value!r} is no {what}", f"one of {', '.join(known)}")
    return value


def _load(own: list[Path] | None) -> None:
    """Make the registry whole, with one's own rules where some are named."""
    from evaluators.catalogue import load_all

    load_all()
    if not own:
        return
    from evaluators.custom import CustomRulesError, load

    try:
        loaded = load(own)
    except (CustomRulesError, OSError) as error:
        raise UsageError(f"--rules: {error}", "name a Python file or a folder of some") from error
    for problem in loaded.problems:
        typer.echo(f"backwright: {problem}", err=True)


def _value(rule: Rule) -> dict[str, object]:
    """A rule for a machine."""
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": rule.severity.value,
        "presets": list(rule.presets),
        "title": rule.title,
        "why": rule.section("Why"),
        "precision": rule.section("Precision"),
        "source": rule.section("Source"),
    }
