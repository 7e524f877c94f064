"""Report formats: one module with `render(report) -> str` each, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluators.report import Report


class UnknownFormat(ValueError):
    """No format has that name; the message lists those that there are."""


def names() -> tuple[str, ...]:
    """The formats' names, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def render(name: str, report: Report) -> str:
    """`report` in the format `name`; ends in one line end. Raises UnknownFormat."""
    if name not in names():
        raise UnknownFormat(f"{name!r} is no report format; there are {', '.join(names())}")
    text = importlib.import_module(f"{__name__}.{name}").render(report)
    assert isinstance(text, str)  # noqa: S101  what every format's module promises
    return text
