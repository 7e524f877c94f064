"""The live backend against a scripted endpoint: streaming, retries, errors, cancellation."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_endpoint import (
    Endpoint,
    Step,
    answers,
    breaks_off,
    chunk,
    fails,
    hangs,
    refuses_stream_options,
    sends,
    streams,
)

from assistant.errors import ModelBusy, ModelError, ModelRefused, ModelUnreachable
from assistant.model.base import Completion, Delta
from assistant.model.endpoint import Endpoint as Where
from assistant.model.endpoint import Parameters
from assistant.model.openai import OpenAIModel
from assistant.model.retry import Retries, Waiting
from assistant.prompt import Message, Prompt
from assistant.settings import Price, Secret

PROMPT = Prompt((Message("system", "You design."), Message("user", "A service")))
KEY = "sk-test-0123456789abcdefghij"


class Asked:
    """A model against scripted steps; what came out of it, and what it waited."""

    def __init__(self, *steps: Step, where: Callable[[Where], Where] = lambda given: given) -> None:
        self.slept: list[float] = []
        self.waits: list[Waiting] = []
        self.deltas: list[Delta] = []
        self._steps = steps
        self._where = where

    def run(self) -> Completion:
        """Ask once."""
        with Endpoint(*self._steps) as endpoint:
            self.requests = endpoint.requests
            base = Where(endpoint.url, Secret(KEY), Parameters("fake"), timeout=5, connect_timeout=2)
            model = OpenAIModel(self._where(base), notify=self.waits.append, sleep=self._sleep, chance=lambda: 1.0)
            return asyncio.run(self._ask(model))

    async def _ask(self, model: OpenAIModel) -> Completion:
        found: list[Completion] = []
        async for piece in model.stream(PROMPT):
            if isinstance(piece, Delta):
                assert not found, "a delta after the completion"
                self.deltas.append(piece)
            else:
                found.append(piece)
        assert len(found) == 1
        return found[0]

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_streams_deltas_then_one_completion() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}
    asked = Asked(answers("hello, wörld 🙂", usage=usage))
    got = asked.run()
    assert got.text == "hello, wörld 🙂" == "".join(delta.text for delta in asked.deltas)
    assert len(asked.deltas) == 3
    assert (got.model, got.finish_reason, got.origin) == ("fake-1", "stop", "live")
    assert (got.usage.prompt_tokens, got.usage.completion_tokens, got.usage.cached_tokens) == (10, 4, 6)
    assert got.usage.cost_usd is None
    assert asked.requests[0]["body"]["messages"] == PROMPT.as_messages()


def test_unreported_usage_is_unknown_not_zero() -> None:
    got = Asked(answers("x")).run()
    assert (got.usage.prompt_tokens, got.usage.completion_tokens, got.usage.cost_usd) == (None, None, None)


def test_cost_comes_from_the_prices() -> None:
    usage = {
        "prompt_tokens": 1_000_000,
        "completion_tokens": 500_000,
        "prompt_tokens_details": {"cached_tokens": 400_000},
    }
    got = Asked(
        answers("x", usage=usage), where=lambda given: replace(given, prices={"fake": Price(2.0, 10.0, cached=0.5)})
    ).run()
    assert got.usage.cost_usd == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.5 * 10)


def test_reported_cost_wins() -> None:
    got = Asked(answers("x", usage={"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.25})).run()
    assert got.usage.cost_usd == 0.25


def test_length_is_kept() -> None:
    assert Asked(answers("cut", finish="length")).run().finish_reason == "length"


def test_a_server_that_refuses_stream_options_is_asked_without() -> None:
    asked = Asked(refuses_stream_options("fine"))
    assert asked.run().text == "fine"
    assert [("stream_options" in request["body"]) for request in asked.requests] == [True, False]
    assert asked.slept == []


def test_max_tokens_gets_its_newer_name_where_the_old_one_is_refused() -> None:
    asked = Asked(
        fails(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        answers("fine"),
        where=lambda given: replace(given, parameters=Parameters("fake", max_tokens=99)),
    )
    assert asked.run().text == "fine"
    assert asked.requests[1]["body"]["max_completion_tokens"] == 99
    assert "max_tokens" not in asked.requests[1]["body"]


def test_a_server_that_ignores_stream_is_read_all_the_same() -> None:
    data = b'{"model":"m","choices":[{"finish_reason":"length","message":{"content":"whole"}}],"usage":{"prompt_tokens":3}}'  # noqa: E501
    got = Asked(sends(data, "application/json; charset=utf-8")).run()
    assert (got.text, got.model, got.finish_reason, got.usage.prompt_tokens) == ("whole", "m", "length", 3)


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_is_refused_at_once_and_not_shown(status: int) -> None:
    asked = Asked(fails(status, f"Incorrect API key provided: {KEY}"))
    with pytest.raises(ModelRefused) as caught:
        asked.run()
    assert str(status) in str(caught.value)
    assert KEY not in str(caught.value)
    assert len(asked.requests) == 1


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ModelRefused, match="does not know the model 'fake'"):
        Asked(fails(404, "no such model")).run()


def test_a_storm_of_429_ends_and_honours_retry_after() -> None:
    asked = Asked(fails(429, "slow down", {"Retry-After": "7"}))
    with pytest.raises(ModelBusy, match=r"too many requests \(429\)"):
        asked.run()
    assert asked.slept == [7, 7, 7, 7]
    assert len(asked.requests) == 5
    assert [(wait.attempt, wait.of, wait.seconds) for wait in asked.waits] == [(n, 4, 7.0) for n in (1, 2, 3, 4)]


def test_a_retry_after_beyond_patience_ends_at_once() -> None:
    asked = Asked(fails(429, "slow down", {"Retry-After": "3600"}))
    with pytest.raises(ModelBusy, match="asks to wait 3600 s"):
        asked.run()
    assert asked.slept == []


def test_an_empty_quota_is_not_asked_again() -> None:
    asked = Asked(fails(429, "You exceeded your current quota", code="insufficient_quota"))
    with pytest.raises(ModelBusy, match="quota"):
        asked.run()
    assert len(asked.requests) == 1


def test_500_is_asked_again_with_growing_waits() -> None:
    asked = Asked(fails(500), fails(503), fails(502), answers("at last"))
    assert asked.run().text == "at last"
    assert asked.slept == [0.5, 1.0, 2.0]


def test_no_retries_when_none_are_allowed() -> None:
    asked = Asked(fails(500), where=lambda given: replace(given, retries=Retries(most=0)))
    with pytest.raises(ModelBusy):
        asked.run()
    assert len(asked.requests) == 1


@pytest.mark.parametrize("cut", [streams(chunk({"content": "half an ans"})), breaks_off("half an ans")])
def test_a_cut_stream_is_begun_again_and_says_so(cut: Step) -> None:
    asked = Asked(cut, answers("whole"))
    assert asked.run().text == "whole"
    assert [delta.fresh for delta in asked.deltas] == [False, True]
    assert len(asked.slept) == 1


def test_a_stream_that_is_always_cut_ends() -> None:
    asked = Asked(streams(chunk({"content": "half"})), where=lambda given: replace(given, retries=Retries(most=1)))
    with pytest.raises(ModelUnreachable, match="cut after 4 characters"):
        asked.run()
    assert len(asked.requests) == 2


@pytest.mark.parametrize(
    "garbage",
    [
        sends(b"<html>hi</html>", "text/html"),
        sends(b"not json", "application/json"),
        sends(b'{"hello": 1}', "application/json"),
        sends(b"[]", "application/json"),
        streams("{broken"),
        streams('"text"'),
        streams({"object": "something"}),
        streams({"choices": 5}),
        streams({"choices": ["x"]}),
        streams(chunk({"content": 5})),
        sends(b'{"choices":[{"message":5}]}', "application/json"),
        sends(b"data: \xff\xfe\n\n", "text/event-stream"),
    ],
)
def test_garbage_is_one_clear_error(garbage: Step) -> None:
    with pytest.raises(ModelError, match="does not answer as an OpenAI-compatible API"):
        Asked(garbage).run()


def test_an_error_in_the_stream_is_asked_again() -> None:
    asked = Asked(streams(chunk({"content": "a"}), {"error": {"message": "overloaded"}}), answers("fine"))
    assert asked.run().text == "fine"


def test_a_filtered_answer_is_an_error() -> None:
    with pytest.raises(ModelError, match="content filter"):
        Asked(streams(chunk({"content": "a"}), chunk({}, "content_filter"), "[DONE]")).run()


def test_silence_is_bounded() -> None:
    asked = Asked(hangs("a"), where=lambda given: replace(given, timeout=0.1))
    with pytest.raises(ModelUnreachable, match=r"silent for 0\.1 s"):
        asked.run()
    assert len(asked.requests) == 1


def test_an_unreachable_endpoint_is_named() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        where = Where(url, Secret(KEY), Parameters("fake"), retries=Retries(most=0))
        with pytest.raises(ModelUnreachable, match="cannot be reached"):
            asyncio.run(Asked()._ask(OpenAIModel(where)))


def test_a_redirect_is_not_followed() -> None:
    with Endpoint(answers("stolen")) as other:
        target = {"Location": other.url + "/chat/completions"}
        with pytest.raises(ModelError, match="redirects elsewhere"):
            Asked(lambda handler: handler.send(307, b"", target)).run()
        assert other.requests == []


def test_nothing_of_the_environment_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-of-mine")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-of-mine")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: of-mine\nAuthorization: Bearer of-mine")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    asked = Asked(answers("x"))
    asked.run()
    headers = asked.requests[0]["headers"]
    assert "of-mine" not in str(headers)
    assert headers["authorization"] == f"Bearer {KEY}"


def test_cancelling_closes_the_connection() -> None:
    async def body() -> None:
        with Endpoint(hangs("first")) as endpoint:
            model = OpenAIModel(Where(endpoint.url, Secret(KEY), Parameters("fake")))
            seen = asyncio.Event()

            async def ask() -> None:
                async for piece in model.stream(PROMPT):
                    assert isinstance(piece, Delta)
                    seen.set()

            task = asyncio.create_task(ask())
            await asyncio.wait_for(seen.wait(), 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    asyncio.run(body())


def test_a_nul_and_a_lone_surrogate_do_not_reach_us() -> None:
    got = Asked(
        streams('{"choices":[{"delta":{"content":"a\\u0000b\\ud800c"},"finish_reason":"stop"}]}', "[DONE]")
    ).run()
    assert got.text == "a\ufffdb?c"


RESPONSE: dict[str, Any] = {
    "model": "resp-1",
    "status": "completed",
    "usage": {"input_tokens": 5, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 1}},
    "output": [{"type": "message", "content": [{"type": "output_text", "text": "hello"}]}],
}


def responses(given: Where) -> Where:
    """The same endpoint through the Responses API."""
    return replace(given, parameters=Parameters("fake", api="responses", max_tokens=7))


def test_responses_stream() -> None:
    asked = Asked(
        streams(
            {"type": "response.created", "response": {"status": "in_progress"}},
            {"type": "response.output_text.delta", "delta": "hel"},
            {"type": "response.output_text.delta", "delta": "lo"},
            {"type": "response.completed", "response": RESPONSE},
        ),
        where=responses,
    )
    got = asked.run()
    assert (got.text, got.model, got.usage.prompt_tokens, got.usage.cached_tokens) == ("hello", "resp-1", 5, 1)
    body = asked.requests[0]["body"]
    assert asked.requests[0]["path"] == "/v1/responses"
    assert (body["input"], body["max_output_tokens"], body["store"]) == (PROMPT.as_messages(), 7, False)


def test_responses_that_come_whole_or_cut_or_failed() -> None:
    import json

    whole = sends(json.dumps(RESPONSE).encode(), "application/json")
    assert Asked(whole, where=responses).run().text == "hello"
    cut = {**RESPONSE, "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    assert Asked(sends(json.dumps(cut).encode(), "application/json"), where=responses).run().finish_reason == "length"
    failed = {"type": "response.failed", "response": {"status": "failed", "error": {"message": "bad prompt"}}}
    with pytest.raises(ModelError, match="bad prompt"):
        Asked(streams(failed), where=responses).run()
