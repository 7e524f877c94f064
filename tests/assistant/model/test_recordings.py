"""Recording and replay: what is written, what is matched, what a miss says."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
import yaml
from fake_endpoint import Endpoint, Step, answers, fails, refuses_stream_options, sends, streams
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelBusy, ModelError, NoRecording, StaleRecording
from assistant.model.base import Completion, Delta, Model
from assistant.model.cassette import NEUTRAL, Readable, head_of, next_sample
from assistant.model.context import Context
from assistant.model.record import RecordingModel, open_recording
from assistant.model.replay import ReplayModel
from assistant.model.sse import gathered, spelled
from assistant.prompt import Message, Prompt
from assistant.settings import load
from assistant.trust import Trust

KEY = "sk-proj-0123456789abcdefghijABCDEFGHIJ"
ANSWER = "Here it is:\n\n```python app/main.py\nprint('hi')  \n```\n\ttabs, ünïcode 🙂\r\nand the end\n"


def prompt(text: str = "Design a service.", round: int = 0, turn: str = "design") -> Prompt:
    """A prompt of the recipe `shop`."""
    return Prompt((Message("system", "You design.\nCarefully."), Message("user", text)), "shop", "1", turn, round)


def recorder(url: str, root: Path, **more: Any) -> RecordingModel:
    """A recording of the case `one`."""
    environ = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY, "BACKWRIGHT_MODEL": "fake", "BACKWRIGHT_RETRIES": "0"}
    environ |= {"BACKWRIGHT_ENDPOINT_KIND": "hand-fed", "BACKWRIGHT_RECORD_NOTE": "written at a desk"}
    read = load({}, environ=environ, project=root, user=root / "none.toml")
    given = {"recipe": "shop", "version": "1", "case": "one", "sentence": "Write a shop", "sample": "1", **more}
    return open_recording(read, Context(Trust(root / "trusted.json")), root=root, **given)


async def asked(model: Model, *prompts: Prompt) -> list[Completion]:
    """Every prompt's completion; the deltas add up to it."""
    got: list[Completion] = []
    for each in prompts:
        texts: list[str] = []
        async for piece in model.stream(each):
            if isinstance(piece, Delta):
                texts.append(piece.text)
            else:
                assert "".join(texts) == piece.text
                got.append(piece)
    return got


def record(root: Path, *steps: Step, prompts: tuple[Prompt, ...] = (prompt(),), **more: Any) -> list[Completion]:
    """Record prompts against a scripted endpoint."""
    with Endpoint(*steps) as endpoint:
        return asyncio.run(asked(recorder(endpoint.url, root, **more), *prompts))


PATH = Path("shop/cassettes/one/1.yaml")


@pytest.mark.parametrize(
    "step",
    [
        answers(ANSWER, usage={"prompt_tokens": 3, "completion_tokens": 4}),
        answers(ANSWER),
        refuses_stream_options(ANSWER),
    ],
)
def test_what_was_recorded_replays_without_network(tmp_path: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    (live,) = record(tmp_path, step)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    model = ReplayModel([tmp_path])
    assert model.name == "recorded"
    (played,) = asyncio.run(asked(model, prompt()))
    assert played.text == live.text == ANSWER
    assert (played.model, played.usage, played.finish_reason) == (live.model, live.usage, live.finish_reason)
    assert (live.origin, played.origin) == ("live", "recorded")
    assert model.name == "fake"
    assert model.unplayed() == ()


def test_a_cut_answer_replays_as_cut(tmp_path: Path) -> None:
    record(tmp_path, answers("half", finish="length"))
    assert asyncio.run(asked(ReplayModel([tmp_path]), prompt()))[0].finish_reason == "length"


def test_the_file_is_readable_and_says_what_it_is(tmp_path: Path) -> None:
    record(tmp_path, answers("line one\nline two\n"), prompts=(prompt(), prompt("Mend it.", round=1)))
    text = (tmp_path / PATH).read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    head = data["metadata"]
    assert (head["recipe"], head["version"], head["case"], head["sample"]) == ("shop", "1", "one", "1")
    assert (head["sentence"], head["model"], head["endpoint"]) == ("Write a shop", "fake", "hand-fed")
    assert head["note"] == "written at a desk"
    assert [(take["fingerprint"], take["round"], take["turn"]) for take in head["interactions"]] == [
        (prompt().fingerprint, 0, "design"),
        (prompt("Mend it.", 1).fingerprint, 1, "design"),
    ]
    first = data["interactions"][0]
    assert first["request"]["body"]["json"]["messages"] == prompt().as_messages()
    assert first["response"]["body"]["stream"]["answer"] == "line one\nline two\n"
    assert "        answer: |\n          line one\n          line two\n" in text


def test_no_secret_host_or_identity_is_written(tmp_path: Path) -> None:
    with Endpoint(answers("x")) as endpoint:
        asyncio.run(asked(recorder(endpoint.url, tmp_path), prompt()))
        assert endpoint.requests[0]["headers"]["authorization"] == f"Bearer {KEY}"
        host = endpoint.url.split("/")[2]
    text = (tmp_path / PATH).read_text(encoding="utf-8")
    for secret in (KEY, "SESSION-COOKIE", "org-ABC", "uthorization", host, "127.0.0.1", "chatcmpl"):
        assert secret not in text
    assert f"{NEUTRAL}/chat/completions" in text


def test_a_secret_in_the_answer_stops_the_recording(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="would hold a configured key"):
        record(tmp_path, answers(f"your key is {KEY}"))
    assert not (tmp_path / PATH).exists()


def test_only_whole_answers_are_recorded(tmp_path: Path) -> None:
    with pytest.raises(ModelBusy):
        record(tmp_path, fails(500))
    with pytest.raises(ModelError):
        record(tmp_path, streams({"choices": [{"delta": {"content": "half"}}]}))
    assert not (tmp_path / PATH).exists()


def test_a_stopped_recording_resumes_and_keeps_what_it_has(tmp_path: Path) -> None:
    first, second = prompt(), prompt("Mend it.", round=1)
    record(tmp_path, answers("one"), prompts=(first,))
    with Endpoint(answers("two")) as endpoint:
        got = asyncio.run(asked(recorder(endpoint.url, tmp_path), first, second))
        assert [one.text for one in got] == ["one", "two"]
        assert [one.origin for one in got] == ["recorded", "live"]
        assert len(endpoint.requests) == 1
    assert [one.text for one in asyncio.run(asked(ReplayModel([tmp_path]), first, second))] == ["one", "two"]


def test_a_resumed_recording_asks_as_the_endpoint_made_it(tmp_path: Path) -> None:
    record(tmp_path, refuses_stream_options("one"))
    with Endpoint(fails(500)) as endpoint:
        (got,) = asyncio.run(asked(recorder(endpoint.url, tmp_path), prompt()))
        assert (got.text, endpoint.requests) == ("one", [])


def test_every_answer_is_on_disk_before_it_is_handed_on(tmp_path: Path) -> None:
    async def body(url: str) -> None:
        async for piece in recorder(url, tmp_path).stream(prompt()):
            assert (tmp_path / PATH).exists() == isinstance(piece, Completion)

    with Endpoint(answers("text")) as endpoint:
        asyncio.run(body(endpoint.url))
    assert [path.name for path in (tmp_path / PATH).parent.iterdir()] == ["1.yaml"]


def test_the_same_prompt_twice_is_two_answers(tmp_path: Path) -> None:
    record(tmp_path, answers("one"), answers("two"), prompts=(prompt(), prompt()))
    model = ReplayModel([tmp_path])
    assert [one.text for one in asyncio.run(asked(model, prompt(), prompt()))] == ["one", "two"]
    with pytest.raises(StaleRecording, match="was played already"):
        asyncio.run(asked(model, prompt()))


def test_stale_rounds_are_dropped_only_when_asked(tmp_path: Path) -> None:
    record(tmp_path, answers("x"), prompts=(prompt(), prompt("old evidence", 1)))
    with Endpoint(answers("new")) as endpoint:
        model = recorder(endpoint.url, tmp_path)
        asyncio.run(asked(model, prompt(), prompt("new evidence", 1)))
        assert [take.fingerprint for take in model.unplayed()] == [prompt("old evidence").fingerprint]
        assert len(head_of(tmp_path / PATH).takes) == 3
        assert model.drop_stale([prompt("old evidence").fingerprint]) == 0
        assert model.drop_stale() == 1
    model_again = ReplayModel([tmp_path])
    got = asyncio.run(asked(model_again, prompt(), prompt("new evidence", 1)))
    assert [one.text for one in got] == ["x", "new"]
    assert model_again.unplayed() == ()


def test_another_model_or_sentence_does_not_mix_in(tmp_path: Path) -> None:
    record(tmp_path, answers("x"))
    with pytest.raises(NoRecording, match="another sentence: 'Write a shop', not 'Write a bank'"):
        record(tmp_path, answers("x"), sentence="Write a bank")


def test_samples_are_numbered_and_selectable(tmp_path: Path) -> None:
    for number in range(1, 12):
        assert next_sample((tmp_path / PATH).parent) == str(number)
        if number in (1, 2, 10):
            record(tmp_path, answers(f"answer {number}"), sample=None)
        else:
            (tmp_path / PATH).with_name(f"{number}.yaml").write_text((tmp_path / PATH).read_text(encoding="utf-8"))

    def text(**narrowed: str) -> str:
        return asyncio.run(asked(ReplayModel([tmp_path], **narrowed), prompt()))[0].text

    assert (text(), text(sample="2"), text(sample="10"), text(case="one")) == (
        "answer 1",
        "answer 2",
        "answer 10",
        "answer 1",
    )


def test_the_strongest_root_wins(tmp_path: Path) -> None:
    record(tmp_path / "user", answers("mine"))
    record(tmp_path / "shipped", answers("theirs"))
    assert asyncio.run(asked(ReplayModel([tmp_path / "user", tmp_path / "shipped"]), prompt()))[0].text == "mine"


def test_a_miss_names_recipe_case_and_how_to_record(tmp_path: Path) -> None:
    with pytest.raises(NoRecording, match=r"nothing is recorded for the recipe shop.*write --record --recipe shop"):
        asyncio.run(asked(ReplayModel([tmp_path]), prompt()))
    record(tmp_path, answers("x"))
    with pytest.raises(NoRecording, match=r"design round 0 of this request is not recorded \(recorded cases: one\)"):
        asyncio.run(asked(ReplayModel([tmp_path]), prompt("Something else")))


def test_a_changed_later_prompt_is_stale_and_leaves_the_rest_unplayed(tmp_path: Path) -> None:
    record(tmp_path, answers("x"), prompts=(prompt(), prompt("evidence", 1)))
    model = ReplayModel([tmp_path])
    with pytest.raises(StaleRecording, match="recipe shop, case one, sample 1: design round 1 is not recorded"):
        asyncio.run(asked(model, prompt(), prompt("other evidence", 1)))
    assert [take.round for take in model.unplayed()] == [1]


def test_a_resumed_run_finds_its_cassette_in_the_middle(tmp_path: Path) -> None:
    record(tmp_path, answers("x"), prompts=(prompt(), prompt("evidence", 1)))
    model = ReplayModel([tmp_path])
    assert asyncio.run(asked(model, prompt("evidence", 1)))[0].text == "x"


@pytest.mark.parametrize(
    "text", ["", "[]", "metadata: {}\ninteractions: []\n", "metadata: [\n", "metadata: 5\ninteractions: 7\n", "a: \0"]
)
def test_a_broken_cassette_is_one_line_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(NoRecording, match=r"1\.yaml") as caught:
        asyncio.run(asked(ReplayModel([tmp_path]), prompt()))
    assert "\n" not in str(caught.value)


def test_a_cassette_edited_by_hand_is_noticed(tmp_path: Path) -> None:
    record(tmp_path, answers("x"))
    path = tmp_path / PATH
    path.write_text(path.read_text(encoding="utf-8").replace("Design a service.", "Design another."))
    with pytest.raises(NoRecording, match="nothing is recorded for this request's body"):
        asyncio.run(asked(ReplayModel([tmp_path]), prompt()))


def test_odd_names_leave_the_folder_alone(tmp_path: Path) -> None:
    for odd in ("../x", "a/b", "", ".hidden"):
        with pytest.raises(NoRecording, match="cannot name a recording"):
            record(tmp_path, answers("x"), case=odd)


def test_responses_record_too(tmp_path: Path) -> None:
    response = {"model": "r", "status": "completed", "usage": {"input_tokens": 3, "output_tokens": 1}, "output": []}
    step = streams(
        {"type": "response.output_text.delta", "delta": "hel"},
        {"type": "response.output_text.delta", "delta": "lo\n"},
        {"type": "response.completed", "response": response},
    )
    environ = {"OPENAI_API_KEY": KEY, "BACKWRIGHT_MODEL": "fake", "BACKWRIGHT_API": "responses"}
    with Endpoint(step) as endpoint:
        read = load({"base_url": endpoint.url}, environ=environ, project=tmp_path, user=tmp_path / "none")
        context = Context(Trust(tmp_path / "trusted.json"))
        names = {"recipe": "shop", "version": "1", "case": "one", "sentence": "s"}
        (live,) = asyncio.run(asked(open_recording(read, context, root=tmp_path, **names), prompt()))
    (played,) = asyncio.run(asked(ReplayModel([tmp_path]), prompt()))
    assert (
        (played.text, played.model, played.usage) == (live.text, live.model, live.usage) == ("hello\n", "r", live.usage)
    )


def test_an_answer_that_came_whole_replays(tmp_path: Path) -> None:
    data = b'{"model":"m","choices":[{"finish_reason":"stop","message":{"content":"whole \\ud800"}}]}'
    record(tmp_path, sends(data, "application/json"))
    assert asyncio.run(asked(ReplayModel([tmp_path]), prompt()))[0].text == "whole ?"


@given(st.text(), st.sampled_from(["stop", "length"]))
@settings(max_examples=150, deadline=None)
def test_any_text_survives_stream_and_yaml(text: str, finish: str) -> None:
    stream = spelled({"answer": text, "model": "m", "finish_reason": finish})
    answer = gathered(stream)
    assert answer is not None
    assert answer["answer"] == text.replace("\0", "\ufffd")
    request = {"method": "POST", "uri": NEUTRAL, "body": '{"a": 1}', "headers": {"content-type": ["application/json"]}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": spelled(answer)}}
    cassette = {"version": 1, "interactions": [{"request": request, "response": response}], "metadata": {"note": text}}
    back = Readable.deserialize(Readable.serialize(cassette))
    assert back["interactions"][0]["response"]["body"]["string"] == spelled(answer)
    assert back["metadata"]["note"] == text


def test_a_recording_goes_through_the_proxy_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Endpoint(answers("through the proxy")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        model = recorder("http://models.example/v1", tmp_path)
        assert asyncio.run(asked(model, prompt()))[0].text == "through the proxy"
        assert proxy.requests[0]["path"] == "http://models.example/v1/chat/completions"
    assert "models.example" not in (tmp_path / PATH).read_text(encoding="utf-8")
