"""Compares who may call an operation: what opened it before must open it still."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.difference import CLIENTS, Difference
from evaluators.contract.facts import Contract, Operation

_Key = tuple[tuple[str, ...], frozenset[str]]
"""How a scheme is used, whatever it is called, and the scopes that are asked for."""


def compared(before: Contract, after: Contract, old: Operation, new: Operation) -> Iterator[Difference]:
    """At most one difference: the first way in that is no more enough."""
    was, now = _ways(before, old), _ways(after, new)
    if not now or frozenset() in now or old.webhook:
        return
    if not was or frozenset() in was:
        message = f"{new.symbol} was open and now needs a credential."
        yield Difference("security-tightened", new.symbol, new.node.at, message, CLIENTS)
        return
    for way in was:
        if not any(_enough(way, wanted) for wanted in now):
            kinds = {use for use, _ in way}
            scopes = [_scopes(wanted) for wanted in now if {use for use, _ in wanted} <= kinds]
            more = sorted(min(scopes, key=len, default=set()) - _scopes(way))
            said = f"now asks for the scope {more[0]}" if more else "no longer takes a credential that it took"
            yield Difference("security-tightened", new.symbol, new.node.at, f"{new.symbol} {said}.", CLIENTS)
            return


def _ways(contract: Contract, operation: Operation) -> list[frozenset[_Key]]:
    """The alternatives that open an operation, in order."""
    owner = operation.node if operation.security_stated else contract.root
    schemes = {
        scheme.name: (scheme.kind, scheme.scheme, scheme.where, scheme.node.text("name")) for scheme in contract.schemes
    }
    return [
        frozenset(
            (schemes.get(name, (name,)), frozenset(str(each.value) for each in scopes.elements()))
            for name, scopes in each.items()
        )
        for each in (owner.elements("security") if owner else ())
    ]


def _enough(has: frozenset[_Key], wanted: frozenset[_Key]) -> bool:
    """Whether who has the one gets in by the other."""
    return all(any(use == other and scopes <= held for other, held in has) for use, scopes in wanted)


def _scopes(way: frozenset[_Key]) -> set[str]:
    return {scope for _, scopes in way for scope in scopes}
