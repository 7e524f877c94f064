"""What goes in and out."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator
from pydantic.json_schema import SkipJsonSchema

BIGGEST_ID = 2**53 - 1
LINE = r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
PROSE = r"^[^\x00]*[^\s\x00][^\x00]*$"

Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Handle = Annotated[str, StringConstraints(min_length=3, max_length=30, pattern=r"^[a-z][a-z0-9-]*$")]
Email = Annotated[EmailStr, Field(max_length=254)]
Slug = Annotated[str, StringConstraints(min_length=3, max_length=80, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=LINE)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=PROSE)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=PROSE)]
Tag = Annotated[str, StringConstraints(min_length=2, max_length=30, pattern=r"^[a-z0-9-]+$")]


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("the same tag is named twice")
    return values


Tags = Annotated[list[Tag], Field(max_length=8, json_schema_extra={"uniqueItems": True}), AfterValidator(_distinct)]


# A field of a change that may be left out; null would say nothing more.
LeftOut = Field(json_schema_extra=lambda schema: schema.pop("default", None))


class Role(StrEnum):
    """What a user may do."""

    READER = "reader"
    AUTHOR = "author"
    MODERATOR = "moderator"


class Status(StrEnum):
    """Where a post stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    HIDDEN = "hidden"


class Order(StrEnum):
    """How posts are sorted."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    LIKED = "-like_count"


class Input(BaseModel):
    """A request's body: a field that is not named is refused."""

    model_config = ConfigDict(extra="forbid")


class Registration(Input):
    """A new account."""

    email: Email
    handle: Handle
    password: str = Field(min_length=10, max_length=128)


class Credentials(Input):
    """An address and its password."""

    email: Email
    password: str = Field(min_length=1, max_length=128)


class RoleChange(Input):
    """The role that a user gets."""

    role: Role


class PostInput(Input):
    """A new draft."""

    slug: Slug
    title: Title
    body: Body
    tags: Tags = []


class PostEdit(Input):
    """What changes in a post, and the revision that was edited."""

    revision: Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]
    title: Annotated[Title | SkipJsonSchema[None], LeftOut] = None
    body: Annotated[Body | SkipJsonSchema[None], LeftOut] = None
    tags: Annotated[Tags | SkipJsonSchema[None], LeftOut] = None

    @field_validator("title", "body", "tags", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("leave the field out instead of sending null")
        return value


class Moderation(Input):
    """Whether readers may see a published post."""

    hidden: bool = Field(strict=True)


class CommentInput(Input):
    """A new comment."""

    body: Remark


class Notice(BaseModel):
    """A sentence for people."""

    message: str = Field(max_length=200)


class Me(BaseModel):
    """The user who is signed in."""

    id: Id
    handle: str = Field(max_length=30)
    role: Role


class Session(BaseModel):
    """A session, and the token that unsafe requests send as X-CSRF-Token."""

    user: Me
    csrf_token: str = Field(min_length=64, max_length=64)
    expires_at: datetime


class UserOut(BaseModel):
    """A user as moderators see them."""

    id: Id
    handle: str = Field(max_length=30)
    role: Role
    created_at: datetime


class PostSummary(BaseModel):
    """A post in a list."""

    id: Id
    slug: str = Field(max_length=80)
    title: str = Field(max_length=160)
    author: str = Field(max_length=30)
    status: Status
    tags: list[Annotated[str, Field(max_length=30)]] = Field(max_length=8)
    like_count: int = Field(ge=0, le=BIGGEST_ID)
    created_at: datetime
    published_at: datetime | None


class Post(PostSummary):
    """A whole post."""

    body: str = Field(max_length=20_000)
    revision: Id


class Comment(BaseModel):
    """A comment."""

    id: Id
    post_id: Id
    author: str = Field(max_length=30)
    body: str = Field(max_length=2_000)
    created_at: datetime


class Likes(BaseModel):
    """How many like a post."""

    like_count: int = Field(ge=0, le=BIGGEST_ID)


class Meta(BaseModel):
    """Which part of a list this is."""

    page: int = Field(ge=1, le=1000)
    per_page: int = Field(ge=1, le=50)
    total: int = Field(ge=0, le=BIGGEST_ID)


class PostList(BaseModel):
    """Some posts."""

    data: list[PostSummary] = Field(max_length=50)
    meta: Meta


class CommentList(BaseModel):
    """Some comments."""

    data: list[Comment] = Field(max_length=50)
    meta: Meta


class Health(BaseModel):
    """Whether the service works."""

    status: str = Field(max_length=10)
