"""Albums: only administrators have any, and each has his own."""

from typing import Any

from fastapi import APIRouter

from app.caller import Admin
from app.drawers import found
from app.models import Album, Named, Picture, Said
from app.store import one

CLOSED: dict[int | str, dict[str, Any]] = {403: {"description": "For administrators."}}
router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}, **CLOSED})


def own(album_id: int, user: dict[str, Any]) -> None:
    """Raises 404."""
    found(one("SELECT id FROM albums WHERE id = ? AND owner_id = ?", album_id, user["id"]))


@router.post("/albums", status_code=201, response_model=Album)
def add_album(given: Named, user: Admin) -> Any:
    return one("INSERT INTO albums (owner_id, name) VALUES (?, ?) RETURNING *", user["id"], given.name)


@router.put("/albums/{album_id}", response_model=Album)
def put_album(album_id: int, given: Named, user: Admin) -> Any:
    own(album_id, user)
    return one("UPDATE albums SET name = ? WHERE id = ? RETURNING *", given.name, album_id)


@router.post("/albums/{album_id}/pictures", status_code=201, response_model=Picture)
def add_picture(album_id: int, given: Said, user: Admin) -> Any:
    own(album_id, user)
    return one("INSERT INTO pictures (album_id, text) VALUES (?, ?) RETURNING *", album_id, given.text)
