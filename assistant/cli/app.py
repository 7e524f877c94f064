"""`backwright`: the application, its command groups and its one error handler.

Groups are found by entry point (`backwright.commands`), so a package above this
one adds its own. Every group's module is light: heavy imports stay inside the
commands.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import entry_points, version

import typer

from assistant.errors import BackwrightError

EPILOG = "Exit codes: 0 passed, 1 failed, 2 usage, 3 unverified, 4 infrastructure or internal, 130 cancelled."


def build() -> typer.Typer:
    """The application with every group that is installed."""
    app = typer.Typer(
        name="backwright",
        help="An AI-assisted backend design assistant: nothing lands that has not been proved.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        # Rich help costs more than everything else at start-up together.
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True)
    def root(show_version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
        if show_version:
            typer.echo(version("backwright"))
            raise typer.Exit

    for entry in sorted(entry_points(group="backwright.commands"), key=lambda found: found.name):
        register: Callable[[typer.Typer], None] = entry.load()
        register(app)
    return app


def main() -> None:
    """Run; a known error is one line on stderr and its exit code, never a traceback."""
    try:
        build()()
    except BackwrightError as error:
        say_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader went away (`| head`); there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(4)
    except Exception as error:
        if os.environ.get("BACKWRIGHT_TRACEBACK"):
            raise
        shown = " ".join(str(error).split())[:300]
        say_error(
            BackwrightError(f"internal error: {type(error).__name__}: {shown}", "BACKWRIGHT_TRACEBACK=1 shows where")
        )
        sys.exit(4)
    except KeyboardInterrupt:
        typer.echo("cancelled", err=True)
        sys.exit(130)


def say_error(error: BackwrightError) -> None:
    """One line: what and where; a second one: how to mend it."""
    # Messages quote endpoints and files, and neither may steer the terminal.
    from evaluators.formats._shown import safe

    typer.secho(f"backwright: {safe(error.message)}", fg="red", err=True)
    if error.hint:
        typer.echo(f"  {safe(error.hint)}", err=True)


if __name__ == "__main__":
    main()
