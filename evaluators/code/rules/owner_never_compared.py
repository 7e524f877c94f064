"""Rule owner-never-compared."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.owners import counted, is_about_one, is_privileged, owner_columns, reads_any, user_parameters
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("owner-never-compared", family="code", severity=Severity.WARNING, security=True)
def owner_never_compared(code: Code) -> Iterator[Flaw]:
    """A signed-in route takes a row by its id and never looks whose it is.

    Why: Being somebody is not owning the row: the next number in the address is another user's.

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

        from app.auth import current_user
        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/items/{item_id}")
        def item(item_id: int, user: str = Depends(current_user), db: Session = Depends(get_db)):
            return db.get(Item, item_id)
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

        from app.auth import current_user
        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/items/{item_id}")
        def item(item_id: int, user: str = Depends(current_user), db: Session = Depends(get_db)):
            return db.scalars(select(Item).where(Item.id == item_id, Item.owner_id == user)).first()
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

        from app.auth import current_user, ensure_owner, require_admin
        from app.db import get_db
        from app.models import Item

        app = FastAPI()

        @app.get("/items/{item_id}")
        def item(item_id: int, admin: str = Depends(require_admin), db: Session = Depends(get_db)):
            return db.get(Item, item_id)

        @app.delete("/items/{item_id}")
        def remove(item_id: int, user: str = Depends(current_user), db: Session = Depends(get_db)):
            found = db.get(Item, item_id)
            ensure_owner(found, user)
            db.delete(found)
        ```

    Precision: Only where the handler itself loads, by an ORM, a class with an owner's column, and never reads the
    user again. Public catalogues behind a login are named wrongly; admins, roles and scopes are
    left out.

    Source: OWASP API1:2023 Broken Object Level Authorization; CWE-639.
    """
    owned = {table.symbol: found for table in code.tables if (found := owner_columns(table))}
    for route in code.routes:
        users = user_parameters(code, route)
        if not is_about_one(route) or not users or is_privileged(route) or reads_any(route, users):
            continue
        for query in code.orm_queries:
            columns = counted(route, owned.get(query.model, set()))
            if query.around is route.node and columns and not columns & set(query.filtered):
                yield Flaw(
                    route.symbol,
                    query.at,
                    f"{route.symbol} takes a row of `{query.model.rpartition('.')[2]}` whoever owns it.",
                    query.module.source(query.node),
                    f"Ask for it by id and `{sorted(columns)[0]}`.",
                )
                break
