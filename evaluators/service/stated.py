"""What a project says of its own logins: `[probes.login]`, `[probes.register]` and `[probes.identities]`.

[probes.login]
request = "POST /auth/session"
body = { user = "$EMAIL", pass = "$PASSWORD" }
token = "data.session.token"
header = "X-Session: $TOKEN"
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Contract, Operation
from evaluators.draft import Subject
from evaluators.service.bodies import Place
from evaluators.service.entering import Account
from evaluators.service.request import ABSENT, FORM, JSON, Request
from evaluators.service.ways import Reading


@dataclass(frozen=True)
class StatedRequest:
    """A request in the project's own words; `$EMAIL`, `$PASSWORD` and `$NAME` are the account's."""

    operation: Operation
    body: Any = ABSENT
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, given: Account, scopes: str = "") -> Request:
        """The request for an account."""
        names = [name for name in given.names if "@" not in name]
        words = {"EMAIL": given.email, "PASSWORD": given.password, "NAME": names[0] if names else given.called}
        headers = {name: str(_filled(value, words)) for name, value in self.headers.items()}
        return Request(self.operation, headers=headers, body=_filled(self.body, words), media=self.media)


@dataclass(frozen=True)
class Stated:
    """What the project says; None or empty where it says nothing."""

    login: StatedRequest | None = None
    reading: Reading | None = None
    register: StatedRequest | None = None
    identities: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    """Name -> `email` and `password`, or `headers`."""


def stated_in(subject: Subject, contract: Contract) -> Stated:
    """What a subject's configuration says of logins."""
    said = {name: json.loads(subject.option(f"probes.{name}") or "{}") for name in ("login", "register", "identities")}
    login, register = said["login"], said["register"]
    return Stated(
        _request(login, contract) if login else None,
        _reading(login) if login else None,
        _request(register, contract) if register else None,
        said["identities"],
    )


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """A JSON value with the account's words in its texts."""
    if isinstance(value, str):
        return string.Template(value).safe_substitute(words)
    if isinstance(value, dict):
        return {name: _filled(each, words) for name, each in value.items()}
    return [_filled(each, words) for each in value] if isinstance(value, list) else value


def _request(said: Mapping[str, Any], contract: Contract) -> StatedRequest:
    """The request that a table describes; its operation need not be in the contract."""
    method, _, path = str(said["request"]).partition(" ")
    operation = contract.operation(method, path)
    if operation is None:
        some = contract.operations[0]
        operation = Operation(method, path, None, some.node, (), None, (), (), security_stated=True)
    body = said.get("body", ABSENT)
    return StatedRequest(operation, body, FORM if said.get("form") else JSON, said.get("headers", {}))


def _reading(said: Mapping[str, Any]) -> Reading:
    """Where a login's answer holds the credential, and the header that carries it."""
    if not said.get("token"):
        return Reading("cookie", "Cookie")
    name, _, value = str(said.get("header", "Authorization: Bearer $TOKEN")).partition(":")
    return Reading("login", name.strip(), value.strip().removesuffix("$TOKEN"), place_of(str(said["token"])))


def place_of(text: str) -> Place:
    """`data.tokens.0.value` as a place in JSON."""
    return tuple(int(part) if re.fullmatch(r"\d+", part) else part for part in text.split("."))
