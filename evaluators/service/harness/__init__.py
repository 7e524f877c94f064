"""Programs that run inside the sandbox beside a draft, as data: nothing here is imported by the gate."""

from __future__ import annotations

from importlib import resources


def source(name: str) -> str:
    """The text of a harness program (`suites`); raises FileNotFoundError."""
    return (resources.files("evaluators.service.harness") / f"{name}.py").read_text(encoding="utf-8")
