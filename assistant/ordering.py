"""From what was typed to an Order: the brief, its recipe and the facts that its templates need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.brief import Brief, amend, parse
from assistant.library import Library, Recipe
from assistant.run import Order, stack_of
from evaluators.draft import Draft


def order_of(
    sentence: str,
    slots: Mapping[str, str] | None = None,
    recipe: str = "",
    *,
    arm: str = "",
    library: Library | None = None,
    accepted: frozenset[str] = frozenset(),
) -> Order:
    """The order for a sentence; `slots` (slot -> value) win over what the sentence says.

    With `arm`, the recipe is asked for as that arm of an evaluation asks.

    Raises:
        BriefError: the sentence or a slot cannot be understood.
        RecipeError: no recipe fits, or two fit equally well; there is no such arm.
    """
    brief = parse(sentence)
    if slots:
        said: dict[str, Any] = dict(slots)
        if "tools" in said:
            said["tools"] = tuple(tool.strip() for tool in said["tools"].split(",") if tool.strip())
        brief = amend(brief, **said)
    library = library or Library.load()
    chosen = library.choose(brief, recipe)
    extra = extra_of(brief, chosen)
    if arm:
        from assistant.arms import as_arm

        extra["of"] = chosen.id
        chosen = as_arm(chosen, arm, brief, library)
    return Order(brief, chosen, extra, accepted)


def extra_of(brief: Brief, recipe: Recipe) -> dict[str, Any]:
    """The templates' further variables: the stack's facts and the reference service that a recipe names."""
    from evaluators.stacks.stack import find, names

    extra: dict[str, Any] = {}
    stack = stack_of(brief)
    if stack in names():
        facts = find(stack)
        extra["stack"] = {"name": stack, "python": facts.python, "packages": facts.offered(brief.dialect)}
    named = dict(recipe.options(brief)).get("part.reference")
    if named:
        from evaluators.stacks.references import reference as source_of

        extra["reference"] = tuple(Draft.of(source_of(stack, named)))
    return extra
