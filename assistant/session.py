"""A session: one run with everything it needs opened, its history kept, its end turned into evidence."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant.budget import Ledger, budget_of
from assistant.errors import BackwrightError, RecipeError, UsageError
from assistant.events import Event, Judged, Outcome
from assistant.evidence import line_of, proved
from assistant.journal import Journal
from assistant.journal_records import RunRecord
from assistant.journaled import JournaledGate, JournaledModel
from assistant.library import Library, Recipe
from assistant.model import open_model
from assistant.model.base import Model
from assistant.model.context import Context
from assistant.model.retry import Waiting
from assistant.ordering import order_of
from assistant.playing import Play
from assistant.redact import Redactor
from assistant.run import Order, run
from assistant.settings import Settings, load
from evaluators.draft import Draft
from evaluators.finding import Finding
from evaluators.report import Report, State

if TYPE_CHECKING:
    from assistant.model.record import RecordingModel


@dataclass(frozen=True)
class Wish:
    """What the user asked of a run; kept in the history, so that `resume` needs the run's id alone."""

    sentence: str
    slots: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    into: str = ""
    accepted: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Options of the command line, by the settings' names; never the key."""
    by_hand: str = ""
    """The folder for prompts and answers that are carried by hand."""
    record: bool = False
    case: str = ""
    sample: str = ""
    arm: str = ""
    """The arm of an evaluation that asks; empty for the recipe itself."""

    @classmethod
    def of(cls, record: RunRecord) -> Wish:
        """The wish that began a run."""
        given = dict(record.options)
        given["accepted"] = tuple(given.get("accepted", ()))
        return cls(sentence=record.sentence, **given)

    def as_options(self) -> dict[str, Any]:
        """What the history keeps beside the sentence."""
        kept = asdict(self)
        del kept["sentence"]
        return kept


@dataclass(frozen=True)
class Opened:
    """What a wish comes to: the order, the model that is asked, and the settings both were made from."""

    order: Order
    model: Model
    settings: Settings


class Session(Play):
    """One run that asks a model. `events` plays it; afterwards `finished` and `evidence` tell how it ended."""

    def __init__(self, wish: Wish, journal: Journal, record: RunRecord, opened: Opened) -> None:
        super().__init__(journal, record)
        self.wish = wish
        self.order, self.model, self._settings = opened.order, opened.model, opened.settings
        self._rounds: list[Judged] = []

    async def _steps(self, holder: str) -> AsyncGenerator[Event]:
        """The loop over the journaled model and gate."""
        from evaluators.gate import Gate

        id = self.record.id
        model = JournaledModel(self.model, self.journal, id, holder)
        gate = JournaledGate(Gate(), self.journal, id)
        ledger = Ledger(
            budget_of(self._settings),
            prices=self._settings.prices,
            history=lambda: self.journal.spent(id, self._settings.prices),
            ahead=model.ahead,
        )
        async with aclosing(run(self.order, model, gate, ledger)) as events:
            async for event in events:
                if isinstance(event, Judged):
                    self._rounds.append(event)
                yield event
        self._drop_stale()

    def _drop_stale(self) -> None:
        """A recording that came to its end says so, and keeps only what its run asked for; git keeps the rest."""
        if self.wish.record:
            model = cast("RecordingModel", self.model)
            asked = {call.fingerprint for call in self.journal.completions(self.record.id)}
            model.drop_stale(asked)
            if self.finished is not None:
                model.end(f"{self.finished.outcome.value}: {self.finished.reason}")

    def evidence(self) -> dict[str, Any]:
        """What was asked, answered, found, repaired and proved, as JSON can hold it."""
        finished = self.finished
        if finished is None:
            raise BackwrightError("the run has not ended", "resume it first")
        brief, recipe = self.order.brief, self.order.recipe
        calls = self.journal.completions(self.record.id)
        return {
            "backwright": version("backwright"),
            "run": self.record.id,
            "sentence": self.record.sentence,
            "brief": {slot: text for slot, text, _ in brief.rows},
            "recipe": {"id": recipe.id, "version": recipe.version},
            "model": sorted({call.completion.model for call in calls}),
            "origin": sorted({call.completion.origin for call in calls}),
            "prompts": [
                {"turn": call.turn, "round": call.round, "sha256": call.fingerprint, **asdict(call.completion.usage)}
                for call in calls
            ],
            "accepted_unverified": sorted(self.wish.accepted),
            "repaired": [line_of(finding) for finding in self._repaired(finished.report)],
            **proved(finished),
        }

    def _repaired(self, last: Report) -> list[Finding]:
        """Errors of earlier rounds that the last report no longer has."""
        left = {finding.fingerprint for finding in last.errors}
        gone = {f.fingerprint: f for judged in self._rounds for f in judged.report.errors}
        return [finding for print_, finding in sorted(gone.items()) if print_ not in left]


class _Heard:
    """Tells of a wait on the screen, and in the history of the run that waits."""

    def __init__(self, notify: Callable[[Waiting], None]) -> None:
        self._notify = notify
        self.session: Session | None = None

    def __call__(self, waiting: Waiting) -> None:
        """As any `notify`."""
        if self.session is not None:
            self.session.waited(waiting)
        self._notify(waiting)

    def by(self, session: Session) -> Session:
        """The session, heard from now on."""
        self.session = session
        return session


def begin(wish: Wish, journal: Journal, notify: Callable[[Waiting], None]) -> Session:
    """A new run for a wish.

    Raises:
        UsageError: the sentence, a recipe or a setting is wrong.
        BackwrightError: this machine cannot isolate what a model wrote.
    """
    heard = _Heard(notify)
    opened = _opened(wish, heard)
    if wish.record:
        # A stopped recording goes on in the same cassette.
        label = cast("RecordingModel", opened.model).label
        wish = replace(wish, case=label.case, sample=label.sample)
    return heard.by(Session(wish, journal, _begun(wish, opened.order, journal), opened))


def queued(wish: Wish, journal: Journal, owner: str = "", id: str = "") -> RunRecord:
    """A new run that waits for a worker; no model is opened here. With an `id` it is begun once.

    Raises:
        UsageError: the sentence or a recipe is wrong, or the wish needs somebody at this machine.
    """
    if wish.record or wish.by_hand:
        raise UsageError("a recording, or answers carried by hand, need somebody beside them", "use backwright write")
    order = order_of(wish.sentence, wish.slots, wish.recipe, arm=wish.arm, accepted=frozenset(wish.accepted))
    return _begun(wish, order, journal, owner, queued=True, id=id)


def _begun(
    wish: Wish, order: Order, journal: Journal, owner: str = "", *, queued: bool = False, id: str = ""
) -> RunRecord:
    """The run's record."""
    return journal.begin(
        wish.sentence,
        brief=order.brief.model_dump(mode="json"),
        recipe=order.recipe.id,
        project=wish.into,
        options=wish.as_options(),
        owner=owner,
        queued=queued,
        id=id,
    )


def again(prefix: str, journal: Journal, notify: Callable[[Waiting], None]) -> Session:
    """The session of a run that was begun before, to go on with it."""
    record = journal.get(prefix)
    if record.kind != "write":
        raise UsageError(f"run {record.id} asks no model", "it is a check")
    wish, heard = Wish.of(record), _Heard(notify)
    return heard.by(Session(wish, journal, record, _opened(wish, heard)))


def open_journal(settings: Settings) -> Journal:
    """The run history that the settings name."""
    return Journal.open(settings.journal_url, redactor=Redactor(settings.secrets))


def _opened(wish: Wish, notify: Callable[[Waiting], None]) -> Opened:
    """What a wish needs, its settings read once."""
    from evaluators.service.sandbox import available

    lacking = available()
    if lacking:
        message = f"no isolation on this machine: {lacking}"
        raise BackwrightError(message, "what a model wrote runs in the sandbox alone; `backwright doctor` says more")
    library = Library.load()
    accepted = frozenset(wish.accepted)
    order = order_of(wish.sentence, wish.slots, wish.recipe, arm=wish.arm, library=library, accepted=accepted)
    settings = load(wish.settings, project=Path(wish.into) if wish.into else None)
    shelf = "recipes" if type(order.recipe) is Recipe else "arms"
    roots = tuple(Path(str(folder)) / shelf for folder in reversed(library.folders))
    folder = Path(wish.by_hand) if wish.by_hand else None
    context = Context(notify=notify, roots=roots, case=wish.case or None, sample=wish.sample or None, folder=folder)
    if not wish.record:
        return Opened(order, open_model(settings, context), settings)
    return Opened(order, _recording(wish, order.recipe, settings, context), settings)


def _recording(wish: Wish, recipe: Recipe, settings: Settings, context: Context) -> Model:
    """A model whose answers go into a cassette of the recipe."""
    from assistant.model.record import open_recording

    known = next((name for name, case in recipe.cases.items() if case.sentence == wish.sentence), "")
    case = wish.case or known
    if not case:
        raise RecipeError(f"no case of {recipe.id} has this sentence", "name a new one with --case NAME")
    if case not in recipe.cases:
        _write_case(recipe, case, wish.sentence)
    return open_recording(
        settings,
        context,
        root=Path(str(recipe.place)).parent,
        recipe=recipe.id,
        version=recipe.version,
        case=case,
        sentence=wish.sentence,
        sample=wish.sample or None,
    )


def _write_case(recipe: Recipe, name: str, sentence: str) -> None:
    """A new case of a recipe, so that its recording has an owner."""
    import yaml

    from assistant.case import SUFFIX

    if type(recipe) is not Recipe:
        raise RecipeError(f"no case {name!r} has this sentence", "an arm is recorded on cases of the recipe")
    file = Path(str(recipe.place)) / "cases" / f"{name}{SUFFIX}"
    text = yaml.safe_dump({"sentence": sentence}, allow_unicode=True, width=float("inf"))
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RecipeError(f"{file} cannot be written: {error.strerror}", "record into a folder of your own") from error


def may_land(outcome: Outcome, report: Report, accepted: frozenset[str]) -> str:
    """Why a run's draft may not land, or nothing: proved, or each unproved stage accepted by name."""
    if outcome is Outcome.PASSED:
        return ""
    if outcome is Outcome.FAILED:
        return "it failed"
    if not report.stages:
        return "nothing was judged"
    unverified = {stage.name for stage in report.stages if stage.state is State.UNVERIFIED}
    left = sorted(unverified - accepted)
    if not left:
        return ""
    return (
        "not proved: " + ", ".join(left) + "; --accept-unverified " + " --accept-unverified ".join(left) + " lands it"
    )


def ended(journal: Journal, prefix: str) -> tuple[RunRecord, Draft, dict[str, Any]]:
    """A run that came to its end: its record, draft and evidence. Raises UsageError for one that did not."""
    record = journal.get(prefix)
    finished = journal.last(record.id, "finished")
    if finished is None:
        raise UsageError(f"run {record.id} has not ended ({record.state.value})", f"backwright resume {record.id[:10]}")
    return record, Draft.of(dict(finished.data["files"])), dict(finished.data["evidence"])
