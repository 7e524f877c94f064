"""A deterministic double: answers given in advance, for tests, examples and dry runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from assistant.errors import NoRecording, SettingsError
from assistant.model.base import Completion, Delta
from assistant.model.context import Context
from assistant.prompt import Prompt
from assistant.settings import Settings


class ScriptedModel:
    """Gives the answers in order: a text, a whole Completion, or an exception to raise.

    Asked once more than there are answers, it raises NoRecording. What it was asked
    is in `asked`. `piece` is the size of a delta in characters.
    """

    def __init__(
        self, answers: Iterable[str | Completion | BaseException], *, name: str = "scripted", piece: int = 40
    ) -> None:
        self._answers = list(answers)
        self._name = name
        self._piece = piece
        self.asked: list[Prompt] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model."""
        self.asked.append(prompt)
        if len(self.asked) > len(self._answers):
            raise NoRecording(f"the script holds {len(self._answers)} answers, and one more was asked for")
        answer = self._answers[len(self.asked) - 1]
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, str):
            answer = Completion(answer, self._name, origin="scripted")
        for start in range(0, len(answer.text), self._piece):
            yield Delta(answer.text[start : start + self._piece])
        yield answer


def open_model(settings: Settings, context: Context) -> ScriptedModel:
    """The answers of the context's folder: its `*.md` files by name. Raises SettingsError."""
    folder: Path | None = context.folder
    files = sorted(folder.glob("*.md")) if folder else []
    if not files:
        raise SettingsError("the backend scripted needs a folder of answers (*.md)")
    return ScriptedModel(file.read_text(encoding="utf-8") for file in files)
