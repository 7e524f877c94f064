"""The rule model-nullability-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("model-nullability-differs", family="cross", severity=Severity.WARNING)
def model_nullability_differs(facts: Facts) -> Iterator[Flaw]:
    """A class and its table disagree on whether a column may be null.

    Why: Either code meets a None that its types rule out, or the database refuses what the class lets through.

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
        label: Mapped[str] = mapped_column(String(80))
        note: Mapped[str] = mapped_column(Text)
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
        note = mapped_column(Text)
    ```

    Precision: Only where the class says it: by nullable=, or by the type of Mapped. A column with a default may be
    optional in the class.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute, column in each.columns():
            filled = column.default is not None or column.identity or column.generated or attribute.has_default
            if attribute.nullable is None or attribute.primary or attribute.nullable == column.nullable:
                continue
            if attribute.nullable and (filled or attribute.server_default):
                continue
            said = "may be null" if attribute.nullable else "is never null"
            held = "may be null" if column.nullable else "is NOT NULL"
            message = f"{each.model.symbol} says that {column.name} {said}, and in {each.table.key} it {held}."
            yield Flaw(f"{each.table.key}.{column.name}", attribute.at, message, places=(column.at,))
