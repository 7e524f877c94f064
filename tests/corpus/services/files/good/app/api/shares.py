"""Links by which anyone reads one file for a while."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.api.deps import Db, Me, Window
from app.api.files import BINARY, FileId, attachment, not_found
from app.core import storage
from app.core.errors import ApiError, problems
from app.core.security import new_opaque, opaque_hash
from app.models import NewShare, Opaque, ShareCreate, ShareList

router = APIRouter(tags=["shares"])


@router.post(
    "/files/{fileId}/shares",
    operation_id="createShare",
    status_code=201,
    response_model=NewShare,
    responses=problems(401, 404, 413, 415, 422),
)
async def create_share(db: Db, me: Me, file_id: FileId, wanted: ShareCreate) -> object:
    """Make a link to a file; its token is shown this once."""
    token, kept = new_opaque()
    row = await db.fetchrow(
        "INSERT INTO share_links (file_id, token_hash, expires_at)"
        " SELECT id, $3, now() + $4 FROM files WHERE id = $1 AND owner_id = $2 FOR KEY SHARE"
        " RETURNING id, file_id, created_at, expires_at",
        file_id,
        me.id,
        kept,
        timedelta(minutes=wanted.expires_in_minutes),
    )
    if row is None:
        raise not_found()
    return {**dict(row), "token": token}


@router.get(
    "/files/{fileId}/shares",
    operation_id="listShares",
    response_model=ShareList,
    responses=problems(401, 404, 422),
)
async def list_shares(db: Db, me: Me, file_id: FileId, window: Window) -> object:
    """List a file's links, ordered by creation and then by id; their tokens are not kept."""
    if not await db.fetchval("SELECT 1 FROM files WHERE id = $1 AND owner_id = $2", file_id, me.id):
        raise not_found()
    total = await db.fetchval("SELECT count(*) FROM share_links WHERE file_id = $1", file_id)
    rows = await db.fetch(
        "SELECT id, file_id, created_at, expires_at FROM share_links WHERE file_id = $1"
        " ORDER BY created_at, id LIMIT $2 OFFSET $3",
        file_id,
        window.limit,
        window.offset,
    )
    return {"items": [dict(row) for row in rows], "total": total, "limit": window.limit, "offset": window.offset}


@router.delete("/shares/{shareId}", operation_id="deleteShare", status_code=204, responses=problems(401, 404, 422))
async def delete_share(db: Db, me: Me, share_id: Annotated[UUID, Path(alias="shareId")]) -> Response:
    """End a link."""
    found = await db.fetchval(
        "DELETE FROM share_links s USING files f"
        " WHERE s.id = $1 AND f.id = s.file_id AND f.owner_id = $2 RETURNING s.id",
        share_id,
        me.id,
    )
    if found is None:
        raise ApiError(404, "share-not-found", "There is no such link")
    return Response(status_code=204)


@router.get(
    "/shared/{token}",
    operation_id="downloadShared",
    response_class=Response,
    responses={**BINARY, **problems(404, 422)},
)
async def download_shared(db: Db, token: Annotated[Opaque, Path()]) -> Response:
    """Download the file of a link that has not expired; no account is needed."""
    row = await db.fetchrow(
        "SELECT f.id, f.name FROM share_links s JOIN files f ON f.id = s.file_id"
        " WHERE s.token_hash = $1 AND s.expires_at > now()",
        opaque_hash(token),
    )
    content = await storage.load(row["id"]) if row is not None else None
    if row is None or content is None:
        raise ApiError(404, "share-not-found", "There is no such link")
    return attachment(row["name"], content)
