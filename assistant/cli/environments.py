"""`env`, `stacks`, `doctor`, `trust`: what this machine can prove, and what may be sent where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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


def doctor() -> None:
    """Say what this machine can prove and which settings are in force. Exit 3 when something lacks."""
    from assistant.settings import load
    from assistant.trust import Trust
    from evaluators.service import postgresql, sandbox
    from evaluators.stacks import environment
    from evaluators.stacks.stack import find, names

    lacking = sandbox.available()
    ok = lacking is None
    typer.echo(f"{'ok' if ok else 'lacks':<7} sandbox      {lacking or 'bubblewrap isolates'}")
    found = postgresql.binaries()
    typer.echo(f"{'ok' if found else 'lacks':<7} postgresql   {'found' if found else 'no server binaries'}")
    ok = ok and found is not None
    for name in names():
        built = environment.place(find(name)).is_dir()
        ok = ok and built
        hint = "built" if built else f"backwright env build {name}"
        typer.echo(f"{'ok' if built else 'lacks':<7} env          {name}: {hint}")
    settings = load()
    typer.echo(f"        endpoint     {settings.endpoint} ({settings.source('base_url')})")
    typer.echo(f"        model        {settings.model or 'not set'} ({settings.source('model')})")
    typer.echo(f"        key          {'set' if settings.api_key else 'not set'} ({settings.source('api_key')})")
    for url in Trust().all():
        typer.echo(f"        trusted      {url}")
    if not ok:
        raise typer.Exit(3)


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
