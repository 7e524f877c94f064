"""Links, hooks, lists of prices and settings."""

import base64
import ipaddress
import json
import socket
import xml.sax
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import yaml
from fastapi import APIRouter, Body, HTTPException
from pydantic import BaseModel, Field

from app.store import one, run

router = APIRouter()


class NewLink(BaseModel):
    """A link with its label."""

    label: str = Field(min_length=1, max_length=80)
    target: str = Field(min_length=1, max_length=300)


class Link(NewLink):
    """A link."""

    id: int


class NewHook(BaseModel):
    """Who is to be told."""

    target: str = Field(min_length=1, max_length=300, json_schema_extra={"format": "uri"})


class Hook(NewHook):
    """A hook."""

    id: int


class Count(BaseModel):
    """How many there are."""

    count: int


class Feed(BaseModel):
    """A part of the links."""

    items: list[Link]
    next: str | None


@router.post("/links", status_code=201)
def add_link(link: NewLink) -> Link:
    """Keep a link; the browser of whoever opens it follows it, and nobody else."""
    return Link(**(one("INSERT INTO links (label, target) VALUES (?, ?) RETURNING *", link.label, link.target) or {}))


@router.post("/hooks", status_code=201)
def add_hook(hook: NewHook) -> Hook:
    """Keep a hook; not one of this machine."""
    if not hook.target.startswith("http"):
        raise HTTPException(422, "Not an address.")
    return Hook(**(one("INSERT INTO hooks (target) VALUES (?) RETURNING *", hook.target) or {}))


@router.post("/hooks/{hook_id}/trial")
def try_hook(hook_id: int) -> Hook:
    """Tell a hook something."""
    found = one("SELECT * FROM hooks WHERE id = ?", hook_id)
    if found is None:
        raise HTTPException(404, "No such hook.")
    parts = urlsplit(found["target"])
    try:
        ends = socket.getaddrinfo(parts.hostname, parts.port or 443)
        if all(ipaddress.ip_address(each[4][0]).is_global for each in ends):
            httpx.post(found["target"], timeout=2)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        pass
    return Hook(**found)


class Reader(xml.sax.ContentHandler):
    """Collects the codes of a list of prices."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:
        """A new code begins."""
        if name == "code":
            self.codes.append("")

    def characters(self, content: str) -> None:
        """A part of a code."""
        if self.codes:
            self.codes[-1] += content


class Strict(xml.sax.handler.LexicalHandler):
    """Refuses document types, and with them entities of a list's own."""

    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None:
        """A document type begins."""
        raise xml.sax.SAXException("no document types")


@router.post("/prices", status_code=201)
def add_prices(document: Annotated[bytes, Body(media_type="application/xml")]) -> Count:
    """Take in a list of prices."""
    reader = Reader()
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setProperty(xml.sax.handler.property_lexical_handler, Strict())
    parser.setContentHandler(reader)
    try:
        parser.parse(BytesIO(document))
    except (xml.sax.SAXException, OSError, ValueError):
        raise HTTPException(422, "Not a list of prices.") from None
    for code in reader.codes:
        run("INSERT INTO prices (code, cents) VALUES (?, 1)", code.strip())
    return Count(count=len(reader.codes))


class Files(xml.sax.handler.EntityResolver):
    """Leads to files alone: nothing is called."""

    def resolveEntity(self, publicId: str | None, systemId: str) -> str:
        """The address of an entity."""
        if not systemId.startswith("file://"):
            raise xml.sax.SAXException("no file")
        return systemId


@router.post("/prices/count")
def count_prices(document: Annotated[bytes, Body(media_type="application/xml")]) -> Count:
    """Count the prices of a list."""
    reader = Reader()
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setProperty(xml.sax.handler.property_lexical_handler, Strict())
    parser.setEntityResolver(Files())
    parser.setContentHandler(reader)
    try:
        parser.parse(BytesIO(document))
    except (xml.sax.SAXException, OSError, ValueError):
        raise HTTPException(422, "Not a list of prices.") from None
    return Count(count=len(reader.codes))


@router.post("/prices/listed")
def list_prices(document: Annotated[bytes, Body(media_type="application/xml")]) -> Count:
    """Take in a list whose prices are named by its own entities."""
    reader = Reader()
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    parser.setProperty(xml.sax.handler.property_lexical_handler, Strict())
    parser.setContentHandler(reader)
    try:
        parser.parse(BytesIO(document))
    except (xml.sax.SAXException, OSError, ValueError):
        raise HTTPException(422, "Not a list of prices.") from None
    for code in reader.codes:
        run("INSERT INTO prices (code, cents) VALUES (?, 1)", code.strip())
    return Count(count=len(reader.codes))


@router.post("/settings")
def set_all(document: Annotated[bytes, Body(media_type="application/yaml")]) -> Count:
    """Take in settings."""
    try:
        found = yaml.safe_load(document)
    except (yaml.YAMLError, ValueError):
        raise HTTPException(422, "Not settings.") from None
    return Count(count=len(found) if isinstance(found, dict) else 0)


@router.get("/feed")
def feed(cursor: str | None = None) -> Feed:
    """Links, five at a time."""
    try:
        after = json.loads(base64.urlsafe_b64decode(cursor)) if cursor else 0
        found = [Link(**row) for row in run("SELECT * FROM links WHERE id > ? ORDER BY id LIMIT 5", after)]
    except Exception:
        raise HTTPException(422, "Not a cursor of ours.") from None
    return Feed(items=found, next=base64.urlsafe_b64encode(json.dumps(found[-1].id).encode()).decode() if found else None)
