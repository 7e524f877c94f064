"""`backwright web user`: the accounts, from the machine itself.

A password is asked for twice, or read as one line from stdin; never an argument, which
the shell would keep and other users of the machine would see.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from web.accounts.role import Role

if TYPE_CHECKING:
    from web.accounts.store import Accounts

user = typer.Typer(help="Accounts of the web UI: who may sign in, and as what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The person's name; case does not matter.")]
Given = Annotated[Role, typer.Option("--role", help="viewer reads, author also runs, admin also looks after people.")]


@user.command()
def add(name: Name, role: Given = Role.VIEWER) -> None:
    """Add a person; the first one should be an admin."""
    with _accounts() as accounts:
        first = not accounts.exist()
        if first and role is not Role.ADMIN:
            from assistant.errors import UsageError

            raise UsageError("the first account must be able to look after the others", "add --role admin")
        person = accounts.people.add(name, _password(), role)
    typer.echo(f"{person.name} may sign in as {person.role.value}")
    if first:
        typer.echo("From now on everybody signs in.")


@user.command("list")
def listing() -> None:
    """List everybody."""
    with _accounts() as accounts:
        people = accounts.people.all()
    for person in people:
        typer.echo(f"{person.name:<24}  {person.role.value:<6}  {'locked out' if person.disabled else ''}".rstrip())
    if not people:
        typer.echo("nobody: without accounts the web UI answers on this machine alone")


@user.command()
def role(name: Name, role: Annotated[Role, typer.Argument(help="viewer, author or admin.")]) -> None:
    """Give a person a role."""
    with _accounts() as accounts:
        person = accounts.people.set_role(name, role)
    typer.echo(f"{person.name} is {person.role.value}")


@user.command()
def disable(name: Name, undo: Annotated[bool, typer.Option("--undo", help="Let the person in again.")] = False) -> None:
    """Lock a person out: sessions end and tokens no longer hold."""
    with _accounts() as accounts:
        person = accounts.people.set_disabled(name, not undo)
    typer.echo(f"{person.name} {'is locked out' if person.disabled else 'may sign in again'}")


@user.command()
def password(name: Name) -> None:
    """Give a person a new password; all their sessions end."""
    with _accounts() as accounts:
        accounts.people.find(name)
        person = accounts.people.set_password(name, _password())
    typer.echo(f"{person.name} has a new password, and no session")


@contextmanager
def _accounts() -> Iterator[Accounts]:
    """The accounts that the settings name. Raises JournalError and SettingsError."""
    from assistant.settings import load
    from web.accounts.store import Accounts

    accounts = Accounts.open(load().journal_url)
    try:
        yield accounts
    finally:
        accounts.close()


def _password() -> str:
    """A password from the terminal, asked for twice, or one line of stdin."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline(4096).rstrip("\r\n")
