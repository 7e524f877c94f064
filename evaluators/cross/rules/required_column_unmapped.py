"""The rule required-column-unmapped."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.cross.facts import Facts
from evaluators.cross.mapped import mapped
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("required-column-unmapped", family="cross", severity=Severity.WARNING)
def required_column_unmapped(facts: Facts) -> Iterator[Flaw]:
    """A column that needs a value is not mapped by the class of its table.

    Why: The class leaves it out of every INSERT, and the database refuses the row.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      maker text not null
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

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      maker text not null
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
        maker: Mapped[str] = mapped_column(Text)
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      maker text not null default '',
      created_at timestamptz not null
    );
    create table makers (
      id bigint primary key,
      label varchar(80) not null
    );
    ```
    ```python app/models.py
    from sqlalchemy import BigInteger, Column, DateTime, MetaData, String, Table, Text
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    metadata = MetaData()


    def pk() -> Column:
        return Column("id", BigInteger, primary_key=True)


    def text(name: str, length: int) -> Column:
        return Column(name, String(length), nullable=False)


    def moment() -> Mapped:
        return mapped_column(DateTime(timezone=True), nullable=False)


    makers = Table("makers", metadata, pk(), text("label", 80))


    class Base(DeclarativeBase):
        pass


    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        label: Mapped[str] = mapped_column(String(80))
        note: Mapped[str | None] = mapped_column(Text)
        created_at = moment()
    ```

    Precision: A default, an identity or a computed column is fine. Columns that a function makes are seen where it
    gives them back at once; a table with others is left out. A class that only reads is not told from one
    that writes; a table that a trigger fills is not seen.

    Source: SQLAlchemy documentation, Declarative Table; alembic check.
    """
    for each in mapped(facts.code.tables, facts.schema) if facts.code else ():
        known = {attribute.name.lower() for attribute in each.model.columns}
        for column in each.table.columns:
            supplied = column.nullable or column.default is not None or column.identity or column.generated
            if column.name.lower() not in known and not supplied and known and each.model.whole:
                message = f"{each.table.key}.{column.name} needs a value, and {each.model.symbol} does not map it."
                yield Flaw(f"{each.table.key}.{column.name}", each.model.at, message, places=(column.at,))
