"""People: who may sign in, and as what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from assistant.errors import UsageError
from web.accounts import passwords
from web.accounts.database import Database
from web.accounts.role import Role
from web.accounts.schema import PEOPLE, SESSIONS

NAME = re.compile(r"[^\W_][\w.@+-]{0,63}")
"""Letters and digits of any script; no spaces, nothing that a page or a log could misread."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `created` in seconds since 1970."""

    id: str
    name: str
    role: Role
    disabled: bool
    created: float


class People:
    """The accounts. Nobody is ever deleted: runs name their owners."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._any = False

    def exist(self) -> bool:
        """Whether there is any account; once true, always true."""
        if not self._any:
            with self._database.reading() as connection:
                self._any = connection.execute(sa.select(PEOPLE.c.id).limit(1)).first() is not None
        return self._any

    def all(self) -> list[Person]:
        """Everybody, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(PEOPLE).order_by(PEOPLE.c.folded)).mappings().all()
        return [person_of(row) for row in rows]

    def find(self, name: str) -> Person:
        """The person of a name, whatever its case. Raises UsageError."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(PEOPLE).where(PEOPLE.c.folded == folded(name))).mappings().first()
        if row is None:
            raise UsageError(f"nobody is called {name[:64]!r}", "`backwright web user list` shows all")
        return person_of(row)

    def add(self, name: str, password: str, role: Role, *, first: bool = False) -> Person:
        """A new account; with `first`, only where there is none yet.

        Raises:
            UsageError: the name is taken or no name, the password is weak, or somebody was first.
        """
        name = unicodedata.normalize("NFKC", name).strip()
        if not NAME.fullmatch(name):
            raise UsageError("a name has up to 64 letters, digits and . _ @ + -, and begins with a letter or digit")
        passwords.refuse_weak(password, name)
        row: dict[str, Any] = {
            "id": str(ULID()),
            "name": name,
            "folded": folded(name),
            "role": role.value,
            "disabled": False,
        }
        row |= {"password": passwords.hashed(password), "created": self._database.now()}
        with self._database.writing() as connection:
            self._lock(connection)
            if first and connection.execute(sa.select(PEOPLE.c.id).limit(1)).first():
                raise UsageError("there is an account already", "sign in with it")
            if connection.execute(sa.select(PEOPLE.c.id).where(PEOPLE.c.folded == row["folded"])).first():
                raise UsageError(f"the name {name!r} is taken")
            connection.execute(PEOPLE.insert().values(row))
        return person_of(row)

    def set_role(self, name: str, role: Role) -> Person:
        """Give a person a role. Raises UsageError for an unknown name and for the last administrator."""
        return self._change(name, role=role.value)

    def set_disabled(self, name: str, disabled: bool) -> Person:
        """Lock a person out, at once, or let them in again. Raises UsageError as `set_role` does."""
        return self._change(name, disabled=disabled)

    def set_password(self, name: str, password: str, *, keep: str = "") -> Person:
        """A new password; all sessions of the person end but the one with the id `keep`. Raises UsageError."""
        person = self.find(name)
        passwords.refuse_weak(password, person.name)
        kept = passwords.hashed(password)
        with self._database.writing() as connection:
            connection.execute(PEOPLE.update().where(PEOPLE.c.id == person.id).values(password=kept))
            connection.execute(SESSIONS.delete().where((SESSIONS.c.person == person.id) & (SESSIONS.c.id != keep)))
        return person

    def knows(self, person: Person, password: str) -> bool:
        """Whether this is the person's password."""
        with self._database.reading() as connection:
            kept = connection.scalar(sa.select(PEOPLE.c.password).where(PEOPLE.c.id == person.id))
        return kept is not None and passwords.fits(kept, password)

    def _change(self, name: str, **values: Any) -> Person:
        """Change a person; one enabled administrator is always left."""
        person = self.find(name)
        with self._database.writing() as connection:
            self._lock(connection)
            connection.execute(PEOPLE.update().where(PEOPLE.c.id == person.id).values(values))
            if values.get("disabled"):
                connection.execute(SESSIONS.delete().where(SESSIONS.c.person == person.id))
            ruling = (PEOPLE.c.role == Role.ADMIN.value) & PEOPLE.c.disabled.is_(False)
            if not connection.execute(sa.select(PEOPLE.c.id).where(ruling).limit(1)).first():
                raise UsageError("one administrator must be left", "make somebody else an administrator first")
        return self.find(name)

    def _lock(self, connection: sa.Connection) -> None:
        """Let nobody else add or change people till the transaction ends; SQLite does so by itself."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE")


def folded(name: str) -> str:
    """The form of a name in which it is looked up."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:200]


def person_of(row: Mapping[Any, Any]) -> Person:
    """A row of `people`."""
    return Person(row["id"], row["name"], Role(row["role"]), bool(row["disabled"]), row["created"])
