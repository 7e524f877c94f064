"""Two runs side by side: verdicts, stages, findings that only one has, prompts, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from assistant.errors import UsageError
from assistant.journal import Journal
from web.auth import Viewer
from web.pages.changes import within
from web.running import Head, Status, file_address, head_of, run_of, status_of
from web.show.diff import FileDiff, diff
from web.show.plain import counted, one_line
from web.show.report import FindingView, ReportView, report_view
from web.site import Site, site_of
from web.snapshots import Run

router = APIRouter()

PARTS = (("findings", "Findings"), ("prompts", "Prompts"), ("files", "Files"))
MOST_PROMPTS = 12
"""Pairs of prompts that are compared on one page."""


@dataclass(frozen=True)
class Side:
    """One of the two runs."""

    name: str
    head: Head
    standing: Status
    report: ReportView | None
    files: Mapping[str, str]
    model: str
    only: tuple[FindingView, ...] = ()
    """Findings that the other does not have."""


@router.get("/runs/compare")
def page(
    request: Request,
    visitor: Viewer,
    a: str = "",
    b: str = "",
    part: str = "findings",
    path: str = "",
    run: Annotated[list[str] | None, Query(max_length=10)] = None,
) -> Response:
    """The comparison; a form that chose two runs goes on to its short address."""
    if run:
        chosen = dict(zip(("a", "b"), run, strict=False))
        return RedirectResponse(f"/runs/compare?{urlencode(chosen)}", 303)
    site = site_of(request)
    part = part if part in dict(PARTS) else "findings"
    if not a or not b:
        recent = [head_of(record, site) for record in site.journal.listing(limit=40)]
        return site.pages.page(request, "run/choose.html", visitor=visitor, recent=recent, a=a, b=b)
    first, second = run_of(request, a), run_of(request, b)
    sides = _sides(site, first, second)
    values: dict[str, Any] = {"stages": _stages(sides), "both": _both(sides), "prompts": (), "files": (), "later": ()}
    if part == "prompts":
        values["prompts"] = _prompts(site.journal, first.record.id, second.record.id)
    elif part == "files":
        values["files"], values["later"] = within(sides[0].files, sides[1].files, path)
    query = {"a": first.record.id, "b": second.record.id}
    return site.pages.page(
        request,
        "run/compare.html",
        visitor=visitor,
        sides=sides,
        part=part,
        parts=[(name, title, f"?{urlencode(query | {'part': name})}") for name, title in PARTS],
        swapped=f"?{urlencode({'a': query['b'], 'b': query['a'], 'part': part})}",
        query=query,
        only_path=path,
        urls=[file_address(side.head.id, "") for side in sides],
        counted=counted,
        **values,
    )


def _sides(site: Site, first: Run, second: Run) -> tuple[Side, Side]:
    """Both runs, each with what only it has."""
    made = []
    for name, run in (("A", first), ("B", second)):
        last = run.last
        report = report_view(last.report) if last and last.report else None
        head = head_of(run.record, site)
        files = last.files if last else {}
        made.append(Side(name, head, status_of(run.record, site), report, files, run.model or head.model))
    left, right = made
    return _alone(left, right), _alone(right, left)


def _alone(side: Side, other: Side) -> Side:
    """The side with the findings that the other does not have."""
    known = {finding.fingerprint for finding in other.report.all} if other.report else set()
    mine = side.report.all if side.report else ()
    only = tuple(finding for finding in mine if finding.fingerprint not in known)
    return Side(side.name, side.head, side.standing, side.report, side.files, side.model, only)


def _both(sides: tuple[Side, Side]) -> int:
    """How many findings they share."""
    a, b = ({f.fingerprint for f in side.report.all} if side.report else set() for side in sides)
    return len(a & b)


def _stages(sides: Sequence[Side]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each stage's name, and its state and time on both sides."""
    names: dict[str, None] = {}
    for side in sides:
        names.update(dict.fromkeys(stage.name for stage in (side.report.stages if side.report else ())))
    rows = []
    for name in names:
        cells = []
        for side in sides:
            stage = next((each for each in (side.report.stages if side.report else ()) if each.name == name), None)
            cells.append((stage.state, stage.time) if stage else ("", ""))
        rows.append((name, cells))
    return rows


def _prompts(journal: Journal, first: str, second: str) -> list[FileDiff]:
    """The prompts of both, by turn and round; those of the same turn and round are compared."""
    a, b = _messages(journal, first), _messages(journal, second)
    names = list(dict.fromkeys([*a, *b]))
    return [diff(name, a.get(name), b.get(name)) for name in names[:MOST_PROMPTS]]


def _messages(journal: Journal, run: str) -> dict[str, str]:
    """The text of each prompt by its turn and round."""
    try:
        calls = journal.completions(run)
    except UsageError:
        return {}
    found: dict[str, str] = {}
    for call in calls:
        name = f"{one_line(call.turn, 40)}, {'first answer' if not call.round else f'repair {call.round}'}"
        # A continuation has the turn and the round of what it goes on with.
        found.setdefault(name, "\n\n".join(f"--- {each['role']}\n{each['content']}" for each in call.messages) + "\n")
    return found
