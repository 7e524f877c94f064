"""Letters in folders, and their stamps."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request

from app.caller import User
from app.drawers import found
from app.models import Letter, LetterIn, Said, Stamp, Written
from app.store import one, run

router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}})


@router.get("/letters", response_model=list[Letter])
def letters(user: User) -> Any:
    return run("SELECT * FROM letters ORDER BY id LIMIT 50")


@router.post("/letters", status_code=201, response_model=Letter)
def add_letter(given: LetterIn, user: User) -> Any:
    return one(
        "INSERT INTO letters (owner_id, folder_id, body) VALUES (?, ?, ?) RETURNING *",
        user["id"],
        given.folder_id,
        given.body,
    )


@router.get("/letters/{letter_id}", response_model=Letter)
def letter(letter_id: int, user: User) -> Any:
    return found(one("SELECT * FROM letters WHERE id = ? AND owner_id = ?", letter_id, user["id"]))


@router.patch("/letters/{letter_id}", response_model=Letter)
async def change_letter(letter_id: int, given: Written, user: User, request: Request) -> Any:
    changed = letter(letter_id, user) | await request.json()
    return one(
        "UPDATE letters SET body = ?, rating = ? WHERE id = ? RETURNING *", given.body, changed["rating"], letter_id
    )


@router.post("/letters/{letter_id}/seal", response_model=Letter, responses={409: {"description": "Sealed already."}})
def seal(letter_id: int, user: User) -> Any:
    held = found(one("SELECT * FROM letters WHERE id = ?", letter_id))
    if held["status"] == "sealed":
        raise HTTPException(409, "The letter is sealed already.")
    letter(letter_id, user)
    return one("UPDATE letters SET status = 'sealed' WHERE id = ? RETURNING *", letter_id)


@router.post("/letters/{letter_id}/stamps", status_code=201, response_model=Stamp)
def add_stamp(letter_id: int, given: Said, user: User) -> Any:
    return one("INSERT INTO stamps (letter_id, text) VALUES (?, ?) RETURNING *", letter_id, given.text)


@router.get("/stamps", response_model=list[Stamp])
def stamps(user: User, letter_id: int | None = None) -> Any:
    return run(
        "SELECT s.* FROM stamps s JOIN letters l ON l.id = s.letter_id"
        " WHERE (l.owner_id = ? AND ? IS NULL) OR l.id = ? ORDER BY s.id LIMIT 50",
        user["id"],
        letter_id,
        letter_id,
    )
