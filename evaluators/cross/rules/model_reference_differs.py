"""The rule model-reference-differs."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("model-reference-differs", family="cross", severity=Severity.WARNING)
def model_reference_differs(facts: Facts) -> Iterator[Flaw]:
    """A class declares a foreign key that the schema does not have, or to another table.

    Why: The class promises that the row is there, and the database does not keep that promise.

    Bad:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))


    class Maker(Base):
        __tablename__ = "makers"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Good:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        maker_id: Mapped[int] = mapped_column(ForeignKey("makers.id"))


    class Maker(Base):
        __tablename__ = "makers"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Boundary:
    ```sql schema.sql
    create table makers (id bigint generated always as identity primary key);
    create table items (
      id bigint generated always as identity primary key,
      maker_id bigint not null references makers (id) on delete restrict
    );
    create index items_maker_idx on items (maker_id);
    ```
    ```python app/models.py
    from sqlalchemy import ForeignKey, String, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        maker_id: Mapped[int] = mapped_column()


    class Maker(Base):
        __tablename__ = "makers"
        id: Mapped[int] = mapped_column(primary_key=True)
    ```

    Precision: A foreign key that only the schema has is fine: not every class says it. Tables of the platform are
    left alone.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        for attribute, column in each.columns():
            said = attribute.references.split(".")
            classes = {model.symbol.rpartition(".")[2]: model.name for model in facts.code.tables} if facts.code else {}
            target = said[-2] if len(said) > 1 else classes.get(said[0], said[0])
            if not target or facts.elsewhere(target):
                continue
            held = {
                key.target.rpartition(".")[2].lower() for key in each.table.foreign_keys if column.name in key.columns
            }
            if target.lower() not in held:
                has = f"refers to {', '.join(sorted(held))}" if held else "has no foreign key"
                message = f"{each.model.symbol} refers to {target} by {column.name}, and in {each.table.key} it {has}."
                yield Flaw(f"{each.table.key}.{column.name}", attribute.at, message, places=(column.at,))
