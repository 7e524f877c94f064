"""Odd names and secrets at a token endpoint that takes clients by HTTP basic: a good service, and changed ones."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from twin_runs import probed

DEPOT = Path(__file__).parents[2] / "corpus" / "services" / "depot" / "good"
PACK = ("odd-credential-unhandled",)
READ = """.decode().partition(":")
    except (binascii.Error, ValueError):"""
CHANGES = {
    "a name with a null byte goes to the database": (
        "if not CREDENTIAL.fullmatch(key) or len(secret) > MAX_SECRET:",
        "if len(secret) > MAX_SECRET:",
        "with a null byte in its name",
    ),
    "bytes that are no text": (READ, READ.replace("ValueError", "KeyError"), "that is no UTF-8"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_client_that_breaks_the_endpoint_is_told(name: str, tmp_path: Path) -> None:
    old, new, what = CHANGES[name]
    folder = tmp_path / "service"
    shutil.copytree(DEPOT, folder)
    path = folder / "app" / "oauth.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = asyncio.run(probed(folder, PACK)).findings
    assert [(each.symbol, each.message) for each in found] == [
        ("POST /token", f"POST /token breaks at a basic credential {what}.")
    ]


def test_nothing_is_told_of_the_good_one() -> None:
    assert asyncio.run(probed(DEPOT, PACK)).findings == []
