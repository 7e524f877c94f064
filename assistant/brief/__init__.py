"""The formula: a sentence's slots, parsed and said again."""

from assistant.brief.parse import parse
from assistant.brief.say import say
from assistant.brief.slots import Brief, amend, fill, slots_schema
from assistant.brief.vocabulary import SLOTS, vocabulary

__all__ = ["SLOTS", "Brief", "amend", "fill", "parse", "say", "slots_schema", "vocabulary"]
