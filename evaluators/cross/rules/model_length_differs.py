"""The rule model-length-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.bounds import bounds_of
from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("model-length-differs", family="cross", severity=Severity.WARNING)
def model_length_differs(facts: Facts) -> Iterator[Flaw]:
    """A class and its table give a text different lengths.

    Why: Whatever checks by the class lets through what the column refuses, or refuses what it would take.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(100))
        note: Mapped[str | None] = mapped_column(Text)
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(80))
        note: Mapped[str | None] = mapped_column(Text)
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label text not null check (char_length(label) <= 80),
      note text
    );
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(80))
        note: Mapped[str | None] = mapped_column(Text)
    ```

    Precision: A CHECK on the length counts as the length. SQLite keeps no lengths, so there only CHECKs are
    compared.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute, column in each.columns():
            held = bounds_of(each.table, column, facts.schema.dialect).max_length
            said = attribute.kind.length
            if said is not None and held is not None and said != held and column.type.family == "text":
                message = (
                    f"{each.model.symbol} gives {column.name} {said} characters, {each.table.key} gives it {held}."
                )
                yield Flaw(f"{each.table.key}.{column.name}", attribute.at, message, places=(column.at,))
