"""Reads a price list: XML without a document type, so without entities of its own."""

import re
from xml.parsers import expat

from app.problems import ProblemError

MAX_PRICES = 2000
SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
CENTS = re.compile(r"[1-9][0-9]{0,8}")
MAX_CENTS = 100_000_000


def _refused(detail: str) -> ProblemError:
    return ProblemError(422, f"The price list cannot be read: {detail}.")


class _Reader:
    """Takes the parser's events."""

    def __init__(self) -> None:
        self.depth = 0
        self.prices: dict[str, int] = {}

    def doctype(self, *_event: object) -> None:
        raise _refused("document types are not allowed")

    def end(self, _name: str) -> None:
        self.depth -= 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and name == "prices":
            return
        if self.depth != 2 or name != "price":
            raise _refused("it has other elements than prices and price")
        sku, cents = attributes.get("sku", ""), attributes.get("cents", "")
        if not SKU.fullmatch(sku) or not CENTS.fullmatch(cents) or int(cents) > MAX_CENTS:
            raise _refused("a price has no valid sku or cents")
        if sku in self.prices:
            raise _refused("a sku is named twice")
        if len(self.prices) == MAX_PRICES:
            raise _refused(f"it has more than {MAX_PRICES} prices")
        self.prices[sku] = int(cents)


def prices_of(document: bytes) -> dict[str, int]:
    """SKU and cents. Raises ProblemError (422)."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise _refused("it is not well-formed") from None
    return reader.prices
