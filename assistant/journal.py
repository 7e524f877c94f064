"""The run history: every request, answer and report, kept before the loop goes on.

SQLite in the user's data folder, or any SQLAlchemy URL. It is the only truth about a
run: budgets are counted from it and a resumed run reads it back (assistant/journaled.py).
Each write is one transaction; secrets are redacted before they are written.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from assistant import journal_events
from assistant.budget import Spent
from assistant.errors import HeldElsewhere, UsageError
from assistant.event_records import Stored
from assistant.journal_engine import alone, clear_errors, now_text, open_engine
from assistant.journal_listing import Filter, number, page
from assistant.journal_records import (
    Call,
    Judgement,
    Noted,
    RunRecord,
    RunState,
    call_of,
    judgement_of,
    report_as_dict,
    run_of,
)
from assistant.journal_schema import CALLS, EVENTS, REPORTS, RUNS, migrate
from assistant.model.base import Completion
from assistant.prompt import Prompt
from assistant.redact import Redactor
from assistant.settings import Price
from evaluators.draft import Draft
from evaluators.report import Report

OPEN = [state.value for state in RunState if not state.over]
"""States of a run that somebody advances, or will."""


def default_url() -> str:
    """SQLite in the user's data folder."""
    from assistant.trust import data_folder

    return f"sqlite:///{data_folder() / 'history.sqlite'}"


class Journal:
    """An open history. Methods raise JournalError with one line."""

    def __init__(self, engine: sa.Engine, redactor: Redactor) -> None:
        self._engine = engine
        self._redactor = redactor

    @classmethod
    def open(cls, url: str | None = None, *, redactor: Redactor | None = None) -> Journal:
        """Open the history at `url` (None: the user's own), made or migrated as needed."""
        made = cls(open_engine(url or default_url()), redactor or Redactor())
        try:
            with made._writing() as connection:
                migrate(connection)
        except BaseException:
            made.close()
            raise
        return made

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other process's `alone` waiting; for what is to be made once."""
        return alone(self._engine)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Runs

    def begin(
        self,
        sentence: str,
        *,
        brief: Mapping[str, Any],
        recipe: str,
        project: str = "",
        options: Mapping[str, Any] | None = None,
        owner: str = "",
        kind: str = "write",
        queued: bool = False,
        told: Sequence[tuple[str, Any]] = (),
        id: str = "",
    ) -> RunRecord:
        """Begin a run and return it, once for an `id` (a ULID). `queued`: it waits; `told`: its first events."""
        id, now = id or str(ULID()), now_text()
        state = RunState.QUEUED if queued else RunState.RUNNING
        row: dict[str, Any] = {"id": id, "created": now, "updated": now, "state": state.value, "detail": ""}
        row |= {"sentence": self._text(sentence), "brief": self._json(brief), "recipe": recipe}
        row |= {"project": self._text(project), "options": self._json(options or {})}
        row |= {"owner": self._text(owner), "kind": kind, "dispatched": int(queued)}
        with self._writing() as connection:
            if journal_events.insert_new(connection, RUNS, [row]) and told:
                journal_events.append(connection, id, 0, [(each, self.redacted(data)) for each, data in told])
        return self.get(id)

    def get(self, prefix: str) -> RunRecord:
        """The run whose id begins with `prefix`. Raises UsageError where there is none, or several."""
        wanted = prefix.strip().upper()
        found = self._whole(wanted) if len(wanted) == 26 else []
        if not found and wanted.isalnum():
            query = sa.select(RUNS).where(RUNS.c.id.startswith(wanted, autoescape=True)).order_by(RUNS.c.id).limit(4)
            with self._reading() as connection:
                found = [run_of(row) for row in connection.execute(query).mappings().all()]
        if not found:
            raise UsageError(f"no run {prefix[:40]!r}", "`backwright runs` lists them")
        if len(found) > 1:
            ids = ", ".join(run.id for run in found[:3])
            raise UsageError(f"{prefix!r} is the beginning of several runs: {ids}{', ...' * (len(found) > 3)}")
        return found[0]

    def _whole(self, id: str) -> list[RunRecord]:
        """The run with this very id, by its key; pages ask for it again and again."""
        with self._reading() as connection:
            return [run_of(row) for row in connection.execute(sa.select(RUNS).where(RUNS.c.id == id)).mappings().all()]

    def listing(self, wanted: Filter | None = None, before: str = "", limit: int = 50) -> list[RunRecord]:
        """Runs that are meant, the latest first; the next page is `before` the last one's id."""
        with self._reading() as connection:
            return [run_of(row) for row in connection.execute(page(wanted or Filter(), before, limit)).mappings().all()]

    def count(self, wanted: Filter | None = None) -> int:
        """How many runs are meant."""
        with self._reading() as connection:
            return connection.scalar(number(wanted or Filter())) or 0

    def runs(self, search: str = "", limit: int = 20) -> list[RunRecord]:
        """Runs, the latest first; with `search`, those whose sentence, prompts or answers hold the text."""
        query = sa.select(RUNS).order_by(RUNS.c.created.desc(), RUNS.c.id.desc()).limit(limit)
        if search:
            # Messages are kept as JSON, where a quote or a line end is spelled differently.
            spelled = json.dumps(search, ensure_ascii=False)[1:-1]
            within = sa.select(CALLS.c.run).where(_holds(CALLS.c.answer, search) | _holds(CALLS.c.messages, spelled))
            query = query.where(_holds(RUNS.c.sentence, search) | RUNS.c.id.in_(within))
        with self._reading() as connection:
            return [run_of(row) for row in connection.execute(query).mappings().all()]

    def set_state(self, run: str, state: RunState, detail: str = "") -> None:
        """Say where a run stands."""
        values = {"state": RunState(state).value, "detail": self._text(detail), "updated": now_text()}
        with self._writing() as connection:
            connection.execute(RUNS.update().where(RUNS.c.id == run).values(values))

    def claim(self, run: str, holder: str, now: float, until: float, gone: Collection[str] = ()) -> str:
        """Let `holder` alone advance the run until `until` (seconds since 1970); also renews.

        Returns nothing, or the name of another that holds it. A lease that ran out, or
        whose holder is among `gone`, is taken over.
        """
        free = (RUNS.c.holder.in_(["", holder, *gone])) | (RUNS.c.held_until < now)
        with self._writing() as connection:
            change = RUNS.update().where((RUNS.c.id == run) & free).values(holder=holder, held_until=until)
            if connection.execute(change).rowcount:
                return ""
            return connection.scalar(sa.select(RUNS.c.holder).where(RUNS.c.id == run)) or "nobody"

    def release(self, run: str, holder: str) -> None:
        """Give a claimed run back."""
        mine = (RUNS.c.id == run) & (RUNS.c.holder == holder)
        with self._writing() as connection:
            connection.execute(RUNS.update().where(mine).values(holder="", held_until=0.0))

    def ask_cancel(self, run: str, now: float | None = None) -> bool:
        """Ask for the run's end: whoever advances it stops within a second. False where it has ended already."""
        free = (RUNS.c.holder == "") | (RUNS.c.held_until < (time.time() if now is None else now))
        waiting = (RUNS.c.id == run) & (RUNS.c.state == RunState.QUEUED.value) & free
        with self._writing() as connection:
            ended = {"state": RunState.CANCELLED.value, "cancel": 1}
            if connection.execute(RUNS.update().where(waiting).values(ended)).rowcount:
                stopped = {"state": RunState.CANCELLED.value, "detail": ""}
                journal_events.append(connection, run, 0, [("stopped", stopped)])
                return True
            alive = (RUNS.c.id == run) & RUNS.c.state.in_(OPEN)
            return connection.execute(RUNS.update().where(alive).values(cancel=1)).rowcount > 0

    def cancel_asked(self, run: str) -> bool:
        """Whether somebody asked for the run's end."""
        with self._reading() as connection:
            return bool(connection.scalar(sa.select(RUNS.c.cancel).where(RUNS.c.id == run)))

    # The queue

    def requeue(self, run: str) -> bool:
        """Let a run that ended without a verdict wait for a worker again. False where it is no such run."""
        ended = [RunState.CANCELLED.value, RunState.ERROR.value]
        values = {"state": RunState.QUEUED.value, "detail": "", "cancel": 0, "updated": now_text()}
        stopped = (RUNS.c.id == run) & RUNS.c.state.in_(ended)
        with self._writing() as connection:
            step = RUNS.update().where(stopped).values({**values, "dispatched": RUNS.c.dispatched + 1})
            return connection.execute(step).rowcount > 0

    def unfinished(self, limit: int = 500) -> list[RunRecord]:
        """Runs of the queue that have not ended, the oldest first; who asks looks at their leases."""
        wanted = RUNS.c.state.in_(OPEN) & (RUNS.c.dispatched > 0)
        query = sa.select(RUNS).where(wanted).order_by(RUNS.c.id).limit(limit)
        with self._reading() as connection:
            return [run_of(row) for row in connection.execute(query).mappings().all()]

    def dispatch_again(self, run: str, dispatched: int) -> bool:
        """Count one more time in the queue; False where another process was quicker."""
        same = (RUNS.c.id == run) & (RUNS.c.dispatched == dispatched)
        with self._writing() as connection:
            return connection.execute(RUNS.update().where(same).values(dispatched=dispatched + 1)).rowcount > 0

    # Requests and answers

    def record_completion(self, run: str, seq: int, prompt: Prompt, completion: Completion, holder: str = "") -> None:
        """Keep the answer to request number `seq` (from 0); its pieces go from the events.

        An earlier answer at `seq`, and what followed from it, is superseded, not lost.
        With `holder`, only while that process holds the run (JournalError).
        """
        row = {
            "run": run,
            "seq": seq,
            "superseded": 0,
            "turn": prompt.turn,
            "round": prompt.round,
            "fingerprint": prompt.fingerprint,
            "size": prompt.size,
            "messages": self._json(prompt.as_messages()),
            "answer": self._text(completion.text),
            "model": self._text(completion.model),
            "finish": completion.finish_reason,
            "usage": json.dumps(asdict(completion.usage)),
            "seconds": completion.seconds,
            "origin": completion.origin,
            "at": now_text(),
        }
        stale = (CALLS.c.run == run) & (CALLS.c.seq >= seq) & (CALLS.c.superseded == 0)
        with self._writing() as connection:
            journal_events.append(connection, run, 0, (), holder)
            connection.execute(CALLS.update().where(stale).values(superseded=CALLS.c.id))
            connection.execute(CALLS.insert().values(row))
            journal_events.drop_streamed(connection, run)

    def completions(self, run: str, *, superseded: bool = False) -> list[Call]:
        """The run's answers in order; with `superseded`, also those that were replaced."""
        query = sa.select(CALLS).where(CALLS.c.run == run).order_by(CALLS.c.seq, CALLS.c.id)
        if not superseded:
            query = query.where(CALLS.c.superseded == 0)
        with self._reading() as connection:
            return [call_of(row) for row in connection.execute(query).mappings().all()]

    # Reports

    def record_report(self, run: str, key: str, draft: Draft, report: Report, seconds: float) -> None:
        """Keep the gate's report on a draft, under what it depends on (`judgement_key`)."""
        row = {"run": run, "key": key, "seconds": seconds, "at": now_text(), "verdict": report.verdict.value}
        row["files"] = self._json({artifact.path: artifact.text for artifact in draft})
        row["report"] = self._json(report_as_dict(report))
        last = sa.select(sa.func.coalesce(sa.func.max(REPORTS.c.seq), -1) + 1).where(REPORTS.c.run == run)
        with self._writing() as connection:
            connection.execute(REPORTS.insert().values(**row, seq=last.scalar_subquery()))

    def reports(self, run: str) -> list[Judgement]:
        """The run's reports in order."""
        query = sa.select(REPORTS).where(REPORTS.c.run == run).order_by(REPORTS.c.seq)
        with self._reading() as connection:
            return [judgement_of(row) for row in connection.execute(query).mappings().all()]

    def report(self, run: str, key: str) -> Report | None:
        """The latest report of the run under this key, or None."""
        query = sa.select(REPORTS).where((REPORTS.c.run == run) & (REPORTS.c.key == key))
        with self._reading() as connection:
            row = connection.execute(query.order_by(REPORTS.c.seq.desc()).limit(1)).mappings().first()
        return judgement_of(row).report if row else None

    # Events and sums

    def attempt(self, run: str, holder: str, *, revive: bool) -> int:
        """Count one more attempt of `holder` to advance the run, and return its number.

        With `revive` whatever state it is in; else 0 where it has ended. The pieces of an
        answer that nobody finished go. Raises JournalError where another holds the run.
        """
        mine = (RUNS.c.id == run) & (RUNS.c.holder == holder)
        values = {"state": RunState.RUNNING.value, "detail": "", **({"cancel": 0} if revive else {})}
        meant = mine if revive else mine & RUNS.c.state.in_(OPEN)
        step = RUNS.update().where(meant).values({**values, "attempts": RUNS.c.attempts + 1})
        with self._writing() as connection:
            number: int | None = connection.scalar(step.returning(RUNS.c.attempts))
            if number is None:
                if connection.scalar(sa.select(RUNS.c.id).where(mine)):
                    return 0
                raise HeldElsewhere(f"run {run} is advanced by another process now")
            journal_events.drop_streamed(connection, run)
            return number

    def tell(
        self,
        run: str,
        attempt: int,
        told: Sequence[tuple[str, Any]],
        *,
        holder: str = "",
        back_to: int | None = None,
        state: RunState | None = None,
        detail: str = "",
    ) -> int:
        """Keep events (kind, data) in one transaction; the last one's number.

        `back_to`: what was told after that number, and before the first of these, is taken back.
        `state` and `detail` say where the run stands then. With `holder`, only while it holds the run.
        """
        held = [(kind, self.redacted(data)) for kind, data in told]
        with self._writing() as connection:
            last = journal_events.append(connection, run, attempt, held, holder)
            if back_to is not None:
                journal_events.take_back(connection, run, back_to, last - len(held) + 1)
            if state is not None:
                values = {"state": RunState(state).value, "detail": self._text(detail)}
                connection.execute(RUNS.update().where(RUNS.c.id == run).values(values))
        return last

    def note(self, run: str, kind: str, data: Mapping[str, Any]) -> None:
        """Keep an event of any kind."""
        self.tell(run, 0, [(kind, data)])

    def events_after(self, run: str, seq: int = 0, limit: int | None = 500) -> list[Stored]:
        """The run's events by rising number, those after `seq`."""
        with self._reading() as connection:
            return journal_events.after(connection, run, seq, limit)

    def events(self, run: str) -> list[Noted]:
        """The run's events in order, as they were noted."""
        return [Noted(each.kind, each.data, each.at) for each in self.events_after(run, limit=None)]

    def last(self, run: str, kind: str) -> Stored | None:
        """The latest event of a kind, or None."""
        wanted = (EVENTS.c.run == run) & (EVENTS.c.kind == kind) & (EVENTS.c.void == 0)
        with self._reading() as connection:
            seq = connection.scalar(sa.select(sa.func.max(EVENTS.c.seq)).where(wanted))
            return journal_events.after(connection, run, seq - 1, 1)[0] if seq else None

    def spent(self, run: str, prices: Mapping[str, Price] | None = None) -> Spent:
        """What the run has spent over all its sessions; superseded answers were paid too."""
        spent, known = Spent(), prices or {}
        for call in self.completions(run, superseded=True):
            spent = spent.answered(call.size, call.completion, known.get(call.completion.model))
        query = sa.select(sa.func.coalesce(sa.func.sum(REPORTS.c.seconds), 0.0)).where(REPORTS.c.run == run)
        with self._reading() as connection:
            return spent.proved(float(connection.scalar(query) or 0.0))

    # Within

    def _text(self, text: str) -> str:
        """Redacted, and without what databases refuse: NUL and lone surrogates."""
        return self._redactor.text(text).replace("\0", "\ufffd").encode("utf-8", "replace").decode()

    def redacted(self, value: Any) -> Any:
        """Redacted."""
        return self._redactor.value(value)

    def _json(self, value: Any) -> str:
        """Redacted JSON, searchable as text."""
        text = json.dumps(self._redactor.value(value), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One transaction that writes."""
        with clear_errors(self._engine), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """One transaction that reads."""
        with clear_errors(self._engine), self._engine.connect() as connection:
            yield connection


def _holds(column: sa.Column[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds a text; case does not matter."""
    return column.icontains(text, autoescape=True)
