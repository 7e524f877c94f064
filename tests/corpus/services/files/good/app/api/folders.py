"""Folders."""

import csv
import io
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import TypeAdapter, ValidationError

from app.api.deps import Db, Me, Window
from app.core.edge import MAX_CSV_CHARACTERS
from app.core.errors import ApiError, problems
from app.models import Folder, FolderCreate, FolderList, FolderRename, Imported, Name

router = APIRouter(tags=["folders"])
COLUMNS = "id, parent_id, name, created_at"
MAX_ROWS = 500
FolderId = Annotated[UUID, Path(alias="folderId")]
Parent = Annotated[UUID | None, Query(alias="parentId", description="Left out: the top.")]
_names = TypeAdapter(list[Name])


async def require_folder(db: asyncpg.Connection, owner_id: UUID, folder_id: UUID | None) -> None:
    """Raises 404 unless the folder is the owner's; the top always is."""
    if folder_id is not None and not await db.fetchval(
        "SELECT 1 FROM folders WHERE id = $1 AND owner_id = $2", folder_id, owner_id
    ):
        raise ApiError(404, "folder-not-found", "There is no such folder")


def unknown_folder() -> ApiError:
    """A body names a folder that is not there, or not the caller's."""
    return ApiError(409, "unknown-folder", "The folder that is named does not exist")


@router.post(
    "/folders",
    operation_id="createFolder",
    status_code=201,
    response_model=Folder,
    responses=problems(401, 409, 413, 415, 422),
)
async def create_folder(db: Db, me: Me, wanted: FolderCreate) -> object:
    """Make a folder at the top or in another one."""
    try:
        row = await db.fetchrow(
            f"INSERT INTO folders (owner_id, parent_id, name) VALUES ($1, $2, $3) RETURNING {COLUMNS}",  # noqa: S608
            me.id,
            wanted.parent_id,
            wanted.name,
        )
    except asyncpg.UniqueViolationError as error:
        raise ApiError(409, "name-taken", "There is a folder of this name") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise unknown_folder() from error
    return dict(row)


@router.get(
    "/folders",
    operation_id="listFolders",
    response_model=FolderList,
    responses=problems(401, 404, 422),
)
async def list_folders(db: Db, me: Me, window: Window, parent_id: Parent = None) -> object:
    """List the folders at the top or in another one, ordered by name."""
    await require_folder(db, me.id, parent_id)
    where = "owner_id = $1 AND parent_id IS NOT DISTINCT FROM $2"
    total = await db.fetchval(f"SELECT count(*) FROM folders WHERE {where}", me.id, parent_id)  # noqa: S608
    rows = await db.fetch(
        f"SELECT {COLUMNS} FROM folders WHERE {where} ORDER BY name, id LIMIT $3 OFFSET $4",  # noqa: S608
        me.id,
        parent_id,
        window.limit,
        window.offset,
    )
    return {"items": [dict(row) for row in rows], "total": total, "limit": window.limit, "offset": window.offset}


@router.patch(
    "/folders/{folderId}",
    operation_id="renameFolder",
    response_model=Folder,
    responses=problems(401, 404, 409, 413, 415, 422),
)
async def rename_folder(db: Db, me: Me, folder_id: FolderId, wanted: FolderRename) -> object:
    """Rename a folder."""
    try:
        row = await db.fetchrow(
            f"UPDATE folders SET name = $3 WHERE id = $1 AND owner_id = $2 RETURNING {COLUMNS}",  # noqa: S608
            folder_id,
            me.id,
            wanted.name,
        )
    except asyncpg.UniqueViolationError as error:
        raise ApiError(409, "name-taken", "There is a folder of this name") from error
    if row is None:
        raise ApiError(404, "folder-not-found", "There is no such folder")
    return dict(row)


@router.delete(
    "/folders/{folderId}",
    operation_id="deleteFolder",
    status_code=204,
    responses=problems(401, 404, 409, 422),
)
async def delete_folder(db: Db, me: Me, folder_id: FolderId) -> Response:
    """Delete an empty folder."""
    try:
        found = await db.fetchval("DELETE FROM folders WHERE id = $1 AND owner_id = $2 RETURNING id", folder_id, me.id)
    # PostgreSQL 18 tells ON DELETE RESTRICT by a code of its own.
    except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError) as error:
        raise ApiError(409, "folder-not-empty", "The folder is not empty") from error
    if found is None:
        raise ApiError(404, "folder-not-found", "There is no such folder")
    return Response(status_code=204)


CSV_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string", "minLength": 1, "maxLength": MAX_CSV_CHARACTERS},
                "example": "name\nInvoices\nPhotos\n",
            }
        },
    }
}


@router.post(
    "/folders/import",
    operation_id="importFolders",
    response_model=Imported,
    responses=problems(401, 404, 413, 415, 422),
    openapi_extra=CSV_BODY,
)
async def import_folders(db: Db, me: Me, request: Request, parent_id: Parent = None) -> object:
    """Make folders from a CSV with the one column `name`, all or none.

    Up to 500 rows in UTF-8. Names that exist already are skipped.
    """
    names = _read_names(await request.body())
    async with db.transaction():
        await require_folder(db, me.id, parent_id)
        try:
            rows = await db.fetch(
                f"INSERT INTO folders (owner_id, parent_id, name)"  # noqa: S608 - fixed columns
                f" SELECT $1, $2, name FROM unnest($3::text[]) AS name ORDER BY name"
                f" ON CONFLICT DO NOTHING RETURNING {COLUMNS}",
                me.id,
                parent_id,
                names,
            )
        except asyncpg.ForeignKeyViolationError as error:
            raise ApiError(404, "folder-not-found", "There is no such folder") from error
    made = {row["name"] for row in rows}
    return {"created": [dict(row) for row in rows], "skipped": [name for name in names if name not in made]}


def _read_names(body: bytes) -> list[str]:
    """The names of the CSV, each once. Raises 422."""
    refused = ApiError(422, "bad-csv", "Not a CSV with the column name and up to 500 good names")
    try:
        text = body.decode("utf-8-sig")
        if len(text) > MAX_CSV_CHARACTERS:
            raise refused
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        if next(rows, None) != ["name"]:
            raise refused
        names = []
        for row in rows:
            if len(row) > 1 or len(names) >= MAX_ROWS:
                raise refused
            names += row
        return list(dict.fromkeys(_names.validate_python(names)))
    except (UnicodeDecodeError, csv.Error, ValidationError) as error:
        raise refused from error
