"""Lists of runs: what is asked for, and the queries that answer it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from assistant.journal_records import RunState
from assistant.journal_schema import RUNS


@dataclass(frozen=True)
class Filter:
    """Which runs are meant; what is empty does not narrow."""

    text: str = ""
    """In the sentence (of a check: its title); case does not matter."""
    state: RunState | None = None
    recipe: str = ""
    kind: str = ""
    owner: str | None = None
    """None: everybody's; empty: those of the command line."""
    since: str = ""
    """A date or a time in UTC, ISO 8601."""
    until: str = ""
    """The same; from then on they are not meant."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As conditions on the table of runs."""
        found: list[sa.ColumnElement[bool]] = []
        if self.text:
            found.append(RUNS.c.sentence.icontains(self.text, autoescape=True))
        if self.state is not None:
            found.append(RUNS.c.state == self.state.value)
        if self.recipe:
            found.append(RUNS.c.recipe == self.recipe)
        if self.kind:
            found.append(RUNS.c.kind == self.kind)
        if self.owner is not None:
            found.append(RUNS.c.owner == self.owner)
        if self.since:
            found.append(RUNS.c.created >= self.since)
        if self.until:
            found.append(RUNS.c.created < self.until)
        return found


def page(wanted: Filter, before: str, limit: int) -> sa.Select[*tuple[object, ...]]:
    """The latest runs, or those that began before the run `before`; an id tells when its run began."""
    query = sa.select(RUNS).where(*wanted.conditions())
    if before:
        query = query.where(RUNS.c.id < before)
    return query.order_by(RUNS.c.id.desc()).limit(limit)


def number(wanted: Filter) -> sa.Select[int]:
    """How many they are."""
    return sa.select(sa.func.count()).select_from(RUNS).where(*wanted.conditions())
