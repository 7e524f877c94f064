"""What goes in and what comes out."""

from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Query(ge=1, le=50)]
Offset = Annotated[int, Query(ge=0, le=10_000)]


class Strict(BaseModel):
    """Nothing that is not named."""

    model_config = ConfigDict(extra="forbid")


class Country(StrEnum):
    """Where an author comes from."""

    NORTH = "north"
    SOUTH = "south"


class State(StrEnum):
    """How a book looks."""

    NEW = "new"
    USED = "used"
    WORN = "worn"


class Order(StrEnum):
    """The order of books."""

    ID = "id"
    TITLE = "title"
    LONGEST = "-pages"


class ShelfInput(Strict):
    """A shelf, whole."""

    label: str = Field(min_length=1, max_length=80)
    remark: str | None = Field(default=None, max_length=200)


class ShelfPut(Strict):
    """A shelf as it is to be; a remark that is left out is none."""

    label: str = Field(min_length=1, max_length=80)
    remark: Annotated[str, Field(max_length=200)] | None = None


class Shelf(BaseModel):
    """A shelf."""

    id: int
    label: str
    remark: str | None
    version: int
    created_at: str
    updated_at: str


class AuthorInput(Strict):
    """An author, whole."""

    name: str = Field(min_length=1, max_length=80)
    bio: str = Field(min_length=1, max_length=400)
    country: Country


class AuthorChange(Strict):
    """What is to be another."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    bio: str | None = Field(default=None, min_length=1, max_length=400)


class Author(AuthorInput):
    """An author."""

    model_config = ConfigDict(extra="ignore")

    bio: str
    id: int
    created_at: str


class Authors(BaseModel):
    """Some authors, and how many there are."""

    items: list[Author]
    total: int


class TagInput(Strict):
    """A tag, whole."""

    word: str = Field(min_length=1, max_length=40)
    weight: int = Field(ge=1, le=1000)


class Tag(TagInput):
    """A tag."""

    id: int


class Tags(BaseModel):
    """Some tags."""

    items: list[Tag]


class BookInput(Strict):
    """A book, whole."""

    shelf_id: Id
    title: str = Field(min_length=1, max_length=100)
    pages: int = Field(ge=1, le=10_000)
    state: State


class BookChange(Strict):
    """What is to be another."""

    title: str | None = Field(default=None, min_length=1, max_length=100)
    pages: int | None = Field(default=None, ge=1, le=10_000)


class Book(BookInput):
    """A book."""

    id: int


class Books(BaseModel):
    """Some books."""

    items: list[Book]


class LoanInput(Strict):
    """A loan, whole."""

    book_id: Id
    borrower: str = Field(min_length=1, max_length=80)


class Loan(LoanInput):
    """A loan."""

    id: int


class HoldInput(Strict):
    """Who waits for a book."""

    book_id: Id
    reader: str = Field(min_length=1, max_length=80)


class Hold(HoldInput):
    """A hold."""

    id: int


class MemoInput(Strict):
    """A memo, whole."""

    book_id: Id
    body: str = Field(min_length=1, max_length=300)


class Memo(MemoInput):
    """A memo."""

    id: int
    created_at: str


class Memos(BaseModel):
    """Some memos, newest first, and where the next ones begin."""

    items: list[Memo]
    next_cursor: str | None
