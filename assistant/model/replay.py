"""`--model recorded`: answers from recordings, without key or network."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Iterable
from pathlib import Path

from assistant.errors import NoRecording, StaleRecording
from assistant.model.base import Completion, Delta
from assistant.model.cassette import NEUTRAL, Label, Take, Tape, head_of
from assistant.model.context import Context
from assistant.model.endpoint import Endpoint, Parameters
from assistant.model.openai import OpenAIModel
from assistant.model.retry import Retries
from assistant.model.tape_transport import TapeTransport
from assistant.prompt import Prompt
from assistant.settings import Secret, Settings
from assistant.trust import NO_KEY


def shipped() -> Path:
    """The folder of the recipes that ship."""
    import prompts

    return Path(prompts.__file__ or "").parent / "recipes"


class Shelf:
    """The cassettes of one recipe over all roots, by case and sample; heads are read once."""

    def __init__(self, roots: Iterable[Path], recipe: str, case: str | None, sample: str | None) -> None:
        pattern = f"{recipe}/cassettes/{case or '*'}/{sample or '*'}.yaml" if recipe else ""
        paths = [path for root in roots if pattern for path in root.glob(pattern)]
        self.labels: dict[Path, Label] = {path: head_of(path) for path in sorted(paths, key=_natural)}

    def holding(self, fingerprint: str) -> tuple[Path, ...]:
        """The cassettes that hold an answer to this prompt, in order of case and sample."""
        return tuple(
            path for path, label in self.labels.items() if any(take.fingerprint == fingerprint for take in label.takes)
        )


class ReplayModel:
    """Plays cassettes. The first prompt chooses one by its fingerprint; the run then stays with it.

    Model name and parameters are the recording's. `roots` are folders of recipes,
    strongest first; `case` and `sample` narrow the choice.
    """

    def __init__(self, roots: Iterable[Path] = (), *, case: str | None = None, sample: str | None = None) -> None:
        self._roots = tuple(roots) or (shipped(),)
        self._case = case
        self._sample = sample
        self._shelves: dict[str, Shelf] = {}
        self._tape: Tape | None = None

    @property
    def name(self) -> str:
        """The recorded model's name once a cassette is chosen, before that `recorded`."""
        return self._tape.label.model if self._tape else "recorded"

    @property
    def label(self) -> Label | None:
        """What the chosen cassette says of itself."""
        return self._tape.label if self._tape else None

    @property
    def path(self) -> Path | None:
        """The chosen cassette."""
        return self._tape.path if self._tape else None

    def unplayed(self, asked: Collection[str] = ()) -> tuple[Take, ...]:
        """What the chosen cassette holds and nobody asked for; not empty means not played to its end.

        `asked` holds fingerprints of prompts that the run's journal answered before they came here.
        """
        unplayed = self._tape.unplayed() if self._tape else ()
        return tuple(take for take in unplayed if take.fingerprint not in asked)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model. Raises NoRecording, or StaleRecording once a cassette was chosen."""
        tape, take = self._take(prompt)
        endpoint = Endpoint(NEUTRAL, Secret(NO_KEY), _parameters(tape, take), retries=Retries(most=0))
        model = OpenAIModel(endpoint, transport=TapeTransport(tape), origin="recorded")
        async for piece in model.stream(prompt):
            yield piece

    def _take(self, prompt: Prompt) -> tuple[Tape, Take]:
        """The cassette and the interaction that answer the prompt."""
        if self._tape is None:
            self._tape = self._chosen(prompt)
        take = self._tape.take_for(prompt.fingerprint)
        if take is None:
            label = self._tape.label
            where = f"recipe {label.recipe}, case {label.case}, sample {label.sample}"
            asked = f"{prompt.turn or 'turn ?'} round {prompt.round}"
            known = any(each.fingerprint == prompt.fingerprint for each in label.takes)
            why = "was played already" if known else "is not recorded: the prompt has changed since, or the run went on"
            raise StaleRecording(f"{where}: {asked} {why}", _how(label.sentence, label.recipe))
        return self._tape, take

    def _chosen(self, prompt: Prompt) -> Tape:
        """The first cassette that holds the prompt."""
        shelf = self._shelves.get(prompt.recipe)
        if shelf is None:
            shelf = self._shelves[prompt.recipe] = Shelf(self._roots, prompt.recipe, self._case, self._sample)
        holding = shelf.holding(prompt.fingerprint)
        if holding:
            return Tape.load(holding[0])
        labels = shelf.labels.values()
        if not labels:
            narrowed = "".join(f", {name} {value}" for name, value in self._narrowed())
            message = f"nothing is recorded for the recipe {prompt.recipe or '?'}{narrowed}"
        else:
            cases = ", ".join(dict.fromkeys(label.case for label in labels))
            asked = f"{prompt.turn or 'turn ?'} round {prompt.round}"
            message = f"recipe {prompt.recipe}: {asked} of this request is not recorded (recorded cases: {cases})"
        raise NoRecording(message, _how("SENTENCE", prompt.recipe))

    def _narrowed(self) -> list[tuple[str, str]]:
        """The choices that were made for us."""
        return [(name, value) for name, value in (("case", self._case), ("sample", self._sample)) if value]


def _parameters(tape: Tape, take: Take) -> Parameters:
    """How the interaction was asked for then."""
    try:
        return Parameters.from_dict(take.parameters)
    except (KeyError, TypeError):
        raise NoRecording(f"{tape.path}: an interaction's metadata names no model") from None


def _how(sentence: str, recipe: str) -> str:
    """How to record what is missing."""
    return f'record it with a live model: backwright write --record --recipe {recipe or "RECIPE"} "{sentence}"'


def _natural(path: Path) -> tuple[str, list[tuple[int, str]]]:
    """Sort key: case, then sample with numbers as numbers."""
    parts = re.findall(r"\d+|\D+", path.stem)
    return path.parent.name, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def open_model(settings: Settings, context: Context) -> ReplayModel:
    """The replay over the context's recipe folders."""
    return ReplayModel(context.roots, case=context.case, sample=context.sample)
