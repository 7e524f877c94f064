"""The slots as JSON Schema, from the vocabulary alone: options, completion and forms are made from it."""

from __future__ import annotations

from typing import Any

from assistant.brief.terms import SLOTS, vocabulary

_ABOUT = {
    "kind": "What is wanted.",
    "framework": "The framework; silent: FastAPI.",
    "action": "What it shall do, in your own words.",
    "authentication": "How callers show who they are; silent: JWT where the kind needs it.",
    "validation": "What checks the input; silent: the framework's usual one.",
    "database": "The database; silent: PostgreSQL.",
    "tools": "Libraries and services to use.",
    "level": "How much is asked for, and proved; silent: advanced.",
    "style": "The API's style; silent: REST.",
}


def slots_schema() -> dict[str, Any]:
    """A JSON Schema of an object with one property for each slot, in the formula's order."""
    return {
        "title": "Brief",
        "type": "object",
        "properties": {slot: _property(slot) for slot in SLOTS},
        "required": ["action"],
        "additionalProperties": False,
    }


def _property(slot: str) -> dict[str, Any]:
    values = list(vocabulary().values(slot))
    if slot == "action":
        return {"description": _ABOUT[slot], "type": "string", "minLength": 1}
    one = {"type": "string", "enum": values}
    if slot == "tools":
        return {"description": _ABOUT[slot], "type": "array", "items": one, "uniqueItems": True}
    return {"description": _ABOUT[slot], **one}
