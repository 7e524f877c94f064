"""The desk: loans, holds and memos."""

import sqlite3

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from app.models import Hold, HoldInput, Limit, Loan, LoanInput, Memo, MemoInput, Memos
from app.store import Db, Key, moment, one, rows

router = APIRouter()
GONE = {404: {"description": "There is no such thing."}}
TAKEN = {409: {"description": "The reader waits already."}}


@router.post("/loans", status_code=201, responses=GONE)
def lend(db: Db, given: LoanInput) -> Loan:
    """Lend a book."""
    book = db.execute("SELECT id FROM books WHERE id = ?", (given.book_id,)).fetchone()
    row = one(db, "INSERT INTO loans (book_id, borrower) VALUES (?, ?) RETURNING *", book["id"], given.borrower)
    return Loan(**row)


@router.get("/holds/{hold_id}", responses=GONE)
def read_hold(db: Db, hold_id: Key) -> Hold:
    """One hold."""
    return Hold(**one(db, "SELECT * FROM holds WHERE id = ?", hold_id))


@router.post("/holds", status_code=201, responses={**GONE, **TAKEN})
def hold(db: Db, given: HoldInput) -> Hold:
    """Wait for a book, once."""
    if db.execute("SELECT 1 FROM books WHERE id = ?", (given.book_id,)).fetchone() is None:
        raise HTTPException(404, "There is no such book.")
    made = one(db, "INSERT INTO holds (book_id, reader) VALUES (?, ?) RETURNING *", given.book_id, given.reader)
    waiting = "SELECT count(*) AS number FROM holds WHERE book_id = ? AND reader = ?"
    if one(db, waiting, given.book_id, given.reader)["number"] > 1:
        db.commit()
        raise HTTPException(409, "The reader waits already.")
    return Hold(**made)


@router.get("/memos")
def list_memos(db: Db, limit: Limit = 20, cursor: str | None = None) -> Memos:
    """Memos, the newest first."""
    at = cursor.split(" ")[0] if cursor else "9"
    found = rows(
        db, "SELECT * FROM memos WHERE created_at < ? ORDER BY created_at DESC, id DESC LIMIT ?",
        at, limit + 1,
    )  # fmt: skip
    items = [Memo(**row) for row in found[:limit]]
    following = f"{items[-1].created_at} {items[-1].id}" if len(found) > limit else None
    return Memos(items=items, next_cursor=following)


@router.post("/memos", status_code=201, responses=GONE)
def create_memo(db: Db, given: MemoInput) -> Memo:
    """Write a memo on a book."""
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        row = one(
            db, "INSERT INTO memos (book_id, body, created_at) VALUES (?, ?, ?) RETURNING *",
            given.book_id, given.body, moment(),
        )  # fmt: skip
    except sqlite3.IntegrityError:
        raise HTTPException(404, "There is no such book.") from None
    return Memo(**row)


@router.get("/memos/{memo_id}", responses=GONE)
def read_memo(db: Db, memo_id: Key) -> Memo:
    """One memo."""
    return Memo(**one(db, "SELECT * FROM memos WHERE id = ?", memo_id))


@router.delete("/memos/{memo_id}", status_code=204, responses=GONE)
def remove_memo(db: Db, memo_id: Key) -> Response:
    """Throw a memo away."""
    one(db, "SELECT id FROM memos WHERE id = ?", memo_id)
    return Response(status_code=204)
