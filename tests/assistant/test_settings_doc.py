"""docs/models.md names every setting, its variables and its default."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import KEYS, Key

DOC = Path(__file__).parents[2] / "docs" / "models.md"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_the_manual_has_the_setting(key: Key) -> None:
    (row,) = [line for line in DOC.read_text(encoding="utf-8").splitlines() if f"`{key.table}.{key.key}`" in line]
    cells = [cell.strip() for cell in row.split("|")]
    assert cells[2] == ", ".join(f"`{variable}`" for variable in key.variables)
    if isinstance(key.default, int | float):
        assert float(cells[3]) == key.default
    assert ("not in a project's file" in row) is not key.project


def test_the_manual_has_no_other_setting() -> None:
    rows = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) == len(KEYS)
