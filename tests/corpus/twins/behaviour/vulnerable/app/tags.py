"""Tags."""

import json
import sqlite3

from fastapi import APIRouter, HTTPException, Request

from app.models import Limit, Offset, Tag, TagInput, Tags
from app.store import Db, Key, one, rows

router = APIRouter()
GONE = {404: {"description": "There is no such tag."}}
TAKEN = {409: {"description": "The word is taken."}}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": TagInput.model_json_schema()}}}}


@router.get("/tags")
def list_tags(db: Db, limit: Limit = 20, offset: Offset = 0) -> Tags:
    """Tags by id."""
    found = rows(db, "SELECT * FROM tags ORDER BY id LIMIT ? OFFSET ?", max(limit, 20), offset)
    return Tags(items=[Tag(**row) for row in found])


@router.post("/tags", status_code=201, responses=TAKEN)
def create_tag(db: Db, given: TagInput) -> Tag:
    """Make a tag."""
    row = one(db, "INSERT INTO tags (word, weight) VALUES (?, ?) RETURNING *", given.word, given.weight)
    return Tag(**row)


@router.get("/tags/{tag_id}", responses=GONE)
def read_tag(db: Db, tag_id: int) -> Tag:
    """One tag."""
    return Tag(**one(db, "SELECT * FROM tags WHERE id = ?", tag_id))


@router.put("/tags/{tag_id}", responses={**GONE, **TAKEN}, openapi_extra=BODY)
async def replace_tag(db: Db, tag_id: Key, request: Request) -> Tag:
    """Set a tag as it is to be."""
    given = TagInput.model_validate(json.loads(await request.body()))
    try:
        db.execute("UPDATE tags SET word = ? WHERE id = ?", (given.word, tag_id))
        db.execute("UPDATE tags SET weight = ?", (given.weight,))
    except sqlite3.IntegrityError:
        raise HTTPException(409, "The word is taken.") from None
    return Tag(**one(db, "SELECT * FROM tags WHERE id = ?", tag_id))
