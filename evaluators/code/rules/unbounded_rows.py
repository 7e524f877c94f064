"""Rule unbounded-rows."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def _narrows(name: str) -> bool:
    """Whether a condition on an attribute leaves few rows: a key, an owner, a name."""
    return name.endswith(("id", "_by", "owner", "user", "email", "slug", "name", "code", "_at", "date"))


@rule("unbounded-rows", family="code", severity=Severity.WARNING)
def unbounded_rows(code: Code) -> Iterator[Flaw]:
    """A list route loads every row of a table.

    Why: It answers with as many rows as there are. One day that is too many for the memory, the network or the
    caller.

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
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/items")
        def items(db: Session = Depends(get_db)):
            return db.scalars(select(Item).order_by(Item.id)).all()
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
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/items")
        def items(limit: int = 50, db: Session = Depends(get_db)):
            return db.scalars(select(Item).order_by(Item.id).limit(limit)).all()
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
        ```python app/main.py
        from fastapi import Depends, FastAPI
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/owners/{owner_id}/items")
        def items(owner_id: int, db: Session = Depends(get_db)):
            return db.scalars(select(Item).where(Item.owner_id == owner_id)).all()

        @app.get("/items/{item_id}")
        def item(item_id: int, db: Session = Depends(get_db)):
            return db.get(Item, item_id)
        ```

    Precision: Only queries of an ORM that a GET route sends, that take all rows and have no limit and no condition
    on a key, an owner or an unknown. Small fixed tables are named wrongly; SQL text is judged
    beside the schema.

    Source: OWASP API4:2023 Unrestricted Resource Consumption.
    """
    for query in code.orm_queries:
        routes = [route for route in code.routes_of.get(query.function, ()) if route.method == "GET"]
        narrowed = query.conditional or any(_narrows(name) for name in query.filtered)
        if (
            not routes
            or query.kind not in ("select", "django")
            or query.limited
            or query.one
            or query.aggregated
            or narrowed
        ):
            continue
        if query.module.dotted(query.node.func).endswith("objects") or not set(query.taken) & {
            "all",
            "fetchall",
            "list",
        }:
            continue
        yield Flaw(
            routes[0].symbol,
            query.at,
            f"{routes[0].symbol} loads every row of `{query.model.rpartition('.')[2]}`.",
            query.module.source(query.node),
            "Take a limit with a largest value, and put it into the query.",
        )
