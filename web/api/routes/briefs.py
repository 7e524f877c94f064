"""Briefs: a sentence to slots, and slots to a sentence."""

from __future__ import annotations

from typing import Any, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, model_validator

from assistant.brief import amend, fill, parse, say
from web.api.caller import Viewer
from web.api.models import Sent, Sentence
from web.api.slots import Slots, said, slots_of

router = APIRouter(prefix="/briefs", tags=["briefs"])


class Said(Sent):
    """A sentence, slots, or both: then the slots win."""

    sentence: Sentence | None = None
    slots: Slots | None = Field(default=None, description="By name; without a sentence, `action` among them.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.sentence is None and not said(self.slots):
            raise ValueError("a sentence or slots are needed")
        return self


class Brief(BaseModel):
    """What was understood."""

    sentence: str = Field(description="The brief as a sentence of the formula.")
    slots: Slots = Field(description="Every slot, defaults filled in.")
    defaulted: list[str] = Field(max_length=20, description="Slots that nobody spoke of.")


@router.post("", operation_id="understandBrief", summary="Understand a sentence")
def understand(request: Request, caller: Viewer, body: Said) -> Brief:
    """The slots of a sentence, and the sentence of slots. Nothing is kept."""
    slots: dict[str, Any] = said(body.slots)
    if body.sentence is None:
        database = slots.pop("database", None)
        brief = amend(fill(slots), database=database)
    else:
        brief = amend(parse(body.sentence), **slots)
    return Brief(sentence=say(brief), slots=Slots(**slots_of(brief)), defaulted=sorted(brief.defaulted))
