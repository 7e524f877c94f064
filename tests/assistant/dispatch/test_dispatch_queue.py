"""The queue without workers: what is dispatched, again or not, and what a run is in the meantime."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from dispatch_world import World

from assistant.check_session import Check
from assistant.dispatch.queue import Queue, entry_id, queue_url
from assistant.errors import JournalError, UsageError
from assistant.event_records import Given, Stopped
from assistant.journal_records import RunState
from assistant.lease import holder_name
from assistant.settings import load
from evaluators.draft import Draft
from tests.assistant.history_server import in_postgresql


def entries(world: World) -> dict[str, str]:
    """DBOS's entries and their states."""
    return {each.workflow_id: each.status for each in world.queue._client.list_workflows()}


def dead(world: World, run: str, status: str = "PENDING") -> None:
    """An entry as somebody leaves it who took it and died."""
    host, pid, _, chance = holder_name().split(":")
    with world.queue._client._sys_db.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE workflow_status SET status = ?, executor_id = ?, updated_at = ? WHERE workflow_uuid = ?",
            (status, f"{host}:{pid}:1:{chance}", int(time.time() * 1000), run),
        )


def test_a_run_waits_in_the_journal_and_in_the_queue(world: World) -> None:
    run = world.queue.enqueue(world.wish(), owner="ann")
    record = world.journal.get(run)
    assert (record.state, record.owner, record.kind, record.dispatched) == (RunState.QUEUED, "ann", "write", 1)
    assert record.recipe == "small" and record.brief["kind"] == "endpoint"
    assert entries(world) == {run: "ENQUEUED"}
    assert world.queue.reconcile() == []


def test_a_check_keeps_its_files(world: World) -> None:
    files = {"schema.sql": "CREATE TABLE t (id integer);\n"}
    run = world.queue.enqueue(Check(files, title="shop.zip", static=True), owner="bob")
    record = world.journal.get(run)
    assert (record.kind, record.sentence, record.owner, record.recipe) == ("check", "shop.zip", "bob", "")
    assert [each.event for each in world.journal.events_after(run)] == [Given(Draft.of(files))]


@pytest.mark.parametrize(
    "wish",
    [
        Check({}),
        Check({"../../etc/passwd": "x"}),
        "no recipe",
        "by hand",
    ],
    ids=str,
)
def test_what_cannot_run_is_refused_before_it_is_written(world: World, wish: object) -> None:
    given = {"no recipe": replace(world.wish(), recipe="nothing"), "by hand": replace(world.wish(), by_hand="/tmp")}
    with pytest.raises(UsageError):
        world.queue.enqueue(given.get(str(wish), wish))  # type: ignore[arg-type, call-overload]
    assert (world.journal.count(), entries(world)) == (0, {})


def test_who_died_between_journal_and_queue_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "_dispatch", lambda *_: None)
    run = world.queue.enqueue(world.wish())
    monkeypatch.undo()
    assert entries(world) == {}
    with Queue.open(world.settings) as other:
        assert other.reconcile() == [run]
    assert (world.queue.reconcile(), entries(world)) == ([], {run: "ENQUEUED"})


def test_what_a_dead_worker_took_is_dispatched_again(world: World) -> None:
    run = world.queue.enqueue(world.wish())
    dead(world, run)
    assert world.queue.reconcile() == [run]
    assert entries(world) == {run: "PENDING", entry_id(run, 2): "ENQUEUED"}
    assert world.queue.reconcile() == []
    # The next one left the run half done: its entry has ended, the run has not.
    dead(world, entry_id(run, 2), "SUCCESS")
    assert world.queue.reconcile() == [run]
    assert world.journal.get(run).dispatched == 3


def test_what_a_living_process_holds_is_left_alone(world: World) -> None:
    run = world.queue.enqueue(world.wish())
    dead(world, run, "SUCCESS")
    now = time.time()
    assert world.journal.claim(run, holder_name(), now, now + 60) == ""
    assert world.queue.reconcile() == []
    gone = world.journal.get(run).holder
    assert world.journal.claim(run, "elsewhere:1:1:a", now, now + 60, gone=[gone]) == ""
    assert world.queue.reconcile() == []
    assert world.journal.claim(run, "elsewhere:1:1:a", now, now - 1) == ""
    assert world.queue.reconcile() == [run]


def test_runs_of_the_command_line_are_nobodys_to_take(world: World) -> None:
    world.journal.begin("s", brief={}, recipe="small")
    assert world.queue.reconcile() == []


def test_a_waiting_run_is_cancelled_at_once_and_can_go_on(world: World) -> None:
    run = world.queue.enqueue(world.wish())
    assert world.queue.cancel(run)
    assert world.journal.get(run).state is RunState.CANCELLED
    assert world.journal.events_after(run)[-1].event == Stopped(RunState.CANCELLED, "")
    assert not world.queue.cancel(run)
    assert world.queue.reconcile() == []
    world.queue.resume(run)
    record = world.journal.get(run)
    assert (record.state, record.cancel) == (RunState.QUEUED, False)
    assert entries(world)[entry_id(run, 2)] == "ENQUEUED"
    with pytest.raises(UsageError, match="has not stopped"):
        world.queue.resume(run)
    world.journal.set_state(run, RunState.PASSED)
    with pytest.raises(UsageError, match="has its verdict"):
        world.queue.resume(run)


OPEN = """
import sys
from assistant.dispatch.queue import Queue
from assistant.settings import load
Queue.open(load({"journal_url": sys.argv[1]}, environ={})).close()
"""


def opened_at_once(url: str) -> None:
    """Three processes make history and queue where nothing is."""
    started = [subprocess.Popen([sys.executable, "-c", OPEN, url], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in started]
    assert [code for _, code in ended] == [0, 0, 0], ended


def test_several_open_a_queue_that_is_not_there_yet(tmp_path: Path) -> None:
    opened_at_once(f"sqlite:///{tmp_path / 'new.sqlite'}")
    asyncio.run(in_postgresql(opened_at_once))


def test_a_history_in_memory_has_no_queue() -> None:
    with pytest.raises(JournalError, match="several processes"):
        queue_url(load({"journal_url": "sqlite:///:memory:"}, environ={}))


def test_a_queue_that_cannot_be_made_is_one_line_without_the_password() -> None:
    settings = load({"journal_url": "postgresql://someone:hunter2secret@127.0.0.1:1/none"}, environ={})
    with pytest.raises(JournalError) as caught:
        Queue.open(settings)
    assert "hunter2secret" not in str(caught.value) and "\n" not in str(caught.value)
