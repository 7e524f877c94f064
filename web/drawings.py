"""The diagram and the contract of a draft, worked out once for the same files and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from assistant.journal_records import RunRecord
from evaluators.contract.document import candidates, contract_of
from evaluators.draft import Draft, Role, Subject, UnsafePath, role_of
from evaluators.folder import guess_dialect
from evaluators.sql.schema import schema_of
from web.show.contract import ContractView, contract_view
from web.show.diagram import Diagram, diagram

Files = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """A diagram with what cannot be drawn."""

    diagram: Diagram | None
    dialect: str


def draft_of(files: Mapping[str, str]) -> Draft:
    """The files as a draft; an empty one where a path is unsafe."""
    try:
        return Draft.of(dict(files))
    except UnsafePath:
        return Draft()


def diagram_of(record: RunRecord, files: Mapping[str, str], address: Callable[[str, int], str]) -> Drawn:
    """The diagram of a draft's schema; none where it has no table."""
    kept = tuple(files.items())
    dialect = str(record.options.get("dialect") or "") or _dialect(kept)
    schema = tuple(each for each in kept if role_of(each[0]) in (Role.SCHEMA, Role.MIGRATION))
    return Drawn(_diagram(schema, dialect, address("\0", 0)), dialect)


@lru_cache(maxsize=24)
def _dialect(files: Files) -> str:
    """The dialect that the files look like."""
    return guess_dialect(draft_of(dict(files)))


@lru_cache(maxsize=24)
def _diagram(files: Files, dialect: str, pattern: str) -> Diagram | None:
    """The diagram of these files; `pattern` is an address with NUL for the path."""
    schema = schema_of(Subject(draft_of(dict(files)), dialect))
    if not schema.tables:
        return None

    def address(path: str, line: int) -> str:
        return f"{pattern.replace(quote(chr(0)), quote(path, safe=''))}&line={line}#L{line}"

    return diagram(schema, address)


def contract_of_files(files: Mapping[str, str], tag: str) -> ContractView | None:
    """The contract of a draft; none where there is none."""
    draft = draft_of(files)
    if not candidates(draft):
        return None
    roles = (Role.CONTRACT, Role.CONFIGURATION, Role.OTHER)
    return _contract(tuple((each.path, each.text) for each in draft.having(*roles)), tag)


@lru_cache(maxsize=24)
def _contract(files: Files, tag: str) -> ContractView:
    """The contract of these files."""
    return contract_view(contract_of(Subject(draft_of(dict(files)))), tag)
