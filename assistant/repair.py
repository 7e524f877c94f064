"""What failed, as short and canonical evidence for the model.

The same report gives the same bytes on every machine, or a recorded answer to a
repair would replay only where it was made.
"""

from __future__ import annotations

import importlib.util
import re
from itertools import groupby

from assistant.prompt import Message, Prompt
from evaluators.answer import render
from evaluators.draft import Draft
from evaluators.finding import Finding, Location
from evaluators.report import Report

BOUND = 24_000
"""Most characters of evidence in one repair, about 6,000 tokens."""

SHOWN = 3
"""Findings of one rule that are shown in full; further ones are named only."""

_AROUND = 3
_HEAD = """\
The gate ran these files. {count} {what} stand in the way:
"""
_TAIL = """\

Mend the causes, not the symptoms. Answer in the same format with the files that change, each whole, \
and no others; a file that you do not send stays as it is. Do not weaken the design to get rid of a finding, \
and do not remove what was asked for."""


def repair(prompt: Prompt, draft: Draft, report: Report, number: int, worse: Report | None = None) -> Prompt:
    """The prompt of repair round `number` (from 1): the turn's request, the draft and the evidence.

    The conversation does not grow from round to round: the draft so far stands
    for all earlier answers. `worse` is the report on an attempt that was no better
    than `draft` and was dropped.
    """
    opening = tuple(message for message in prompt.messages[: _opening(prompt)])
    text = evidence(report, draft)
    if worse is not None:
        text += "\n\nAn earlier attempt to mend this was dropped, because it was no better. It failed with:\n"
        text += _named(list(worse.errors))
    messages = (
        *opening,
        Message("assistant", render(draft) if len(draft) else "(no file could be read from the answer)"),
        Message("user", text),
    )
    return Prompt(messages, prompt.recipe, prompt.version, prompt.turn, number)


def continuation(prompt: Prompt, so_far: str, path: str) -> Prompt:
    """The prompt that asks for the rest of an answer which was cut."""
    where = f" It was cut inside `{path}`." if path else ""
    ask = (
        f"Your answer was cut off.{where} Continue exactly where it stopped, with the very next character: "
        "no greeting, no repetition, no new fence for the file that was open."
    )
    messages = (*prompt.messages, Message("assistant", so_far), Message("user", ask))
    return Prompt(messages, prompt.recipe, prompt.version, prompt.turn, prompt.round)


def _opening(prompt: Prompt) -> int:
    """How many messages come before the model's first answer."""
    roles = [message.role for message in prompt.messages]
    return roles.index("assistant") if "assistant" in roles else len(roles)


def evidence(report: Report, draft: Draft) -> str:
    """The errors of a report as text, grouped by rule, within `BOUND` characters."""
    errors = sorted(report.errors, key=lambda finding: (finding.rule, finding.location, finding.symbol))
    groups = [list(group) for _, group in groupby(errors, key=lambda finding: finding.rule)]
    text = _HEAD.format(count=len(errors), what="finding" if len(errors) == 1 else "findings")
    left_out = 0
    for group in groups:
        section = _section(group, draft)
        if len(text) + len(section) > BOUND:
            section = _named(group)
        if len(text) + len(section) > BOUND:
            left_out += len(group)
            continue
        text += section
    if left_out:
        text += f"\nFurther findings that did not fit here: {left_out}.\n"
    return text + _TAIL


def _section(group: list[Finding], draft: Draft) -> str:
    """One rule's findings: the first few in full, the others by name."""
    parts = [f"\n## {group[0].rule}" + (f" ({len(group)} times)" if len(group) > 1 else "") + "\n"]
    parts += [_shown(finding, draft) for finding in group[:SHOWN]]
    rest = group[SHOWN:]
    if rest:
        parts.append("\nThe same at: " + "; ".join(f"{f.symbol} ({f.location})" for f in rest) + "\n")
    return "".join(parts)


def _named(group: list[Finding]) -> str:
    """Findings by rule, place and message alone."""
    lines = [f"\n- {f.rule} at {f.location}: {f.message}" for f in group[:20]]
    if len(group) > 20:
        lines.append(f"\n- and {len(group) - 20} more")
    return "".join(lines) + "\n"


def _shown(finding: Finding, draft: Draft) -> str:
    """One finding with its evidence, reproduction, lines and hint."""
    text = f"\n{finding.location}: {finding.message}\n"
    if finding.places:
        text += "Also at: " + ", ".join(str(place) for place in finding.places[:10]) + "\n"
    if finding.evidence:
        text += _fenced("text", finding.evidence[:3000])
    if finding.reproduce and not _of_probes(finding):
        text += "Reproduce:\n" + _fenced("sh", finding.reproduce)
    text += lines_around(finding.location, draft)
    if finding.hint:
        text += f"Hint: {finding.hint}\n"
    return text


def _of_probes(finding: Finding) -> bool:
    """Whether a probe found it: its shell lines hold what one boot drew, and its evidence says the same without."""
    name = finding.rule.replace("-", "_")
    return name.isidentifier() and importlib.util.find_spec(f"evaluators.probes.rules.{name}") is not None


def lines_around(location: Location, draft: Draft) -> str:
    """The lines concerned, numbered, in a fence; empty where the place is unknown."""
    artifact = draft.get(location.path)
    if artifact is None or not 0 < location.line <= len(artifact.lines):
        return ""
    first = max(1, location.line - _AROUND)
    last = min(len(artifact.lines), location.line + _AROUND)
    width = len(str(last))
    shown = [
        f"{'>' if number == location.line else ' '} {number:>{width}} | {artifact.lines[number - 1][:200]}"
        for number in range(first, last + 1)
    ]
    return f"`{location.path}`:\n" + _fenced("text", "\n".join(shown))


def _fenced(language: str, text: str) -> str:
    """`text` in a fence that is longer than any run of ticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}\n"
