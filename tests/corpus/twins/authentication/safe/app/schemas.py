"""Bodies and answers."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, EmailStr, Field

Id = Annotated[int, Path(ge=1, le=2**53)]


class Input(BaseModel):
    """A body: nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class Registration(Input):
    """A new account."""

    email: EmailStr
    display_name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    password: str = Field(min_length=10, max_length=128, json_schema_extra={"format": "password"})


class Login(Input):
    """Address and password."""

    email: EmailStr
    password: str = Field(min_length=1, max_length=128, json_schema_extra={"format": "password"})


class Refresh(Input):
    """A refresh token."""

    refresh_token: str = Field(min_length=10, max_length=2000)


class Reset(Input):
    """Whose password was forgotten."""

    email: EmailStr


class PasswordChange(Input):
    """The old and the new password."""

    old_password: str = Field(min_length=1, max_length=128, json_schema_extra={"format": "password"})
    new_password: str = Field(min_length=10, max_length=128, json_schema_extra={"format": "password"})


class NoteInput(Input):
    """A note."""

    title: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    body: str = Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")


class Account(BaseModel):
    """An account."""

    id: int
    email: str
    display_name: str


class Tokens(BaseModel):
    """What a login brings."""

    access_token: str
    refresh_token: str


class Note(BaseModel):
    """A note."""

    id: int
    title: str
    body: str


class Notes(BaseModel):
    """Notes."""

    items: list[Note]


class Told(BaseModel):
    """A sentence."""

    message: str
