"""All runs: search, filters and pages, all of it in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from assistant.journal_listing import Filter
from assistant.journal_records import RunState
from web.auth import Viewer
from web.running import head_of
from web.show.plain import counted
from web.site import site_of

router = APIRouter()

PAGE = 40
"""Runs on one page."""

COUNTED = 10_000
"""Up to so many are counted; more are said to be more."""


@dataclass(frozen=True)
class Asked:
    """The filters as the address has them."""

    q: str = ""
    state: str = ""
    kind: str = ""
    recipe: str = ""
    owner: str = ""
    since: str = ""
    until: str = ""

    def filter(self) -> Filter:
        """What the history is asked for; a value that means nothing narrows nothing."""
        state = RunState(self.state) if self.state in tuple(RunState) else None
        owner = None if not self.owner else "" if self.owner == LOCAL else self.owner
        kind = self.kind if self.kind in ("write", "check") else ""
        until = _day(self.until)
        after = (until + timedelta(days=1)).isoformat() if until else ""
        since = _day(self.since)
        return Filter(self.q, state, self.recipe, kind, owner, since.isoformat() if since else "", after)

    def query(self, **more: str) -> str:
        """The address's query with these filters; what is empty is left out."""
        given = {key: value for key, value in (self.__dict__ | more).items() if value}
        return f"?{urlencode(given)}" if given else ""


LOCAL = "(this machine)"
"""How the command line and the machine's own user stand in the filter."""


@router.get("/runs")
def page(
    request: Request,
    visitor: Viewer,
    q: str = "",
    state: str = "",
    kind: str = "",
    recipe: str = "",
    owner: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
    sent: str = "",
) -> Response:
    """The runs, the latest first. A form that was sent goes on to its short address."""
    cut = [each.strip()[:200].replace("\0", "") for each in (q, state, kind, recipe, owner, since, until)]
    asked = Asked(*cut)
    if sent:
        return RedirectResponse(f"/runs{asked.query()}", 303)
    site = site_of(request)
    wanted = asked.filter()
    before = before if before.isalnum() and len(before) <= 26 else ""
    found = site.journal.listing(wanted, before, PAGE + 1)
    number = site.journal.count(wanted) if before or len(found) > PAGE else len(found)
    shown = [head_of(record, site) for record in found[:PAGE]]
    return site.pages.page(
        request,
        "runs.html",
        visitor=visitor,
        runs=shown,
        asked=asked,
        number=counted(number, "run"),
        narrowed=asked != Asked(),
        states=[each.value for each in RunState],
        local=LOCAL,
        older=asked.query(before=shown[-1].id) if len(found) > PAGE else "",
        newest=asked.query() or "/runs" if before else "",
        may=visitor.role.value != "viewer",
    )


def _day(text: str) -> date | None:
    """A date as the field sends it; None for anything else."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
