"""The formula: a sentence's slots, parsed and said again.

The names are imported when they are first used: options and completion need the
vocabulary alone, and must not wait for pydantic.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.brief.parsing import parse
    from assistant.brief.saying import say
    from assistant.brief.schema import slots_schema
    from assistant.brief.slots import Brief, amend, fill
    from assistant.brief.terms import SLOTS, vocabulary

__all__ = ["SLOTS", "Brief", "amend", "fill", "parse", "say", "slots_schema", "vocabulary"]

_HOMES = {
    "parsing": ("parse",),
    "saying": ("say",),
    "schema": ("slots_schema",),
    "slots": ("Brief", "amend", "fill"),
    "terms": ("SLOTS", "vocabulary"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"assistant.brief.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
