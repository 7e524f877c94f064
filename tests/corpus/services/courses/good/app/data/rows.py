"""What all tables share: inserting, paging, the time of the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import func
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row")
Table = TypeVar("Table", bound=SQLModel)


@dataclass(frozen=True)
class Window:
    """Which part of a list is asked for."""

    limit: int
    offset: int


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A part of a list."""

    items: list[Row]
    has_more: bool


def fetch_page(
    session: Session, statement: SelectOfScalar[Row], window: Window
) -> Page[Row]:
    """Read one row more than asked for, to know whether there are more."""
    bounded = statement.offset(window.offset).limit(window.limit + 1)
    rows = list(session.exec(bounded).all())
    return Page(items=rows[: window.limit], has_more=len(rows) > window.limit)


def insert(session: Session, row: Table) -> Table:
    """Insert a row and read what the database has set."""
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def database_time(session: Session) -> datetime:
    """Give the time of the transaction."""
    return session.exec(select(func.now())).one()
