"""Tickets: reserved, and then cancelled, or paid and perhaps refunded."""

import sqlite3
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from app.access import REFUSED, Me
from app.access import router as access
from app.store import Db, one

app = FastAPI(title="Tickets", version="1.0.0", servers=[{"url": "/"}], docs_url=None, redoc_url=None)
app.include_router(access)
Key = Annotated[int, Path(ge=1, le=2**31 - 1)]
EVERY = {**REFUSED, 404: {"description": "There is no such thing."}, 409: {"description": "Not in this state."}}


class Show(BaseModel):
    """A show."""

    id: int
    title: str
    seats_left: int


class Ticket(BaseModel):
    """A ticket."""

    id: int
    show_id: int
    status: str


class Shows(BaseModel):
    """Shows."""

    items: list[Show]


class Tickets(BaseModel):
    """Tickets."""

    items: list[Ticket]


def mine(db: sqlite3.Connection, me: int, ticket_id: int, status: str) -> dict[str, Any]:
    """A ticket of the caller's in a state, with nobody else writing. Raises 404 and 409."""
    db.execute("BEGIN IMMEDIATE")
    ticket = one(db, "SELECT * FROM tickets WHERE id = ? AND user_id = ?", ticket_id, me)
    if ticket["status"] != status:
        raise HTTPException(409, "Not in this state.")
    return ticket


def moved(db: sqlite3.Connection, ticket: dict[str, Any], status: str) -> Ticket:
    """The ticket in another state."""
    db.execute("UPDATE tickets SET status = ? WHERE id = ?", (status, ticket["id"]))
    return Ticket(id=ticket["id"], show_id=ticket["show_id"], status=status)


def freed(db: sqlite3.Connection, ticket: dict[str, Any]) -> None:
    """Give its seat back."""
    db.execute("UPDATE shows SET seats_left = seats_left + 1 WHERE id = ?", (ticket["show_id"],))


@app.get("/shows", responses=REFUSED)
def list_shows(db: Db, me: Me, title: Annotated[str | None, Query(min_length=1, max_length=80)] = None) -> Shows:
    """All shows, or those of one title, ordered by id."""
    rows = db.execute("SELECT * FROM shows ORDER BY id LIMIT 100").fetchall()
    return Shows(items=[Show(**dict(row)) for row in rows if title in (None, row["title"])])


def reminded(db: sqlite3.Connection, me: int, show_id: int) -> None:
    """Note that a user wants to be reminded."""
    db.execute("INSERT INTO reminders (user_id, show_id) VALUES (?, ?) ON CONFLICT DO NOTHING", (me, show_id))


@app.get("/shows/{show_id}", responses=EVERY)
def read_show(db: Db, me: Me, show_id: Key) -> Show:
    """One show."""
    show = one(db, "SELECT * FROM shows WHERE id = ?", show_id)
    return Show(**show)


@app.put("/shows/{show_id}/reminder", status_code=204, responses=EVERY)
def remind(db: Db, me: Me, show_id: Key) -> Response:
    """Ask to be reminded of a show."""
    one(db, "SELECT id FROM shows WHERE id = ?", show_id)
    reminded(db, me, show_id)
    return Response(status_code=204)


@app.post("/shows/{show_id}/tickets", status_code=201, responses=EVERY)
def reserve(db: Db, me: Me, show_id: Key) -> Ticket:
    """Take a seat while there is one."""
    db.execute("BEGIN IMMEDIATE")
    if one(db, "SELECT seats_left FROM shows WHERE id = ?", show_id)["seats_left"] < 1:
        raise HTTPException(409, "No seat is left.")
    db.execute("UPDATE shows SET seats_left = seats_left - 1 WHERE id = ?", (show_id,))
    return Ticket(**one(db, "INSERT INTO tickets (user_id, show_id) VALUES (?, ?) RETURNING *", me, show_id))


@app.get("/tickets", responses=REFUSED)
def list_tickets(db: Db, me: Me, show_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Tickets:
    """The caller's tickets, ordered by id."""
    rows = db.execute(
        "SELECT * FROM tickets WHERE user_id = ? AND (? IS NULL OR show_id = ?) ORDER BY id LIMIT 100",
        (me, show_id, show_id),
    )
    return Tickets(items=[Ticket(**dict(row)) for row in rows])


@app.post("/tickets/{ticket_id}/payment", responses=EVERY)
def pay(db: Db, me: Me, ticket_id: Key) -> Ticket:
    """Pay what is taken."""
    ticket = mine(db, me, ticket_id, "reserved")
    db.execute("INSERT INTO payments (ticket_id, kind) VALUES (?, 'charge')", (ticket_id,))
    return moved(db, ticket, "paid")


@app.post("/tickets/{ticket_id}/cancellation", responses=EVERY)
def cancel(db: Db, me: Me, ticket_id: Key) -> Ticket:
    """Give a seat back; a paid one is refunded instead."""
    ticket = mine(db, me, ticket_id, "reserved")
    freed(db, ticket)
    return moved(db, ticket, "cancelled")


@app.post("/tickets/{ticket_id}/refund", responses=EVERY)
def refund(db: Db, me: Me, ticket_id: Key) -> Ticket:
    """Give a seat and its price back."""
    ticket = mine(db, me, ticket_id, "paid")
    db.execute("INSERT INTO payments (ticket_id, kind) VALUES (?, 'refund')", (ticket_id,))
    freed(db, ticket)
    return moved(db, ticket, "refunded")
