"""Rule lazy-load-in-loop."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.loops import touched
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("lazy-load-in-loop", family="code", severity=Severity.WARNING)
def lazy_load_in_loop(code: Code) -> Iterator[Flaw]:
    """A relationship is touched for each row, and each touch is a query.

    Why: The attribute looks like data and is a round trip. A list of a hundred makes a hundred and one queries;
    under asyncio it fails.

    Bad:
        ```python app/main.py
        from sqlalchemy import ForeignKey, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user: Mapped[User] = relationship()

        def listed(session):
            orders = session.scalars(select(Order).limit(50)).all()
            return [{"id": order.id, "user": order.user.name} for order in orders]
        ```

    Good:
        ```python app/main.py
        from sqlalchemy import ForeignKey, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user: Mapped[User] = relationship()

        def listed(session):
            orders = session.scalars(select(Order).options(selectinload(Order.user)).limit(50)).all()
            return [{"id": order.id, "user": order.user.name} for order in orders]
        ```

    Boundary:
        ```python app/main.py
        from sqlalchemy import ForeignKey, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

        class Base(DeclarativeBase):
            pass

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user: Mapped[User] = relationship(lazy="selectin")

        def listed(session):
            orders = session.scalars(select(Order).limit(50)).all()
            return [{"id": order.id, "user": order.user.name} for order in orders]
        ```

    Precision: Only where rows, loop and attribute are in one function and the relationship is declared in the
    project. Response models that read relationships are not followed.

    Source: SQLAlchemy documentation, Relationship Loading Techniques; Django documentation, select_related.
    """
    relations = {table.symbol: {name for name, _ in table.relations} for table in code.tables}
    for query in code.orm_queries:
        names = relations.get(query.model, set()) - set(query.eager)
        if query.one or not names or "*" in query.eager or query.around is None or query.selected:
            continue
        for node in touched(query.module, query.around, query.node, names):
            yield Flaw(
                f"{query.function}.{node.attr}",
                query.module.at(node),
                f"`{node.attr}` is loaded by a query of its own for each row.",
                query.module.source(node),
                "Load it along: selectinload, joinedload, select_related.",
            )
            break
