"""The API's contract: what is kept is what is served, and our own gate has nothing to say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from web.api.app import build
from web.api.document import FILE, PREFIX, document, written

BACKWRIGHT = Path(sys.executable).with_name("backwright")


def test_the_kept_document_is_the_served_one() -> None:
    assert FILE.read_text(encoding="utf-8") == written(document(build())), "python -m web.api.document"


def test_every_operation_says_what_it_is() -> None:
    made = document(build())
    assert made["openapi"].startswith("3.1") and made["security"] == [{"token": []}]
    operations = [each for path in made["paths"].values() for each in path.values()]
    assert len(operations) == 18 and all(path.startswith(f"{PREFIX}/") for path in made["paths"])
    for each in operations:
        assert each["operationId"] and each["summary"] and each["description"] and each["tags"]
        assert {"401", "429"} <= set(each["responses"])
    for response in made["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_the_static_gate_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_bytes(FILE.read_bytes())
    for preset in ("recommended", "strict", "security"):
        command = [str(BACKWRIGHT), "check", "openapi.json", "--preset", preset, "--format", "json", "--no-cache"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        report = json.loads(done.stdout)
        assert report["findings"] == [], preset
        assert (report["verdict"], done.returncode) == ("passed", 0)
