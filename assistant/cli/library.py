"""`recipes`, `show`, `prompt`: the library, without asking anybody."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.options import Slots, slot_options
from assistant.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(recipes)
    app.command()(show)
    app.command()(slot_options(prompt))


def recipes() -> None:
    """List the recipes, a line each: id, version, what it delivers, title; below it what it was proved on."""
    from assistant.experiment.committed import proved_on
    from assistant.library import Library

    library = Library.load()
    proved = proved_on(library)
    for recipe in library.recipes.values():
        turns = " then ".join(recipe.turn_names)
        recorded = len({cassette.case for cassette in recipe.cassettes})
        typer.echo(f"{recipe.id:<20} v{recipe.version:<4} {turns:<18} {recorded} recorded  {recipe.title}")
        if recipe.id in proved:
            typer.echo(f"{'':<20} proved on {proved[recipe.id]}")


def show(
    recipe: Annotated[str, typer.Argument(help="A recipe's id, as `backwright recipes` lists it.")],
) -> None:
    """Show a recipe: when it is chosen, its turns, what each level adds, its cases."""
    from assistant.library import Library

    found = Library.load().get(recipe)
    about = found.metadata
    lines = [f"{about.id} v{about.version}: {about.title}", about.summary, ""]
    matches = about.matches.model_dump(exclude_defaults=True)
    lines.append("chosen for   " + "; ".join(f"{slot} {' or '.join(values)}" for slot, values in matches.items()))
    lines.append("needs        " + (", ".join(about.needs) or "nothing"))
    for turn in about.turns:
        lines.append(f"turn         {turn.name}: expects {', '.join(turn.expects)}")
        lines.append(f"             proved by {', '.join(turn.stages)}")
    for level, change in about.by_level.items():
        added = [*change.stages, *change.expects, *(f"{key}={value}" for key, value in change.options.items())]
        lines.append(f"level        {level} adds {', '.join(added)}")
    for name, case in found.cases.items():
        samples = sum(cassette.case == name for cassette in found.cassettes)
        lines.append(f"case         {name} ({samples} recorded): {case.sentence}")
    typer.echo("\n".join(lines))


def prompt(
    sentence: Annotated[str, typer.Argument(help="The request, in the formula or in your own words.")],
    slots: Slots,
    recipe: Annotated[str, typer.Option(help="Use this recipe instead of the one that fits best.")] = "",
    turn: Annotated[str, typer.Option(help="Which turn's prompt; default: the first.")] = "",
) -> None:
    """Print exactly what would be sent for the first turn, and call nobody."""
    from assistant.ordering import order_of

    order = order_of(sentence, slots, recipe)
    turns = order.recipe.turns(order.brief)
    chosen = next((each for each in turns if each.name == (turn or turns[0].name)), None)
    if chosen is None:
        names = ", ".join(each.name for each in turns)
        raise UsageError(f"recipe {order.recipe.id} has no turn {turn!r}", f"it has {names}")
    rendered = order.recipe.render(chosen, order.brief, None, order.extra)
    for message in rendered.messages:
        typer.echo(f"----- {message.role}\n{message.content}\n")
    typer.echo(
        f"recipe {order.recipe.id} v{order.recipe.version}, turn {chosen.name}, {rendered.size:,} characters, "
        f"fingerprint {rendered.fingerprint[:12]}; nothing was sent",
        err=True,
    )
    for missing in rendered.missing:
        typer.echo(f"the library has no {missing}: the prompt says nothing particular about it", err=True)
