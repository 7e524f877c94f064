"""Reports on an evaluation: a module with `render(results, comparison=None) -> str` each, found by its format."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.experiment.comparing import Comparison
    from assistant.experiment.results import Results

FORMATS = {
    "table": "table",
    "json": "as_json",
    "junit": "junit",
    "markdown": "markdown",
    "github": "github",
    "html": "page",
}
"""What `--format` takes -> the module."""


def render(name: str, results: Results, comparison: Comparison | None = None, **options: Any) -> str:
    """The report in the format `name`; ends in one line end. `options` are the module's own.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FORMATS:
        raise UsageError(f"{name!r} is no format of an evaluation", f"there are {', '.join(FORMATS)}")
    text = importlib.import_module(f"{__name__}.{FORMATS[name]}").render(results, comparison, **options)
    assert isinstance(text, str)  # noqa: S101  what every format's module promises
    return text
