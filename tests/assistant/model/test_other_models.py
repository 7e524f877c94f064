"""Backends by name, answers by hand, scripted answers, waits, and what stays unimported."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ModelError, NoRecording, SettingsError
from assistant.model import BACKENDS, open_model
from assistant.model.base import Completion, Delta, Model
from assistant.model.context import Context
from assistant.model.endpoint import Parameters
from assistant.model.manual import ManualModel
from assistant.model.retry import Retries, Waiting, retry_after
from assistant.model.scripted import ScriptedModel
from assistant.prompt import Message, Prompt
from assistant.redact import REDACTED, Redactor
from assistant.settings import Settings
from assistant.trust import Trust

PROMPT = Prompt(
    (Message("system", "You design.\n```text\nfence\n```"), Message("user", "A shop")), "shop", "1", "design"
)


async def asked(model: Model, prompt: Prompt = PROMPT) -> list[Delta | Completion]:
    """All pieces."""
    return [piece async for piece in model.stream(prompt)]


class Desk:
    """A person who acts while the model sleeps: one act for each nap."""

    def __init__(self, folder: Path, *acts: bytes | None) -> None:
        self.folder = folder
        self.acts = list(acts)
        self.naps = 0
        self.waits: list[Waiting] = []
        self.model = ManualModel(folder, notify=self.waits.append, settle=1.0, poll=0.5, sleep=self.nap)

    async def nap(self, seconds: float) -> None:
        """Do the next act, if there is one left."""
        self.naps += 1
        assert self.naps < 50, "waited for ever"
        if self.acts:
            act = self.acts.pop(0)
            (question,) = self.folder.glob("*.prompt.md")
            if act is not None:
                question.with_name(question.name.replace(".prompt.", ".answer.")).write_bytes(act)


def test_by_hand_waits_for_a_whole_unchanged_answer(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "x", None, b"  \n", b"half", b"whole \xff\r\n")
    *deltas, completion = asyncio.run(asked(desk.model))
    assert isinstance(completion, Completion)
    assert completion.text == "whole \ufffd\r\n" == deltas[0].text
    assert (completion.origin, completion.usage.prompt_tokens) == ("manual", None)
    # Four acts, then unchanged for a second: two more looks, half a second apart.
    assert desk.naps == 4 + 2
    (wait,) = desk.waits
    assert "answer.md" in wait.reason


def test_by_hand_the_prompt_s_file_says_everything(tmp_path: Path) -> None:
    asyncio.run(asked(Desk(tmp_path, b"x").model))
    (question,) = tmp_path.glob("*.prompt.md")
    text = question.read_text(encoding="utf-8")
    answer = question.name.replace(".prompt.", ".answer.")
    assert f"Save its whole answer, unchanged, as `{answer}`" in text
    assert "it holds 2 messages" in text
    assert text.endswith("---\n\n## system\n\nYou design.\n```text\nfence\n```\n\n## user\n\nA shop\n\n")


def test_by_hand_a_stopped_run_finds_its_answer_and_a_repeated_prompt_asks_again(tmp_path: Path) -> None:
    asyncio.run(asked(Desk(tmp_path, b"first").model))
    desk = Desk(tmp_path)
    assert asyncio.run(asked(desk.model))[-1].text == "first"

    async def answer_again(seconds: float) -> None:
        (tmp_path / f"design-0-{PROMPT.fingerprint[:8]}-2.answer.md").write_text("second")

    desk.model._sleep = answer_again
    assert asyncio.run(asked(desk.model))[-1].text == "second"


def test_by_hand_an_unusable_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelError, match="cannot be written"):
        asyncio.run(asked(ManualModel(tmp_path / "file" / "deep")))
    (tmp_path / f"design-0-{PROMPT.fingerprint[:8]}.answer.md").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        asyncio.run(asked(ManualModel(tmp_path)))


def test_scripted_answers_in_order_then_runs_out() -> None:
    model = ScriptedModel(["hello", Completion("cut", "m", "length"), ModelError("broken")], piece=2)
    assert [piece.text for piece in asyncio.run(asked(model))] == ["he", "ll", "o", "hello"]
    assert asyncio.run(asked(model))[-1] == Completion("cut", "m", "length")
    with pytest.raises(ModelError, match="broken"):
        asyncio.run(asked(model))
    with pytest.raises(NoRecording, match="holds 3 answers"):
        asyncio.run(asked(model))
    assert model.asked == [PROMPT] * 4


def test_backends_open_by_name(tmp_path: Path) -> None:
    context = Context(Trust(tmp_path / "t.json"), folder=tmp_path, roots=(tmp_path,))
    (tmp_path / "1.md").write_text("scripted answer")
    assert open_model(Settings(model="recorded"), context).name == "recorded"
    assert open_model(Settings(backend="by-hand"), context).name == "by-hand"
    assert asyncio.run(asked(open_model(Settings(backend="scripted"), context)))[-1].text == "scripted answer"
    assert open_model(Settings(model="x", base_url="http://localhost/v1"), context).name == "x"
    own = "assistant.model.scripted:open_model"
    assert open_model(Settings(backend=own), context).name == "scripted"
    assert set(BACKENDS) == {"openai", "recorded", "by-hand", "scripted"}


@pytest.mark.parametrize("backend", ["nonsense", "no.such.module:x", "assistant.model.scripted:nothing"])
def test_an_unknown_backend_is_one_line(backend: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="backend"):
        open_model(Settings(backend=backend), Context(Trust(tmp_path / "t.json")))


def test_what_is_not_needed_is_not_imported() -> None:
    code = (
        "import sys, assistant.model, assistant.model.base, assistant.settings, assistant.trust, assistant.budget\n"
        "import assistant.redact, assistant.model.manual, assistant.model.scripted\n"
        "print([name for name in ('openai', 'httpx2', 'vcr', 'sqlalchemy', 'yaml', 'pydantic') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:01:40 GMT"}, 40.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:01 GMT"}, 0.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=lambda: 60.0) == seconds


def test_waits_grow_and_end() -> None:
    policy = Retries(most=8, first=1, longest=8, patience=20)
    waits, waited = [], 0.0
    for attempt in range(1, 10):
        seconds = policy.wait(attempt, waited, None, lambda: 0.0)
        waits.append(seconds)
        waited += seconds or 0
    assert waits == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0, None, None]
    assert policy.wait(1, 0, 21, lambda: 1.0) is None


def test_parameters_round_trip_and_adapt_once() -> None:
    given = Parameters("m", temperature=0.5, max_tokens=9, include_usage=False)
    assert given.as_dict() == {"model": "m", "temperature": 0.5, "max_tokens": 9, "include_usage": False}
    assert Parameters.from_dict({**given.as_dict(), "later": 1}) == given
    assert given.adapted("stream_options is unknown") is None
    assert Parameters("m").adapted("something else") is None


def test_redaction() -> None:
    redactor = Redactor(["hunter2-long-password", "ollama", None])
    assert redactor.text("a hunter2-long-password b ollama") == f"a {REDACTED} b ollama"
    assert redactor.value({"hunter2-long-password": ["x", 1, None]}) == {REDACTED: ["x", 1, None]}
    text = "AKIAABCDEFGHIJKLMNOP ghp_abcdefghijklmnopqrstuvwxyz0123456789 Authorization: Bearer abcdefghijklmnop"
    assert redactor.found(text) == ("bearer header", "AWS key id", "GitHub token")
    assert redactor.found(redactor.text(text)) == ()
    kept = "postgresql://user:password@localhost/app sk_test_123 task-list-of-things JWT_SECRET=change-me"
    assert redactor.text(kept) == kept
