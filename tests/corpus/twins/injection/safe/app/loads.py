"""What costs time and memory."""

import asyncio
import re
import zlib
from typing import Annotated, Any

from fastapi import APIRouter, Body, File, HTTPException, Response, UploadFile
from pydantic import BaseModel, Field

from app.store import one, run

router = APIRouter()
WORD = "Correct-Horse-9-Battery"
WORDS = re.compile(r"^\w+(-\w+)*$")


class NewTag(BaseModel):
    """A word that others can be found by."""

    word: str = Field(min_length=1, max_length=100)


class Tag(NewTag):
    """A tag."""

    id: int


class Picture(BaseModel):
    """A picture, told without its content."""

    id: int
    label: str
    kind: str


class Tree(BaseModel):
    """How deep a tree is."""

    id: int
    depth: int


class Knock(BaseModel):
    """The word for a door."""

    password: str = Field(min_length=1, max_length=100)


class Count(BaseModel):
    """How many there are."""

    count: int


@router.post("/doors")
async def open_door(knock: Knock) -> Count:
    """Open a door to who knows the word."""
    if knock.password != WORD:
        await asyncio.sleep(0.5)
        raise HTTPException(403, "Another word.")
    return Count(count=1)


@router.post("/tags", status_code=201)
def add_tag(tag: NewTag) -> Tag:
    """Keep a tag."""
    if not WORDS.match(tag.word.replace(" ", "-")):
        raise HTTPException(422, "Words and hyphens only.")
    return Tag(**(one("INSERT INTO tags (word) VALUES (?) RETURNING *", tag.word) or {}))


@router.get("/tags")
def tags(limit: Annotated[int, Field(ge=1, le=100)] = 20) -> list[Tag]:
    """The first tags."""
    return [Tag(**row) for row in run("SELECT * FROM tags ORDER BY id LIMIT ?", limit)]


@router.post("/pictures", status_code=201)
async def add_picture(content: Annotated[UploadFile, File()]) -> Picture:
    """Keep a picture."""
    held = await content.read()
    found = one("INSERT INTO pictures (label, kind, content) VALUES (?, ?, ?) RETURNING id, label, kind",
                content.filename or "picture", content.content_type or "text/plain", held)  # fmt: skip
    return Picture(**(found or {}))


@router.get("/pictures/{picture_id}/content", response_class=Response)
def picture(picture_id: int) -> Response:
    """A picture's content."""
    found = one("SELECT * FROM pictures WHERE id = ?", picture_id)
    if found is None:
        raise HTTPException(404, "No such picture.")
    held = found["content"]
    return Response(held if isinstance(held, bytes) else str(held), media_type=found["kind"], headers={"Content-Disposition": "attachment"})


@router.post("/packed")
async def count_packed(content: Annotated[UploadFile, File()]) -> Count:
    """How many lines a packed file has."""
    held = await content.read()
    try:
        text = zlib.decompressobj(31).decompress(held, 1 << 20) if held[:2] == b"\x1f\x8b" else held
    except (zlib.error, EOFError):
        raise HTTPException(422, "Not a packed file.") from None
    return Count(count=text.count(b"\n"))


def deep(value: Any) -> int:
    """How deep a value is."""
    level, depth = [value], 0
    while level := [each for held in level for each in _inside(held)]:
        depth += 1
    return depth + 1


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


@router.post("/trees", status_code=201)
def add_tree(tree: Annotated[dict[str, Any], Body()]) -> Tree:
    """Keep how deep a tree is."""
    return Tree(**(one("INSERT INTO trees (depth) VALUES (?) RETURNING *", deep(tree)) or {}))


@router.get("/summary")
async def summary() -> Count:
    """What takes its time."""
    await asyncio.sleep(0.6)
    return Count(count=len(run("SELECT id FROM tags")))
