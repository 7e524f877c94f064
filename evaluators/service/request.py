"""A request as a value: taken from a working one, changed in one place, and sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from evaluators.contract.facts import Operation
from evaluators.service.encodings import BOUNDARY, MULTIPART, in_parts

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
"""Stands for a body that is not there."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Request:
    """One request to an operation, before anything of it is encoded."""

    operation: Operation
    who: str | None = None
    """The name of the identity that sends it; None: nobody."""
    path: Mapping[str, Any] = field(default_factory=dict)
    """Path parameter -> value."""
    query: Mapping[str, Any] = field(default_factory=dict)
    """Query parameter -> value; a list is sent once for each element."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers besides those of the identity and the body."""
    body: Any = ABSENT
    """JSON for a JSON, a form or a multipart body (there with `Upload`s), bytes or text for any other."""
    media: str = JSON
    credential: Mapping[str, str] | None = None
    """Headers in place of the identity's: a forged token, say. They are told as they are."""

    def as_(self, who: str | None) -> Request:
        """The same request of somebody else."""
        return replace(self, who=who, credential=None)

    def at(self, **path: Any) -> Request:
        """The same request with other path values."""
        return replace(self, path={**self.path, **path})

    def asking(self, **query: Any) -> Request:
        """The same request with other query values; ABSENT takes one out."""
        values = {name: value for name, value in {**self.query, **query}.items() if value is not ABSENT}
        return replace(self, query=values)

    def saying(self, **headers: str) -> Request:
        """The same request with more headers; underscores stand for hyphens."""
        return replace(self, headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})

    def with_body(self, body: Any, media: str | None = None) -> Request:
        """The same request with another body."""
        return replace(self, body=body, media=media or self.media)

    def having(self, place: tuple[str | int, ...], value: Any) -> Request:
        """The same request with `value` at a place of its JSON body (`("items", 0, "quantity")`)."""
        return replace(self, body=placed(self.body, place, value))

    def forged(self, headers: Mapping[str, str]) -> Request:
        """The same request with these headers for its credential."""
        return replace(self, credential=dict(headers))

    @property
    def target(self) -> str:
        """Path and query, percent-encoded."""
        path = self.operation.path
        for name, value in self.path.items():
            path = path.replace("{" + name + "}", quote(plain(value), safe=""))
        pairs = [(name, each) for name, value in self.query.items() for each in _listed(value)]
        encoded = urlencode([(name, plain(each)) for name, each in pairs])
        return f"{path}?{encoded}" if encoded else path

    @property
    def content(self) -> bytes | None:
        """The body as it is sent, or None."""
        if self.body is ABSENT:
            return None
        if isinstance(self.body, bytes):
            return self.body
        if self.is_json:
            # NaN and lone surrogates are sent as they are: a probe may want them.
            return json.dumps(self.body).encode("utf-8", "surrogatepass")
        if self.media == FORM and isinstance(self.body, Mapping):
            return urlencode({name: plain(value) for name, value in self.body.items()}).encode()
        if self.media == MULTIPART and isinstance(self.body, Mapping):
            return in_parts(self.body)
        return str(self.body).encode("utf-8", "surrogatepass")

    @property
    def is_json(self) -> bool:
        """Whether the body is sent as JSON."""
        bare = self.media.split(";")[0].strip()
        return bare == JSON or bare.endswith("+json")

    @property
    def own_headers(self) -> dict[str, str]:
        """The headers without those of the identity."""
        bounded = f"; boundary={BOUNDARY}" if self.media == MULTIPART else ""
        typed = {} if self.body is ABSENT else {"Content-Type": self.media + bounded}
        return {**typed, **self.headers}

    @property
    def symbol(self) -> str:
        """`POST /orders/{id}`."""
        return self.operation.symbol


def placed(body: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a JSON value with `value` at a place; ABSENT takes a property out; missing objects are made."""
    if not place:
        return value
    head, *rest = place
    if isinstance(head, int):
        items = list(body) if isinstance(body, list) else []
        items += [None] * (head + 1 - len(items))
        items[head] = placed(items[head], tuple(rest), value)
        return items
    whole = dict(body) if isinstance(body, Mapping) else {}
    if not rest and value is ABSENT:
        whole.pop(head, None)
        return whole
    whole[head] = placed(whole.get(head), tuple(rest), value)
    return whole


def leaves(body: Any, at: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """(place, value) of every scalar in a JSON value."""
    if isinstance(body, Mapping):
        return [leaf for name, value in body.items() for leaf in leaves(value, (*at, str(name)))]
    if isinstance(body, list):
        return [leaf for number, value in enumerate(body) for leaf in leaves(value, (*at, number))]
    return [(at, body)]


def plain(value: Any) -> str:
    """A scalar as it stands in a path, a query or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
