"""`env`, `stacks`, `trust`: what a draft runs with, and what may be sent where; `doctor` is registered here, too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.doctor import doctor
from assistant.errors import BackwrightError, UsageError

env = typer.Typer(help="Environments: the locked packages in which a draft runs.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.add_typer(env, name="env")
    app.command()(stacks)
    app.command()(doctor)
    app.command()(trust)


@env.command()
def build(
    what: Annotated[str, typer.Argument(help="A stack's name, or a project's folder.")] = "fastapi",
) -> None:
    """Build an environment: a stack's from its lock, or a project's own (.venv) from what it lists."""
    import asyncio

    from evaluators.stacks import environment
    from evaluators.stacks.stack import find, names

    try:
        if what in names():
            built = asyncio.run(environment.build(find(what)))
        elif Path(what).is_dir():
            built = asyncio.run(environment.build_project(Path(what)))
        else:
            raise UsageError(f"{what!r} is neither a stack nor a folder", f"stacks: {', '.join(names())}")
    except environment.BuildFailed as error:
        raise BackwrightError(str(error), "is the package registry reachable?") from error
    typer.echo(f"{what}: {built.folder}")


def stacks() -> None:
    """List the stacks: language, framework, and whether the environment is built."""
    from evaluators.stacks import environment
    from evaluators.stacks.stack import find, names

    for name in names():
        stack = find(name)
        built = "built" if environment.place(stack).is_dir() else f"not built: backwright env build {name}"
        typer.echo(f"{name:<12} {stack.language:<10} {len(stack.packages)} packages, {built}")


def trust(
    url: Annotated[str, typer.Argument(help="The base URL that a project's file names.")],
    remove: Annotated[bool, typer.Option("--remove", help="Trust it no longer.")] = False,
) -> None:
    """Let the key from your environment be sent to an endpoint that only a project's file named."""
    from assistant.trust import Trust

    if remove:
        typer.echo("removed" if Trust().remove(url) else "it was not trusted")
    else:
        typer.echo(f"trusted: {Trust().add(url)}")
