"""The rule model-without-table."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("model-without-table", family="cross", severity=Severity.ERROR)
def model_without_table(facts: Facts) -> Iterator[Flaw]:
    """A class maps a table that the schema does not have.

    Why: Every query of the class fails at run time.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    create table makers (id bigint primary key);
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


    class Maker(Base):
        __tablename__ = "maker"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    create table makers (id bigint primary key);
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


    class Maker(Base):
        __tablename__ = "makers"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    create view maker as select 1 as id;
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


    class Maker(Base):
        __tablename__ = "maker"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Precision: Said only where the schema has the table of another class. Views, tables of the platform and what
    could not be read count as known.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    code = facts.code
    known = mapped(code.tables, facts.schema) if code else ()
    for model in code.tables if code and known else ():
        absent = not any(table.name.lower() == model.name.lower() for table in facts.schema.tables)
        if absent and not facts.elsewhere(model.name):
            yield Flaw(
                model.symbol, model.at, f"{model.symbol} maps the table {model.name}, which the schema does not have."
            )
