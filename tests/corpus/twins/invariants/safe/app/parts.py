"""Fines that are paid or cancelled, and shelves that know how many pages are on them."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Response
from pydantic import Field

from app.store import EVERY, GONE, WHO, Body, Db, Key, Me, one, writing

router = APIRouter()


class Book(Body):
    """A book."""

    pages: Annotated[int, Field(strict=True, ge=1, le=5000)]


def _ended(db: Db, fine_id: int, before: tuple[str, ...], after: str) -> dict[str, Any]:
    writing(db)
    if one(db, "SELECT status FROM fines WHERE id = ?", fine_id)["status"] not in before:
        raise HTTPException(409, "Not in this state.")
    return one(db, "UPDATE fines SET status = ? WHERE id = ? RETURNING *", after, fine_id)


@router.post("/fines/{fine_id}/payment", responses=EVERY)
def pay_fine(db: Db, me: Me, fine_id: Key) -> dict[str, Any]:
    """Pay a fine."""
    return _ended(db, fine_id, ("open",), "paid")


@router.post("/fines/{fine_id}/withdrawal", responses=EVERY)
def withdraw_fine(db: Db, me: Me, fine_id: Key) -> dict[str, Any]:
    """Take a fine back."""
    return _ended(db, fine_id, ("open",), "cancelled")


@router.post("/shelves/{shelf_id}/books", status_code=201, responses={**WHO, **GONE})
def put_up(db: Db, me: Me, shelf_id: Key, given: Book) -> dict[str, Any]:
    """Put a book on a shelf."""
    one(db, "UPDATE shelves SET pages = pages + ? WHERE id = ? RETURNING *", given.pages, shelf_id)
    return one(db, "INSERT INTO books (shelf_id, pages) VALUES (?, ?) RETURNING *", shelf_id, given.pages)


@router.delete("/books/{book_id}", status_code=204, responses={**WHO, **GONE})
def take_down(db: Db, me: Me, book_id: Key) -> Response:
    """Take a book away."""
    book = one(db, "DELETE FROM books WHERE id = ? RETURNING *", book_id)
    db.execute("UPDATE shelves SET pages = pages - ? WHERE id = ?", (book["pages"], book["shelf_id"]))
    return Response(status_code=204)
