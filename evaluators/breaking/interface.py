"""Compares two contracts, operation by operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from evaluators.breaking.difference import CLIENTS, GENERATED, READERS, SENDERS, Difference
from evaluators.breaking.security import compared as guards
from evaluators.breaking.values import REQUEST, RESPONSE, Comparison
from evaluators.contract.facts import Contract, Media, Operation, Parameter, Response
from evaluators.contract.node import Node


def compared(before: Contract, after: Contract) -> Iterator[Difference]:
    """Every difference between two contracts that breaks a client."""
    values = Comparison()
    for webhooks in (False, True):
        old = {_key(each): each for each in (before.webhooks if webhooks else before.operations)}
        new = {_key(each): each for each in (after.webhooks if webhooks else after.operations)}
        for key, operation in old.items():
            other = new.get(key)
            if other is None:
                yield _gone(operation, after)
            else:
                yield from _Pair(before, after, operation, other, values).differences()
    yield from _servers(before, after)


def _key(operation: Operation) -> tuple[str, str]:
    """Method and path with its parameters unnamed: what they are called is nobody's business."""
    return operation.method, re.sub(r"\{[^{}]*\}", "{}", operation.path).rstrip("/")


def _gone(operation: Operation, after: Contract) -> Difference:
    """An operation that is no more."""
    root = after.root
    item = root.down("paths", operation.path) if root else None
    at = item or (root.get("webhooks" if operation.webhook else "paths") if root else None) or root
    assert at is not None  # noqa: S101 -- a contract that is compared has a root
    if operation.node.flag("deprecated") and _passed(operation):
        message = f"{operation.symbol} was deprecated, its sunset has passed, and it is gone."
        return Difference("deprecated-operation-removed", operation.symbol, at.at, message, CLIENTS)
    said = " It was deprecated, and its sunset has not passed." if operation.node.flag("deprecated") else ""
    hint = "Keep it, mark it deprecated, and name a sunset."
    return Difference("operation-removed", operation.symbol, at.at, f"{operation.symbol} is gone.{said}", CLIENTS, hint)


def _passed(operation: Operation) -> bool:
    """Whether a sunset that the operation named has passed; without one it has not."""
    texts = [str(operation.node.raw(key) or "") for key in ("x-sunset", "x-sunset-date", "description")]
    for response in operation.responses:
        header = next((node for name, node in response.node.items("headers") if name.lower() == "sunset"), None)
        texts += [str(header.followed().value)] if header is not None else []
    found = [day for text in texts for day in re.findall(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", text)]
    return any(_day(day) < datetime.now(UTC).date() for day in found[:1])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _servers(before: Contract, after: Contract) -> Iterator[Difference]:
    """Addresses that are no more."""
    known = {server.text("url").rstrip("/") for server in after.servers}
    at = (after.root.get("servers") or after.root) if after.root else None
    for server in before.servers if known else ():
        url = server.text("url").rstrip("/")
        if url not in known and at is not None:
            yield Difference("server-removed", url or "/", at.at, f"The server {url or '/'} is gone.", CLIENTS)


@dataclass(frozen=True)
class _Pair:
    """One operation in both states."""

    before: Contract
    after: Contract
    old: Operation
    new: Operation
    values: Comparison

    def differences(self) -> Iterator[Difference]:
        yield from self._identity()
        yield from guards(self.before, self.after, self.old, self.new)
        yield from self._parameters()
        yield from self._body()
        for response in self.old.responses:
            yield from self._response(response)

    @property
    def _taken(self) -> str:
        """The way of what the operation takes: a webhook is read by those who were the clients."""
        return RESPONSE if self.old.webhook else REQUEST

    @property
    def _given(self) -> str:
        return REQUEST if self.old.webhook else RESPONSE

    def _told(self, kind: str, symbol: str, at: Node, message: str, breaks: str) -> Difference:
        return Difference(kind, symbol, at.at, message, breaks)

    def _identity(self) -> Iterator[Difference]:
        if self.old.id and self.old.id != self.new.id:
            message = f"{self.new.symbol} was called {self.old.id} and is called {self.new.id or 'nothing'}."
            yield self._told("operation-id-changed", self.old.symbol, self.new.node, message, GENERATED)

    def _parameters(self) -> Iterator[Difference]:
        old = {_place(self.old, each): each for each in self.old.parameters}
        new = {_place(self.new, each): each for each in self.new.parameters}
        for key, parameter in new.items():
            known = old.get(key)
            if parameter.required and (known is None or not known.required) and parameter.where != "path":
                word = "is new and" if known is None else "was optional and"
                message = f"The {parameter.where} parameter {parameter.name} of {self.new.symbol} {word} must be sent."
                symbol = f"{self.new.symbol} {parameter.name}"
                yield self._told("input-newly-required", symbol, parameter.node, message, SENDERS)
            if known is not None and known.schema is not None and parameter.schema is not None:
                label = f"{self.new.symbol} {parameter.name}"
                yield from self.values.compare(known.schema, parameter.schema, REQUEST, label)
                if _style(known) != _style(parameter):
                    message = f"The parameter {parameter.name} of {self.new.symbol} is written in another style."
                    yield self._told("parameter-style-changed", label, parameter.node, message, SENDERS)
        for key, parameter in old.items():
            if key not in new and parameter.where != "path":
                message = f"{self.new.symbol} no longer takes the {parameter.where} parameter {parameter.name}."
                symbol = f"{self.old.symbol} {parameter.name}"
                yield self._told("parameter-removed", symbol, self.new.node, message, SENDERS)

    def _body(self) -> Iterator[Difference]:
        old, new, symbol = self.old.body, self.new.body, self.new.symbol
        if new is not None and new.required and (old is None or not old.required):
            message = f"{symbol} must now be sent with a body."
            yield self._told("input-newly-required", f"{symbol} body", new.node, message, SENDERS)
        if old is None or new is None:
            return
        kind = "request-media-type-removed" if self._taken == REQUEST else "response-media-type-removed"
        yield from self._media(old.media, new.media, self._taken, f"{symbol} body", kind, new.node)

    def _response(self, old: Response) -> Iterator[Difference]:
        symbol = self.new.symbol
        new = self.new.response(old.status) if old.status != "default" else _named(self.new, "default")
        if new is None:
            if old.status.startswith("2") and not self.old.webhook:
                at = self.new.node.get("responses") or self.new.node
                message = f"{symbol} no longer answers {old.status}."
                yield self._told("success-status-removed", f"{symbol} {old.status}", at, message, READERS)
            return
        label = f"{symbol} {old.status}"
        failed = old.status[:1] in "45d"
        kind = "error-format-changed" if failed else "response-media-type-removed"
        yield from self._media(old.media, new.media, self._given, label, kind, new.written)
        for name in old.headers:
            if name not in new.headers:
                message = f"The {old.status} of {symbol} no longer has the header {name}."
                yield self._told("response-header-removed", f"{label} {name}", new.written, message, READERS)

    def _media(
        self, old: tuple[Media, ...], new: tuple[Media, ...], way: str, label: str, kind: str, at: Node
    ) -> Iterator[Difference]:
        known = {_bare(each.type): each for each in new}
        for media in old:
            other = known.get(_bare(media.type))
            if other is None and not {"*/*", _bare(media.type).split("/")[0] + "/*"} & known.keys():
                message = f"{label} no longer has the media type {media.type}."
                breaks = SENDERS if way == REQUEST else READERS
                yield self._told(kind, f"{label} {media.type}", at, message, breaks)
            elif other is not None and media.schema is not None and other.schema is not None:
                yield from self.values.compare(media.schema, other.schema, way, label)


def _bare(media: str) -> str:
    return media.split(";")[0].strip().lower()


def _named(operation: Operation, status: str) -> Response | None:
    return next((each for each in operation.responses if each.status == status), None)


def _place(operation: Operation, parameter: Parameter) -> tuple[str, str]:
    """What makes a parameter the same: its name, and in a path its place."""
    if parameter.where == "path":
        names = re.findall(r"\{([^{}]*)\}", operation.path)
        return "path", str(names.index(parameter.name)) if parameter.name in names else parameter.name
    name = parameter.name.lower() if parameter.where == "header" else parameter.name
    return parameter.where, name


def _style(parameter: Parameter) -> tuple[str, bool]:
    usual = "form" if parameter.where in ("query", "cookie") else "simple"
    style = parameter.node.text("style", usual)
    explode = parameter.node.raw("explode")
    return style, explode if isinstance(explode, bool) else style == "form"
