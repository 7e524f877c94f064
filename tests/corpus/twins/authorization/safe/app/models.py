"""What is sent and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Text = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[int, Field(ge=1, le=2**53)]


class Named(BaseModel):
    name: Text


class Folder(Named):
    id: int


class Written(BaseModel):
    body: Text


class Page(Written):
    id: int
    folder_id: int


class Note(Written):
    id: int


class LetterIn(Written):
    folder_id: Id


class Letter(LetterIn):
    id: int
    status: str
    rating: int


class Said(BaseModel):
    text: Text


class Stamp(Said):
    id: int
    letter_id: int


class Move(BaseModel):
    letter_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]
    target_folder_id: Id


class Sealing(BaseModel):
    letter_ids: Annotated[list[Id], Field(min_length=1, max_length=20)]


class Counted(BaseModel):
    count: int


class Preview(BaseModel):
    folder: Id


class TaskIn(BaseModel):
    title: Text
    folder_id: Id | None = None


class TaskPatch(BaseModel):
    title: Text | None = None
    parent_id: Id | None = None


class Task(BaseModel):
    id: int
    title: str
    folder_id: int | None
    parent_id: int | None


class InvoiceIn(BaseModel):
    subject: Text
    user_id: Annotated[int | None, Field(description="The caller's own id.")] = None


class Invoice(BaseModel):
    id: int
    subject: str
    user_id: int


class Card(BaseModel):
    id: int
    label: str


class Account(BaseModel):
    id: Annotated[int, Field(json_schema_extra={"readOnly": True})]
    name: Text
    credit: Annotated[int, Field(json_schema_extra={"readOnly": True})]


class AccountIn(BaseModel):
    name: Text
    credit: Annotated[int | None, Field(json_schema_extra={"readOnly": True})] = None


class Profile(BaseModel):
    name: Text
    role: Literal["user", "admin"] = "user"


class ArticleIn(BaseModel):
    title: Text


class Article(ArticleIn):
    id: int
    author_id: int
    likes: int


class Reply(Said):
    id: int
    article_id: int


class ProductIn(Named):
    price: Annotated[int, Field(ge=1, le=10**9)]


class Product(ProductIn):
    id: int


class Album(Named):
    id: int


class Picture(Said):
    id: int
    album_id: int
