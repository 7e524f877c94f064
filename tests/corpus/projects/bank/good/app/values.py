"""Parsing of values that arrive as text."""

import re
from uuid import UUID

UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
INTEGER_TEXT = re.compile(r"-?[0-9]{1,9}")


def parse_uuid(value: object) -> UUID:
    """Accept the text form with hyphens only."""
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and UUID_TEXT.fullmatch(value):
        return UUID(value)
    msg = "the input should be a UUID"
    raise ValueError(msg)


def parse_integer(value: object) -> int:
    """Accept plain decimal digits only."""
    if isinstance(value, int):
        return value
    if isinstance(value, str) and INTEGER_TEXT.fullmatch(value):
        return int(value)
    msg = "the input should be an integer"
    raise ValueError(msg)
