"""Texts, numbers and times as they are sent."""

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import AwareDatetime, Field

from app.store import EVERY, GONE, NOT_NOW, Body, Db, Key, Me, Words, one, utc, writing

router = APIRouter()


class Note(Body):
    """A note."""

    title: Annotated[str, Field(min_length=1, max_length=100)]


class Label(Body):
    """Some words."""

    words: Words


class Fee(Body):
    """A fee in euros."""

    euros: Annotated[float, Field(ge=1, le=1000, allow_inf_nan=False)]


class Meter(Body):
    """What a meter shows."""

    reading: Annotated[int, Field(strict=True, ge=0)]


class Reminder(Body):
    """When to remind."""

    due_at: AwareDatetime


class Alarm(Body):
    """When to ring."""

    rings_at: AwareDatetime


class Season(Body):
    """From a day to another."""

    starts_on: date
    ends_on: date


class Stay(Body):
    """From a moment to another."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


def in_utc(given: datetime) -> str:
    """A moment in UTC. Raises 422 where the calendar ends."""
    try:
        return utc(given)
    except OverflowError:
        raise HTTPException(422, "The calendar ends before.") from None


@router.post("/notes", status_code=201, responses=EVERY)
def note(db: Db, me: Me, given: Note) -> dict[str, Any]:
    """Write a note, if there is no file of its name."""
    with suppress(OSError):
        Path(given.title).stat()
        raise HTTPException(409, "There is a file of that name.")
    return one(db, "INSERT INTO notes (title) VALUES (?) RETURNING *", given.title)


@router.post("/labels", status_code=201, responses=EVERY)
def label(db: Db, me: Me, given: Label) -> dict[str, Any]:
    """Keep some words."""
    words = given.words.encode("latin-1", "replace").decode("latin-1")
    return one(db, "INSERT INTO labels (words) VALUES (?) RETURNING *", words)


@router.post("/fees", status_code=201, responses=EVERY)
def fee(db: Db, me: Me, given: Fee) -> dict[str, Any]:
    """Keep a fee in cents."""
    cents = int(given.euros * 100)
    return one(db, "INSERT INTO fees (cents) VALUES (?) RETURNING *", cents)


@router.post("/meters", status_code=201, responses=EVERY)
def meter(db: Db, me: Me, given: Meter) -> dict[str, Any]:
    """Keep a reading."""
    return one(db, "INSERT INTO meters (reading) VALUES (?) RETURNING *", given.reading)


@router.post("/reminders", status_code=201, responses=EVERY)
def remind(db: Db, me: Me, given: Reminder) -> dict[str, Any]:
    """Keep a time in UTC."""
    due = utc(given.due_at)
    return one(db, "INSERT INTO reminders (due_at) VALUES (?) RETURNING *", due)


@router.post("/alarms", status_code=201, responses=EVERY)
def alarm(db: Db, me: Me, given: Alarm) -> dict[str, Any]:
    """Keep a time."""
    rings = given.rings_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return one(db, "INSERT INTO alarms (rings_at) VALUES (?) RETURNING *", rings)


@router.post("/seasons", status_code=201, responses=EVERY)
def season(db: Db, me: Me, given: Season) -> dict[str, Any]:
    """Keep a season."""
    days = given.starts_on.isoformat(), given.ends_on.isoformat()
    return one(db, "INSERT INTO seasons (starts_on, ends_on) VALUES (?, ?) RETURNING *", *days)


@router.post("/rooms/{room_id}/stays", status_code=201, responses={**EVERY, **GONE, **NOT_NOW})
def stay(db: Db, me: Me, room_id: Key, given: Stay) -> dict[str, Any]:
    """Stay in a room that nobody has then."""
    begin, end = in_utc(given.starts_at), in_utc(given.ends_at)
    if end <= begin:
        raise HTTPException(422, "The stay ends before it begins.")
    writing(db)
    one(db, "SELECT id FROM rooms WHERE id = ?", room_id)
    taken = "SELECT 1 FROM stays WHERE room_id = ? AND starts_at = ?"
    if db.execute(taken, (room_id, begin)).fetchone():
        raise HTTPException(409, "The room is taken.")
    add = "INSERT INTO stays (room_id, starts_at, ends_at) VALUES (?, ?, ?) RETURNING *"
    return one(db, add, room_id, begin, end)
