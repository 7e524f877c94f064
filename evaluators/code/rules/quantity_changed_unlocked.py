"""Rule quantity-changed-unlocked."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.writes import changes, is_safe, loaded, numeric_attributes
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("quantity-changed-unlocked", family="code", severity=Severity.WARNING)
def quantity_changed_unlocked(code: Code) -> Iterator[Flaw]:
    """A quantity of a loaded object is changed and saved, with nothing that locks its row.

    Why: Two requests at once load the same value, and the second one's save undoes the first's: stock or money is
    made or lost.

    Bad:
        ```python app/models.py
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int]
            name: Mapped[str]
            stock: Mapped[int]
        ```
        ```python app/store.py
        from app.models import Item

        def take(session, item_id: int, count: int):
            item = session.get(Item, item_id)
            if item.stock < count:
                raise ValueError("too few")
            item.stock -= count
            session.commit()
        ```

    Good:
        ```python app/models.py
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int]
            name: Mapped[str]
            stock: Mapped[int]
        ```
        ```python app/store.py
        from app.models import Item

        def take(session, item_id: int, count: int):
            item = session.get(Item, item_id, with_for_update=True)
            if item.stock < count:
                raise ValueError("too few")
            item.stock -= count
            session.commit()
        ```

    Boundary:
        ```python app/models.py
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Item(Base):
            __tablename__ = "items"
            id: Mapped[int] = mapped_column(primary_key=True)
            owner_id: Mapped[int]
            name: Mapped[str]
            stock: Mapped[int]
        ```
        ```python app/store.py
        from app.models import Item

        def rename(session, item_id: int, name: str):
            item = session.get(Item, item_id)
            item.name = item.name + name
            session.commit()

        def bill(lines):
            bill = Bill()
            for line in lines:
                bill.total += line.amount
            return bill
        ```

    Precision: Only numeric attributes of objects that the same function loads by a query of an ORM, changed by
    plus or minus. A lock on any query of the function, a version counter, F() expressions and
    stricter isolation count as safe.

    Source: SQLAlchemy documentation, with_for_update; Django documentation, F() and select_for_update; CWE-362.
    """
    numeric = numeric_attributes(code)
    for module, function, name, change in changes(code):
        query = loaded(code, function, name)
        if query is None or change.attr not in numeric.get(query.model, set()) or is_safe(code, module, function):
            continue
        yield Flaw(
            f"{module.name}.{module.qualified(function)}.{change.attr}",
            module.at(change),
            f"`{change.attr}` is read and written back, and no lock is held in between.",
            module.source(change),
            "Load the row FOR UPDATE, or change it in one UPDATE statement.",
            (query.at,),
        )
