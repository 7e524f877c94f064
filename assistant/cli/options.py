"""The slots as command-line options, made from the slots' own schema."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import typer

from assistant.errors import UsageError

Slots: TypeAlias = dict[str, str]
"""Slot -> what the option said; only the slots that were given."""


def slot_options(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with its parameter `slots` spread into an option for each slot of the formula."""
    from assistant.brief import SLOTS, slots_schema

    properties = slots_schema()["properties"]
    schema = {slot: properties[slot] for slot in SLOTS}
    own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "slots"]
    spread = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=_option(about))
        for name, about in schema.items()
        if name != "action"
    ]

    @functools.wraps(command)
    def run(*args: Any, **given: Any) -> None:
        slots = {name: given.pop(name) for name in schema if name in given}
        command(*args, slots={name: value for name, value in slots.items() if value}, **given)

    keyword_only = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    run.__signature__ = inspect.Signature([*keyword_only, *spread])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in [*own, *spread]}
    return run


def _option(about: dict[str, Any]) -> Any:
    """The annotated type of one slot's option, with the slot's values for completion."""
    values = [str(value) for value in about.get("enum") or about.get("items", {}).get("enum") or ()]

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.lower().startswith(incomplete.lower())]

    # A long list is what completion is for.
    shown = ", ".join(values if len(values) <= 20 else [*values[:6], "..."])
    help_text = f"{about.get('description', '').rstrip('.')}: {shown}."
    return Annotated[str, typer.Option(help=help_text, autocompletion=complete, rich_help_panel="Slots")]


def stages_named(named: list[str] | None) -> tuple[str, ...]:
    """The stages of --accept-unverified. Raises UsageError for one that does not exist."""
    from evaluators.gate import STAGES

    for name in named or ():
        if name not in STAGES:
            raise UsageError(f"--accept-unverified {name}: no such stage", f"one of {', '.join(STAGES)}")
    return tuple(sorted(set(named or ())))
