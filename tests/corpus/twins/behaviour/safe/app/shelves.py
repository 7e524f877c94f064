"""Shelves."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from app.models import Shelf, ShelfInput, ShelfPut
from app.store import Db, Key, moment, one

router = APIRouter()
GONE = {404: {"description": "There is no such shelf."}}
TAGGED = {200: {"description": "The shelf.", "headers": {"ETag": {"schema": {"type": "string"}}}}}
MADE = {201: {"description": "Made.", "headers": {"Location": {"schema": {"type": "string"}}}}}


@router.post("/shelves", status_code=201, responses=MADE)
def create_shelf(db: Db, given: ShelfInput, response: Response) -> Shelf:
    """Put up a shelf."""
    row = one(
        db, "INSERT INTO shelves (label, remark, created_at, updated_at) VALUES (?, ?, ?, ?) RETURNING *",
        given.label, given.remark, moment(), moment(),
    )  # fmt: skip
    response.headers["Location"] = f"/shelves/{row['id']}"
    return Shelf(**row)


@router.get("/shelves/{shelf_id}", responses={**GONE, **TAGGED})
def read_shelf(db: Db, shelf_id: Key, response: Response) -> Shelf:
    """One shelf."""
    row = one(db, "SELECT * FROM shelves WHERE id = ?", shelf_id)
    response.headers["ETag"] = f'"{row["id"]}-{row["version"]}"'
    return Shelf(**row)


@router.put("/shelves/{shelf_id}", responses=GONE)
def replace_shelf(db: Db, shelf_id: Key, given: ShelfPut) -> Shelf:
    """Set a shelf as it is to be."""
    row = one(
        db,
        "UPDATE shelves SET label = ?, remark = ?, version = version + 1, updated_at = ? WHERE id = ? RETURNING *",
        given.label, given.remark, moment(), shelf_id,
    )  # fmt: skip
    return Shelf(**row)


@router.patch("/shelves/{shelf_id}", responses=GONE)
def relabel_shelf(db: Db, shelf_id: Key, given: ShelfPut) -> Shelf:
    """Change the label, and the remark where there is one."""
    held = one(db, "SELECT * FROM shelves WHERE id = ?", shelf_id)
    remark = given.remark if "remark" in given.model_fields_set else held["remark"]
    row = one(
        db,
        "UPDATE shelves SET label = ?, remark = ?, version = version + 1, updated_at = ? WHERE id = ? RETURNING *",
        given.label, remark, moment(), shelf_id,
    )  # fmt: skip
    return Shelf(**row)


@router.delete("/shelves/{shelf_id}", status_code=204, responses={**GONE, 409: {"description": "It holds books."}})
def remove_shelf(db: Db, shelf_id: Key) -> Response:
    """Take an empty shelf down."""
    if db.execute("SELECT 1 FROM books WHERE shelf_id = ?", (shelf_id,)).fetchone():
        raise HTTPException(409, "There are books on it.")
    one(db, "DELETE FROM shelves WHERE id = ? RETURNING id", shelf_id)
    return Response(status_code=204)
