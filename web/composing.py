"""From what is typed on the compose page to what would be sent, by the command line's own steps.

The sentence is the only state: typing it fills the slots, and a changed slot is said
again as a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.brief import SLOTS, Brief, amend, fill, say, slots_schema
from assistant.errors import BackwrightError
from assistant.library import Library, Recipe
from assistant.ordering import order_of
from assistant.prompt import Prompt

SUPABASE = "Supabase"
"""PostgreSQL with a host that matters for the schema: the database slot offers it beside the others."""


@dataclass(frozen=True)
class Slot:
    """One slot of the form."""

    name: str
    about: str
    values: tuple[str, ...] = ()
    """What it can hold; nothing for free text."""
    many: bool = False
    value: str | tuple[str, ...] = ""
    """What was said; empty where the slot is silent."""
    default: str = ""
    """What a silent slot means here."""


@dataclass(frozen=True)
class Composed:
    """A sentence and what it comes to."""

    sentence: str
    slots: tuple[Slot, ...]
    recipe: Recipe | None = None
    reasons: tuple[str, ...] = ()
    """Why this recipe."""
    others: tuple[Recipe, ...] = ()
    """Recipes that would match as well, less specifically."""
    prompt: Prompt | None = None
    turns: tuple[str, ...] = ()
    problem: BackwrightError | None = field(default=None, compare=False)


def compose(sentence: str, recipe: str = "") -> Composed:
    """What a sentence comes to; a problem is part of the answer, not raised."""
    if not sentence.strip():
        return Composed("", slots_of(None))
    library = Library.load()
    brief = None
    try:
        from assistant.brief import parse

        brief = parse(sentence)
        order = order_of(sentence, recipe=recipe, library=library)
        turns = order.recipe.turns(order.brief)
        prompt = order.recipe.render(turns[0], order.brief, None, order.extra)
    except BackwrightError as error:
        return Composed(sentence, slots_of(brief), problem=error)
    return Composed(
        sentence,
        slots_of(brief),
        order.recipe,
        reasons_for(order.recipe, brief),
        matching(library, brief, order.recipe),
        prompt,
        tuple(turn.name for turn in turns),
    )


def said_again(slots: Mapping[str, str | Sequence[str]]) -> str:
    """The sentence for slots of the form; empty ones stay silent.

    Raises:
        BriefError: the slots contradict each other, or the action is empty.
    """
    given: dict[str, Any] = {name: value for name, value in slots.items() if name in SLOTS and value}
    database = given.pop("database", "")
    given["tools"] = tuple(given.get("tools", ()))
    brief = fill(given)
    return say(amend(brief, database=database) if database else brief)


def slots_of(brief: Brief | None) -> tuple[Slot, ...]:
    """The form's slots, filled from a brief."""
    properties = slots_schema()["properties"]
    return tuple(_slot(name, properties[name], brief) for name in SLOTS)


def _slot(name: str, about: Mapping[str, Any], brief: Brief | None) -> Slot:
    """One slot from its schema."""
    many = about["type"] == "array"
    values = tuple(about["items"]["enum"] if many else about.get("enum", ()))
    if name == "database":
        values = (*values, SUPABASE)
    # What a silent slot means stands in the form itself.
    words = str(about["description"]).partition(";")[0].rstrip(".") + "."
    held = Slot(name, words, values, many, () if many else "")
    if brief is None:
        return held
    value = getattr(brief, name)
    if name == "database" and brief.supabase:
        value = SUPABASE
    silent = name in brief.defaulted
    shown = () if many else ""
    return Slot(name, held.about, values, many, shown if silent else value, "" if many or not silent else str(value))


def reasons_for(recipe: Recipe, brief: Brief) -> tuple[str, ...]:
    """Why a recipe fits a brief, in words."""
    matches = recipe.metadata.matches.model_dump(exclude_defaults=True)
    said = []
    for slot, wanted in matches.items():
        if slot == "action_words":
            words = [word for word in wanted if word.lower() in brief.action.lower()]
            said.append(f"the action speaks of {', '.join(words) or 'what it is for'}")
        else:
            said.append(f"{slot} is {' or '.join(wanted)}")
    return tuple(said)


def matching(library: Library, brief: Brief, but: Recipe) -> tuple[Recipe, ...]:
    """Other recipes that match the brief, the most specific first."""
    scored = [
        (score, each)
        for each in library.recipes.values()
        if each.id != but.id and (score := each.metadata.matches.score(brief))
    ]
    return tuple(each for _, each in sorted(scored, key=lambda pair: pair[0], reverse=True))
