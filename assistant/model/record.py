"""Recording: a live model whose every answer goes into a cassette before it is handed on."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.errors import NoRecording, SettingsError
from assistant.model.base import Completion, Delta
from assistant.model.cassette import Label, Take, Tape, cassette_path, next_sample
from assistant.model.context import Context
from assistant.model.endpoint import Endpoint, endpoint_of
from assistant.model.openai import OpenAIModel
from assistant.model.retry import Waiting
from assistant.model.tape_transport import TapeTransport
from assistant.prompt import Prompt
from assistant.redact import Redactor
from assistant.settings import Settings

_replacing: ContextVar[bool] = ContextVar("replacing", default=False)


@contextmanager
def replacing(wanted: bool = True) -> Iterator[None]:
    """Within the block, what an opened recording finds at its path is stale as a whole and is not continued.

    It stays where it is until the first new answer is written over it in one step, so that a
    stop at any moment leaves the old recording or the new one; version control keeps the old one.
    """
    token = _replacing.set(wanted)
    try:
        yield
    finally:
        _replacing.reset(token)


class Pace:
    """What several recorders of one endpoint wait for together. Times in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Nobody asks for so long."""
        self._until = max(self._until, self._clock() + seconds)

    async def turn(self) -> None:
        """Wait until asking is allowed, however often that is put off meanwhile."""
        while (left := self._until - self._clock()) > 0:  # noqa: ASYNC110  (a time is waited for, not an event)
            await asyncio.sleep(left)

    async def sleep(self, seconds: float) -> None:
        """A wait of one's own, and then one's turn."""
        await asyncio.sleep(seconds)
        await self.turn()


class RecordingModel:
    """Asks the endpoint and writes each whole answer into the cassette at `path`.

    A cassette that is there already is continued: what it holds is played, not asked
    again, so a stopped recording resumes. Failed or cut attempts are not answers and
    are not recorded. `more` goes to OpenAIModel.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        path: Path,
        label: Label,
        *,
        redactor: Redactor,
        notify: Callable[[Waiting], None] = lambda waiting: None,
        **more: Any,
    ) -> None:
        tape = Tape.load(path, recording=label, afresh=_replacing.get())
        for what in ("recipe", "case", "sentence", "model", "endpoint"):
            was, now = getattr(tape.label, what), getattr(label, what)
            if was != now:
                message = f"{path} was recorded with another {what}: {was!r}, not {now!r}"
                raise NoRecording(message, "record another sample, or remove the file")
        note = label.note or tape.label.note
        tape.label = replace(tape.label, version=label.version, note=note, budget=label.budget)
        self.path = path
        self.pace = Pace()
        """Shared by recorders that share an endpoint: one that is told to slow down holds all of them."""
        self._tape = tape
        self._redactor = redactor
        self._transport = TapeTransport(tape, live=True)
        self._notify = notify
        self._model = OpenAIModel(
            endpoint, transport=self._transport, notify=self._waits, sleep=lambda s: self.pace.sleep(s), **more
        )

    @property
    def name(self) -> str:
        """The live model's name."""
        return self._model.name

    @property
    def label(self) -> Label:
        """What the cassette says of itself so far."""
        return self._tape.label

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model; the Completion comes after it was written."""
        known = self._tape.take_for(prompt.fingerprint)
        if known is None:
            await self.pace.turn()
        else:
            # Asked as it was then, or the body would not match.
            self._model.parameters = replace(self._model.parameters, **_adapted(known.parameters))
        async for piece in self._model.stream(prompt):
            if isinstance(piece, Delta):
                yield piece
                continue
            heard = self._transport.heard
            if heard is None:
                yield replace(piece, origin="recorded")
                continue
            self._tape.add(heard.request, heard.as_response(), self._take(prompt, piece), self._redactor)
            yield piece

    def knows(self, prompt: Prompt) -> bool:
        """Whether the answer to the prompt is in the cassette, so that nobody is asked."""
        return self._tape.take_for(prompt.fingerprint) is not None

    def end(self, how: str) -> None:
        """The run has ended: write how into the cassette's metadata. Raises ModelError."""
        self._tape.end(how, self._redactor)

    def unplayed(self, asked: Collection[str] = ()) -> tuple[Take, ...]:
        """Earlier recorded interactions that this run has not asked for: stale, once the run is over.

        `asked` holds fingerprints of prompts that the run's journal answered before they came here.
        """
        return tuple(take for take in self._tape.unplayed() if take.fingerprint not in asked)

    def drop_stale(self, asked: Collection[str] = ()) -> int:
        """After a whole run: leave out what `unplayed` tells; how many interactions that were."""
        return self._tape.drop(self.unplayed(asked), self._redactor)

    def _waits(self, waiting: Waiting) -> None:
        """A wait for the endpoint; one for too many requests is everybody's."""
        if waiting.reason.startswith("429"):
            self.pace.hold(waiting.seconds)
        self._notify(waiting)

    def _take(self, prompt: Prompt, completion: Completion) -> Take:
        """What the metadata says of one interaction."""
        return Take(
            fingerprint=prompt.fingerprint,
            turn=prompt.turn,
            round=prompt.round,
            at=datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(completion.seconds, 1),
            parameters=self._model.parameters.as_dict(),
        )


def _adapted(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters that an endpoint may have made us change."""
    return {
        "include_usage": parameters.get("include_usage", True),
        "max_tokens_key": parameters.get("max_tokens_key", "max_tokens"),
    }


def open_recording(
    settings: Settings,
    context: Context,
    *,
    root: Path,
    recipe: str,
    version: str,
    case: str,
    sentence: str,
    sample: str | None = None,
) -> RecordingModel:
    """A recording model for one run of a case; `root` is the folder of recipes that gets the cassette.

    Without `sample` a new one is begun. Raises SettingsError and NoRecording.
    """
    if settings.model == "recorded":
        raise SettingsError("a recording needs a live model", "name one with --model")
    endpoint = endpoint_of(settings, context.trust)
    folder = cassette_path(root, recipe, case, "1").parent
    sample = sample or next_sample(folder)
    label = Label(
        recipe=recipe,
        version=version,
        case=case,
        sample=sample,
        sentence=sentence,
        model=endpoint.parameters.model,
        endpoint=settings.endpoint_kind,
        note=settings.record_note,
        budget=settings.max_rounds,
    )
    path = cassette_path(root, recipe, case, sample)
    return RecordingModel(endpoint, path, label, redactor=Redactor(settings.secrets), notify=context.notify)
