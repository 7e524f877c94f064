"""`--by-hand`: the prompt goes into a file, the answer comes back from one beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from assistant.errors import ModelError
from assistant.model.base import Completion, Delta
from assistant.model.context import Context
from assistant.model.retry import Waiting
from assistant.model.wire import LONGEST, cleaned
from assistant.prompt import Message, Prompt
from assistant.settings import Settings

FOLDER = Path(".backwright") / "by-hand"
"""Where files are exchanged when nobody named a folder."""

HEAD = """\
# {title}

1. Copy everything below the line into a chat with a strong model{several}.
2. Save its whole answer, unchanged, as `{answer}` in the folder of this file.
3. The run goes on by itself once that file is there and has not changed for {settle:g} seconds.

If the answer is cut off, save what there is: the rest is asked for.

---

"""


class ManualModel:
    """Writes prompts into `folder` and waits for answers there, as long as it takes.

    The names follow from the prompt, so a stopped run finds an answer that was saved
    meanwhile. `settle` is how long (seconds) an answer must be unchanged, `poll` how
    often to look; `sleep` is for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        notify: Callable[[Waiting], None] = lambda waiting: None,
        settle: float = 2.0,
        poll: float = 0.5,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._folder = folder
        self._notify = notify
        self._settle = settle
        self._poll = poll
        self._sleep = sleep
        self._asked: dict[str, int] = {}

    @property
    def name(self) -> str:
        """Nobody knows which model a person asks."""
        return "by-hand"

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """Yield the answer as one delta, then the Completion. Raises ModelError when a file cannot be used."""
        began = time.perf_counter()
        question, answer = self._paths(prompt)
        self._write(question, answer, prompt)
        self._notify(Waiting(f"prompt in {question}; waiting for the answer in {answer}", 0.0, 0, 0))
        text = await self._settled(answer)
        yield Delta(text)
        yield Completion(text, self.name, seconds=time.perf_counter() - began, origin="manual")

    def _paths(self, prompt: Prompt) -> tuple[Path, Path]:
        """The prompt's file and the answer's. The same prompt asked again in one run gets a new pair."""
        count = self._asked[prompt.fingerprint] = self._asked.get(prompt.fingerprint, 0) + 1
        again = f"-{count}" if count > 1 else ""
        stem = f"{prompt.turn or 'prompt'}-{prompt.round}-{prompt.fingerprint[:8]}{again}"
        return self._folder / f"{stem}.prompt.md", self._folder / f"{stem}.answer.md"

    def _write(self, question: Path, answer: Path, prompt: Prompt) -> None:
        """Write the prompt's file."""
        several = f" (it holds {len(prompt.messages)} messages, in order)" if len(prompt.messages) > 1 else ""
        title = f"Prompt: {prompt.recipe or 'a request'}, {prompt.turn or 'one turn'}, round {prompt.round}"
        text = HEAD.format(title=title, several=several, answer=answer.name, settle=self._settle)
        for message in prompt.messages:
            text += message.content.rstrip() + "\n\n" if len(prompt.messages) == 1 else _section(message)
        try:
            question.parent.mkdir(parents=True, exist_ok=True)
            question.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise ModelError(f"{question}: the prompt cannot be written: {error.strerror or error}") from None

    async def _settled(self, answer: Path) -> str:
        """The answer's text once it is there, not empty and unchanged for a moment."""
        last, since = "", 0.0
        while True:
            text = _read(answer)
            if text.strip() and text == last:
                if since >= self._settle:
                    return text
            else:
                last, since = text, 0.0
            await self._sleep(self._poll)
            since += self._poll


def _section(message: Message) -> str:
    """One of several messages, under a heading that says whose it is."""
    return f"## {message.role}\n\n{message.content.rstrip()}\n\n"


def _read(path: Path) -> str:
    """The file's text, or nothing where there is none yet. Raises ModelError."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(LONGEST + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ModelError(f"{path}: the answer cannot be read: {error.strerror or error}") from None
    if len(raw) > LONGEST:
        raise ModelError(f"{path}: the answer is longer than {LONGEST} bytes")
    return cleaned(raw.decode("utf-8-sig", errors="replace"))


def open_model(settings: Settings, context: Context) -> ManualModel:
    """The exchange in the context's folder."""
    return ManualModel(context.folder or FOLDER, notify=context.notify)
