"""What every page of a run shares: the run itself, its head, its tabs, addresses of its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response

from assistant.budget import Budget, Spent, budget_of
from assistant.errors import UsageError
from assistant.journal_records import RunRecord, RunState
from web.auth import Visitor
from web.live import Hub
from web.show.highlight import WINDOW
from web.show.plain import counted, lasted, one_line, visible
from web.site import Site, site_of
from web.snapshots import Run, Runs, Timelines

_SPENT: dict[tuple[str, str], Spent] = {}
"""What runs that are over have spent, by id and last change."""

TABS = (
    ("", "Run"),
    ("files", "Files"),
    ("changes", "Changes"),
    ("design", "Design"),
    ("contract", "Contract"),
    ("report", "Report"),
    ("evidence", "Evidence"),
    ("take", "Take"),
)
"""Address and name of each tab."""


@dataclass(frozen=True)
class Head:
    """A run in words, for the top of its pages and for lists."""

    id: str
    short: str
    sentence: str
    kind: str
    state: str
    detail: str
    recipe: str
    model: str
    owner: str
    created: str
    over: bool
    cancel: bool
    """Whether its end was asked for."""
    resumable: bool

    @property
    def title(self) -> str:
        """The sentence on one short line."""
        return one_line(self.sentence, 70)


@dataclass(frozen=True)
class Status:
    """Where a run stands and what it has spent, as the live part of its head."""

    state: str
    detail: str
    spent: tuple[tuple[str, str, str], ...]
    """What, how much, of how much; the last is empty without a limit."""
    cancel: bool
    over: bool


def runs_of(request: Request) -> Runs:
    """The application's reader of runs."""
    state = request.app.state
    if not hasattr(state, "runs"):
        state.runs = Runs(site_of(request).journal)
    made: Runs = state.runs
    return made


def timelines_of(request: Request) -> Timelines:
    """The application's folds of runs into steps."""
    state = request.app.state
    if not hasattr(state, "timelines"):
        state.timelines = Timelines(site_of(request).journal)
    made: Timelines = state.timelines
    return made


def hub_of(request: Request) -> Hub:
    """The application's live channels."""
    state = request.app.state
    if not hasattr(state, "hub"):
        state.hub = Hub()
    made: Hub = state.hub
    return made


def record_of(request: Request, run: str) -> RunRecord:
    """The run of that id, or of the only one that begins so; raises HTTPException (404)."""
    try:
        return site_of(request).journal.get(run)
    except UsageError:
        raise HTTPException(404, "There is no such run.") from None


def run_of(request: Request, run: str) -> Run:
    """The same with its drafts and reports."""
    return runs_of(request).load(record_of(request, run).id)


def head_of(record: RunRecord, site: Site) -> Head:
    """A run's head."""
    given = record.options.get("settings") or {}
    model = str(given.get("model") or site.settings.model or "") if record.kind == "write" else ""
    return Head(
        id=record.id,
        short=record.id[:10],
        sentence=visible(record.sentence),
        kind=record.kind,
        state=record.state.value,
        detail=one_line(record.detail),
        recipe=one_line(record.recipe, 60),
        model=one_line(model, 60),
        owner=one_line(record.owner, 60),
        created=record.created,
        over=record.state.over,
        cancel=record.cancel,
        resumable=record.state in (RunState.CANCELLED, RunState.ERROR),
    )


def status_of(record: RunRecord, site: Site) -> Status:
    """Where a run stands now; reads what it has spent from the history."""
    spent = _spent(site, record)
    given = record.options.get("settings") or {}
    budget = _budget(given, budget_of(site.settings)) if record.kind == "write" else Budget()
    told: list[tuple[str, str, str]] = []
    if record.kind == "write":
        told.append(("Answers", f"{spent.rounds}", f"{budget.rounds}" if budget.rounds else ""))
        tokens = f"{spent.tokens + spent.estimated_tokens:,}"
        tokens = "unknown" if spent.unreported and not spent.tokens else tokens
        told.append(("Tokens", tokens, f"{budget.tokens:,}" if budget.tokens else ""))
        known = spent.usd or spent.estimated_usd
        sum_ = spent.usd + spent.estimated_usd
        money = "unknown" if spent.unpriced and not known else f"${sum_:.4f}" if 0 < sum_ < 1 else f"${sum_:.2f}"
        told.append(("Cost", money, f"${budget.usd:.2f}" if budget.usd else ""))
    told.append(("Time", lasted(spent.seconds) or "0 s", lasted(budget.seconds) if budget.seconds else ""))
    return Status(record.state.value, one_line(record.detail), tuple(told), record.cancel, record.state.over)


def _spent(site: Site, record: RunRecord) -> Spent:
    """What a run has spent; of one that is over, counted once."""
    if not record.state.over:
        return site.journal.spent(record.id, site.settings.prices)
    key = (record.id, record.updated)
    if key not in _SPENT:
        if len(_SPENT) >= 500:
            _SPENT.clear()
        _SPENT[key] = site.journal.spent(record.id, site.settings.prices)
    return _SPENT[key]


def _budget(given: dict[str, Any], budget: Budget) -> Budget:
    """The limits that a run was given, over the server's own."""

    def limit(name: str, usual: float | None) -> Any:
        value = given.get(name, usual)
        return value if isinstance(value, int | float) else usual

    return Budget(
        limit("max_rounds", budget.rounds),
        limit("max_total_tokens", budget.tokens),
        limit("max_usd", budget.usd),
        limit("max_seconds", budget.seconds),
    )


def file_address(run: str, at: str) -> Callable[[str, int], str]:
    """What makes the address of a line of a run's file; `at` is the draft's name, empty for the last."""

    def address(path: str, line: int = 0) -> str:
        query = {"path": path} | ({"at": at} if at else {})
        if line > WINDOW:
            query["line"] = str(line)
        return f"/runs/{run}/files?{urlencode(query)}" + (f"#L{line}" if line else "")

    return address


def run_page(
    request: Request, template: str, visitor: Visitor, record: RunRecord, tab: str, *, at: str = "", **values: Any
) -> Response:
    """A page of a run. `tab` is one of TABS' addresses, `at` the draft that the page is about."""
    site = site_of(request)
    head = head_of(record, site)
    tabs = [(f"/runs/{record.id}{f'/{path}' if path else ''}", name, path == tab) for path, name in TABS]
    return site.pages.page(
        request,
        template,
        visitor=visitor,
        run=head,
        tabs=tabs,
        may=visitor.role.value != "viewer",
        file_url=file_address(record.id, at),
        counted=counted,
        chosen=at,
        **values,
    )
