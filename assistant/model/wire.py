"""What comes over the wire, piece by piece, gathered into one Answer. Nothing in it is believed.

Chat completions stream chunks, Responses stream events; a server that ignores
`stream` sends the whole as JSON. All end in an Answer, or in Malformed or CutShort.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from assistant.model.base import Usage

LONGEST = 8_000_000
"""Most characters of one answer."""


class Malformed(Exception):
    """The endpoint does not speak the API; the message says what came instead."""


class CutShort(Exception):
    """The stream ended before the answer did."""


class Withheld(Exception):
    """The endpoint itself failed or filtered the answer, in the middle of a stream."""

    def __init__(self, message: str, passing: bool) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass
class Answer:
    """An answer as it grows."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    finish: str | None = None
    model: str | None = None
    usage: Usage = field(default_factory=Usage)

    @property
    def text(self) -> str:
        """All of it so far."""
        return "".join(self.parts)

    def add(self, text: Any) -> str:
        """Take in a piece; returns it clean (no NUL, no lone surrogate, which databases refuse)."""
        if text is None:
            return ""
        if not isinstance(text, str):
            raise Malformed("a piece of the answer is not text")
        clean = cleaned(text)
        self.size += len(clean)
        if self.size > LONGEST:
            raise Malformed(f"the answer is longer than {LONGEST} characters")
        if clean:
            self.parts.append(clean)
        return clean

    def ended(self) -> None:
        """Raise CutShort unless the endpoint said that the answer is finished."""
        if self.finish is None:
            raise CutShort(f"the stream was cut after {self.size} characters")


def cleaned(text: str) -> str:
    """`text` without NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


async def chat_pieces(stream: Any, answer: Answer) -> AsyncGenerator[str, None]:
    """The texts of a chat completions stream, taken into `answer`."""
    seen = False
    async for chunk in stream:
        data = _plain(chunk)
        if "choices" not in data and "usage" not in data:
            raise Malformed("the stream's chunks are no chat completions")
        seen = True
        answer.model = answer.model or _text(data.get("model"))
        answer.usage = usage_of(data.get("usage")) or answer.usage
        for choice in data.get("choices") or ():
            delta = choice.get("delta") or {}
            text = answer.add(delta.get("content")) or answer.add(delta.get("refusal"))
            if text:
                yield text
            _finish(answer, choice.get("finish_reason"))
    if not seen:
        raise Malformed("the answer is no stream of chat completions")
    answer.ended()


async def responses_pieces(stream: Any, answer: Answer) -> AsyncGenerator[str, None]:
    """The texts of a Responses stream, taken into `answer`."""
    seen = False
    async for event in stream:
        data = _plain(event)
        kind = _text(data.get("type")) or ""
        seen = seen or kind.startswith("response.")
        if kind in ("response.output_text.delta", "response.refusal.delta"):
            text = answer.add(data.get("delta"))
            if text:
                yield text
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            _take_response(data.get("response") or {}, answer)
        elif kind == "error":
            raise Withheld(_text(data.get("message")) or "an error in the stream", passing=True)
    if not seen:
        raise Malformed("the answer is no stream of responses")
    answer.ended()


def whole_chat(data: Any, answer: Answer) -> str:
    """Take in a chat completion that came whole, as JSON."""
    choices = data.get("choices") if isinstance(data, dict) else None
    if not isinstance(choices, list) or not choices:
        raise Malformed("the JSON answer is no chat completion")
    answer.model = _text(data.get("model"))
    answer.usage = usage_of(data.get("usage")) or answer.usage
    message = choices[0].get("message") or {}
    text = answer.add(message.get("content")) or answer.add(message.get("refusal"))
    _finish(answer, choices[0].get("finish_reason"))
    answer.ended()
    return text


def whole_response(data: Any, answer: Answer) -> str:
    """Take in a response that came whole, as JSON."""
    if not isinstance(data, dict) or not isinstance(data.get("output"), list):
        raise Malformed("the JSON answer is no response")
    texts = [
        answer.add(part.get("text") or part.get("refusal"))
        for item in data["output"]
        if item.get("type") == "message"
        for part in item.get("content") or ()
    ]
    _take_response(data, answer)
    answer.ended()
    return "".join(texts)


def usage_of(given: Any) -> Usage | None:
    """Usage of either API; a number that is missing or no count stays None."""
    if not isinstance(given, dict):
        return None
    details = given.get("prompt_tokens_details") or given.get("input_tokens_details") or {}
    return Usage(
        prompt_tokens=_count(given.get("prompt_tokens", given.get("input_tokens"))),
        completion_tokens=_count(given.get("completion_tokens", given.get("output_tokens"))),
        cached_tokens=_count(details.get("cached_tokens")) if isinstance(details, dict) else None,
        cost_usd=_money(given.get("cost")),
    )


def _take_response(response: Any, answer: Answer) -> None:
    """The end of a Responses answer: model, usage, and why it ended."""
    if not isinstance(response, dict):
        raise Malformed("the response is no object")
    answer.model = _text(response.get("model")) or answer.model
    answer.usage = usage_of(response.get("usage")) or answer.usage
    status = response.get("status")
    if status == "failed":
        error = response.get("error") or {}
        raise Withheld(
            _text(error.get("message")) or "the response failed", passing=error.get("code") == "server_error"
        )
    if status == "incomplete":
        _finish(answer, (response.get("incomplete_details") or {}).get("reason"))
    elif status == "completed":
        _finish(answer, "stop")


def _finish(answer: Answer, reason: Any) -> None:
    """Note why the answer ended: `length` where it was cut, else `stop`."""
    if reason is None:
        return
    if reason == "content_filter":
        raise Withheld("the endpoint's content filter stopped the answer", passing=False)
    answer.finish = "length" if reason in ("length", "max_tokens", "max_output_tokens") else "stop"


def _plain(item: Any) -> dict[str, Any]:
    """A chunk or event of the client library as a mapping."""
    data = item.to_dict(mode="json", warnings=False) if hasattr(item, "to_dict") else item
    if not isinstance(data, dict):
        raise Malformed("a piece of the stream is no JSON object")
    return data


def _text(value: Any) -> str | None:
    """A non-empty text, or None."""
    return value if isinstance(value, str) and value else None


def _count(value: Any) -> int | None:
    """A whole number from 0, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _money(value: Any) -> float | None:
    """An amount from 0, or None."""
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")
    return float(value) if right else None
