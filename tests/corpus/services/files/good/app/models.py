"""What goes in and out, in camelCase."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

MAX_QUOTA = 2**40
MAX_COUNT = 2**53 - 1
VISIBLE = r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=VISIBLE)]
DisplayName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=VISIBLE)]
Opaque = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
Email = Annotated[EmailStr, Field(max_length=254)]
Bytes = Annotated[int, Field(ge=0, le=MAX_QUOTA)]
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]


class Role(StrEnum):
    """What an account may do."""

    MEMBER = "member"
    ADMIN = "admin"


class FileSort(StrEnum):
    """The order of files; ties go by id."""

    NAME = "name"
    NAME_DOWN = "-name"
    CREATED = "createdAt"
    CREATED_DOWN = "-createdAt"
    SIZE_DOWN = "-sizeBytes"


class Camel(BaseModel):
    """Snake case here, camel case outside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Body(BaseModel):
    """A request's body; only its fields are allowed."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class Registration(Body):
    """A new account."""

    email: Email
    display_name: DisplayName
    password: str = Field(min_length=10, max_length=128)


class Login(Body):
    """Credentials."""

    email: Email
    password: str = Field(min_length=1, max_length=128)


class RefreshRequest(Body):
    """A refresh token, to use or to end."""

    refresh_token: Opaque


class FolderCreate(Body):
    """A new folder."""

    name: Name
    parent_id: UUID | None = None


class FolderRename(Body):
    """A folder's new name."""

    name: Name


class FileChange(Body):
    """A new name, a new folder (null is the top), or both."""

    name: Annotated[
        Name | SkipJsonSchema[None], Field(json_schema_extra=lambda schema: schema.pop("default", None))
    ] = None
    folder_id: UUID | None = None

    @field_validator("name", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if value is None:
            raise ValueError("a file has a name")
        return value


class ShareCreate(Body):
    """How long a link works."""

    expires_in_minutes: int = Field(strict=True, ge=1, le=60 * 24 * 30)


class QuotaChange(Body):
    """How many bytes a user may keep."""

    quota_bytes: int = Field(strict=True, ge=0, le=MAX_QUOTA)


class Tokens(Camel):
    """An access token for the header, and a refresh token to use once."""

    access_token: str = Field(max_length=1000)
    refresh_token: Opaque
    token_type: str = Field(max_length=10)
    expires_in: int = Field(ge=1, le=3600)


class Account(Camel):
    """One's own account."""

    id: UUID
    email: Email
    display_name: DisplayName
    role: Role
    quota_bytes: Bytes
    used_bytes: Bytes
    created_at: datetime


class Folder(Camel):
    """A folder."""

    id: UUID
    parent_id: UUID | None
    name: Name
    created_at: datetime


class File(Camel):
    """A file, without its content."""

    id: UUID
    folder_id: UUID | None
    name: Name
    size_bytes: Bytes
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", min_length=64, max_length=64)
    created_at: datetime


class Share(Camel):
    """A link to a file."""

    id: UUID
    file_id: UUID
    created_at: datetime
    expires_at: datetime


class NewShare(Share):
    """A link with its token, which is shown this once."""

    token: Opaque


class Imported(Camel):
    """What an import did."""

    created: list[Folder] = Field(max_length=500)
    skipped: list[Name] = Field(max_length=500)


class Paged(Camel):
    """The part of a list."""

    total: Count
    limit: int = Field(ge=1, le=100)
    offset: int = Field(ge=0, le=100_000)


class FolderList(Paged):
    """Some folders."""

    items: list[Folder] = Field(max_length=100)


class FileList(Paged):
    """Some files."""

    items: list[File] = Field(max_length=100)


class ShareList(Paged):
    """Some links."""

    items: list[Share] = Field(max_length=100)


class AccountList(Paged):
    """Some accounts."""

    items: list[Account] = Field(max_length=100)


class Health(Camel):
    """Whether the service works."""

    status: str = Field(max_length=10)
