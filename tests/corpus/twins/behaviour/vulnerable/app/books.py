"""Books."""

import sqlite3
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from app.models import Book, BookChange, BookInput, Books, Limit, Offset, Order
from app.store import Db, Key, one, rows

router = APIRouter()
GONE = {404: {"description": "There is no such book, or no such shelf."}}
ORDERS = {Order.ID: "id", Order.TITLE: "id", Order.LONGEST: "pages DESC, id"}


@router.get("/books")
def list_books(
    db: Db,
    shelf_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    min_pages: Annotated[int, Query(ge=1, le=10_000)] = 1,
    sort: Order = Order.ID,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Books:
    """Books in an order, of a shelf or of all."""
    found = rows(
        db, f"SELECT * FROM books WHERE (?1 IS NULL OR shelf_id >= 0) AND pages >= ?2 ORDER BY {ORDERS[sort]}"
        " LIMIT ?3 OFFSET ?4", shelf_id, min_pages, limit, offset,
    )  # fmt: skip
    return Books(items=[Book(**one(db, "SELECT * FROM books WHERE id = ?", row["id"])) for row in found])


@router.post("/books", status_code=201, responses=GONE)
def create_book(db: Db, given: BookInput) -> Book:
    """Put a book on a shelf."""
    try:
        row = one(
            db, "INSERT INTO books (shelf_id, title, pages, state) VALUES (?, ?, ?, ?) RETURNING *",
            given.shelf_id, given.title, given.pages, "new",
        )  # fmt: skip
    except sqlite3.IntegrityError:
        raise HTTPException(404, "There is no such shelf.") from None
    return Book(**row)


@router.get("/books/{book_id}", responses=GONE)
def read_book(db: Db, book_id: Key) -> Book:
    """One book."""
    return Book(**one(db, "SELECT * FROM books WHERE id = ?", book_id))


@router.patch("/books/{book_id}", responses=GONE)
def change_book(db: Db, book_id: Key, given: BookChange) -> Book:
    """Change what is named."""
    row = one(
        db, "UPDATE books SET title = coalesce(?, title) WHERE id = ? RETURNING *",
        given.title, book_id,
    )  # fmt: skip
    return Book(**row)
