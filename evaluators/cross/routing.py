"""Which operation of the contract is which route of the code, and what code asks for which table."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from evaluators.code.facts import Code
from evaluators.code.route import Route
from evaluators.contract.facts import Contract, Operation

KNOWN = 0.7
"""Least share of the operations with a route, for the code to be known well enough to say that one is missing."""


Place = tuple[str, str]
"""Method, and the path without the names of its parameters."""


@dataclass(frozen=True)
class Way:
    """What stands before the contract's paths, or before the code's, for the two to be the same."""

    before_operations: str = ""
    before_routes: str = ""
    mounted_only: bool = True


@dataclass(frozen=True)
class Routing:
    """The matches of one contract's operations with the code's routes."""

    contract: Contract
    code: Code | None

    @cached_property
    def pairs(self) -> tuple[tuple[Operation, Route], ...]:
        """Each operation with its route, where there is exactly one."""
        found: list[tuple[Operation, Route]] = []
        for operation in self.contract.operations:
            routes = self._served.get(self._place(operation), [])
            if len(routes) == 1:
                found.append((operation, routes[0]))
        return tuple(found)

    @cached_property
    def certain(self) -> bool:
        """Whether enough operations have a route, for a missing one to be told from one that cannot be seen."""
        served = sum(self._place(operation) in self._served for operation in self.contract.operations)
        return served > 0 and served >= KNOWN * len(self.contract.operations)

    def route_of(self, operation: Operation) -> Route | None:
        """The operation's route, or None."""
        return next((route for each, route in self.pairs if each is operation), None)

    @cached_property
    def unserved(self) -> tuple[Operation, ...]:
        """The operations without any route; none where too few are matched to be certain."""
        if not self.certain:
            return ()
        return tuple(each for each in self.contract.operations if self._place(each) not in self._served)

    @cached_property
    def undeclared(self) -> tuple[Route, ...]:
        """The routes without an operation; none where too few are matched to be certain."""
        if not self.certain:
            return ()
        known = {self._place(each) for each in self.contract.operations}
        return tuple(route for place, routes in self._served.items() if place not in known for route in routes)

    def _place(self, operation: Operation) -> Place:
        """Where the operation's route would be."""
        return operation.method, shape(self._way.before_operations + operation.path)

    @cached_property
    def _served(self) -> dict[Place, list[Route]]:
        """The routes by their places, as the way has it."""
        return self._by_place(self._way)

    @cached_property
    def _way(self) -> Way:
        """How paths of the contract and of the code fit together best."""
        servers = [urlsplit(server.text("url")).path.rstrip("/") for server in self.contract.servers]
        heads = {"/".join(each.path.split("/")[:depth]) for each in self.contract.operations for depth in (2, 3)}
        ways = [Way(before_operations=prefix) for prefix in dict.fromkeys(["", *servers])]
        # Routers that are mounted in a loop have no path of their own that can be read.
        ways += [Way(before_routes=head, mounted_only=False) for head in sorted({"", *heads}) if "{" not in head]
        return max(ways, key=self._matches)

    def _matches(self, way: Way) -> tuple[int, bool]:
        """How many operations have a route, and whether only mounted routes were needed."""
        served = self._by_place(way)
        prefix = way.before_operations
        found = sum((each.method, shape(prefix + each.path)) in served for each in self.contract.operations)
        return found, way.mounted_only

    def _by_place(self, way: Way) -> dict[Place, list[Route]]:
        """(method, shape of the path) -> routes."""
        found: defaultdict[Place, list[Route]] = defaultdict(list)
        for route in self.code.routes if self.code else ():
            if route.mounted or not way.mounted_only:
                path = route.path if route.path.startswith(f"{way.before_routes}/") else way.before_routes + route.path
                found[(route.method, shape(path))].append(route)
        return found


def shape(path: str) -> str:
    """A path without the names of its parameters and without a slash at its end."""
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/") or "/"


def calling(path: str) -> re.Pattern[str]:
    """What a call of a contract's path looks like, whatever stands before it: `/orders/{id}` is `/v1/orders/7`."""
    parts = [r"[^/]+" if part.startswith("{") else re.escape(part) for part in path.rstrip("/").split("/")]
    return re.compile("(?:.*?)" + "/".join(parts) + "/?")
