"""A Finding: one defect, where it is, and the evidence for it. Ground module."""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass, replace


class Severity(enum.StrEnum):
    """How bad a finding is. Only errors fail a stage."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst; for sorting."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, order=True)
class Location:
    """A place in an artifact. `line` and `column` count from 1; 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0
    symbol: str = ""
    """Where a finding stands for several: what this place is about. Empty elsewhere."""

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True)
class Finding:
    """One defect. Findings with one cause are one finding with several `places`."""

    rule: str
    severity: Severity
    location: Location
    symbol: str
    """What it is about, stable under edits: `table.column`, `METHOD /path`, a module or name."""
    message: str
    """One sentence; canonical: the same bytes on every machine."""
    evidence: str = ""
    """What was seen (canonical too): lines, the request and its answer, a log excerpt."""
    reproduce: str = ""
    """A command that shows the defect again; `$BASE_URL` and `$TOKEN` stand for what differs."""
    hint: str = ""
    """How to mend it, where one way is plainly right."""
    places: tuple[Location, ...] = ()
    """Further places of the same cause."""

    @property
    def fingerprint(self) -> str:
        """Rule, artifact and symbol, hashed; never the line. 16 hex digits."""
        return fingerprint_of(self.rule, self.location.path, self.symbol)

    @property
    def parts(self) -> tuple[Location, ...]:
        """The places of the findings that this one stands for (`said_once`); empty for one of its own."""
        return tuple(place for place in (self.location, *self.places) if place.symbol)

    def as_severity(self, severity: Severity) -> Finding:
        """The same finding at another severity."""
        return replace(self, severity=severity)


def fingerprint_of(rule: str, path: str, symbol: str) -> str:
    """Rule, artifact and symbol, hashed. 16 hex digits; half a surrogate pair in a symbol does no harm."""
    return hashlib.sha256("\0".join((rule, path, symbol)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def in_order(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings sorted: worst first, then place, rule and symbol. Canonical."""
    return tuple(sorted(findings, key=lambda f: (f.severity.rank, f.location, f.rule, f.symbol, f.message)))


def grouped(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding for each fingerprint: later ones become places of the first."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in in_order(findings):
        # What the fingerprint is a hash of.
        alike.setdefault((finding.rule, finding.location.path, finding.symbol), []).append(finding)
    return tuple(_joined(group) if len(group) > 1 else group[0] for group in alike.values())


def _joined(group: list[Finding]) -> Finding:
    """The first finding, with all places of the others."""
    places = {place for finding in group for place in (finding.location, *finding.places)}
    return replace(group[0], places=tuple(sorted(places - {group[0].location})))


_SEPARATOR = re.compile(r"[\s.]+")

SEVERAL = "*"
"""The symbol of a finding that stands for several."""

SAID_ONCE = 3
"""From so many on, warnings and infos that say the same are one finding with places."""

MANY = 5
"""From so many on, those of one rule are, whatever they say."""


def said_once(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Many warnings or infos of one rule as one finding; errors stay apart, they are mended one by one.

    Its symbol is `*`, so that its fingerprint does not change with the first of
    them; each place carries its own symbol (`Finding.parts`).
    """
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    told: list[Finding] = []
    for finding in in_order(findings):
        if finding.severity is Severity.ERROR or finding.parts:
            told.append(finding)
        else:
            by_rule.setdefault((finding.rule, finding.severity), []).append(finding)
    for group in by_rule.values():
        told += [_several(group)] if len(group) >= MANY else _alike(group)
    return in_order(told)


def _alike(group: list[Finding]) -> list[Finding]:
    """Those that say the same of several things as one, the others as they are."""
    if len(group) < SAID_ONCE:
        return group
    by_words: dict[tuple[str, str], list[Finding]] = {}
    for finding in group:
        by_words.setdefault((_shape(finding), finding.location.path), []).append(finding)
    told: list[Finding] = []
    for same in by_words.values():
        told += [_several(same)] if len(same) >= SAID_ONCE else same
    return told


def _shape(finding: Finding) -> str:
    """A message without the names of what it is about."""
    message = finding.message
    for name in sorted({part for part in _SEPARATOR.split(finding.symbol) if part}, key=len, reverse=True):
        message = starred(message, name)
    return message


def starred(message: str, name: str) -> str:
    """A message with `*` for each `name` that is no part of a longer word.

    By hand: thousands of findings have as many names, and a pattern for each takes longer to compile than to use.
    """
    made, done, at = "", 0, message.find(name)
    while at >= 0:
        end = at + len(name)
        if _in_word(message[at - 1 : at]) or _in_word(message[end : end + 1]):
            at = message.find(name, at + 1)
            continue
        made, done, at = f"{made}{message[done:at]}*", end, message.find(name, end)
    return made + message[done:]


def _in_word(character: str) -> bool:
    """Whether a character, or nothing, goes on with a word."""
    return character.isalnum() or character == "_"


def _several(group: list[Finding]) -> Finding:
    """The first finding, for all of them."""
    first, *rest = group
    own = replace(first.location, symbol=first.symbol)
    places = {replace(each.location, symbol=each.symbol) for each in rest}
    held = {replace(place, symbol="") for place in (own, *places)}
    further = {place for each in group for place in each.places} - held
    same = len({_shape(each) for each in group}) == 1
    more = f"The same holds at {len(rest)} more places." if same else f"There are {len(rest)} more of this kind."
    message = f"{first.message} {more}"
    return replace(first, symbol=SEVERAL, location=own, message=message, places=tuple(sorted(places | further)))
