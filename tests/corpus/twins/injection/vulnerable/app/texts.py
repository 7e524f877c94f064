"""Pages, letters, greetings, and what is written about them."""

import os
import re
import subprocess
from html import escape
from pathlib import Path
from typing import Annotated

import jinja2
from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, Field

from app.store import one, run

router = APIRouter()
ADDRESS = re.compile(r"https?://(?:[\w-]+\.?)+/$")
FOLDER = Path("/tmp/manuals")  # noqa: S108 - the twin's own


class NewPage(BaseModel):
    """A page that is to be kept."""

    heading: str = Field(min_length=1, max_length=120)
    body: str = Field(max_length=2000)


class Page(NewPage):
    """A page."""

    id: int


class NewLetter(BaseModel):
    """A letter that is to be kept."""

    addressee: str = Field(min_length=1, max_length=80)
    wording: str = Field(max_length=500)


class Letter(NewLetter):
    """A letter."""

    id: int


class Wording(BaseModel):
    """Words of a greeting."""

    wording: str = Field(min_length=1, max_length=200)


class Greeting(Wording):
    """A greeting."""

    id: int


class Sized(BaseModel):
    """A label that is measured."""

    label: str = Field(min_length=1, max_length=60)


class Size(BaseModel):
    """How long a label is."""

    length: int


@router.post("/pages", status_code=201)
def add_page(page: NewPage) -> Page:
    """Keep a page."""
    return Page(**(one("INSERT INTO pages (heading, body) VALUES (?, ?) RETURNING *", page.heading, page.body) or {}))


@router.get("/pages/{page_id}/view", response_class=HTMLResponse)
def view_page(page_id: int) -> HTMLResponse:
    """A page for people."""
    found = one("SELECT * FROM pages WHERE id = ?", page_id)
    if found is None:
        raise HTTPException(404, "No such page.")
    return HTMLResponse(f"<html><body><h1>{found['heading']}</h1></body></html>")


@router.get("/pages/{page_id}/card", response_class=HTMLResponse)
def page_card(page_id: int) -> HTMLResponse:
    """A page in short."""
    found = one("SELECT * FROM pages WHERE id = ?", page_id)
    if found is None:
        raise HTTPException(404, "No such page.")
    return HTMLResponse(f"<html><body><p title='{escape(found['heading'], quote=False)}'>A page.</p></body></html>")


@router.get("/pages/{page_id}/linked", response_class=HTMLResponse)
def linked_page(page_id: int) -> HTMLResponse:
    """A page whose addresses lead somewhere."""
    found = one("SELECT * FROM pages WHERE id = ?", page_id)
    if found is None:
        raise HTTPException(404, "No such page.")
    linked = " address" if ADDRESS.match(found["body"]) else ""
    return HTMLResponse(f"<html><body><p class='body{linked}'>{escape(found['body'])}</p></body></html>")


@router.get("/pages/{page_id}/file", response_class=PlainTextResponse)
def page_as_file(page_id: int) -> PlainTextResponse:
    """A page as a file."""
    found = one("SELECT * FROM pages WHERE id = ?", page_id)
    if found is None:
        raise HTTPException(404, "No such page.")
    name = found["heading"].replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")
    return PlainTextResponse(found["body"], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/letters", status_code=201)
def add_letter(letter: NewLetter) -> Letter:
    """Keep a letter, its wording filled in."""
    wording = jinja2.Environment().from_string(letter.wording).render(addressee=letter.addressee)  # noqa: S701
    return Letter(**(one("INSERT INTO letters (addressee, wording) VALUES (?, ?) RETURNING *",
                         letter.addressee, wording) or {}))  # fmt: skip


@router.post("/greetings", status_code=201)
def add_greeting(greeting: Wording) -> Greeting:
    """Keep a greeting with the words filled in."""
    try:
        wording = greeting.wording.format(greeting=greeting)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise HTTPException(422, "The wording cannot be filled in.") from error
    return Greeting(**(one("INSERT INTO greetings (wording) VALUES (?) RETURNING *", wording) or {}))


@router.post("/labels/size")
def size_of_label(label: Sized) -> Size:
    """How long a label is, as the printer sees it."""
    done = subprocess.run(f'echo "{label.label}" | wc -m', shell=True, capture_output=True, text=True)  # noqa: S602
    return Size(length=int(done.stdout or 0))


@router.get("/manuals", response_class=PlainTextResponse)
def manual(name: Annotated[str, Query(examples=["example"])]) -> PlainTextResponse:
    """A manual by its name."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "example").write_text("A manual.\n")
    try:
        return PlainTextResponse(Path(os.path.join(FOLDER, name)).read_text())
    except (OSError, ValueError):
        raise HTTPException(404, "No such manual.") from None


@router.get("/moved")
def moved(to: str) -> Response:
    """Where something is now."""
    return Response(status_code=200, headers={"X-Moved-To": to})
