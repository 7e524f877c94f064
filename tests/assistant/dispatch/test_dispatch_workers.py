"""Workers as processes: they share a queue, stop when they are told to, and lose nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from dispatch_world import BACKWRIGHT, World

from assistant.check_session import Check
from assistant.dispatch.pool import Pool
from assistant.dispatch.worker import DEATHS, _Advance, deaths
from assistant.event_keeper import Keeper
from assistant.event_records import Advanced, Stopped
from assistant.events import Answered, Finished, Judged, StageStarted, Streamed
from assistant.journal_records import RunState
from assistant.lease import holder_name
from assistant.session import ended
from tests.assistant.history_server import in_postgresql

BAD = {"schema.sql": "CREATE TABLE notes (text varchar(10));\n"}


def advancers(world: World, run: str) -> list[str]:
    """The processes that advanced a run, in order."""
    return [each.event.by for each in world.journal.events_after(run) if isinstance(each.event, Advanced)]


def shared(world: World) -> None:
    """Two workers have six runs and a check among them; each run is one worker's."""
    workers = [world.worker() for _ in range(2)]
    runs = [world.queue.enqueue(world.wish()) for _ in range(6)]
    check = world.queue.enqueue(Check(BAD, static=True), owner="bob")
    assert {world.over(run, 60).state for run in runs} == {RunState.PASSED}
    by = [advancers(world, run) for run in runs]
    assert all(len(each) == 1 for each in by)
    assert {each[0].rpartition(":")[2] for each in by} == {str(worker.pid) for worker in workers}
    assert world.lines("answered").total() == 12
    assert world.over(check).state is RunState.FAILED
    events = [each.event for each in world.journal.events_after(check)]
    assert [type(event) for event in events[-2:]] == [Judged, Finished]
    record, draft, evidence = ended(world.journal, check)
    assert (record.owner, draft.paths, evidence["verdict"]) == ("bob", ("schema.sql",), "failed")
    assert "missing-primary-key" in {finding["rule"] for finding in evidence["findings"]}
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(30) for worker in workers] == [0, 0]


def test_two_workers_share_a_queue_in_sqlite(world: World) -> None:
    shared(world)


def test_two_workers_share_a_queue_in_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def body(url: str) -> None:
        world = World(tmp_path, url)
        try:
            shared(world)
        finally:
            world.close()

    asyncio.run(in_postgresql(body))


def test_a_running_run_is_cancelled_within_a_second_and_can_go_on(world: World) -> None:
    run = world.queue.enqueue(world.wish())
    world.worker(DOUBLE_SECONDS="20")
    world.until(lambda: any(isinstance(each.event, Streamed) for each in world.journal.events_after(run)))
    began = time.monotonic()
    assert world.queue.cancel(run)
    assert world.over(run).state is RunState.CANCELLED
    # Half a second between two looks, and what a busy machine adds.
    assert time.monotonic() - began < 5
    events = [each.event for each in world.journal.events_after(run)]
    assert events[-1] == Stopped(RunState.CANCELLED, "")
    assert world.journal.get(run).holder == ""
    assert not any(isinstance(event, Answered) for event in events)
    # The command line goes on with it, in a history that a worker wrote.
    done = subprocess.run(
        [BACKWRIGHT, "resume", run], cwd=world.folder, env=world.environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert world.journal.get(run).state is RunState.PASSED
    assert len(advancers(world, run)) == 2


def sandboxed(pid: int) -> list[str]:
    """What runs below a process."""
    tree = Path(f"/proc/{pid}/task")
    below = [int(child) for task in tree.glob("*/children") for child in task.read_text(encoding="utf-8").split()]
    names = [Path(f"/proc/{child}/comm").read_text(encoding="utf-8").strip() for child in below]
    return names + [name for child in below for name in sandboxed(child)]


def test_a_service_that_hangs_goes_with_the_check_that_is_cancelled(world: World) -> None:
    hanging = {
        "requirements.txt": "fastapi\nuvicorn\n",
        "app/main.py": "import time\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\ntime.sleep(600)\n",
        "openapi.json": '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}',
    }
    run = world.queue.enqueue(Check(hanging, dialect="sqlite", stack="fastapi"))
    worker = world.worker()
    # Its module is imported there, in the sandbox.
    loading = StageStarted("code")
    world.until(lambda: loading in [each.event for each in world.journal.events_after(run)], 90)
    world.until(lambda: sandboxed(worker.pid), 20)
    assert world.queue.cancel(run)
    assert world.over(run).state is RunState.CANCELLED
    world.until(lambda: not sandboxed(worker.pid), 20)
    assert worker.poll() is None


def test_sigterm_lets_the_run_end_or_gives_it_back(world: World) -> None:
    quick, slow = world.worker(), None
    run = world.queue.enqueue(world.wish())
    world.until(lambda: advancers(world, run))
    quick.send_signal(signal.SIGTERM)
    waiting = world.queue.enqueue(world.wish())
    assert quick.wait(30) == 0
    assert world.journal.get(run).state is RunState.PASSED
    assert world.journal.get(waiting).state is RunState.QUEUED
    slow = world.worker("--grace", "0.5", DOUBLE_SECONDS="30")
    world.until(lambda: advancers(world, waiting))
    slow.send_signal(signal.SIGTERM)
    assert slow.wait(30) == 0
    record = world.journal.get(waiting)
    assert (record.state, record.holder) == (RunState.QUEUED, "")
    assert world.journal.events_after(waiting)[-1].event == Stopped(RunState.QUEUED, "")
    # A worker that starts later, as after a restart of everything, takes it.
    world.queue.close()
    world.worker()
    world.queue = type(world.queue).open(world.settings)
    world.journal = world.queue.journal
    assert world.over(waiting).state is RunState.PASSED
    assert len(advancers(world, waiting)) == 2


def test_a_run_that_cannot_be_opened_ends_as_an_error(world: World) -> None:
    wish = world.wish()
    run = world.queue.enqueue(type(wish)(wish.sentence, recipe="small", settings={"backend": "no.such:thing"}))
    world.worker()
    record = world.over(run)
    assert record.state is RunState.ERROR and "no.such" in record.detail
    assert world.journal.events_after(run)[-1].event == Stopped(RunState.ERROR, record.detail)


def test_a_run_that_kills_its_workers_ends_as_an_error(world: World) -> None:
    run = world.queue.enqueue(world.wish())
    for _ in range(DEATHS):
        gone = [world.journal.get(run).holder]
        assert world.journal.claim(run, holder_name(), 0, 1, gone=gone) == ""
        number = world.journal.attempt(run, world.journal.get(run).holder, revive=False)
        assert deaths(world.journal, run) == number - 1
        Keeper(world.journal, run, number, world.journal.get(run).holder).begin()
    told = _Advance(run, world.journal).to_its_end()
    assert (told, world.journal.get(run).state) == ("error", RunState.ERROR)
    assert "died with this run" in world.journal.get(run).detail
    # Resumed by somebody, it is tried anew.
    world.queue.resume(run)
    assert deaths(world.journal, run) == 0


def test_a_pool_starts_its_workers_again_and_ends_with_who_began_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    run = world.queue.enqueue(world.wish())
    with Pool(world.settings, 1, grace=1) as pool:
        world.until(lambda: advancers(world, run))
        (first,) = pool.processes()
        assert world.over(run).state is RunState.PASSED
        os.kill(first, signal.SIGKILL)
        again = world.queue.enqueue(world.wish())
        assert world.over(again).state is RunState.PASSED
        (second,) = pool.processes()
        assert advancers(world, again)[0].endswith(f":{second}") and second != first
    assert pool.processes() == []
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_a_worker_of_a_pool_ends_when_its_starter_is_killed(world: World) -> None:
    starter = world.worker("--concurrency", "2", "--grace", "1")
    run = world.queue.enqueue(world.wish())
    assert world.over(run).state is RunState.PASSED
    by = int(advancers(world, run)[0].rpartition(":")[2])
    assert by != starter.pid
    starter.kill()
    starter.communicate()

    def gone() -> bool:
        try:
            return Path(f"/proc/{by}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "ZX"
        except OSError:
            return True

    world.until(gone)
