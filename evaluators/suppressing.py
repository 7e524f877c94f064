"""Suppressions in a project's own files: comments in any language that has them, keys in JSON.

    -- backwright: allow missing-primary-key: a log, written once     (SQL; also /* */)
    # backwright: allow rule-a, rule-b: reason                        (Python, YAML, TOML, .env, Dockerfile, ...)
    // backwright: allow-file rule: reason                            (a whole file)
    "x-backwright-allow": {"rule": "reason"}                          (an object of a JSON or YAML document)

A comment behind something counts for its line (in Python: its logical line). A
comment alone counts for what follows: in SQL the statement or, inside one, the
line; in Python the logical line, with a function's decorators; elsewhere the line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evaluators import suppressing_text as text_of
from evaluators.catalogue import ids, known
from evaluators.draft import Artifact
from evaluators.finding import Finding, Location, Severity
from evaluators.policy import Suppression
from evaluators.suppressing_text import Comment

_SAID = re.compile(r"backwright:[ \t]*(?P<word>[A-Za-z-]+)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_REST = re.compile(r"[ \t]+(?P<rules>[\w*-]+(?:[ \t]*,[ \t]*[\w*-]+)*)[ \t]*(?::(?P<reason>.*))?\s*", re.DOTALL)
_NEAR = ("allow", "allow-file", "ignore", "disable", "suppress", "noqa", "skip", "off", "nocheck")


@dataclass(frozen=True)
class Read:
    """The suppressions of a project and what is wrong with them."""

    suppressions: tuple[Suppression, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(artifacts: Iterable[Artifact]) -> Read:
    """Every suppression of the artifacts. The registry must be whole (`catalogue.load_all`)."""
    suppressions: list[Suppression] = []
    findings: list[Finding] = []
    for artifact in artifacts:
        for each in _of(artifact):
            if isinstance(each, Finding):
                findings.append(each)
                continue
            suppressions.append(each)
            findings += _wrong(each)
    return Read(tuple(suppressions), tuple(findings))


def speaks(artifact: Artifact) -> bool:
    """Whether a file may hold a suppression: a quick look, before anything is parsed."""
    folded = artifact.text.lower()
    return "backwright" in folded and ("backwright:" in folded or "x-backwright-allow" in artifact.text)


def _of(artifact: Artifact) -> Iterator[Suppression | Finding]:
    """The suppressions of one file, and comments that are meant as one and cannot be understood."""
    if not speaks(artifact):
        return
    finder = _finder(artifact.path)
    for comment in finder(artifact.text) if finder else ():
        yield from _meant(artifact.path, comment)
    if artifact.path.endswith((".json", ".yaml", ".yml")):
        for key in text_of.keys(artifact.text, artifact.path.endswith(".json")):
            rules = ((rule, reason) for rule, reason in key.allowed)
            for rule, reason in rules:
                at = Location(artifact.path, key.line, key.column)
                yield Suppression(at, (rule,), reason.strip(), key.whole, key.first, key.last)


def _finder(path: str) -> Callable[[str], Iterable[Comment]] | None:
    """What finds the comments of a file, by its name; None for a language without comments or unknown to us."""
    name = path.rpartition("/")[2].lower()
    if name.endswith((".py", ".pyi")):
        return text_of.python
    if name.endswith(".sql"):
        return text_of.sql
    if name.endswith(
        (".js", ".ts", ".jsx", ".tsx", ".mjs", ".cjs", ".go", ".java", ".kt", ".rs", ".php", ".cs", ".prisma")
    ):
        return text_of.slashed
    if name.endswith((".md", ".markdown", ".rst", ".txt", ".json")) and not name.startswith("requirements"):
        return None
    return text_of.hashed


def _meant(path: str, comment: Comment) -> Iterator[Suppression | Finding]:
    """What one comment says."""
    said = _SAID.search(comment.text)
    if said is None:
        return
    word = said["word"].lower()
    at = Location(path, comment.line, comment.column)
    rest = _REST.fullmatch(said["rest"].rstrip())
    if word not in ("allow", "allow-file") or rest is None:
        if word in ("allow", "allow-file") or difflib.get_close_matches(word, _NEAR, n=1, cutoff=0.75):
            yield _misspelled(at, said.group().strip())
        return
    rules = tuple(dict.fromkeys(rule.strip() for rule in rest["rules"].split(",")))
    reason = " ".join((rest["reason"] or "").split())
    yield Suppression(at, rules, reason, word == "allow-file", comment.first, comment.last)


def _misspelled(at: Location, said: str) -> Finding:
    """A comment that is meant as a suppression and is none."""
    return Finding(
        "misspelled-suppression",
        Severity.WARNING,
        at,
        " ".join(said.split())[:80],
        "This comment speaks to backwright and cannot be understood, so it has no effect.",
        hint="Write: backwright: allow RULE: reason, or backwright: allow-file RULE: reason.",
    )


def _wrong(suppression: Suppression) -> Iterator[Finding]:
    """What is wrong with a suppression that can be read: no reason, or a rule that does not exist."""
    for rule in suppression.rules:
        if not known(rule):
            near = difflib.get_close_matches(rule, list(ids()), n=1, cutoff=0.6)
            yield Finding(
                "suppressed-unknown-rule",
                Severity.WARNING,
                suppression.at,
                rule[:80],
                f"There is no rule {rule[:80]}, so nothing is allowed here.",
                hint=f"Did you mean {near[0]}?" if near else "`backwright rules` lists them.",
            )
        elif not suppression.reason:
            yield Finding(
                "suppression-without-reason",
                Severity.WARNING,
                suppression.at,
                rule,
                f"{rule} is to be allowed here without a reason, so it is not.",
                hint=f"Write why: backwright: allow {rule}: reason.",
            )
