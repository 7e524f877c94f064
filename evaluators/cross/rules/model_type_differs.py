"""The rule model-type-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import compatible, family_of, mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_BITS = {"smallint": 16, "integer": 32}
"""Widths of the types that a class names itself; Python's int says none."""


@rule("model-type-differs", family="cross", severity=Severity.WARNING)
def model_type_differs(facts: Facts) -> Iterator[Flaw]:
    """A class maps a column as another type than it has.

    Why: Values are refused, cut or compared wrongly, by row and by driver.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      maker uuid not null
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
        maker: Mapped[int]
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      maker uuid not null
    );
    ```
    ```python app/models.py
    from uuid import UUID

    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(80))
        note: Mapped[str | None] = mapped_column(Text)
        maker: Mapped[UUID]
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      price numeric(9, 2) not null
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
        price: Mapped[float]
    ```

    Precision: Compares families of types, not widths. Types of the project's own and of extensions are taken to
    fit, and in SQLite everything that it keeps as text does.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    dialect = facts.schema.dialect
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute, column in each.columns():
            said, held = family_of(attribute.kind), column.type.family
            narrow = (
                attribute.type and attribute.kind.name in _BITS and (column.type.bits or 0) > _BITS[attribute.kind.name]
            )
            wide = narrow and held == "integer" and dialect != "sqlite"
            if not column.type.array and (wide or not compatible(said, held, dialect)):
                message = f"{each.model.symbol} maps {column.name} as {attribute.kind.name}, it is {column.type}."
                yield Flaw(f"{each.table.key}.{column.name}", attribute.at, message, places=(column.at,))
