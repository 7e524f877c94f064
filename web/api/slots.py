"""The formula's slots as the API takes and answers them, from the vocabulary alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from assistant.brief import SLOTS, Brief, slots_schema
from assistant.brief.slots import MAX_SENTENCE

SUPABASE = "Supabase"
"""PostgreSQL with a host that matters for the schema."""

MOST_TOOLS = 20


def _fields() -> dict[str, Any]:
    """A field for each slot: name -> type and description."""
    fields: dict[str, Any] = {}
    for name, about in slots_schema()["properties"].items():
        said = {"description": about["description"]}
        if name == "action":
            kind: Any = Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE, pattern=r"^[^\x00]*$")]
        elif name == "tools":
            one: Any = Literal[tuple(about["items"]["enum"])]
            kind = Annotated[list[one], Field(max_length=MOST_TOOLS)]
        else:
            values = (*about["enum"], SUPABASE) if name == "database" else tuple(about["enum"])
            kind = Literal[values]
        fields[name] = (kind | None, Field(default=None, **said))
    return fields


if TYPE_CHECKING:

    class Slots(BaseModel):
        """Slots by name; what is left out is silent."""
else:
    Slots = create_model(
        "Slots",
        __config__=ConfigDict(
            extra="forbid", strict=True, json_schema_extra={"examples": [{"database": "PostgreSQL"}]}
        ),
        __doc__="Slots by name; what is left out is silent.",
        **_fields(),
    )


def said(slots: Slots | None) -> dict[str, Any]:
    """What slots say, by name; silent ones are left out."""
    return {name: value for name, value in slots.model_dump().items() if value} if slots is not None else {}


def as_options(slots: Slots | None) -> dict[str, str]:
    """The same as the command line's options spell it, in which tools are one text."""
    return {name: ", ".join(value) if name == "tools" else value for name, value in said(slots).items()}


def slots_of(brief: Brief) -> dict[str, Any]:
    """All slots of a brief, defaults filled in."""
    values = {name: getattr(brief, name) for name in SLOTS}
    return values | {"tools": list(brief.tools)} | ({"database": SUPABASE} if brief.supabase else {})
