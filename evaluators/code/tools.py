"""What every framework's reader of routes needs: dependencies, calls, statuses, guards. Built once."""

from __future__ import annotations

from dataclasses import dataclass

from evaluators.code.callees import Callees
from evaluators.code.depends import Dependencies
from evaluators.code.guards import Guards
from evaluators.code.module import Module
from evaluators.code.statuses import Statuses


@dataclass(frozen=True, eq=False)
class Tools:
    """The four, over the same modules."""

    table: Dependencies
    callees: Callees
    statuses: Statuses
    guards: Guards


def tools_for(modules: tuple[Module, ...]) -> Tools:
    """The tools over these modules."""
    table = Dependencies(modules)
    callees = Callees(table)
    return Tools(table, callees, Statuses(table, callees), Guards(table, callees))
