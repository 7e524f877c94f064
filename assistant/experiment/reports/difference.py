"""The difference between two evaluations, for a terminal, as Markdown or as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.errors import UsageError
from assistant.experiment.diffing import AnswerChange, Changes, Difference, FindingChange, Flip, PromptChange
from assistant.experiment.reports.as_json import dumped
from assistant.experiment.reports.markdown import folded, table, text
from assistant.experiment.reports.words import counted, line, listed, safe
from assistant.experiment.summing import SPOKEN, case_of

LINES = 200
"""Lines of one prompt's diff that are shown."""

FORMATS = ("table", "json", "markdown")


def render(difference: Difference, form: str = "table") -> str:
    """The difference in the format `form`. Raises UsageError for one that there is not."""
    if form == "json":
        return dumped({"version": 1, **{name: getattr(difference, name) for name in ("facts", "prompts", "changes")}})
    if form not in FORMATS:
        raise UsageError(f"{form!r} is no format of a difference", f"there are {', '.join(FORMATS)}")
    if not difference:
        return "nothing changed\n"
    return _markdown(difference) if form == "markdown" else _plain(difference)


def _plain(difference: Difference) -> str:
    """For a terminal."""
    lines = [line(fact) for fact in difference.facts]
    for prompt in difference.prompts:
        lines += ["", f"prompt {line(prompt.owner)}: {line(prompt.template)} {_size(prompt)}"]
        lines += [f"  {each}" for each in _shown(prompt)]
    for changes in difference.changes:
        lines += ["", f"recipe {line(changes.recipe)}, arm {line(changes.arm)}"]
        lines += [f"  {title}: {said}" for title, said in _said(changes)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _markdown(difference: Difference) -> str:
    """For a pull request."""
    blocks = ["## backwright eval diff", "\n".join(f"- {text(fact)}" for fact in difference.facts)]
    for prompt in difference.prompts:
        body = "\n".join(_shown(prompt))
        ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
        blocks.append(folded(f"{prompt.owner}: {prompt.template} {_size(prompt)}", f"{ticks}diff\n{body}\n{ticks}"))
    for changes in difference.changes:
        blocks.append(f"### Recipe {text(changes.recipe)}, arm {text(changes.arm)}")
        blocks.append(table(["", ""], _said(changes)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _size(prompt: PromptChange) -> str:
    """How large a change is."""
    return f"(+{prompt.added} -{prompt.gone})" if prompt.diff else "(its text was not kept)"


def _shown(prompt: PromptChange) -> list[str]:
    """The lines of a diff, of many the first ones."""
    lines = safe(prompt.diff).split("\n") if prompt.diff else []
    more = [f"({len(lines) - LINES} more lines)"] if len(lines) > LINES else []
    return [*lines[:LINES], *more]


def _said(changes: Changes) -> Iterable[tuple[str, str]]:
    """(what, which) of one recipe and arm."""
    for flip in changes.flips:
        yield _flip(flip)
    for finding in changes.findings:
        yield f"rule {line(finding.rule)} ({SPOKEN[finding.when]})", _finding(finding)
    for answer in changes.answers:
        yield f"answer {line(str(answer.key))}", _answer(answer)
    for name, keys in (("only the first has", changes.only_a), ("only the second has", changes.only_b)):
        if keys:
            yield f"{name} {counted(len(keys), 'trial')}", listed([str(key) for key in keys])


def _flip(flip: Flip) -> tuple[str, str]:
    """An answer that passed a rung on one side only, and where its reports are."""
    told = [f"{case_of(flip.key)} {flip.key.model} sample {flip.key.sample}"]
    told += [f"{'was' if flip.better else 'now'}: {flip.why}"] if flip.why else []
    told += [f"evidence: {' -> '.join(place or 'none' for place in flip.evidence)}"] if any(flip.evidence) else []
    way = "passes now" if flip.better else "passes no more"
    return f"{line(flip.title)} ({SPOKEN[flip.when]}) {way}", line("; ".join(told))


def _finding(finding: FindingChange) -> str:
    """In which cases a rule came and went."""
    told = [f"came in {listed(finding.came)}"] if finding.came else []
    told += [f"went in {listed(finding.went)}"] if finding.went else []
    return "; ".join(told)


def _answer(answer: AnswerChange) -> str:
    """How an answer changed."""
    told = [f"{answer.status[0].value} -> {answer.status[1].value}"] if answer.status else []
    told += ["asked anew"] if answer.asked_anew else []
    told += ["recorded anew"] if answer.recorded_anew else []
    for name, paths in (("added", answer.added), ("gone", answer.gone), ("changed", answer.changed)):
        told += [f"{name} {listed(paths)}"] if paths else []
    return "; ".join(told)
