"""The defects planted in running services."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.measure.corpus import PROJECTS, ROOT, header, patched

SERVICES = ROOT / "tests" / "corpus" / "services"
FIELDS = ("class", "title", "why", "symbol", "set")


@dataclass(frozen=True)
class Mutant:
    """One planted defect."""

    service: str
    slug: str
    kind: str
    title: str
    symbol: str
    held_out: bool
    patch: Path
    good: Path

    @property
    def name(self) -> str:
        """`service/defect`."""
        return f"{self.service}/{self.slug}"

    def applied(self, into: Path) -> Path:
        """The service with the defect in it. Raises CorpusError where the patch does not apply."""
        return patched(self.good, self.patch, into, self.name)


def services() -> dict[str, Path]:
    """Name -> the folder of the good service."""
    found = {}
    for folder in sorted(SERVICES.iterdir()):
        own, recorded = folder / "good", PROJECTS / folder.name / "good"
        if own.is_dir() or (recorded / "app").is_dir():
            found[folder.name] = own if own.is_dir() else recorded
    return found


def mutants(service: str, good: Path, which: str = "*") -> list[Mutant]:
    """The defects planted in a service. Raises CorpusError for a header that is not whole."""
    return [_mutant(service, good, path) for path in sorted((SERVICES / service / "defects").glob(f"{which}.patch"))]


def _mutant(service: str, good: Path, path: Path) -> Mutant:
    said = header(f"{service}/{path.stem}", path, FIELDS)
    return Mutant(
        service, path.stem, said["class"], said["title"], said["symbol"], said["set"] == "held-out", path, good
    )
