"""A run's events on the screen: one line a fact, live where the terminal can."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from rich.console import Console
from rich.status import Status
from rich.text import Text

from assistant.events import (
    Answered,
    Asked,
    Continued,
    Event,
    Finished,
    Judged,
    Read,
    Repairing,
    StageDone,
    StageStarted,
    Streamed,
    TurnStarted,
)
from assistant.model.retry import Waiting
from evaluators.finding import Finding, Severity
from evaluators.formats._shown import safe
from evaluators.report import Report, Stage, State

COLOURS = {State.PASSED: "green", State.FAILED: "red", State.UNVERIFIED: "yellow"}

EXCERPT = 6
"""Lines of a finding's evidence that the screen shows; the report has them all."""


class View:
    """Shows events as they happen; `follow` returns the last one."""

    def __init__(self, console: Console, *, stream: bool = False) -> None:
        self.console = console
        self.stream = stream
        self._status: Status | None = None
        self._length = 0
        self._began = 0.0

    def waiting(self, waiting: Waiting) -> None:
        """Say what is waited for: a retry, or a person."""
        after = f"; again in {waiting.seconds:.0f} s ({waiting.attempt} of {waiting.of})" if waiting.of else ""
        self._line(f"  waiting    {waiting.reason}{after}", "yellow")

    async def follow(self, events: AsyncIterator[Event]) -> Finished:
        """Show every event; the last one is `Finished`."""
        finished: Finished | None = None
        try:
            async for event in events:
                self.show(event)
                if isinstance(event, Finished):
                    finished = event
        finally:
            self._quiet()
        if finished is None:
            raise RuntimeError("the run ended without a Finished")
        return finished

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case TurnStarted():
                self._line(f"\nTurn {event.number} of {event.of}: {event.turn}", "bold")
            case Asked():
                self._length, self._began = 0, time.monotonic()
                self._line(f"  asked      {event.prompt.size:,} characters to {event.model}")
                self._busy("waiting for the answer")
            case Streamed():
                self._streamed(event.text)
            case Answered():
                self._answered(event)
            case Continued():
                self._line("  cut        the answer stopped early; asking for the rest", "yellow")
            case Read():
                self._line(f"  files      {safe(', '.join(event.changed)) or 'none'}")
            case StageStarted():
                self._busy(f"{event.stage} ...")
            case StageDone():
                self._stage(event.result.stage)
            case Judged():
                self._judged(event)
            case Repairing():
                self._line(f"  repair {event.round}   {event.findings} findings go back to the model", "bold")
            case Finished():
                self._quiet()

    def _streamed(self, text: str) -> None:
        """A piece of the answer: word for word if asked for, else its growing length."""
        self._length += len(text)
        if self.stream:
            self._quiet()
            self.console.print(Text(safe(text)), end="")
        else:
            self._busy(f"answering, {self._length:,} characters")

    def _answered(self, event: Answered) -> None:
        """The answer's size, time and tokens."""
        usage = event.completion.usage
        tokens = "tokens unknown" if usage.completion_tokens is None else f"{usage.completion_tokens:,} tokens"
        took = "" if event.completion.origin == "recorded" else f", {time.monotonic() - self._began:.1f} s"
        self._line(
            f"  answered   {len(event.completion.text):,} characters, {tokens}{took} ({event.completion.origin})"
        )

    def _stage(self, stage: Stage) -> None:
        """A stage's line."""
        line = Text(f"    {stage.name:<10}")
        line.append(f"{stage.state.value:<11}", COLOURS[stage.state])
        line.append(f"{stage.seconds:6.2f} s")
        why = " ".join(part for part in (stage.reason.value if stage.reason else "", stage.detail) if part)
        if why:
            line.append(f"  {safe(why)}", "dim")
        self._quiet()
        self.console.print(line, soft_wrap=True)

    def _judged(self, event: Judged) -> None:
        """The round's verdict and what failed."""
        report = event.report
        warnings = sum(finding.severity is Severity.WARNING for finding in report.findings)
        self._quiet()
        line = Text("  verdict    ")
        line.append(report.verdict.value, COLOURS[report.verdict])
        line.append(f", {len(report.errors)} errors, {warnings} warnings")
        if not event.better:
            line.append(" (no better than before: dropped)", "yellow")
        self.console.print(line)
        for finding in report.errors[:8]:
            self.finding(finding)
        if len(report.errors) > 8:
            self._line(f"      and {len(report.errors) - 8} more", "dim")

    def finding(self, finding: Finding) -> None:
        """A finding with the first lines of its evidence."""
        line = Text(f"    {finding.rule} ", "red" if finding.severity is Severity.ERROR else "yellow")
        line.append(f"{safe(str(finding.location))}  ", "dim")
        line.append(safe(finding.message), "default")
        self.console.print(line, soft_wrap=True)
        for text in finding.evidence.splitlines()[:EXCERPT]:
            self.console.print(Text(f"      {safe(text)}", "dim"), soft_wrap=True)

    def _line(self, text: str, style: str = "") -> None:
        """A whole line, after whatever was spinning."""
        self._quiet()
        self.console.print(Text(text, style), soft_wrap=True)

    def _busy(self, text: str) -> None:
        """A spinner where the terminal can, nothing where it cannot."""
        if not self.console.is_terminal:
            return
        if self._status is None:
            self._status = self.console.status(text)
            self._status.start()
        else:
            self._status.update(text)

    def _quiet(self) -> None:
        """End the spinner."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def stage_table(report: Report) -> str:
    """The final table: a line a stage, then what was not checked."""
    lines = [
        f"  {stage.name:<10}{stage.state.value:<12}{stage.seconds:7.2f} s  "
        f"{stage.reason.value + ' ' if stage.reason else ''}{stage.detail}".rstrip()
        for stage in report.stages
    ]
    return "\n".join(lines)
