"""The rule model-column-unknown."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import column_of, mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("model-column-unknown", family="cross", severity=Severity.ERROR)
def model_column_unknown(facts: Facts) -> Iterator[Flaw]:
    """A class maps a column that its table does not have.

    Why: Every query of the class names the column and fails.

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
        note: Mapped[str | None] = mapped_column(Text)
        price: Mapped[int]
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
        title: Mapped[str] = mapped_column("label", String(80))
        note: Mapped[str | None] = mapped_column(Text)
    ```

    Precision: Relationships, properties and columns that a query computes are no columns. Case does not matter.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute in each.model.columns:
            if column_of(each.table, attribute.name) is None:
                message = f"{each.model.symbol} maps {attribute.name}, which {each.table.key} does not have."
                yield Flaw(f"{each.table.key}.{attribute.name}", attribute.at, message, places=(each.table.at,))
