"""Two states of a project as facts: what was, what is, and how the one differs from the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from evaluators.breaking.difference import Difference
from evaluators.contract.document import contract_of
from evaluators.contract.facts import Contract
from evaluators.draft import Draft, Subject
from evaluators.rule import Flaw
from evaluators.sql.facts import Schema
from evaluators.sql.schema import schema_of


@dataclass(frozen=True)
class State:
    """One state. `contract` and `schema` are None where there is none that can be read."""

    contract: Contract | None
    schema: Schema | None
    unread: tuple[str, ...] = ()
    """What is there and cannot be read, in words."""


@dataclass(frozen=True)
class Change:
    """What was and what is."""

    before: State
    after: State

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference that breaks somebody; empty where a side has nothing of the kind."""
        from evaluators.breaking.interface import compared as interfaces
        from evaluators.breaking.tables import compared as tables

        found: list[Difference] = []
        if self.before.contract and self.after.contract:
            found += interfaces(self.before.contract, self.after.contract)
        if self.before.schema and self.after.schema:
            found += tables(self.before.schema, self.after.schema)
        return tuple(found)

    def told(self, kind: str) -> Iterator[Flaw]:
        """The differences of a kind as flaws, each symbol once."""
        seen: set[str] = set()
        for each in self.differences:
            if each.kind == kind and each.symbol not in seen:
                seen.add(each.symbol)
                yield Flaw(each.symbol, each.at, each.message, f"breaks: {each.breaks}", each.hint)


def change_of(subject: Subject) -> Change:
    """The change from the subject's earlier state to what it is now; ask for it by `subject.fact(change_of)`."""
    earlier = replace(subject, draft=subject.before or Draft(), before=None, _memo={})
    return Change(_state(earlier), _state(subject))


def change_in(draft: Draft, dialect: str = "postgres") -> Change:
    """The change between the two states that one draft holds under `before/` and `after/`."""
    states = []
    for folder in ("before/", "after/"):
        held = Draft(tuple(artifact for artifact in draft if artifact.path.startswith(folder)))
        states.append(_state(Subject(held, dialect=dialect)))
    return Change(*states)


def _state(subject: Subject) -> State:
    contract, schema = subject.fact(contract_of), subject.fact(schema_of)
    unread = [f"the contract {contract.path}"] if contract.path and contract.root is None else []
    unread += [f"a statement of {each.at.path}" for each in schema.unread if each.broken]
    return State(
        contract if contract.root is not None else None,
        schema if schema.tables or schema.enums else None,
        tuple(dict.fromkeys(unread)),
    )
