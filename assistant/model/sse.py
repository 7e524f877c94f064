"""A streamed answer as a short readable mapping, and back as a stream.

A recording keeps what the endpoint said (text, why it ended, model, usage), not the
hundreds of chunks it came in. `spelled(gathered(stream))` says the same to any client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assistant.model.wire import cleaned

PIECE = 2_000
"""Characters of one replayed chunk."""


def gathered(stream: str) -> dict[str, Any] | None:
    """The mapping behind an event stream, or None where it is not plainly a finished answer."""
    try:
        events = list(_events(stream))
        if any(str(event.get("type", "")).startswith("response.") for event in events):
            return _gathered_response(events)
        return _gathered_chat(events)
    except (ValueError, TypeError, AttributeError, LookupError):
        return None


def spelled(answer: dict[str, Any]) -> str:
    """The event stream that says what `answer` holds."""
    events = _spelled_response(answer) if "response" in answer else _spelled_chat(answer)
    lines = []
    for event in events:
        name = f"event: {event['type']}\n" if "type" in event else ""
        lines.append(f"{name}data: {json.dumps(event, ensure_ascii=False)}\n\n")
    return "".join(lines) + "data: [DONE]\n\n"


def _events(stream: str) -> Iterator[dict[str, Any]]:
    """The JSON of each event's data, `[DONE]` left out."""
    for block in stream.replace("\r\n", "\n").split("\n\n"):
        data = "\n".join(line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            yield json.loads(data)


def _gathered_chat(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A chat completions stream with one choice."""
    texts: list[str] = []
    answer: dict[str, Any] = {}
    for event in events:
        for key in ("model", "usage"):
            if event.get(key):
                answer[key] = event[key]
        for choice in event.get("choices") or ():
            if choice.get("index", 0) != 0:
                return None
            delta = choice.get("delta") or {}
            texts.append(delta.get("content") or delta.get("refusal") or "")
            answer["finish_reason"] = choice.get("finish_reason") or answer.get("finish_reason")
    if not answer.get("finish_reason"):
        return None
    return {"answer": cleaned("".join(texts)), **answer}


def _gathered_response(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """A Responses stream."""
    deltas = ("response.output_text.delta", "response.refusal.delta")
    text = "".join(event["delta"] for event in events if event["type"] in deltas)
    last = next((event for event in events if event["type"] in ("response.completed", "response.incomplete")), None)
    if last is None:
        return None
    kept = ("model", "status", "usage", "incomplete_details")
    response = {key: last["response"][key] for key in kept if last["response"].get(key)}
    return {"answer": cleaned(text), "response": response}


def _spelled_chat(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Chunks of a chat completion."""
    head = {"id": "recorded", "object": "chat.completion.chunk", "created": 0, "model": answer.get("model", "")}
    for piece in _pieces(answer["answer"]):
        yield {**head, "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": answer["finish_reason"]}]}
    if answer.get("usage"):
        yield {**head, "choices": [], "usage": answer["usage"]}


def _spelled_response(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Events of a response."""
    for piece in _pieces(answer["answer"]):
        yield {"type": "response.output_text.delta", "item_id": "recorded", "delta": piece}
    response = {"id": "recorded", "object": "response", "output": [], **answer["response"]}
    yield {"type": f"response.{answer['response'].get('status', 'completed')}", "response": response}


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces, at least one."""
    for start in range(0, max(1, len(text)), PIECE):
        yield text[start : start + PIECE]
