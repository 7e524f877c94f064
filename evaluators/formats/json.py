"""The report as JSON, and back. Fields are added, never renamed; `report.schema.json` beside this file is their schema.

    {version, verdict, stages: [{name, state, reason, seconds, detail}],
     findings: [{rule, severity, path, line, column, symbol, places: [{path, line, column}],
                 fingerprint, message, evidence, reproduce, hint}],
     not_checked: [{what, why}],
     suppressed: [{means, reason, finding}]}

`reason` is null unless the stage is unverified; `line` and `column` count from
1, and 0 means unknown; `seconds` are wall time. A finding that stands for
several has the symbol `*`, and then `first` and each of `places` carry the
symbol and the fingerprint of one.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from typing import Any, TypeVar

from evaluators.finding import Finding, Location, Severity, fingerprint_of
from evaluators.report import Means, NotChecked, Reason, Report, Stage, State, Suppressed

VERSION = 1

T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)


class NotAReport(ValueError):
    """A text that is no report; the message says where and why, on one line."""


def render(report: Report) -> str:
    """The report as indented JSON, in the report's own order."""
    return dump(as_value(report))


def dump(value: Any) -> str:
    """`value` as indented JSON that can be written as UTF-8: escaped where it holds half a surrogate pair."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2) + "\n"
    return text


def as_value(report: Report) -> dict[str, Any]:
    """The report as plain lists, dicts, strings and numbers."""
    return {
        "version": VERSION,
        "verdict": report.verdict.value,
        "stages": [
            {
                "name": stage.name,
                "state": stage.state.value,
                "reason": stage.reason.value if stage.reason else None,
                "seconds": stage.seconds,
                "detail": stage.detail,
            }
            for stage in report.stages
        ],
        "findings": [_finding(finding) for finding in report.findings],
        "not_checked": [{"what": each.what, "why": each.why} for each in report.not_checked],
        "suppressed": [
            {"means": each.means.value, "reason": each.reason, "finding": _finding(each.finding)}
            for each in report.suppressed
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """One finding as a value."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        **_location(finding.location),
        "symbol": finding.symbol,
        **({"first": _part(finding, finding.location)} if finding.location.symbol else {}),
        "places": [{**_location(place), **(_part(finding, place) if place.symbol else {})} for place in finding.places],
        "fingerprint": finding.fingerprint,
        "message": finding.message,
        "evidence": finding.evidence,
        "reproduce": finding.reproduce,
        "hint": finding.hint,
    }


def _part(finding: Finding, at: Location) -> dict[str, Any]:
    """What one place of a finding for several is about."""
    return {"symbol": at.symbol, "fingerprint": fingerprint_of(finding.rule, at.path, at.symbol)}


def _location(at: Location) -> dict[str, Any]:
    """A place as a value."""
    return {"path": at.path, "line": at.line, "column": at.column}


def parse(text: str) -> Report:
    """The report that `render` wrote; `parse(render(report)) == report`.

    Fields that are not known are passed over, so that a later version's report
    of the same `version` is read. Verdict and fingerprints follow from the rest.

    Raises:
        NotAReport: the text is no JSON, or a field is missing or wrong.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAReport(f"no JSON: {str(error)[:100]}") from error
    return of_value(value)


def of_value(value: Any) -> Report:
    """The report that `as_value` gave. Raises NotAReport."""
    top = _Fields(value, "report")
    if top.get("version", int) != VERSION:
        raise NotAReport(f"report.version: {value['version']} is not {VERSION}")
    try:
        return Report(
            tuple(top.each("stages", _stage_of)),
            tuple(top.each("findings", _finding_of)),
            tuple(top.each("not_checked", lambda f: NotChecked(f.get("what", str), f.get("why", str)))),
            tuple(top.each("suppressed", _suppressed_of) if top.has("suppressed") else ()),
        )
    except NotAReport:
        raise
    except ValueError as error:  # a stage whose reason does not fit its state
        raise NotAReport(str(error)) from error


class _Fields:
    """A JSON object whose fields are asked for by name and type; `where` is for messages."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise NotAReport(f"{where}: an object is needed")
        self._value = value
        self._where = where

    def get(self, name: str, kind: type[T]) -> T:
        """The field `name`, of type `kind` (a bool is no int, an int is a float)."""
        value = self._value.get(name)
        if kind is float and type(value) is int:
            value = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise NotAReport(f"{self._where}.{name}: {kind.__name__} is needed")
        return value

    def text(self, name: str) -> str:
        """A text that may be missing: later versions add such fields."""
        return self.get(name, str) if name in self._value else ""

    def one_of(self, name: str, kind: type[E]) -> E:
        """The field `name` as a member of an enumeration."""
        value = self.get(name, str)
        try:
            return kind(value)
        except ValueError:
            raise NotAReport(f"{self._where}.{name}: {value[:60]!r} is no {kind.__name__.lower()}") from None

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._value.get(name) is not None

    def inner(self, name: str) -> _Fields:
        """The object `name`."""
        return _Fields(self._value.get(name), f"{self._where}.{name}")

    def each(self, name: str, make: Callable[[_Fields], T]) -> list[T]:
        """A list's objects, each made into something."""
        values = self.get(name, list)
        return [make(_Fields(value, f"{self._where}.{name}[{number}]")) for number, value in enumerate(values)]


def _stage_of(fields: _Fields) -> Stage:
    """A stage from its fields."""
    return Stage(
        name=fields.get("name", str),
        state=fields.one_of("state", State),
        reason=fields.one_of("reason", Reason) if fields.has("reason") else None,
        detail=fields.text("detail"),
        seconds=fields.get("seconds", float),
    )


def _finding_of(fields: _Fields) -> Finding:
    """A finding from its fields."""
    return Finding(
        rule=fields.get("rule", str),
        severity=fields.one_of("severity", Severity),
        location=_location_of(fields, fields.inner("first").get("symbol", str) if fields.has("first") else ""),
        symbol=fields.get("symbol", str),
        message=fields.get("message", str),
        evidence=fields.get("evidence", str),
        reproduce=fields.get("reproduce", str),
        hint=fields.get("hint", str),
        places=tuple(fields.each("places", _location_of)),
    )


def _suppressed_of(fields: _Fields) -> Suppressed:
    """A finding that does not count, from its fields."""
    return Suppressed(_finding_of(fields.inner("finding")), fields.one_of("means", Means), fields.get("reason", str))


def _location_of(fields: _Fields, symbol: str | None = None) -> Location:
    """A place from its fields; `symbol` where the field of that name is another's."""
    column = fields.get("column", int) if fields.has("column") else 0
    symbol = fields.text("symbol") if symbol is None else symbol
    return Location(fields.get("path", str), fields.get("line", int), column, symbol)
