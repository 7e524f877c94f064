"""The same service under other names, with other keys and in an envelope: probes cannot know it.

`names` makes up words for its tables, columns, properties, parameters, paths, operations and schemas;
`ids` gives it UUIDs where it has integers, and writes its own SQL; `envelope` wraps each JSON answer as {"data": ...}.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.measure.renaming import contract as contracts
from tests.measure.renaming import envelope, ids
from tests.measure.renaming.names import TEXTS, Names
from tests.measure.running import Told

PARTS = ("names", "ids", "envelope")
COUNTED = ("tables", "columns", "properties", "segments")
"""What the one share is taken of."""


@dataclass
class Done:
    """What was done to a service."""

    shares: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What names something -> how many of these names are new, and how many there are."""
    keys: bool = False
    """Whether its keys were made UUIDs."""
    wrapped: int = 0
    """Answers in an envelope."""

    def said(self) -> str:
        """One line."""
        shares = ", ".join(f"{kind} {new}/{whole}" for kind, (new, whole) in self.shares.items())
        counted = [self.shares[kind] for kind in COUNTED if kind in self.shares]
        whole = sum(of for _, of in counted)
        share = f"{sum(new for new, _ in counted) / whole:.0%} renamed ({shares})" if whole else "no names"
        return f"{share}; UUIDs: {'yes' if self.keys else 'no'}; {self.wrapped} answers wrapped"


@dataclass(frozen=True)
class Change:
    """Which change to make of services. The same seed makes the same words."""

    seed: int
    parts: tuple[str, ...] = PARTS

    def __post_init__(self) -> None:
        if unknown := set(self.parts) - set(PARTS):
            raise ValueError(f"not among {', '.join(PARTS)}: {', '.join(sorted(unknown))}")

    def made(self, folder: Path) -> Done:
        """Change a service where it lies. Raises LookupError or SyntaxError where that cannot be done."""
        return renamed(folder, self.seed, self.parts)


def new_findings(told: Iterable[Told], before: frozenset[tuple[str, str]], *, by_rule: bool) -> list[Told]:
    """The findings that were not made before: by rule and symbol, or by how many there are of a rule."""
    found = list(told)
    if not by_rule:
        return [each for each in found if not each.marks <= before]
    held = Counter(rule for rule, _ in before)
    now = Counter(rule for rule, _ in {mark for each in found for mark in each.marks})
    return [each for each in found if now[each.rule] > held[each.rule]]


def renamed(folder: Path, seed: int, parts: Collection[str] = PARTS) -> Done:
    """Change a service where it lies; the same seed makes the same words."""
    done = Done()
    if "ids" in parts and ids.supported(_texts(folder), contracts.read(folder)):
        _keys(folder)
        done.keys = True
    if "names" in parts:
        done.shares = _names(folder, seed)
    if "envelope" in parts:
        contract = contracts.read(folder)
        done.wrapped = envelope.wrap_contract(contract)
        if (routes := envelope.wrap_code(folder, contract)) != done.wrapped:
            raise LookupError(f"{done.wrapped} answers of the contract have an envelope, and {routes} routes")
        contracts.write(folder, contract)
    return done


def _texts(folder: Path) -> dict[Path, str]:
    """The files that hold names, by their path in the folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix in TEXTS and "__pycache__" not in path.parts)
    return {path.relative_to(folder): path.read_text(encoding="utf-8") for path in found}


def _keys(folder: Path) -> None:
    """Make integer keys UUIDs."""
    texts = _texts(folder)
    columns: set[str] = set()
    for path, text in texts.items():
        if path.suffix == ".sql":
            changed, held = ids.changed_schema(text)
            columns |= held
            (folder / path).write_text(changed, encoding="utf-8")
    contract = contracts.read(folder)
    ids.changed_contract(contract, columns)
    contracts.write(folder, contract)
    trees = {path: ast.parse(text) for path, text in texts.items() if path.suffix == ".py"}
    aliases = ids.aliases_of(trees)
    lite = not (folder / "schema.sql").read_text(encoding="utf-8").count("gen_random_uuid()")
    package = next(path.parts[0] for path in trees if len(path.parts) > 1)
    for path in trees:
        text = ids.changed_code(texts[path], columns, aliases, package)
        (folder / path).write_text(text, encoding="utf-8")
    source = ids.SQLITE if lite else ids.POSTGRES
    (folder / package / f"{ids.MODULE}.py").write_text(source, encoding="utf-8")


def _names(folder: Path, seed: int) -> dict[str, tuple[int, int]]:
    """Put made-up names in the place of the service's own."""
    texts = _texts(folder)
    contract = contracts.read(folder)
    names = Names.of(texts, contract, seed)
    contracts.write(folder, names.contract(contract))
    for path, text in texts.items():
        (folder / path).unlink()
        target = folder / (names.path(path) if path.suffix == ".py" else path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(names.text(text), encoding="utf-8")
    return names.shares()
