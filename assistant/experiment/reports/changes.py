"""What lies behind a change, for a terminal and as JSON: `backwright eval diff A B`."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.experiment.diffing import AnswerChange, Changes, Difference, FindingChange, Flip, PromptChange
from assistant.experiment.reports.as_json import dumped
from assistant.experiment.reports.words import counted, line, listed, safe

WHEN = {"first": "first answer", "final": "after repair"}


def as_json(difference: Difference) -> str:
    """Every field by its name; statuses as their words."""
    return dumped(difference)


def as_text(difference: Difference) -> str:
    """The prompts first, then recipe by recipe: what flipped, the findings, the answers. Ends in one line end."""
    if not difference:
        return "Nothing differs: the same prompts, answers, findings and rungs.\n"
    told = [f"{line(fact)}" for fact in difference.facts]
    for prompt in difference.prompts:
        told += ["", *_prompt(prompt)]
    for changes in difference.changes:
        told += ["", f"{line(changes.recipe)}, arm {line(changes.arm)}", *_changes(changes)]
    return "\n".join(told).lstrip("\n") + "\n"


def _prompt(change: PromptChange) -> Iterator[str]:
    """One template's diff."""
    yield f"prompt of {line(change.owner)}: {line(change.template)}, +{change.added} -{change.gone} lines"
    yield from (f"  {safe(text)}" for text in change.diff.split("\n") if text)
    if not change.diff:
        yield "  its text was not kept"


def _changes(changes: Changes) -> Iterator[str]:
    """One recipe as one arm asks for it."""
    for flip in changes.flips:
        yield f"  {_flip(flip)}"
    for finding in changes.findings:
        yield f"  {_finding(finding)}"
    for answer in changes.answers:
        yield f"  {_answer(answer)}"
    for side, keys in (("A", changes.only_a), ("B", changes.only_b)):
        if keys:
            yield f"  only {side}: {listed([str(key) for key in keys])}"


def _flip(flip: Flip) -> str:
    """`better  boots, first answer: bank/1 now passes`, with where the reports lie."""
    what = "now passes" if flip.better else "passed before"
    why = f" ({line(flip.why)})" if flip.why else ""
    places = [f"{side}: {line(path)}" for side, path in zip("AB", flip.evidence, strict=True) if path]
    where = f" [{', '.join(places)}]" if places else ""
    rung = f"{line(flip.title)}, {WHEN[flip.when]}"
    return f"{'better' if flip.better else 'worse ':<7} {rung}: {line(str(flip.key))} {what}{why}{where}"


def _finding(change: FindingChange) -> str:
    """A rule with the cases in which it came or went."""
    parts = []
    if change.came:
        parts.append(f"came in {listed(change.came)}")
    if change.went:
        parts.append(f"went in {listed(change.went)}")
    return f"finding {line(change.rule)}, {WHEN[change.when]}: {'; '.join(parts)}"


def _answer(change: AnswerChange) -> str:
    """What of an answer is another one."""
    parts = []
    if change.status is not None:
        parts.append(f"{change.status[0].value} -> {change.status[1].value}")
    if change.recorded_anew:
        parts.append("recorded anew")
    if change.asked_anew:
        parts.append("asked anew")
    for what, paths in (("new", change.added), ("gone", change.gone), ("changed", change.changed)):
        if paths:
            parts.append(f"{counted(len(paths), 'file')} {what} ({listed(paths, 3)})")
    return f"answer {line(str(change.key))}: {', '.join(parts)}"
