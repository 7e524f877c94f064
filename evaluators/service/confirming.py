"""Confirmation of an account: by the link or the code that the log holds, else by the account's row."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.shapes import shape_of
from evaluators.service.entering import MAILED, Account, media_of, secret_in
from evaluators.service.oracle import Row
from evaluators.service.request import Request
from evaluators.service.served import prefix_of
from evaluators.service.step import Step, Watch
from evaluators.service.tables import Table

LINK = re.compile(r"(?:https?://[^\s\"'<>/]+)?(/[^\s\"'<>]*)")
ACCESS = re.compile(r"\"[A-Z]+ /[^\"]* HTTP/[\d.]+\"")
"""A line that a server writes for each request; it is no mail."""
WANTED = re.compile(r"token|code|key|otp|pin|^t$|secret", re.IGNORECASE)
MARK = re.compile(r"verif|confirm|activ|approv|enabled|validated", re.IGNORECASE)
TRIED = 12
"""Requests sent to confirm one account."""
HOPS = 3


async def confirm(watch: Watch, contract: Contract, given: Account) -> bool:
    """Follow the link, or send the code, that the registration's log holds. Whether one was accepted."""
    text = _mail(given)
    sent: list[Request] = []
    for request in _requests(contract, text, given):
        if request in sent or len(sent) >= TRIED:
            continue
        sent.append(request)
        step = await watch.step(request, {})
        if 200 <= step.status < 400 and step.changes:
            given.answers += [step, *await _followed(watch, contract, step)]
            return True
    return False


def _mail(given: Account) -> str:
    """What was written while the account was made; the lines that name it, where one does."""
    lines = [line for step in given.answers for line in step.log.split("\n") if not ACCESS.search(line)]
    names = [name for name in given.names if len(name) > 3]
    first = next((n for n, line in enumerate(lines) if any(name in line for name in names)), 0)
    return "\n".join(lines[first:])


def _requests(contract: Contract, text: str, given: Account) -> Iterator[Request]:
    """The links as they are, then each token at each place that may take one."""
    for link in LINK.findall(text):
        found = linked(contract, link)
        if found is not None:
            yield found
    tokens = dict.fromkeys(token for pattern in MAILED for token in pattern.findall(text))
    for token in tokens:
        if token not in given.names and token not in given.rows:
            yield from _carrying(contract, token, given)


def linked(contract: Contract, link: str) -> Request | None:
    """The request of a link (`/verify?token=x`) to an operation of the contract that nobody guards."""
    parts = urlsplit(link.rstrip(".,;)"))
    path = parts.path.removeprefix(prefix_of(contract)) or "/"
    for operation in contract.operations:
        if operation.secured or operation.method not in ("GET", "POST"):
            continue
        pattern = "".join(
            f"(?P<p{n}>[^/]+)" if piece.startswith("{") else re.escape(piece)
            for n, piece in enumerate(re.split(r"(\{[^{}]*\})", operation.path))
        )
        found = re.fullmatch(pattern, path)
        if found and (parts.query or found.groups()):
            names = re.findall(r"\{([^{}]*)\}", operation.path)
            return Request(operation, path=dict(zip(names, found.groups(), strict=False)),
                           query=dict(parse_qsl(parts.query)))  # fmt: skip
    return None


def _carrying(contract: Contract, token: str, given: Account) -> Iterator[Request]:
    """Open operations with one place for a token, and perhaps one for the account's name."""
    for operation in contract.operations:
        if operation.secured:
            continue
        query = operation.parameters_in("query")
        path = operation.parameters_in("path")
        strings = [each for each in query if each.required or WANTED.search(each.name)]
        if len(strings) == 1 and not path and WANTED.search(strings[0].name):
            yield Request(operation, query={strings[0].name: token})
        elif len(path) == 1 and not query and (WANTED.search(path[0].name) or operation.method == "POST"):
            yield Request(operation, path={path[0].name: token})
        elif operation.method in ("POST", "PUT") and not path and not secret_in(operation, given):
            yield from _in_body(operation, token, given)


def _in_body(operation: Operation, token: str, given: Account) -> Iterator[Request]:
    media = media_of(operation)
    properties = shape_of(media.schema).properties if media is not None and media.schema is not None else ()
    if media is None or not 1 <= len(properties) <= 2:
        return
    body = {}
    for each in properties:
        mailed = each.facets.format == "email" or "mail" in each.name.lower()
        body[each.name] = given.email if mailed else given.sent.get(each.name, token)
    if token in body.values():
        yield Request(operation, body=body, media=media.type)


async def _followed(watch: Watch, contract: Contract, step: Step) -> list[Step]:
    """The answers behind a redirect within the service."""
    found: list[Step] = []
    for _ in range(HOPS):
        target = step.answer.header("location") if 300 <= step.status < 400 else None
        link = LINK.search(target or "")
        request = linked(contract, link.group(1)) if link else None
        if request is None:
            break
        step = await watch.step(request, {})
        found.append(step)
    return found


def confirmations(table: Table, row: Row) -> list[tuple[str, object]]:
    """(column, value) that a confirmation may set in an account's row, likeliest first."""
    now = datetime.datetime(2024, 1, 2, 10, tzinfo=datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found: list[tuple[str, object]] = []
    for column in table.columns:
        value = row.get(column.name)
        if not MARK.search(column.name):
            continue
        if value is False or (value == 0 and column.type.startswith(("bool", "int"))):
            found.append((column.name, True if value is False else 1))
        elif value is None and not table_points(table, column.name):
            found.append((column.name, now))
    for column in table.columns:
        if column.name not in dict(found) and re.search(r"status|state", column.name, re.IGNORECASE):
            found += [(column.name, word) for word in ("active", "verified", "confirmed", "enabled")]
    return found


def table_points(table: Table, column: str) -> bool:
    """Whether a column is part of a foreign key."""
    return any(column in key.columns for key in table.foreign_keys)
