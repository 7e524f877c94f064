"""Versions of rows that a body or a query holds: known by their names, and by what they do.

A version is sent as the row holds it, and the row counts it up; whatever it is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_values import VERSION, property_at
from evaluators.probes.world import Play, World
from evaluators.service.request import Request
from evaluators.service.step import Step

REFUSING = ("409", "412", "428")
"""What an operation declares that looks at a version."""


def is_version(play: Play, name: Any) -> bool:
    """Whether a property, a parameter or a column holds versions: by its name, or by what was seen of its name."""
    return VERSION.search(str(name)) is not None or bare(str(name)) in play.versions


def noted(world: World) -> None:
    """Tell each play the names of the versions that any play has shown."""
    names = frozenset(name for play in world.plays.values() for name in counted(play.step))
    if names:
        for symbol, play in world.plays.items():
            world.plays[symbol] = replace(play, versions=names)


def counted(step: Step) -> set[str]:
    """Bare names of what a request sent just as a row held it, and what that row holds one more of afterwards."""
    operation = step.request.operation
    if not step.ok or all(operation.response(status) is None for status in REFUSING):
        return set()
    found = set()
    for name, value in _sent(operation, step.request).items():
        for each in step.changes.updated:
            columns = [column for column in each.columns if bare(column) == bare(name)]
            if any(_counts(value, each.before.get(column), each.after.get(column)) for column in columns):
                found.add(bare(name))
    return found


def _sent(operation: Operation, request: Request) -> Mapping[str, Any]:
    """What the query holds, and what the JSON body must hold."""
    body = request.body if request.is_json and isinstance(request.body, Mapping) else {}
    needed = {name: value for name, value in body.items() if (p := property_at(operation, (name,))) and p.required}
    return {**request.query, **needed}


def _counts(sent: Any, before: Any, after: Any) -> bool:
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in (before, after))
    return whole and str(sent) == str(before) and after == before + 1
