"""Notes: found, sorted, written."""

import logging
import re

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from app.store import one, run

router = APIRouter(prefix="/notes")
log = logging.getLogger("uvicorn.error")
COLUMNS = ("id", "title", "created_at")


class NewNote(BaseModel):
    """A note that is to be kept."""

    title: str = Field(min_length=1, max_length=200)
    body: str = Field(max_length=5000)


class Note(NewNote):
    """A note."""

    id: int
    created_at: str


@router.get("")
def notes_titled(title: str | None = None) -> list[Note]:
    """All notes, or those of a title."""
    if title is None:
        return [Note(**row) for row in run("SELECT * FROM notes ORDER BY id")]
    return [Note(**row) for row in run("SELECT * FROM notes WHERE title = ? ORDER BY id", title)]


@router.get("/search")
def notes_with(words: str) -> list[Note]:
    """Notes that have these words in them."""
    bare = re.sub(r"[^\w ]", "", words).strip()
    found = run("SELECT * FROM notes WHERE instr(title, ?) OR instr(body, ?) ORDER BY id", bare, bare) if bare else []
    return [Note(**row) for row in found]


@router.get("/sorted")
def notes_sorted(by: str = "id") -> list[Note]:
    """All notes in an order."""
    if by not in COLUMNS:
        by = "id"
    return [Note(**row) for row in run(f"SELECT * FROM notes ORDER BY {by}")]


@router.post("", status_code=201)
def add_note(note: NewNote) -> Note:
    """Keep a note."""
    log.info("note added: %r", note.title)
    found = one("INSERT INTO notes (title, body) VALUES (?, ?) RETURNING *", note.title, note.body)
    return Note(**(found or {}))


@router.put("/{note_id}")
def change_note(note_id: int, note: NewNote) -> Note:
    """Write a note anew."""
    run("UPDATE notes SET title = ?, body = ? WHERE id = ?", note.title, note.body, note_id)
    found = one("SELECT * FROM notes WHERE id = ?", note_id)
    if found is None:
        raise HTTPException(404, "No such note.")
    return Note(**found)


@router.get("/{note_id}")
def note(note_id: int) -> Note:
    """A note."""
    found = one("SELECT * FROM notes WHERE id = ?", note_id)
    if found is None:
        raise HTTPException(404, "No such note.")
    return Note(**found)
