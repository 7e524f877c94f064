"""What belongs to one user alone: folders with pages, notes, cards, invoices, the account."""

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse

from app.caller import User
from app.models import Account, AccountIn, Card, Folder, Invoice, InvoiceIn, Named, Note, Page, Profile, Written
from app.store import one, run

router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}})


def found(row: dict[str, Any] | None) -> dict[str, Any]:
    """The row. Raises 404."""
    if row is None:
        raise HTTPException(404, "There is no such thing.")
    return row


@router.get("/folders", response_model=list[Folder])
def folders(user: User) -> Any:
    return run("SELECT * FROM folders WHERE owner_id = ? ORDER BY id LIMIT 50", user["id"])


@router.post("/folders", status_code=201, response_model=Folder)
def add_folder(given: Named, user: User) -> Any:
    return one("INSERT INTO folders (owner_id, name) VALUES (?, ?) RETURNING *", user["id"], given.name)


@router.get("/folders/{folder_id}", response_model=Folder)
def folder(folder_id: int, user: User) -> Any:
    return found(one("SELECT * FROM folders WHERE id = ? AND owner_id = ?", folder_id, user["id"]))


@router.delete("/folders/{folder_id}", status_code=204)
def drop_folder(folder_id: int, user: User) -> None:
    found(one("DELETE FROM folders WHERE id = ? RETURNING id", folder_id))


@router.get("/folders/{folder_id}/pages/{page_id}", response_model=Page)
def page(folder_id: int, page_id: int, user: User) -> Any:
    folder(folder_id, user)
    return found(one("SELECT * FROM pages WHERE id = ?", page_id))


@router.get("/notes", response_model=list[Note])
def notes(user: User) -> Any:
    return run("SELECT * FROM notes WHERE owner_id = ? ORDER BY id LIMIT 50", user["id"])


@router.get("/notes/{note_id}", response_model=Note)
def note(note_id: int, user: User) -> Any:
    return found(one("SELECT * FROM notes WHERE id = ?", note_id))


@router.put("/notes/{note_id}", response_model=Note)
def put_note(note_id: int, given: Written, user: User) -> Any:
    return found(
        one("UPDATE notes SET body = ? WHERE id = ? AND owner_id = ? RETURNING *", given.body, note_id, user["id"])
    )


@router.get("/invoices/{invoice_id}", response_model=Invoice)
def invoice(invoice_id: int, user: User) -> Any:
    return found(one("SELECT * FROM invoices WHERE id = ? AND user_id = ?", invoice_id, user["id"]))


@router.post("/invoices", status_code=201, response_model=Invoice)
def add_invoice(given: InvoiceIn, user: User) -> Any:
    buyer = given.user_id or user["id"]
    return one("INSERT INTO invoices (user_id, subject) VALUES (?, ?) RETURNING *", buyer, given.subject)


@router.get("/cards", response_model=list[Card])
def cards(user: User) -> Any:
    rows = run("SELECT id, label, origin FROM cards WHERE owner_id = ? ORDER BY id LIMIT 50", user["id"])
    return JSONResponse(rows)


@router.get("/cards/{card_id}", response_model=Card)
def card(card_id: int, user: User) -> Any:
    held = found(one("SELECT * FROM cards WHERE id = ? AND owner_id = ?", card_id, user["id"]))
    return JSONResponse({"id": held["id"], "label": held["label"], "pin": held["pin_hash"]})


@router.put("/account", response_model=Account)
def put_account(given: AccountIn, user: User) -> Any:
    credit = user["credit"] if given.credit is None else given.credit
    return one("UPDATE users SET name = ?, credit = ? WHERE id = ? RETURNING *", given.name, credit, user["id"])


@router.put("/account/profile", response_model=Account, responses={403: {"description": "A role of others."}})
def put_profile(given: Profile, user: User) -> Any:
    return one("UPDATE users SET name = ?, role = ? WHERE id = ? RETURNING *", given.name, given.role, user["id"])
