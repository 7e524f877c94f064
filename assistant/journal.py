"""The run history: every request, answer and report, kept before the loop goes on.

SQLite in the user's data folder, or any SQLAlchemy URL. It is the only truth about a
run: budgets are counted from it and a resumed run reads it back (assistant/journaled.py).
Each write is one transaction; secrets are redacted before they are written.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from assistant.budget import Spent
from assistant.errors import JournalError, UsageError
from assistant.journal_records import Call, Judgement, Noted, RunRecord, RunState, report_as_dict, report_from_dict
from assistant.journal_schema import CALLS, EVENTS, REPORTS, RUNS, migrate
from assistant.model.base import Completion, Usage
from assistant.prompt import Prompt
from assistant.redact import Redactor
from assistant.settings import Price
from evaluators.draft import Draft
from evaluators.report import Report

BUSY_SECONDS = 10
"""How long a write waits for another process's."""


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
        made = cls(_engine(url or default_url()), redactor or Redactor())
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
    ) -> RunRecord:
        """Begin a run and return it."""
        id, now = str(ULID()), _now()
        row = {"id": id, "created": now, "updated": now, "state": RunState.RUNNING.value, "detail": ""}
        row |= {"sentence": self._text(sentence), "brief": self._json(brief), "recipe": recipe}
        row |= {"project": self._text(project), "options": self._json(options or {})}
        with self._writing() as connection:
            connection.execute(RUNS.insert().values(row))
        return self.get(id)

    def get(self, prefix: str) -> RunRecord:
        """The run whose id begins with `prefix`. Raises UsageError where there is none, or several."""
        wanted = prefix.strip().upper()
        found = []
        if wanted.isalnum():
            query = sa.select(RUNS).where(RUNS.c.id.startswith(wanted, autoescape=True)).order_by(RUNS.c.id).limit(4)
            with self._reading() as connection:
                found = [_run(row) for row in connection.execute(query).mappings()]
        if not found:
            raise UsageError(f"no run {prefix[:40]!r}", "`backwright runs` lists them")
        if len(found) > 1:
            ids = ", ".join(run.id for run in found[:3])
            raise UsageError(f"{prefix!r} is the beginning of several runs: {ids}{', ...' * (len(found) > 3)}")
        return found[0]

    def runs(self, search: str = "", limit: int = 20) -> list[RunRecord]:
        """Runs, the latest first; with `search`, those whose sentence, prompts or answers hold the text."""
        query = sa.select(RUNS).order_by(RUNS.c.created.desc(), RUNS.c.id.desc()).limit(limit)
        if search:
            # Messages are kept as JSON, where a quote or a line end is spelled differently.
            spelled = json.dumps(search, ensure_ascii=False)[1:-1]
            within = sa.select(CALLS.c.run).where(_holds(CALLS.c.answer, search) | _holds(CALLS.c.messages, spelled))
            query = query.where(_holds(RUNS.c.sentence, search) | RUNS.c.id.in_(within))
        with self._reading() as connection:
            return [_run(row) for row in connection.execute(query).mappings()]

    def set_state(self, run: str, state: RunState, detail: str = "") -> None:
        """Say where a run stands."""
        values = {"state": RunState(state).value, "detail": self._text(detail), "updated": _now()}
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

    # Requests and answers

    def record_completion(self, run: str, seq: int, prompt: Prompt, completion: Completion) -> None:
        """Keep the answer to request number `seq` (from 0).

        An earlier answer at `seq`, and what followed from it, is superseded, not lost.
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
            "at": _now(),
        }
        stale = (CALLS.c.run == run) & (CALLS.c.seq >= seq) & (CALLS.c.superseded == 0)
        with self._writing() as connection:
            connection.execute(CALLS.update().where(stale).values(superseded=CALLS.c.id))
            connection.execute(CALLS.insert().values(row))
            connection.execute(RUNS.update().where(RUNS.c.id == run).values(updated=_now()))

    def completions(self, run: str, *, superseded: bool = False) -> list[Call]:
        """The run's answers in order; with `superseded`, also those that were replaced."""
        query = sa.select(CALLS).where(CALLS.c.run == run).order_by(CALLS.c.seq, CALLS.c.id)
        if not superseded:
            query = query.where(CALLS.c.superseded == 0)
        with self._reading() as connection:
            return [_call(row) for row in connection.execute(query).mappings()]

    # Reports

    def record_report(self, run: str, key: str, draft: Draft, report: Report, seconds: float) -> None:
        """Keep the gate's report on a draft, under what it depends on (`judgement_key`)."""
        row = {"run": run, "key": key, "seconds": seconds, "at": _now(), "verdict": report.verdict.value}
        row["files"] = self._json({artifact.path: artifact.text for artifact in draft})
        row["report"] = self._json(report_as_dict(report))
        last = sa.select(sa.func.coalesce(sa.func.max(REPORTS.c.seq), -1) + 1).where(REPORTS.c.run == run)
        with self._writing() as connection:
            connection.execute(REPORTS.insert().values(**row, seq=last.scalar_subquery()))

    def reports(self, run: str) -> list[Judgement]:
        """The run's reports in order."""
        query = sa.select(REPORTS).where(REPORTS.c.run == run).order_by(REPORTS.c.seq)
        with self._reading() as connection:
            return [_judgement(row) for row in connection.execute(query).mappings()]

    def report(self, run: str, key: str) -> Report | None:
        """The latest report of the run under this key, or None."""
        query = sa.select(REPORTS).where((REPORTS.c.run == run) & (REPORTS.c.key == key))
        with self._reading() as connection:
            row = connection.execute(query.order_by(REPORTS.c.seq.desc()).limit(1)).mappings().first()
        return _judgement(row).report if row else None

    # Events and sums

    def note(self, run: str, kind: str, data: Mapping[str, Any]) -> None:
        """Keep an event of any kind."""
        with self._writing() as connection:
            connection.execute(EVENTS.insert().values(run=run, kind=kind, data=self._json(data), at=_now()))

    def events(self, run: str) -> list[Noted]:
        """The run's events in order."""
        query = sa.select(EVENTS).where(EVENTS.c.run == run).order_by(EVENTS.c.id)
        with self._reading() as connection:
            rows = connection.execute(query).mappings()
            return [Noted(row["kind"], json.loads(row["data"]), row["at"]) for row in rows]

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

    def _json(self, value: Any) -> str:
        """Redacted JSON, searchable as text."""
        text = json.dumps(self._redactor.value(value), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One transaction that writes."""
        with _clear_errors(self._engine), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """One transaction that reads."""
        with _clear_errors(self._engine), self._engine.connect() as connection:
            yield connection


def _engine(url: str) -> sa.Engine:
    """The engine for a URL; for SQLite its folder is made. Raises JournalError."""
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        file = parsed.database or ""
        if parsed.get_backend_name() == "sqlite":
            if file not in ("", ":memory:") and not file.startswith("file:"):
                Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
            _prepare_sqlite(engine)
            return engine
        return sa.create_engine(parsed, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError, ValueError) as error:
        raise JournalError(f"the run history's URL cannot be used: {_first_line(error)}") from None
    except OSError as error:
        raise JournalError(f"the run history's folder cannot be made: {error.strerror or error}") from None


def _prepare_sqlite(engine: sa.Engine) -> None:
    """WAL, foreign keys, and transactions that take the write lock when they begin.

    The driver would begin late and could then not wait for another process's write.
    """

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if not connection.execute("PRAGMA query_only").fetchone()[0]:
            _to_wal(connection)

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _to_wal(connection: Any) -> None:
    """Switch to WAL once; SQLite does not wait by itself for another process that switches too."""
    until = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def _clear_errors(engine: sa.Engine) -> Iterator[None]:
    """Turn a database's errors into one line of ours, without passwords."""
    try:
        yield
    # The driver's own errors come bare from the first statements of a connection.
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        said = _first_line(getattr(error, "orig", None) or error)
        where = engine.url.render_as_string(hide_password=True)
        hint = "is the disk full or the folder read-only? BACKWRIGHT_JOURNAL_URL names another history"
        raise JournalError(f"the run history {where}: {said}", hint) from None


def _holds(column: sa.Column[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds a text; case does not matter."""
    return column.icontains(text, autoescape=True)


def _now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _run(row: Mapping[Any, Any]) -> RunRecord:
    """A row of `runs`."""
    given = {key: row[key] for key in row if key not in ("holder", "held_until")}
    given["state"] = RunState(row["state"])
    return RunRecord(**{**given, "brief": json.loads(row["brief"]), "options": json.loads(row["options"])})


def _call(row: Mapping[Any, Any]) -> Call:
    """A row of `calls`."""
    usage = Usage(**json.loads(row["usage"]))
    completion = Completion(row["answer"], row["model"], row["finish"], usage, row["seconds"], row["origin"])
    messages = tuple(json.loads(row["messages"]))
    head = {key: row[key] for key in ("seq", "turn", "round", "fingerprint", "size", "at")}
    return Call(**head, messages=messages, completion=completion, superseded=bool(row["superseded"]))


def _judgement(row: Mapping[Any, Any]) -> Judgement:
    """A row of `reports`."""
    report = report_from_dict(json.loads(row["report"]))
    return Judgement(row["seq"], row["key"], json.loads(row["files"]), report, row["seconds"], row["at"])


def _first_line(error: BaseException) -> str:
    """One line of an exception."""
    return (str(error) or type(error).__name__).split("\n", 1)[0][:300]
