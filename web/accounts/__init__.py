"""Local accounts: people, their sessions and API tokens, in the database of the run history.

Passwords are kept as argon2id hashes, sessions and tokens as SHA-256 digests alone.
"""

from __future__ import annotations

from web.accounts.people import Person
from web.accounts.role import Role
from web.accounts.store import Accounts

__all__ = ["Accounts", "Person", "Role"]
