"""Local accounts: people, their sessions and API tokens, in the database of the run history.

Passwords are kept as argon2id hashes, sessions and tokens as SHA-256 digests alone. The
names are imported when they are first used: the command line's help must not wait for
the database's packages.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from web.accounts.people import Person
    from web.accounts.role import Role
    from web.accounts.store import Accounts

__all__ = ["Accounts", "Person", "Role"]

_HOMES = {"Accounts": "store", "Person": "people", "Role": "role"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"web.accounts.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
