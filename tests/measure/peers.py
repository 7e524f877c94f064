"""What other tools say about the same patches: squawk, sqlfluff, Spectral with its OWASP rules, Redocly.

They are counted generously: a peer has found a defect when it says anything at
all about the patched files, rule and message without positions, that it does
not say about the good ones. Ours must be the right rule in the right place.

Figures are kept in `peers.json`, each with a hash of what it was measured on;
`python -m tests.measure.peers` (`make peers`) measures the missing ones anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.measure.corpus import ROOT, Planted, Project, planted, projects
from tests.measure.recall import Outcome

HOME = ROOT / "benchmarks" / "peers"
RESULTS = Path(__file__).with_name("peers.json")
BINARIES = os.pathsep.join([str(HOME / "node_modules" / ".bin"), str(HOME / "venv" / "bin"), os.environ["PATH"]])
SECONDS = 300
"""A peer that takes longer on one project says nothing."""

Complaints = Counter[tuple[str, str]]
"""(rule, message) -> how often."""


@dataclass(frozen=True)
class Peer:
    """Another linter: how it is called on files, and how its answer is read."""

    name: str
    version: str
    command: Callable[[Sequence[str], str], list[str]]
    read: Callable[[str], Complaints]
    suffixes: tuple[str, ...]
    dialects: tuple[str, ...] = ()

    def about(self, folder: Path, files: Sequence[str], dialect: str) -> Complaints:
        """What the peer says about `files` of `folder`; nothing where they are not its kind."""
        if not files or (self.dialects and dialect not in self.dialects):
            return Counter()
        environment = {**os.environ, "PATH": BINARIES}
        try:
            done = subprocess.run(
                self.command(files, dialect), cwd=folder, env=environment, capture_output=True, text=True,
                check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Counter()
        try:
            return self.read(done.stdout)
        except (ValueError, KeyError, TypeError) as error:
            raise RuntimeError(f"{self.name} on {folder.name}: {done.stderr.strip()[-300:]}") from error


def _plain(message: str) -> str:
    """A message without positions."""
    return re.sub(r"\d+", "0", message)


def _spectral(text: str) -> Complaints:
    return Counter((each["code"], _plain(f"{each['message']} {each['path'][:4]}")) for each in json.loads(text or "[]"))


def _redocly(text: str) -> Complaints:
    return Counter((each["ruleId"], _plain(each["message"])) for each in json.loads(text)["problems"])


def _squawk(text: str) -> Complaints:
    return Counter((each["rule_name"], _plain(each["message"])) for each in json.loads(text or "[]"))


def _sqlfluff(text: str) -> Complaints:
    said = (each for file in json.loads(text) for each in file["violations"])
    return Counter((each["code"], _plain(each["description"])) for each in said)


OPENAPI = (".yaml", ".yml", ".json")

PEERS = (
    Peer("squawk", "2.70.0", lambda files, _: ["squawk", "--reporter", "json", *files], _squawk, (".sql",),
         ("postgres",)),
    Peer("sqlfluff", "4.5.0", lambda files, dialect: ["sqlfluff", "lint", "--dialect", dialect, "--format", "json",
         "--processes", "1", *files], _sqlfluff, (".sql",)),
    Peer("Spectral + OWASP", "6.16.3 + 2.0.1", lambda files, _: ["spectral", "lint", "-q", "-f", "json", "-r",
         str(HOME / "spectral.yaml"), *files], _spectral, OPENAPI),
    Peer("Redocly", "2.77.0", lambda files, _: ["redocly", "lint", "--format", "json", "--extends", "recommended",
         *files], _redocly, OPENAPI),
)  # fmt: skip


def measure() -> None:
    """Measure what `peers.json` lacks or holds for another text, and write it anew."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    jobs: list[tuple[str, Callable[[], dict[str, Any]]]] = []
    wanted = set()
    for project in projects():
        for defect in (None, *planted(project)):
            key = f"{project.name}/{defect.slug}" if defect else project.name
            mark = _mark(project, defect)
            wanted.add(key)
            if kept.get(key, {}).get("of") != mark:
                jobs.append((key, lambda project=project, defect=defect, mark=mark: _one(project, defect, mark)))
    with ThreadPoolExecutor(2) as pool:
        for (key, _), result in zip(jobs, pool.map(lambda job: job[1](), jobs), strict=True):
            kept[key] = result
            known = {name: kept[name] for name in sorted(wanted) if name in kept}
            RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _mark(project: Project, defect: Planted | None) -> str:
    """A hash of the peers' versions, the good files and the patch."""
    text = hashlib.sha256("".join(peer.name + peer.version for peer in PEERS).encode())
    assert project.folder is not None
    for path in sorted(project.folder.rglob("*")):
        if path.is_file() and path.suffix in (".sql", *OPENAPI):
            text.update(str(path.relative_to(project.folder)).encode() + path.read_bytes())
    if defect:
        text.update(re.sub(r"(?m)^# .*\n", "", defect.patch.read_text(encoding="utf-8")).encode())
    return text.hexdigest()[:16]


def _one(project: Project, defect: Planted | None, mark: str) -> dict[str, Any]:
    """The number of complaints of each peer: about the good project, or new ones about the patched files."""
    assert project.folder is not None
    dialect = _dialect(project.folder)
    with tempfile.TemporaryDirectory() as scratch:
        folder, names = project.folder, _files(project.folder)
        if defect:
            folder = defect.applied(project.folder, Path(scratch, project.name))
            names = _changed(project.folder, folder)
        told = {}
        for peer in PEERS:
            mine = _read_by(peer, folder, names)
            said = peer.about(folder, mine, dialect)
            if defect:
                said -= peer.about(project.folder, [name for name in mine if (project.folder / name).exists()], dialect)
            told[peer.name] = sum(said.values())
    return {"of": mark, "said": told}


def _files(folder: Path) -> list[str]:
    """The SQL files and contracts of a folder, relative."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix in (".sql", *OPENAPI))
    return sorted(str(path.relative_to(folder)) for path in found)


def _changed(good: Path, patched: Path) -> list[str]:
    """The files of `patched` that differ from `good`'s."""
    return [
        name
        for name in _files(patched)
        if not (good / name).exists() or (good / name).read_bytes() != (patched / name).read_bytes()
    ]


def _read_by(peer: Peer, folder: Path, names: Iterable[str]) -> list[str]:
    """Those of the files that the peer is for; any part of a split contract stands for its root."""
    if peer.suffixes == (".sql",):
        return [name for name in names if name.endswith(".sql")]
    roots = [name for name in _files(folder) if Path(name).stem == "openapi"]
    parts = [name for name in names if name.endswith(OPENAPI) and "openapi" in name]
    return roots if parts else []


def _dialect(folder: Path) -> str:
    """The project's SQL dialect, by its name's ending."""
    known = {"mysql": "mysql", "tsql": "tsql", "sqlite": "sqlite"}
    return known.get(folder.parent.name.rpartition("_")[2], "postgres")


def tell(outcomes: list[Outcome]) -> None:
    """Print the peers' recall and noise beside ours, from the kept figures that are of these very files."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    marks = {(project.name, None): project for project in projects()}
    good = {name: kept.get(name) for (name, _), project in marks.items() if _current(kept, project, None)}
    known = [
        (outcome, kept[f"{outcome.defect.project}/{outcome.defect.slug}"])
        for outcome in outcomes
        if _current(kept, marks[(outcome.defect.project, None)], outcome.defect)
    ]
    if len(known) < len(outcomes) or len(good) < len(marks):
        print(f"\npeers: measured on {len(known)} of {len(outcomes)} patches; `make peers` measures the others")
    if not known:
        return
    print(f"\n{'on the same ' + str(len(known)) + ' patches':<24}{'found':>7}{'on the good projects':>24}")
    for peer in PEERS:
        found = sum(result["said"][peer.name] > 0 for _, result in known)
        noise = sum(result["said"][peer.name] for result in good.values() if result)
        print(f"{peer.name:<24}{found:>7}{noise:>24}")
    together = sum(any(result["said"].values()) for _, result in known)
    print(f"{'all of them together':<24}{together:>7}")
    print(f"{'backwright':<24}{sum(bool(outcome.found) for outcome, _ in known):>7}")


def _current(kept: dict[str, Any], project: Project, defect: Planted | None) -> bool:
    """Whether the kept figure is of these very files and versions."""
    key = f"{project.name}/{defect.slug}" if defect else project.name
    return bool(kept.get(key, {}).get("of") == _mark(project, defect))


if __name__ == "__main__":
    sys.exit(measure())
