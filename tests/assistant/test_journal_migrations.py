"""A history that version 1 wrote opens, in SQLite and in PostgreSQL, and its runs go on."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from history_server import in_postgresql

from assistant import journal_schema_1
from assistant.events import Finished, Outcome, Read
from assistant.journal import Journal
from assistant.journal_engine import open_engine
from assistant.journal_records import RunState
from assistant.journal_schema import METADATA, VERSIONS
from assistant.session import ended

WRITTEN = (Path(__file__).parent / "history_1.sql").read_text(encoding="utf-8")
"""What version 1 left: a run that passed, and one that was killed."""


def sqlite_of_version_1(path: Path) -> str:
    """The history's URL."""
    plain = sqlite3.connect(path)
    plain.executescript(WRITTEN)
    plain.close()
    return f"sqlite:///{path}"


def postgresql_of_version_1(url: str) -> None:
    """The same rows in the tables that version 1 made there."""
    engine = open_engine(url)
    rows = [line for line in WRITTEN.splitlines() if line.startswith("INSERT") and "backwright_version" not in line]
    with engine.begin() as connection:
        VERSIONS.create(connection)
        journal_schema_1.build(connection)
        connection.execute(VERSIONS.insert().values(version=1))
        for row in sorted(rows, key=lambda line: '"runs"' not in line):
            connection.exec_driver_sql(row.replace("%", "%%"))
        for table in ("calls", "reports", "events"):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)")
    engine.dispose()


def use(url: str) -> None:
    """What was there is there, and goes on."""
    with Journal.open(url) as journal:
        bank, shop = journal.listing()
        assert (shop.sentence, shop.owner, shop.kind, shop.cancel, shop.dispatched) == (
            "Write a shop",
            "",
            "write",
            False,
            0,
        )
        assert (shop.state, bank.state, bank.holder) == (RunState.PASSED, RunState.RUNNING, "elsewhere:1:a")
        read, finished = (each.event for each in journal.events_after(shop.id))
        assert isinstance(read, Read) and read.changed == ("schema.sql",)
        assert isinstance(finished, Finished)
        assert (finished.outcome, finished.reason) == (Outcome.PASSED, "everything that was required passed")
        assert finished.draft.paths == ("schema.sql",)
        assert finished.report == journal.reports(shop.id)[0].report
        record, draft, evidence = ended(journal, shop.id)
        assert (record, draft.paths, evidence["verdict"]) == (shop, ("schema.sql",), "passed")
        assert [call.completion.text for call in journal.completions(bank.id)] == ["half"]
        # A killed run of the command line is nobody's but its user's.
        assert journal.unfinished() == []
        assert journal.claim(bank.id, "me", 161.0, 200.0) == ""
        assert journal.attempt(bank.id, "me", revive=True) == 2
        last = journal.tell(bank.id, 2, [("continued", {"path": ""})])
        assert [each.seq for each in journal.events_after(bank.id)] == [last]


def shape(engine: sa.Engine) -> dict[str, object]:
    """Tables, columns and indexes as the database has them."""
    look = sa.inspect(engine)
    return {
        table: (
            sorted((column["name"], bool(column["nullable"])) for column in look.get_columns(table)),
            sorted(
                (index["name"], tuple(index["column_names"]), bool(index["unique"]))
                for index in look.get_indexes(table)
            ),
        )
        for table in sorted(look.get_table_names())
    }


def test_a_history_of_version_1_opens_in_sqlite(tmp_path: Path) -> None:
    url = sqlite_of_version_1(tmp_path / "old.sqlite")
    use(url)
    use_again = open_engine(url)
    fresh = f"sqlite:///{tmp_path / 'new.sqlite'}"
    Journal.open(fresh).close()
    new = open_engine(fresh)
    assert shape(use_again) == shape(new)
    known = {table.name: sorted(column.name for column in table.columns) for table in METADATA.sorted_tables}
    assert {name: [column for column, _ in columns] for name, (columns, _) in shape(new).items()} == known  # type: ignore[misc]
    for engine in (use_again, new):
        engine.dispose()


def test_a_history_of_version_1_opens_in_postgresql() -> None:
    def body(url: str) -> None:
        postgresql_of_version_1(url)
        use(url)

    asyncio.run(in_postgresql(body))
