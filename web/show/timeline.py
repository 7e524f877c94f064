"""A run as steps: its events folded into rounds, each with its answer, stages and findings.

The same fold makes the page and what is sent to who watches, so they cannot differ.
A step carries the number of the last event that changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import JournalError
from assistant.event_records import Stored
from assistant.journal_records import report_from_dict, result_from_dict
from evaluators.finding import Severity, in_order
from web.show.plain import counted, lasted, one_line, visible
from web.show.report import FindingView, StageView, finding_views, stage_view

SHOWN = 25
"""Findings of one round that the timeline shows; the report has them all."""

LONGEST_STREAM = 200_000
"""Characters of a streaming answer that a page shows; the whole one is kept when it is there."""


@dataclass(frozen=True)
class AnswerView:
    """One request to a model and, once it is there, its answer."""

    seq: int
    """The number of the event that asked; names the pane."""
    model: str
    asked: int
    """The prompt's characters."""
    state: str = "asked"
    """`asked`, `streaming` or `answered`."""
    answered: int = 0
    """The number of the event that has the answer, 0 before."""
    size: int = 0
    """The answer's characters."""
    words: str = ""
    """Tokens, cost, time and where it came from."""


@dataclass(frozen=True)
class Round:
    """One round: asked, answered, judged. `number` 0 is a turn's first answer."""

    id: str
    seq: int
    at: str
    turn: str
    number: int
    place: str = ""
    """`turn 1 of 2`; empty for a check."""
    answers: tuple[AnswerView, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    stages: tuple[StageView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    more_findings: int = 0
    state: str = "running"
    """`running`, a verdict, or how the run stopped."""
    words: str = ""
    """What the verdict rests on."""
    then: str = ""
    """What follows from it."""
    judged: bool = False


@dataclass(frozen=True)
class Note:
    """Something between two rounds: given files, a new attempt, the end."""

    id: str
    seq: int
    at: str
    kind: str
    """`given`, `advanced`, `stopped` or `finished`."""
    text: str
    state: str = ""


Step = Round | Note


class Timeline:
    """The fold. `apply` takes events by rising number; `steps` is what came of them."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.seq = 0
        self.rewound = False
        """An event took earlier ones back: read the history again from the beginning."""
        self.pieces: list[tuple[int, str]] = []
        """What has streamed of the present answer: number and text."""
        self._turn = ("", "")
        self._handlers: dict[str, Callable[[Stored, Mapping[str, Any]], None]] = {
            "turn-started": self._turn_started,
            "given": self._given,
            "asked": self._asked,
            "streamed": self._streamed,
            "answered": self._answered,
            "continued": self._continued,
            "read": self._read,
            "stage-started": self._stage_started,
            "stage-done": self._stage_done,
            "judged": self._judged,
            "repairing": self._repairing,
            "finished": self._finished,
            "advanced": self._advanced,
            "waited": self._waited,
            "rewound": self._rewound,
            "stopped": self._stopped,
        }

    def apply(self, stored: Stored) -> None:
        """Take one event; a kind or a form that this version does not know changes nothing."""
        if stored.seq <= self.seq:
            return
        self.seq = stored.seq
        handler = self._handlers.get(stored.kind)
        if handler is None:
            return
        try:
            handler(stored, stored.data)
        except (JournalError, KeyError, TypeError, ValueError, AttributeError):
            self._noted(stored, f"An event of the kind {one_line(stored.kind, 40)} could not be read.")

    def copy(self) -> Timeline:
        """The same fold, to go on with apart from this one."""
        made = Timeline()
        made.steps, made.pieces, made.seq = list(self.steps), list(self.pieces), self.seq
        made._turn = self._turn
        return made

    @property
    def text(self) -> str:
        """What has streamed so far."""
        return "".join(text for _, text in self.pieces)

    @property
    def streaming(self) -> tuple[Round, AnswerView] | None:
        """The answer that is waited for or streams now, with its round."""
        last = self._open()
        answer = last.answers[-1] if last and last.answers else None
        return (last, answer) if last and answer and answer.state != "answered" else None

    # Events

    def _turn_started(self, stored: Stored, data: Mapping[str, Any]) -> None:
        self._turn = (one_line(data["turn"], 40), f"turn {data['number']} of {data['of']}")

    def _given(self, stored: Stored, data: Mapping[str, Any]) -> None:
        self._step(
            Note(f"step-{stored.seq}", stored.seq, stored.at, "given", counted(len(data["files"]), "file given"))
        )

    def _asked(self, stored: Stored, data: Mapping[str, Any]) -> None:
        prompt = data["prompt"]
        answer = AnswerView(stored.seq, one_line(data["model"], 80), int(prompt.get("size", 0)))
        self.pieces = []
        current = self._open()
        if current is None:
            turn, place = self._turn
            number = int(prompt.get("round", 0))
            name = turn or one_line(prompt.get("turn", ""), 40)
            self._step(Round(f"step-{stored.seq}", stored.seq, stored.at, name, number, place, (answer,)))
        else:
            self._change(stored, current, answers=(*current.answers, answer))

    def _streamed(self, stored: Stored, data: Mapping[str, Any]) -> None:
        current = self._open()
        if current is None or not current.answers:
            return
        fresh = bool(data.get("fresh"))
        if fresh:
            self.pieces = []
        self.pieces.append((stored.seq, visible(data["text"])))
        if fresh or current.answers[-1].state != "streaming":
            self._answer(stored, current, state="streaming")

    def _answered(self, stored: Stored, data: Mapping[str, Any]) -> None:
        completion = data["completion"]
        usage = completion["usage"]
        tokens, cost = usage.get("completion_tokens"), usage.get("cost_usd")
        words = [counted(len(completion["text"]), "character")]
        words.append("tokens unknown" if tokens is None else counted(tokens, "token"))
        words += [f"${cost:.4f}"] if cost is not None else []
        words += [lasted(completion["seconds"])] if completion["origin"] == "live" else []
        words += [one_line(completion["origin"], 20)]
        current = self._open()
        self.pieces = []
        if current is not None and current.answers:
            said = ", ".join(word for word in words if word)
            size = len(completion["text"])
            self._answer(stored, current, state="answered", answered=stored.seq, size=size, words=said)

    def _continued(self, stored: Stored, data: Mapping[str, Any]) -> None:
        path = one_line(data.get("path", ""), 120)
        self._noted(stored, f"The answer was cut{f' in {path}' if path else ''}; the rest is asked for.")

    def _read(self, stored: Stored, data: Mapping[str, Any]) -> None:
        current = self._open()
        if current is not None:
            self._change(stored, current, files=tuple(one_line(path, 300) for path in data["changed"]))

    def _stage_started(self, stored: Stored, data: Mapping[str, Any]) -> None:
        name = one_line(data["stage"], 60)
        current = self._open() or self._check(stored)
        begun = StageView(name, "running", "", "", "")
        known = next((stage for stage in current.stages if stage.name == name), None)
        if known is None:
            self._change(stored, current, stages=(*current.stages, begun))
        elif known.state == "cancelled":
            self._change(stored, current, stages=tuple(begun if s is known else s for s in current.stages))

    def _stage_done(self, stored: Stored, data: Mapping[str, Any]) -> None:
        result = result_from_dict(data["result"])
        view = stage_view(result.stage)
        current = self._open() or self._check(stored)
        kept = [view if stage.name == view.name else stage for stage in current.stages]
        if view not in kept:
            kept.append(view)
        every = finding_views(in_order(result.findings), f"{current.id}-{view.id}")
        room = max(0, SHOWN - len(current.findings))
        self._change(
            stored,
            current,
            stages=tuple(kept),
            findings=(*current.findings, *every[:room]),
            more_findings=current.more_findings + len(every[room:]),
        )

    def _judged(self, stored: Stored, data: Mapping[str, Any]) -> None:
        report = report_from_dict(data["report"])
        current = self._open() or self._check(stored)
        every = finding_views(report.findings, current.id)
        words = [counted(len(report.errors), "error")]
        words.append(counted(sum(f.severity is Severity.WARNING for f in report.findings), "warning"))
        self._change(
            stored,
            current,
            stages=tuple(stage_view(stage) for stage in report.stages),
            findings=every[:SHOWN],
            more_findings=len(every[SHOWN:]),
            state=report.verdict.value,
            words=", ".join(words),
            then="" if data["better"] else "No better than a round before: dropped.",
            judged=True,
        )

    def _repairing(self, stored: Stored, data: Mapping[str, Any]) -> None:
        last = next((step for step in reversed(self.steps) if isinstance(step, Round)), None)
        if last is not None:
            said = f"{counted(data['findings'], 'finding goes', 'findings go')} back to the model."
            self._change(stored, last, then=f"{last.then} {said}".strip())

    def _finished(self, stored: Stored, data: Mapping[str, Any]) -> None:
        note = Note(f"step-{stored.seq}", stored.seq, stored.at, "finished", one_line(data["reason"]), data["outcome"])
        self._step(note)

    def _advanced(self, stored: Stored, data: Mapping[str, Any]) -> None:
        if data["attempt"] > 1:
            self._noted(stored, f"Went on, attempt {data['attempt']}; what was answered is not asked again.")
            current = self._open()
            if current is not None:
                self._change(stored, current, state="running")

    def _waited(self, stored: Stored, data: Mapping[str, Any]) -> None:
        again = f"; again in {data['seconds']:.0f} s ({data['retry']} of {data['of']})" if data["of"] else ""
        self._noted(stored, f"{one_line(data['reason'], 200)}{again}")

    def _rewound(self, stored: Stored, data: Mapping[str, Any]) -> None:
        # A history that is read from the beginning has nothing left of what was taken back.
        self.rewound = any(step.seq > data["after"] for step in self.steps if step.seq < stored.seq)

    def _stopped(self, stored: Stored, data: Mapping[str, Any]) -> None:
        state, detail = str(data["state"]), one_line(data["detail"])
        words = {"queued": "Given back to the queue", "cancelled": "Cancelled", "error": "Stopped by an error"}
        said = f"{words.get(state, state)}{f': {detail}' if detail else ''}."
        current = self._open()
        if current is not None:
            stages = tuple(replace(s, state="cancelled") if s.state == "running" else s for s in current.stages)
            self._change(stored, current, stages=stages, state="running" if state == "queued" else state)
        self.pieces = []
        self._step(Note(f"step-{stored.seq}", stored.seq, stored.at, "stopped", said, state))

    # The fold's own

    def _open(self) -> Round | None:
        """The round that is under way."""
        last = next((step for step in reversed(self.steps) if isinstance(step, Round)), None)
        return None if last is None or last.judged else last

    def _check(self, stored: Stored) -> Round:
        """The one round of a check."""
        made = Round(f"step-{stored.seq}", stored.seq, stored.at, "check", 0)
        self._step(made)
        return made

    def _step(self, step: Step) -> None:
        self.steps.append(step)

    def _noted(self, stored: Stored, text: str) -> None:
        """Words in the round that is under way, else between two rounds."""
        current = self._open()
        if current is None:
            self._step(Note(f"step-{stored.seq}", stored.seq, stored.at, "advanced", text))
        else:
            self._change(stored, current, notes=(*current.notes, text))

    def _answer(self, stored: Stored, current: Round, **values: Any) -> None:
        answers = (*current.answers[:-1], replace(current.answers[-1], **values))
        self._change(stored, current, answers=answers)

    def _change(self, stored: Stored, step: Round, **values: Any) -> None:
        at = next(number for number, each in enumerate(self.steps) if each.id == step.id)
        self.steps[at] = replace(step, seq=stored.seq, **values)
