"""Files: upload, download, rename, move, delete."""

import hashlib
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID, uuid4

import asyncpg
from fastapi import APIRouter, Form, Path, Query, Response, UploadFile
from pydantic import Field, TypeAdapter, ValidationError

from app import models
from app.api.deps import Caller, Db, Me, Window
from app.api.folders import require_folder, unknown_folder
from app.core import storage
from app.core.edge import MAX_FILE
from app.core.errors import ApiError, problems

router = APIRouter(tags=["files"])
COLUMNS = "id, folder_id, name, size_bytes, encode(sha256, 'hex') AS sha256, created_at"
ORDER = {
    models.FileSort.NAME: "name, id",
    models.FileSort.NAME_DOWN: "name DESC, id",
    models.FileSort.CREATED: "created_at, id",
    models.FileSort.CREATED_DOWN: "created_at DESC, id",
    models.FileSort.SIZE_DOWN: "size_bytes DESC, id",
}
FileId = Annotated[UUID, Path(alias="fileId")]
BINARY: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The content.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_name = TypeAdapter(models.Name)


class Upload(models.Body):
    """The parts of an upload."""

    file: UploadFile = Field(
        description="Up to 5 MiB; its name is the file's.", json_schema_extra={"maxLength": MAX_FILE}
    )
    folder_id: UUID | None = None


def not_found() -> ApiError:
    """No such file, or not the caller's."""
    return ApiError(404, "file-not-found", "There is no such file")


def attachment(name: str, content: bytes) -> Response:
    """A download: never shown inline, whatever is in it."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


@router.post(
    "/files",
    operation_id="uploadFile",
    status_code=201,
    response_model=models.File,
    responses={
        201: {"headers": {"Location": {"description": "The file.", "schema": {"type": "string"}}}},
        **problems(401, 409, 413, 415, 422),
    },
)
async def upload_file(
    db: Db,
    me: Me,
    response: Response,
    form: Annotated[Upload, Form(media_type="multipart/form-data")],
) -> object:
    """Upload a file. 409 where its name is taken or the quota does not suffice."""
    try:
        name = _name.validate_python(form.file.filename)
    except ValidationError as error:
        raise ApiError(422, "bad-name", "The file's name is missing or cannot be used") from error
    content = await form.file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise ApiError(413)
    row = await _store(db, me, form.folder_id, name, content)
    response.headers["Location"] = f"/files/{row['id']}"
    return dict(row)


async def _store(
    db: asyncpg.Connection, me: Caller, folder_id: UUID | None, name: str, content: bytes
) -> asyncpg.Record:
    """Take the bytes from the quota, keep the row and write the content: all of it or nothing."""
    file_id = uuid4()
    try:
        async with db.transaction():
            fits = await db.fetchval(
                "UPDATE users SET used_bytes = used_bytes + $2"
                " WHERE id = $1 AND used_bytes + $2 <= quota_bytes RETURNING id",
                me.id,
                len(content),
            )
            if fits is None:
                raise ApiError(409, "quota-exceeded", "The quota does not suffice")
            row = await db.fetchrow(
                f"INSERT INTO files (id, owner_id, folder_id, name, size_bytes, sha256)"  # noqa: S608 - fixed columns
                f" VALUES ($1, $2, $3, $4, $5, $6) RETURNING {COLUMNS}",
                file_id,
                me.id,
                folder_id,
                name,
                len(content),
                hashlib.sha256(content).digest(),
            )
            await storage.save(file_id, content)
    except asyncpg.UniqueViolationError as error:
        raise ApiError(409, "name-taken", "There is a file of this name") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise unknown_folder() from error
    except BaseException:
        await storage.discard(file_id)
        raise
    return row


@router.get(
    "/files",
    operation_id="listFiles",
    response_model=models.FileList,
    responses=problems(401, 404, 422),
)
async def list_files(
    db: Db,
    me: Me,
    window: Window,
    folder_id: Annotated[UUID | None, Query(alias="folderId", description="Left out: the top.")] = None,
    sort: Annotated[models.FileSort, Query()] = models.FileSort.NAME,
) -> object:
    """List the files at the top or in a folder, ordered by `sort` and then by id."""
    await require_folder(db, me.id, folder_id)
    where = "owner_id = $1 AND folder_id IS NOT DISTINCT FROM $2"
    total = await db.fetchval(f"SELECT count(*) FROM files WHERE {where}", me.id, folder_id)  # noqa: S608
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM files WHERE {where} ORDER BY {ORDER[sort]} LIMIT $3 OFFSET $4",  # noqa: S608
        me.id,
        folder_id,
        window.limit,
        window.offset,
    )
    return {"items": [dict(row) for row in rows], "total": total, "limit": window.limit, "offset": window.offset}


@router.get("/files/{fileId}", operation_id="getFile", response_model=models.File, responses=problems(401, 404, 422))
async def get_file(db: Db, me: Me, file_id: FileId) -> object:
    """A file, without its content."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM files WHERE id = $1 AND owner_id = $2",  # noqa: S608 - fixed columns
        file_id,
        me.id,
    )
    if row is None:
        raise not_found()
    return dict(row)


@router.get(
    "/files/{fileId}/content",
    operation_id="downloadFile",
    response_class=Response,
    responses={**BINARY, **problems(401, 404, 422)},
)
async def download_file(db: Db, me: Me, file_id: FileId) -> Response:
    """Download a file."""
    name = await db.fetchval("SELECT name FROM files WHERE id = $1 AND owner_id = $2", file_id, me.id)
    content = await storage.load(file_id) if name is not None else None
    if content is None:
        raise not_found()
    return attachment(name, content)


@router.patch(
    "/files/{fileId}",
    operation_id="changeFile",
    response_model=models.File,
    responses=problems(401, 404, 409, 413, 415, 422),
)
async def change_file(db: Db, me: Me, file_id: FileId, wanted: models.FileChange) -> object:
    """Rename a file, move it, or both; a field that is left out stays."""
    try:
        row = await db.fetchrow(
            f"UPDATE files SET name = coalesce($3, name),"  # noqa: S608 - fixed columns
            f" folder_id = CASE WHEN $4 THEN $5::uuid ELSE folder_id END"
            f" WHERE id = $1 AND owner_id = $2 RETURNING {COLUMNS}",
            file_id,
            me.id,
            wanted.name,
            "folder_id" in wanted.model_fields_set,
            wanted.folder_id,
        )
    except asyncpg.UniqueViolationError as error:
        raise ApiError(409, "name-taken", "There is a file of this name") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise unknown_folder() from error
    if row is None:
        raise not_found()
    return dict(row)


@router.delete("/files/{fileId}", operation_id="deleteFile", status_code=204, responses=problems(401, 404, 422))
async def delete_file(db: Db, me: Me, file_id: FileId) -> Response:
    """Delete a file and give its bytes back."""
    async with db.transaction():
        # The user's row first, as an upload does: in another order the two could wait for each other.
        await db.execute("SELECT 1 FROM users WHERE id = $1 FOR UPDATE", me.id)
        size = await db.fetchval(
            "DELETE FROM files WHERE id = $1 AND owner_id = $2 RETURNING size_bytes", file_id, me.id
        )
        if size is None:
            raise not_found()
        await db.execute("UPDATE users SET used_bytes = greatest(used_bytes - $2, 0) WHERE id = $1", me.id, size)
    await storage.discard(file_id)
    return Response(status_code=204)
