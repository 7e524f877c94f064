"""A campaign of recordings against a local endpoint: what is asked, what is kept, and what stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from small_library import held, make, prompt_of, sentence, write

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "model"))
from fake_endpoint import Endpoint, Handler, Step, answers, breaks_off, fails, hangs

from assistant.budget import Budget
from assistant.errors import RecipeError, SettingsError, UsageError
from assistant.experiment.checking import check
from assistant.experiment.plan import Choice
from assistant.experiment.recording import Begun, Ended, Event, Failed, Over, Waiting, record
from assistant.journal_records import RunState
from assistant.library import Library
from assistant.model.cassette import head_of
from assistant.model.replay import ReplayModel
from assistant.session import open_journal
from assistant.settings import load
from evaluators.cache import Cache
from evaluators.gate import Gate

GOOD = "```sql schema.sql\nCREATE TABLE cars (id integer PRIMARY KEY, name varchar(80) NOT NULL);\n```\n"
BAD = "```sql schema.sql\nCREATE TABLE cars (name varchar(80) NOT NULL);\n```\n"
WORSE = "```sql schema.sql\nCREATE TABLE cars (name varchar(80) NOT NULL); CREATE TABLE x (y text);\n```\n"
LIST = Choice(recipes=("list",), arms=("recipe",))
SAMPLES = [f"{case}/{sample}" for case in ("boats", "cars") for sample in "12"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all: what ships is looked at once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with recipes of its own; no setting of this machine counts."""
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "BACKWRIGHT_"))]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(cache))
    monkeypatch.setenv("BACKWRIGHT_JOURNAL_URL", f"sqlite:///{tmp_path / 'history.sqlite'}")
    monkeypatch.setenv("BACKWRIGHT_MODEL", "fake")
    monkeypatch.setenv("BACKWRIGHT_RETRIES", "0")
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-a-test")
    monkeypatch.chdir(tmp_path)
    return make(tmp_path / ".backwright" / "prompts")


def place(folder: Path, name: str, owner: str = "recipes/list") -> Path:
    """The cassette `CASE/SAMPLE`."""
    return folder / owner / "cassettes" / f"{name}.yaml"


def there(folder: Path, owner: str = "recipes/list") -> list[str]:
    """The cassettes that are there; nothing half-written is."""
    root = folder / owner / "cassettes"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    assert [path for path in files if path.suffix != ".yaml" or path.name.startswith(".")] == []
    return [path.relative_to(root).with_suffix("").as_posix() for path in files]


def recorded(*steps: Step, choice: Choice = LIST, **more: Any) -> tuple[list[Event], Endpoint]:
    """All events of a campaign, and the endpoint that it asked."""

    async def collect(url: str) -> list[Event]:
        async with aclosing(record(choice, {"base_url": url}, **more)) as events:
            return [event async for event in events]

    with Endpoint(*steps) as endpoint:
        return asyncio.run(collect(endpoint.url)), endpoint


def of(kind: type, events: list[Event]) -> list[Any]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def over(events: list[Event]) -> Over:
    """The last event."""
    last = events[-1]
    assert isinstance(last, Over)
    assert of(Over, events) == [last]
    return last


def test_what_is_missing_is_recorded_and_nothing_twice(folder: Path) -> None:
    events, endpoint = recorded(answers(GOOD))
    assert there(folder) == SAMPLES
    assert [str(event.task) for event in of(Begun, events)] == [
        f"list/{case}/recipe/{sample}" for sample in "12" for case in ("boats", "cars")
    ], "first samples first"
    assert {(event.outcome, event.answers) for event in of(Ended, events)} == {("passed", 1)}
    last = over(events)
    assert (last.ended, last.failed, last.left, last.why, last.spent.rounds) == (4, 0, 0, "", 4)
    assert len(endpoint.requests) == 4
    label = head_of(place(folder, "cars/2"))
    assert (label.ended, label.budget, label.model) == ("passed: everything that was required passed", 4, "fake")
    assert check(Library.load([folder]), load(), cache=Cache(folder.parent / "cache")) == []
    events, endpoint = recorded(answers(GOOD))
    assert (events[:-1], endpoint.requests) == ([], [])
    assert over(events).ended == 0


def test_an_arm_is_recorded_beside_the_recipes(folder: Path) -> None:
    recorded(answers(GOOD), choice=Choice(cases=("cars",), recipes=("list",), arms=("short",)), samples=1)
    assert there(folder, "arms/short") == ["cars/1"]
    label = head_of(place(folder, "cars/1", "arms/short"))
    assert (label.recipe, label.takes[0].fingerprint) == (
        "short",
        prompt_of(folder, "list", "cars", "short").fingerprint,
    )


def test_a_bad_answer_is_recorded_like_a_good_one(folder: Path) -> None:
    choice = Choice(recipes=("list",), arms=("recipe",), cases=("cars",), samples=("1",))
    events, _ = recorded(answers(BAD), answers(WORSE), choice=choice, answers=2)
    (ended,) = of(Ended, events)
    assert (ended.outcome, ended.answers, over(events).failed) == ("failed", 2, 0)
    label = head_of(place(folder, "cars/1"))
    assert (len(label.takes), label.ended) == (2, "failed: the budget of 2 rounds is spent")
    events, endpoint = recorded(answers(GOOD), choice=choice)
    assert endpoint.requests == [], "it is not asked until it answers well"


def timed(step: Step, times: list[float]) -> Step:
    """A step that notes when it was asked."""

    def played(handler: Handler) -> None:
        times.append(time.monotonic())
        step(handler)

    return played


def test_when_one_is_told_to_wait_all_of_them_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKWRIGHT_RETRIES", "1")
    times: list[float] = []
    busy = fails(429, headers={"Retry-After": "2"})
    events, _ = recorded(timed(busy, times), timed(answers(GOOD), times), jobs=4, samples=4)
    (waiting,) = of(Waiting, events)
    assert (waiting.reason, waiting.seconds, waiting.attempt) == ("429 too many requests", 2.0, 1)
    assert len(of(Ended, events)) == 8
    since = [round(moment - times[0], 1) for moment in times]
    assert [moment for moment in since if 0.6 < moment < 1.9] == [], "somebody asked while all were to wait"
    assert len([moment for moment in since if moment >= 1.9]) >= 5, "there was nobody left who could have asked"


def test_an_answer_that_breaks_off_fails_its_trial_alone(folder: Path) -> None:
    events, _ = recorded(answers(GOOD), breaks_off("half"), answers(GOOD), jobs=1)
    (failed,) = of(Failed, events)
    assert str(failed.task) == "list/cars/recipe/1"
    assert "broke" in failed.message
    assert there(folder) == ["boats/1", "boats/2", "cars/2"]
    assert (over(events).ended, over(events).failed, over(events).left) == (3, 1, 0)
    events, endpoint = recorded(answers(GOOD), jobs=1)
    assert [str(event.task) for event in of(Ended, events)] == ["list/cars/recipe/1"]
    assert len(endpoint.requests) == 1


def test_a_server_that_dies_leaves_what_it_answered_and_the_next_one_goes_on(folder: Path) -> None:
    def dies(handler: Handler) -> None:
        # From another thread: the server waits for nobody who asks it to stop.
        threading.Thread(target=handler.server.shutdown).start()
        handler.server.socket.close()
        breaks_off("half")(handler)

    choice = Choice(recipes=("list",), arms=("recipe",), samples=("1",))
    events, endpoint = recorded(answers(BAD), dies, choice=choice, jobs=1)
    assert [type(event) for event in events] == [Begun, Failed, Begun, Failed, Over]
    assert there(folder) == ["boats/1"]
    begun = head_of(place(folder, "boats/1"))
    assert (len(begun.takes), begun.ended, begun.budget) == (1, "", 4)
    events, endpoint = recorded(answers(GOOD), choice=choice, jobs=1)
    assert [(event.task.why, event.answers) for event in of(Ended, events)] == [("unfinished", 1), ("missing", 1)]
    assert len(endpoint.requests) == 2, "the first answer is not asked for again"
    label = head_of(place(folder, "boats/1"))
    assert ([take.round for take in label.takes], label.ended.split(":")[0]) == ([0, 1], "passed")
    assert label.takes[0] == begun.takes[0]


def test_a_budget_of_answers_holds_exactly_over_all_recorders(folder: Path) -> None:
    events, endpoint = recorded(answers(GOOD), jobs=3, limits=Budget(rounds=3))
    assert len(endpoint.requests) == 3
    last = over(events)
    assert (last.ended, last.left + last.failed, last.why) == (3, 1, "the budget of 3 rounds is spent")
    assert len(there(folder)) == 3
    events, endpoint = recorded(answers(GOOD))
    assert (len(endpoint.requests), there(folder)) == (1, SAMPLES)


def test_a_budget_in_the_middle_of_a_recording_leaves_it_to_be_gone_on_with(folder: Path) -> None:
    events, endpoint = recorded(answers(BAD), jobs=1, limits=Budget(rounds=1))
    (failed,) = of(Failed, events)
    assert (failed.message, failed.hint) == ("the budget of 1 rounds is spent", "the same command goes on with it")
    assert (over(events).left, len(endpoint.requests), there(folder)) == (3, 1, ["boats/1"])
    assert head_of(place(folder, "boats/1")).ended == ""
    events, _ = recorded(answers(GOOD), jobs=1, samples=1)
    assert [(event.task.why, event.answers) for event in of(Ended, events)] == [("unfinished", 1), ("missing", 1)]


@pytest.mark.parametrize(
    ("limits", "ended", "why"),
    [
        (Budget(usd=1.0), 2, "the budget of $1.00 is spent"),
        (Budget(tokens=250), 3, "the budget of 250 tokens is spent"),
        (Budget(seconds=0.0), 0, "the budget of 0 s is spent"),
    ],
)
def test_a_budget_of_money_tokens_or_time_ends_a_campaign(folder: Path, limits: Budget, ended: int, why: str) -> None:
    usage = {"prompt_tokens": 60, "completion_tokens": 40, "cost": 0.5}
    events, endpoint = recorded(answers(GOOD, usage=usage), jobs=1, limits=limits)
    last = over(events)
    assert (last.ended, last.left, len(endpoint.requests)) == (ended, 4 - ended, ended)
    assert last.why.startswith(why)


def test_a_key_that_is_refused_once_is_not_tried_again(folder: Path) -> None:
    events, endpoint = recorded(fails(401, "no such key"), jobs=1)
    assert len(of(Failed, events)) == len(endpoint.requests) == 1
    assert (over(events).left, "refused the key" in over(events).why) == (3, True)


def change(folder: Path) -> None:
    """The recipe asks otherwise now."""
    write(folder / "parts" / "house.md.j2", "Be very brief.")


def test_only_what_is_stale_is_recorded_again_and_the_old_one_stays_until_the_new_one_answers(folder: Path) -> None:
    change(folder)
    fresh = {name: held(folder, "list", *name.split("/")).read_bytes() for name in ("cars/2", "boats/1", "boats/2")}
    make(folder)
    old = held(folder, "list", "cars", answers=("old", "older")).read_bytes()
    change(folder)
    path = place(folder, "cars/1")
    events, endpoint = recorded(fails(500))
    assert (len(of(Failed, events)), len(endpoint.requests), path.read_bytes()) == (1, 1, old)
    events, endpoint = recorded(answers(GOOD))
    assert [(str(event.task), event.task.why) for event in of(Ended, events)] == [("list/cars/recipe/1", "stale")]
    assert len(endpoint.requests) == 1
    assert [take.fingerprint for take in head_of(path).takes] == [prompt_of(folder, "list", "cars").fingerprint]
    assert {name: place(folder, name).read_bytes() for name in fresh} == fresh


def test_a_stale_recording_that_began_anew_is_gone_on_with(folder: Path) -> None:
    choice = Choice(recipes=("list",), arms=("recipe",), cases=("cars",), samples=("1",))
    path = held(folder, "list", "cars", answers=("old", "older"))
    change(folder)
    recorded(answers(BAD), fails(500), choice=choice)
    label = head_of(path)
    assert ([take.round for take in label.takes], label.ended) == ([0], ""), "the new one, and not a mixture"
    events, endpoint = recorded(answers(GOOD), choice=choice)
    assert ([event.task.why for event in of(Ended, events)], len(endpoint.requests)) == (["unfinished"], 1)


def test_a_recording_of_another_sentence_gives_way(folder: Path) -> None:
    choice = Choice(recipes=("list",), arms=("recipe",), cases=("cars",), samples=("1",))
    path = held(folder, "list", "cars")
    write(folder / "recipes" / "list" / "cases" / "cars.yaml", f"sentence: {sentence('lists lorries')}\n")
    events, _ = recorded(answers(GOOD), choice=choice)
    assert [event.task.why for event in of(Ended, events)] == ["stale"]
    assert head_of(path).sentence == sentence("lists lorries")


def test_what_lies_in_the_wrong_place_is_not_written_over(folder: Path) -> None:
    path = held(folder, "list", "cars", "2")
    path = path.rename(path.with_name("1.yaml"))
    before = path.read_bytes()
    change(folder)
    recorded(answers(GOOD), choice=Choice(recipes=("list",), arms=("recipe",), cases=("cars",)))
    assert (path.read_bytes(), there(folder)) == (before, ["cars/1", "cars/2"])


def test_another_models_recordings_keep_their_numbers(folder: Path) -> None:
    choice = Choice(recipes=("list",), arms=("recipe",), cases=("cars",))
    other = held(folder, "list", "cars", "1", model="other").read_bytes()
    recorded(answers(GOOD), choice=choice)
    assert there(folder) == ["cars/1", "cars/2", "cars/3"]
    assert place(folder, "cars/1").read_bytes() == other
    _, endpoint = recorded(answers(GOOD), choice=choice)
    assert endpoint.requests == [], "two samples of the model are there"


def test_a_recipe_that_cannot_be_read_does_not_stop_the_others(folder: Path) -> None:
    make(folder, {"other": {"trains": "lists trains"}})
    write(folder / "recipes" / "list" / "cases" / "cars.yaml", "colour: red\n")
    write(folder / "recipes" / "other" / "cases" / "bad.yaml", f"sentence: {sentence('x')}\n")
    write(folder / "recipes" / "other" / "code.md.j2", "{% if brief.action == 'x' %}{{ nobody }}{% endif %}"
          "{% block user %}{{ brief.action }}{% endblock %}")  # fmt: skip
    events, _ = recorded(answers(GOOD), choice=Choice(recipes=("list", "other"), arms=("recipe",)), samples=1)
    failed = {str(event.task): event.message for event in of(Failed, events)}
    assert set(failed) == {"list//recipe/", "other/bad/recipe/1"}
    assert "cars.yaml:1" in failed["list//recipe/"]
    assert "'nobody' is undefined" in failed["other/bad/recipe/1"]
    assert there(folder, "recipes/other") == ["trains/1"]


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many passes of the gate there were at once, a number a pass."""
    at_work: list[int] = [0]
    seen: list[int] = []
    real = Gate.judge

    async def judge(self: Gate, *given: Any) -> AsyncGenerator[Any]:
        at_work[0] += 1
        seen.append(at_work[0])
        try:
            await asyncio.sleep(0.4)
            async with aclosing(real(self, *given)) as events:
                async for event in events:
                    yield event
        finally:
            at_work[0] -= 1

    monkeypatch.setattr(Gate, "judge", judge)
    yield seen


@pytest.mark.parametrize(("judges", "most"), [(1, 1), (0, 2)])
def test_no_more_are_judged_at_once_than_there_are_cores(
    folder: Path, monkeypatch: pytest.MonkeyPatch, judges: int, most: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with watched(monkeypatch) as seen:
        recorded(answers(GOOD), jobs=4, judges=judges)
    assert (len(seen), max(seen)) == (4, most)


def test_who_stops_listening_stops_the_recorders(folder: Path) -> None:
    async def stop(url: str) -> None:
        before = asyncio.all_tasks()
        async with aclosing(record(LIST, {"base_url": url}, jobs=2)) as events:
            async for event in events:
                if isinstance(event, Ended):
                    break
        assert asyncio.all_tasks() <= before

    with Endpoint(answers(GOOD), hangs("half")) as endpoint:
        asyncio.run(asyncio.wait_for(stop(endpoint.url), 20))
    assert len(there(folder)) == 1
    with open_journal(load()) as journal:
        states = [record.state for record in journal.unfinished()]
    assert RunState.RUNNING not in states


SCRIPT = """
import asyncio, sys
from contextlib import aclosing
from assistant.experiment.plan import Choice
from assistant.experiment.recording import record
async def main():
    choice = Choice(recipes=("list",), arms=("recipe",))
    async with aclosing(record(choice, {"base_url": sys.argv[1]}, jobs=2)) as events:
        async for event in events:
            print(type(event).__name__, flush=True)
asyncio.run(main())
"""


def test_an_interruption_leaves_what_was_recorded(folder: Path) -> None:
    with Endpoint(answers(GOOD), hangs("half")) as endpoint:
        child = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, endpoint.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        while "Ended" not in child.stdout.readline():
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
    assert child.returncode in (-signal.SIGINT, 130)
    assert said.strip().endswith("KeyboardInterrupt")
    (name,) = there(folder)
    assert head_of(place(folder, name)).ended.startswith("passed")
    _, endpoint = recorded(answers(GOOD))
    assert (len(endpoint.requests), there(folder)) == (3, SAMPLES)


def test_what_was_recorded_replays(folder: Path) -> None:
    recorded(answers(BAD), answers(GOOD), jobs=1, samples=1, choice=Choice(("list",), ("cars",), arms=("recipe",)))

    async def played() -> list[str]:
        model = ReplayModel([folder / "recipes"])
        return [piece.text async for piece in model.stream(prompt_of(folder, "list", "cars"))]

    assert asyncio.run(played())[-1] == BAD


@pytest.mark.parametrize(
    ("choice", "error", "says"),
    [
        (Choice(recipes=("lost",)), RecipeError, "there is no recipe 'lost'"),
        (Choice(arms=("lost",)), UsageError, "there is no arm 'lost'"),
        (Choice(recipes=("list",), cases=("lost",)), UsageError, "no case is left"),
    ],
)
def test_filters_that_name_nothing_are_refused(folder: Path, choice: Choice, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        recorded(answers(GOOD), choice=choice)


@pytest.mark.parametrize("model", ["", "recorded"])
def test_a_model_must_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setenv("BACKWRIGHT_MODEL", model)
    with pytest.raises(SettingsError, match=r"no model is named|needs a live model"):
        recorded(answers(GOOD))
