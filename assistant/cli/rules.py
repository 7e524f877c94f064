"""`backwright rules` and `backwright rule ID`: what the gate knows, from the rules' own docstrings."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from assistant.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(rules)
    app.command()(rule)


def rules(
    family: Annotated[str, typer.Argument(help="sql, contract, code or cross; default: all.")] = "",
) -> None:
    """List the rules, a line each."""
    from evaluators.rule import FAMILIES, REGISTRY
    from evaluators.rules_page import load_all

    if family and family not in FAMILIES:
        raise UsageError(f"{family!r} is no family of rules", f"one of {', '.join(FAMILIES)}")
    load_all()
    for each in sorted(REGISTRY.values(), key=lambda found: (found.family, found.id)):
        if family in ("", each.family):
            typer.echo(f"{each.family:<9} {each.severity.value:<8} {each.id:<36} {each.title}")


def rule(id: Annotated[str, typer.Argument(help="A rule's id, as `backwright rules` lists it.")]) -> None:
    """Show a rule: what, why, a bad and a good example, its source."""
    from evaluators.rule import REGISTRY
    from evaluators.rules_page import load_all

    load_all()
    found = REGISTRY.get(id)
    if found is None:
        near = difflib.get_close_matches(id, REGISTRY, n=3, cutoff=0.4)
        raise UsageError(f"{id!r} is no rule", f"nearest: {', '.join(near)}" if near else "see `backwright rules`")
    typer.echo(f"{found.id} ({found.family}, {found.severity.value})\n\n{found.doc}")
