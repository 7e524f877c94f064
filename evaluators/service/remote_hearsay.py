"""What answers tell of the rows of a service whose database nobody can look at.

What an identity made, and what its list shows and the others' lists do not, is
its own. So much is enough to ask for somebody else's things; what a request
did to the rows is not known, and a probe that asks for it is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.service.client import Answer
from evaluators.service.oracle import Changes, Row, State, Unknown
from evaluators.service.request import Request
from evaluators.service.seeding import Seeds
from evaluators.service.tables import Column, ForeignKey, Table

PEOPLE = "(identities)"
"""The table of those who ask: each known row points to whose it is."""
OWNER = "(owner)"
GUEST = "guest"
KEYS = ("id", "uuid", "guid", "key", "slug", "code", "number")
ITEMS = 50
"""Elements of a list that are taken in."""


Lists = Sequence[tuple[Operation, Mapping[str, Answer]]]
"""What each identity was answered where it asked for a list."""


@dataclass
class Hearsay:
    """Rows as answers show them, by the last word of the path that they stand behind."""

    seeds: Seeds = field(default_factory=Seeds)
    judging: bool = False
    """Whether a probe asks: then nothing is concluded for it."""

    def __post_init__(self) -> None:
        self.seeds.tables = (Table(PEOPLE, (_column("name"),), ("name",), (), (), ("name",)),)

    def person(self, who: str) -> dict[str, Any]:
        """The row that stands for an identity."""
        return {"name": f"{PEOPLE} {who}"}

    def meet(self, names: tuple[str, ...]) -> None:
        """Take in who there is."""
        self.seeds.rows[PEOPLE] = {who: [self.person(who)] for who in names}

    def state(self) -> State:
        """Every known row."""
        return {name: [row for rows in held.values() for row in rows] for name, held in self.seeds.rows.items()}

    def heard(self, request: Request, answer: Answer) -> Changes:
        """What a request is known to have done: an accepted POST that answers a thing with a key of its own made it."""
        if self.judging:
            return Unknown()
        if not 200 <= answer.status < 300:
            return Changes()
        self._gone(request)
        made = _thing(answer) if request.operation.method == "POST" else None
        key = key_in(made, request.operation) if made is not None else ""
        named = {str(value) for value in request.path.values()}
        if made is None or not key or str(made[key]) in named:
            return Changes()
        table = table_behind(request.operation)
        return Changes(((table, self.known(table, key, made, request.who)),))

    def known(self, table: str, key: str, thing: Mapping[str, Any], who: str | None) -> Row:
        """Take in a thing as a row of somebody; None: of nobody."""
        row = {name: value for name, value in thing.items() if not isinstance(value, dict | list)}
        found = self.seeds.table(table)
        key = found.key[0] if found is not None and found.key[0] in row else key
        columns = [each.name for each in found.columns] if found is not None else []
        names = dict.fromkeys([*columns, *row, OWNER])
        owner = ForeignKey((OWNER,), PEOPLE, ("name",))
        made = Table(table, tuple(_column(name) for name in names), (key,), (owner,), (), (key,))
        self.seeds.tables = (*(each for each in self.seeds.tables if each.name != table), made)
        held = self.seeds.rows.setdefault(table, {})
        if who is None:
            # What others see too may still be somebody's: he made it.
            who = next((n for n, rows in held.items() if any(str(e.get(key)) == str(row[key]) for e in rows)), None)
        for rows in held.values():
            rows[:] = [each for each in rows if str(each.get(key)) != str(row[key])]
        row[OWNER] = self.person(who)["name"] if who and who != GUEST else None
        held.setdefault(who or GUEST, []).insert(0, row)
        return row

    def listed(self, lists: Lists) -> None:
        """Take in what lists show."""
        for operation, answers in lists:
            for who, key, thing in shown(operation, answers):
                self.known(table_behind(operation), key, thing, who)

    def _gone(self, request: Request) -> None:
        """Forget what was deleted."""
        if request.operation.method != "DELETE" or not request.path:
            return
        table, value = table_behind(request.operation), str(list(request.path.values())[-1])
        found = self.seeds.table(table)
        for rows in self.seeds.rows.get(table, {}).values() if found is not None else ():
            rows[:] = [row for row in rows if str(row.get(found.key[0])) != value]  # type: ignore[union-attr]


def table_behind(operation: Operation) -> str:
    """The last word of a path that is no parameter: `/orders/{id}/lines` -> `lines`."""
    words = [part for part in operation.path.split("/") if part and "{" not in part]
    return re.sub(r"\W+", "_", words[-1].lower()) if words else "things"


def shown(operation: Operation, answers: Mapping[str, Answer]) -> Iterator[tuple[str | None, str, Mapping[str, Any]]]:
    """(whose, key's name, thing) of what lists show: what one identity alone is shown is its own."""
    held = {who: {str(thing[key]): (key, thing) for key, thing in _things(answer, operation)}
            for who, answer in answers.items()}  # fmt: skip
    for who, things in held.items():
        for text, (key, thing) in things.items():
            alone = len(held) > 1 and not any(text in others for name, others in held.items() if name != who)
            yield who if alone else None, key, thing


def key_in(thing: Mapping[str, Any], operation: Operation) -> str:
    """The property that is a thing's key: by its name, else the one that is called like the thing; empty for none."""
    singular = re.sub(r"s$", "", table_behind(operation))
    spelled = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in thing}
    for word in (*KEYS[:3], f"{singular}id", f"{singular}uuid", *KEYS[3:]):
        name = spelled.get(re.sub(r"[^a-z0-9]", "", word))
        if name is not None and isinstance(thing[name], str | int) and not isinstance(thing[name], bool):
            return name
    return ""


def _thing(answer: Answer) -> Mapping[str, Any] | None:
    """The object of an answer, out of a wrapper of one property."""
    said = answer.json()
    if isinstance(said, dict) and len(said) == 1 and isinstance(next(iter(said.values())), dict):
        said = next(iter(said.values()))
    return said if isinstance(said, dict) else None


def _things(answer: Answer, operation: Operation) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(key, object) of each element of an answered list, out of any wrapper."""
    said = answer.json() if 200 <= answer.status < 300 else None
    if isinstance(said, dict):
        lists = [value for value in said.values() if isinstance(value, list)]
        said = lists[0] if len(lists) == 1 else None
    for each in said[:ITEMS] if isinstance(said, list) else ():
        key = key_in(each, operation) if isinstance(each, dict) else ""
        if key:
            yield key, each


def _column(name: str) -> Column:
    return Column(name, "text", nullable=True, has_default=True, computed=False)
