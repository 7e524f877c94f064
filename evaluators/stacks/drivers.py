"""The driver with which a service works, and the URL that it is told for it."""

from __future__ import annotations

from evaluators.draft import Role, Subject
from evaluators.stacks.environment import asked
from evaluators.stacks.stack import Stack, imports


def driven(url: str, subject: Subject, stack: Stack) -> str:
    """A database's URL with the driver in its scheme, where the dialect has several and the subject asks for one."""
    scheme, _, rest = url.partition("://")
    drivers = stack.drivers.get(scheme, {})
    if not drivers:
        return url
    named = asked(subject)
    for artifact in subject.draft.having(Role.CODE):
        if artifact.path.endswith(".py"):
            named |= imports(artifact.text)
    return next((f"{each}://{rest}" for name, each in drivers.items() if name in named), url)


NOWHERE = {
    "mysql": "mysql://app:app@127.0.0.1:3306/app",
    "postgres": "postgresql://app:app@127.0.0.1:5432/app",
    "sqlite": "sqlite:////tmp/app.sqlite",
}
"""Dialect -> a URL in the form that a service of it is told."""


def nowhere(subject: Subject, stack: Stack | None) -> str:
    """The URL of a database that is not there, for what only has to read one."""
    url = NOWHERE.get(subject.dialect, NOWHERE["postgres"])
    return driven(url, subject, stack) if stack else url
