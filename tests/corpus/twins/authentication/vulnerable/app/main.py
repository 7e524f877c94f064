"""The application."""

import logging
import sqlite3

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.accounts import router as accounts
from app.guard import ClosedToo, Either, Flexible, Headers, Lasting, Present, Read, User
from app.schemas import Id, Note, NoteInput, Notes
from app.store import Db

log = logging.getLogger("notes")
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
app = FastAPI(title="Notes", version="1.0.0", servers=[{"url": "/"}])
app.add_middleware(Headers)
app.include_router(accounts)
REFUSALS = {401: {"description": "Not logged in."}, 404: {"description": "No such note."}}


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """What was wrong, without what was sent."""
    fields = [".".join(map(str, each["loc"])) for each in error.errors()]
    return JSONResponse({"detail": f"Invalid: {', '.join(fields)}"}, 422)


def mine(db: sqlite3.Connection, note_id: int, user_id: int) -> sqlite3.Row:
    """A note of the caller's."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM notes WHERE id = ? AND owner_id = ?", (note_id, user_id)
    ).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such note.")
    return row


@app.get("/notes", responses=REFUSALS)
def list_notes(db: Db, user: User) -> Notes:
    """One's notes."""
    rows = db.execute("SELECT * FROM notes WHERE owner_id = ? ORDER BY id LIMIT 100", (user["id"],)).fetchall()
    return Notes(items=[Note(**row) for row in map(dict, rows)])


@app.get("/export", responses=REFUSALS)
def export(db: Db, user: Either) -> Notes:
    """All of one's notes."""
    return list_notes(db, user)


@app.get("/recent", responses=REFUSALS)
def recent(db: Db, user: ClosedToo) -> Notes:
    """The newest notes."""
    rows = db.execute("SELECT * FROM notes WHERE owner_id = ? ORDER BY id DESC LIMIT 5", (user["id"],)).fetchall()
    return Notes(items=[Note(**row) for row in map(dict, rows)])


@app.post("/notes", status_code=201, responses={**REFUSALS, 409: {"description": "The title is taken."}})
def create(db: Db, user: Lasting, given: NoteInput) -> Note:
    """Write a note."""
    try:
        row = db.execute(
            "INSERT INTO notes (owner_id, title, body) VALUES (?, ?, ?) RETURNING *",
            (user["id"], given.title, given.body),
        ).fetchone()
    except sqlite3.IntegrityError as error:
        raise HTTPException(409, str(error)) from None
    log.info("Note %s was written by account %s", row["id"], user["id"])
    return Note(**dict(row))


@app.get("/notes/{note_id}", responses=REFUSALS, openapi_extra={"security": [{"bearer": []}]})
def read(db: Db, note_id: Id) -> Note:
    """One note."""
    row = db.execute("SELECT * FROM notes WHERE id = ?", (note_id,)).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such note.")
    return Note(**dict(row))


@app.get("/notes/{note_id}/text", responses=REFUSALS, response_class=PlainTextResponse)
def text(db: Db, user: Flexible, note_id: Id) -> PlainTextResponse:
    """One note's text."""
    return PlainTextResponse(mine(db, note_id, user["id"])["body"])


@app.put("/notes/{note_id}", responses={**REFUSALS, 409: {"description": "The title is taken."}})
def replace(db: Db, user: Present, note_id: Id, given: NoteInput) -> Note:
    """Write a note anew."""
    log.info("Note %s is written by account %s", note_id, user["id"])
    try:
        db.execute("UPDATE notes SET title = ?, body = ? WHERE id = ?", (given.title, given.body, note_id))
    except sqlite3.IntegrityError:
        raise HTTPException(409, "The title is taken.") from None
    return Note(id=note_id, title=given.title, body=given.body)


@app.delete("/notes/{note_id}", status_code=204, responses=REFUSALS)
def delete(db: Db, user: Read, note_id: Id) -> Response:
    """Throw a note away."""
    try:
        mine(db, note_id, user["id"])
    except HTTPException:
        return JSONResponse({"error": "not_found"}, 404)
    db.execute("DELETE FROM notes WHERE id = ?", (note_id,))
    return Response(status_code=204)
