"""What a recording says of its own end, how a stale one gives way, and recorders that wait together."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from fake_endpoint import Endpoint, answers, fails
from test_recordings import PATH, asked, prompt, record, recorder

from assistant.errors import ModelBusy, NoRecording
from assistant.model.cassette import Label, Tape, head_of
from assistant.model.record import Pace, replacing
from assistant.model.replay import ReplayModel, shipped
from assistant.redact import Redactor

OLD = [path for path in sorted(shipped().glob("*/cassettes/*/*.yaml")) if not head_of(path).budget]
"""Recorded before ends were kept."""


def body(path: Path) -> str:
    """The interactions, as the file spells them."""
    return path.read_text(encoding="utf-8").partition("\ninteractions:")[2]


def test_an_end_is_said_once_the_run_has_ended(tmp_path: Path) -> None:
    with Endpoint(answers("one\ntwo  \n"), answers("three")) as endpoint:
        model = recorder(endpoint.url, tmp_path)
        asyncio.run(asked(model, prompt()))
        begun = head_of(tmp_path / PATH)
        assert (begun.ended, begun.budget) == ("", 12)
        before = body(tmp_path / PATH)
        model.end("passed: everything\nthat was required passed")
        assert head_of(tmp_path / PATH).ended == "passed: everything that was required passed"
        assert body(tmp_path / PATH) == before
        asyncio.run(asked(model, prompt("Mend it.", 1)))
        assert head_of(tmp_path / PATH).ended == "", "a run that goes on has not ended"


@pytest.mark.parametrize("path", OLD, ids=[f"{path.parents[2].name}-{path.parent.name}" for path in OLD])
def test_recordings_of_before_stay_readable_and_word_for_word(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "1.yaml"
    shutil.copy(path, copy)
    tape = Tape.load(copy)
    assert tape.label.ended == ""
    tape.save(Redactor())
    assert copy.read_bytes() == path.read_bytes()
    tape.end("failed: no progress", Redactor())
    assert body(copy) == body(path)
    assert head_of(copy).ended == "failed: no progress"


def test_a_run_without_an_answer_writes_no_end(tmp_path: Path) -> None:
    with Endpoint(answers("x")) as endpoint:
        recorder(endpoint.url, tmp_path).end("failed: nothing")
    assert not (tmp_path / PATH).exists()


@pytest.mark.parametrize(("key", "value"), [("budget", "many"), ("budget", [4])])
def test_a_mark_that_is_none_is_an_unreadable_recording(key: str, value: object) -> None:
    given = {**Label("r", "1", "c", "1", "s", "m", note="n").as_dict(), key: value}
    with pytest.raises(NoRecording, match="not a recording of ours"):
        Label.from_dict(given, Path("x.yaml"))


def test_a_stale_recording_gives_way_to_the_first_new_answer_in_one_step(tmp_path: Path) -> None:
    record(tmp_path, answers("old"), sentence="Write a bank", prompts=(prompt("old"), prompt("old", 1)))
    old = (tmp_path / PATH).read_bytes()
    with Endpoint(fails(500), answers("new")) as endpoint:
        with replacing():
            model = recorder(endpoint.url, tmp_path)
        with pytest.raises(ModelBusy):
            asyncio.run(asked(model, prompt()))
        assert (tmp_path / PATH).read_bytes() == old
        (new,) = asyncio.run(asked(model, prompt()))
        assert new.text == "new"
    label = head_of(tmp_path / PATH)
    assert (label.sentence, [take.fingerprint for take in label.takes]) == ("Write a shop", [prompt().fingerprint])
    assert asyncio.run(asked(ReplayModel([tmp_path]), prompt()))[0].text == "new"
    with Endpoint(answers("x")) as endpoint, pytest.raises(NoRecording, match="another sentence"):
        recorder(endpoint.url, tmp_path, sentence="Write a bank")


def test_a_replacement_whose_run_heard_nothing_leaves_the_old_one(tmp_path: Path) -> None:
    record(tmp_path, answers("old"))
    old = (tmp_path / PATH).read_bytes()
    with Endpoint(fails(500)) as endpoint, replacing():
        model = recorder(endpoint.url, tmp_path)
        model.drop_stale()
        model.end("failed: nothing")
    assert (tmp_path / PATH).read_bytes() == old


def test_who_shares_a_pace_waits_when_one_is_told_to(tmp_path: Path) -> None:
    moments: list[tuple[str, float]] = []

    async def both(url: str) -> None:
        one, other = recorder(url, tmp_path), recorder(url, tmp_path, sample="2")
        other.pace = one.pace
        # Retries are off in these tests, but for the one that meets the limit.
        one._model._endpoint = replace(one._model._endpoint, retries=replace(one._model._endpoint.retries, most=1))
        first = asyncio.create_task(asked(one, prompt()))
        while not endpoint.requests:  # noqa: ASYNC110  (a thread appends to them)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await asked(other, prompt())
        moments.append(("other", time.monotonic() - began))
        await first

    with Endpoint(fails(429, headers={"Retry-After": "1"}), answers("x")) as endpoint:
        asyncio.run(both(endpoint.url))
        assert len(endpoint.requests) == 3
    assert moments[0][1] > 0.7, "it asked although the endpoint had told another one to wait"


def test_a_turn_is_put_off_again_and_again() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    pace.hold(5)
    pace.hold(2)

    async def waits() -> None:
        turn = asyncio.create_task(pace.turn())
        for until in (4.0, 4.9):
            now[0] = until
            await asyncio.sleep(0)
            assert not turn.done()
        turn.cancel()
        now[0] = 5.0
        await pace.turn()

    asyncio.run(waits())
