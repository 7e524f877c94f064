"""Templates: one Jinja environment with autoescape, and what every page gets.

Whatever a model, a recipe or a user wrote is text to the templates. They mark nothing
safe; what builds markup (web/show) escapes each piece itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from web.auth import Visitor

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "backwright_theme"
STATIC = files("web") / "static"

NAVIGATION = (("/", "Compose"), ("/runs", "Runs"), ("/check", "Check"), ("/recipes", "Library"), ("/rules", "Rules"))
"""The places of the header: path and name."""


class Pages:
    """Renders templates of `web/templates` for a visitor."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=PackageLoader("web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["asset"] = asset
        self.environment.filters["moment"] = moment

    def page(
        self,
        request: Request,
        template: str,
        *,
        visitor: Visitor | None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A whole page, or a part of one for htmx: whatever the template holds."""
        text = self.text(request, template, visitor=visitor, **values)
        return HTMLResponse(text, status_code=status, headers=dict(headers or {}))

    def text(self, request: Request, template: str, *, visitor: Visitor | None, **values: Any) -> str:
        """What `page` sends, as text."""
        token = visitor.csrf if visitor else ""
        common = {
            "visitor": visitor,
            "theme": theme_of(request),
            "path": request.url.path,
            "navigation": [(path, name, _here(request.url.path, path)) for path, name in NAVIGATION],
            "csrf_token": token,
            "csrf_field": lambda: Markup('<input type="hidden" name="csrf_token" value="{}">').format(token),
        }
        return self.environment.get_template(template).render({**common, **values})


def theme_of(request: Request) -> str:
    """The theme that the visitor chose: auto, light or dark."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def _here(path: str, place: str) -> bool:
    """Whether a path belongs to a place of the header."""
    return path == place or (place != "/" and path.startswith(place + "/"))


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so browsers may keep it for ever."""
    content = STATIC.joinpath(*name.split("/")).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def moment(text: str) -> Markup:
    """A time of the history (ISO 8601, UTC) as a `time` element, to the minute."""
    return Markup('<time datetime="{}">{}</time>').format(text, text[:16].replace("T", " "))
