"""`backwright doctor`: what this machine isolates and can prove, each thing tried, and which settings are in force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

import typer

from assistant.errors import UsageError


@dataclass(frozen=True)
class Row:
    """One thing that is there, or lacks, and what nobody can verify for lack of it."""

    part: str
    name: str
    state: str
    detail: str
    needed: bool = True
    unverified: list[str] = field(default_factory=list)

    @property
    def lacks(self) -> bool:
        """Whether something cannot be proved here."""
        return self.needed and self.state == "lacks"


def doctor(
    format: Annotated[str, typer.Option(help="console or json.")] = "console",
) -> None:
    """Say what this machine isolates and can prove, and which settings are in force. Exit 3 when something lacks."""
    if format not in ("console", "json"):
        raise UsageError(f"--format {format}: no such format", "console or json")
    rows = [*_isolation(), *_tools()]
    settings = _settings()
    lacks = any(row.lacks for row in rows)
    if format == "json":
        found = {"ok": not lacks, "checks": [asdict(row) for row in rows], "settings": settings}
        typer.echo(json.dumps(found, indent=2))
    else:
        for row in rows:
            typer.echo(f"{row.state:<8} {row.name:<20} {row.detail}")
            if row.lacks and row.unverified:
                typer.echo(f"{'':<8} {'':<20} unverified without it: {', '.join(row.unverified)}")
        for each in settings:
            source = f" ({each['source']})" if each["source"] else ""
            typer.echo(f"{'':<8} {each['name']:<20} {each['value']}{source}")
    if lacks:
        raise typer.Exit(3)


def _isolation() -> Iterator[Row]:
    """The sandbox's mechanisms; the first one carries what cannot be verified without it."""
    from evaluators.service import offers

    for each in offers.mechanisms():
        unverified = list(offers.UNVERIFIED) if each.name == "sandbox" else []
        yield Row("isolation", each.name, each.state.value, each.detail, each.needed, unverified)


def _tools() -> Iterator[Row]:
    """The databases' binaries and the stacks' packages."""
    from evaluators.service import mariadb, postgresql
    from evaluators.stacks import environment
    from evaluators.stacks.stack import find, names

    needing = ["tables", "boot", "fuzz", "probes", "tests"]
    server = postgresql.binaries() is not None
    detail = "found" if server else "no server binaries"
    yield Row("tools", "postgresql", "ok" if server else "lacks", detail, unverified=needing)
    server = mariadb.binaries() is not None
    detail = "found" if server else f"only for MySQL and MariaDB: {mariadb.INSTALL}"
    yield Row("tools", "mariadb", "ok" if server else "lacks", detail, needed=False, unverified=needing)
    for name in names():
        built = environment.place(find(name)).is_dir()
        detail = f"{name}: {'built' if built else f'backwright env build {name}'}"
        stages = ["code (its import run)", "boot", "fuzz", "probes", "tests", "part"]
        yield Row("tools", f"env {name}", "ok" if built else "lacks", detail, unverified=stages)


def _settings() -> list[dict[str, Any]]:
    """Name, value and source; of the key only whether there is one."""
    from assistant.settings import load
    from assistant.trust import Trust

    settings = load()
    rows = [
        ("endpoint", settings.endpoint, "base_url"),
        ("model", settings.model or "not set", "model"),
        ("key", "set" if settings.api_key else "not set", "api_key"),
    ]
    found = [{"name": name, "value": value, "source": str(settings.source(key))} for name, value, key in rows]
    return [*found, *({"name": "trusted", "value": url, "source": ""} for url in Trust().all())]
