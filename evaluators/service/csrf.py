"""The token that a cookie's request must carry besides where it changes something: its source and its header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluators.contract.facts import Contract, Operation
from evaluators.service.bodies import Place
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step, Watch
from evaluators.service.ways import DRAWN, Credential, cookies, plain_request

NAME = re.compile(r"csrf|xsrf|forgery", re.IGNORECASE)
USUAL = ("X-CSRF-Token", "X-CSRFToken", "X-XSRF-TOKEN")
TAG = re.compile(r"<(?:meta|input)\b[^>]*>", re.IGNORECASE)
VALUE = re.compile(r"(?:content|value)\s*=\s*[\"']([^\"']{8,})[\"']", re.IGNORECASE)
PAGES = 6
"""GETs asked for a token."""
TRIES = 12
"""Pairs of header and token tried."""


@dataclass(frozen=True)
class Guard:
    """Where the token comes from, and which header takes it."""

    header: str
    operation: Operation | None = None
    """The GET whose answer brings it; None: the login's answer."""
    place: Place | None = None
    """In the answer's JSON."""
    cookie: str = ""
    """The cookie that holds it, or the answer's header that does."""
    page: bool = False
    """In a tag of a page."""
    fixed: str = ""
    """What the header always says, where it is no token: the own origin."""

    async def on(self, watch: Watch, held: Credential, steps: Sequence[Step], who: str) -> Credential:
        """The credential with the token; as it is where no answer brings one."""
        if self.fixed:
            return _with(held, self.header, self.fixed, who)
        if self.operation is not None:
            steps = [await watch.step(Request(self.operation), held.headers)]
        for step in reversed(steps):
            for guard, token in _tokens(step, self.operation):
                if replace(guard, header=self.header) == self:
                    return _with(held, self.header, token, who)
        return held


async def guarded(
    watch: Watch, contract: Contract, secured: Sequence[Operation], steps: Sequence[Step], held: Credential, who: str
) -> tuple[Credential, Guard | None]:
    """The credential with the token that a change needs, and where that came from; as it is where none is needed."""
    spoken = _spoken(contract, secured)
    named = list(dict.fromkeys([*spoken, *_common(secured), *USUAL]))
    asked = await _refused(watch, secured, held)
    found = await _sources(watch, contract, steps, held)
    tries = [(header, guard, token) for guard, token in found for header in named]
    own = (("Origin", watch.running.door.base_url), ("X-Requested-With", "XMLHttpRequest"))
    tries = [*tries[:TRIES], *((header, Guard(header, fixed=value), value) for header, value in own)]
    called = [(guard, token) for guard, token in found if guard.cookie or _is_called(guard)]
    for header, guard, token in tries:
        if asked is None:
            break
        whole = _with(held, header, token, who)
        operation, status, body = asked
        answer = await watch.ask(plain_request(operation), {**whole.headers, **whole.unsafe})
        # Refused in other words: that may be what a wrong token gets, where another thing is called the token.
        worded = body not in (None, answer.body) and (not called or (guard, token) in called)
        if answer.status != status or worded:
            return whole, replace(guard, header=header)
    if called:
        # Nothing asks for it, but it is handed out.
        header = (spoken or USUAL)[0]
        return _with(held, header, called[0][1], who), replace(called[0][0], header=header)
    return held, None


async def _refused(
    watch: Watch, secured: Sequence[Operation], held: Credential
) -> tuple[Operation, int, bytes | None] | None:
    """An operation that refuses a change without the token, its status, and its body where that is always the same."""
    order = ("POST", "PUT", "PATCH")
    unsafe = sorted((op for op in secured if op.method in order and op.body), key=lambda op: op.path.count("{"))
    for operation in unsafe[:3]:
        answer, again = [await watch.ask(plain_request(operation), held.headers) for _ in range(2)]
        if answer.status in (400, 401, 403, 419):
            return operation, answer.status, answer.body if answer.body == again.body else None
    return None


def _spoken(contract: Contract, secured: Sequence[Operation]) -> list[str]:
    """Headers of the contract that are called like the token's."""
    called = [name for name in _declared(secured) if NAME.search(name)]
    text = str(contract.root.value) if contract.root is not None else ""
    return list(dict.fromkeys([*called, *re.findall(r"\bX-(?:CSRF|XSRF)[\w-]*", text, re.IGNORECASE)]))


def _common(secured: Sequence[Operation]) -> list[str]:
    """Headers that most of the declared places for one are called by."""
    declared = _declared(secured)
    return [name for name in dict.fromkeys(declared) if declared.count(name) * 2 > len(declared)]


def _declared(secured: Sequence[Operation]) -> list[str]:
    return [p.name for op in secured if op.method != "GET" for p in op.parameters_in("header")]


async def _sources(
    watch: Watch, contract: Contract, steps: Sequence[Step], held: Credential
) -> list[tuple[Guard, str]]:
    """Every token in the answers so far, then in those of a few GETs."""
    found = [pair for step in reversed(steps) for pair in _tokens(step, None)]
    if any(guard.cookie or _is_called(guard) for guard, _ in found):
        return found

    def likely(operation: Operation) -> tuple[bool, bool, int]:
        said = str([media.schema.followed().value for r in operation.successes for media in r.media if media.schema])
        pages = any("html" in media.type for r in operation.successes for media in r.media)
        return not NAME.search(f"{operation.path} {said}"), not pages, len(operation.path)

    gets = [op for op in contract.operations if op.method == "GET" and "{" not in op.path]
    for operation in sorted(gets, key=likely)[:PAGES]:
        step = await watch.step(Request(operation), held.headers)
        found += list(_tokens(step, operation))
    return found


def _is_called(guard: Guard) -> bool:
    return guard.page or bool(guard.place and NAME.search(str(guard.place[-1])))


def _tokens(step: Step, operation: Operation | None) -> Iterator[tuple[Guard, str]]:
    """What of an answer may be the token: what is called so first."""
    for name, value in cookies([step]).items():
        if NAME.search(name):
            yield Guard("", operation, None, name), value
    for name, value in step.answer.headers:
        if NAME.search(name):
            yield Guard("", operation, None, name), value
    texts = [(place, value) for place, value in leaves(step.json) if isinstance(value, str) and place]
    for place, value in sorted(texts, key=lambda pair: not NAME.search(str(pair[0][-1]))):
        if DRAWN.fullmatch(value) or NAME.search(str(place[-1])):
            yield Guard("", operation, place), value
    if "html" in (step.answer.header("content-type") or ""):
        for tag in TAG.findall(step.answer.body.decode("utf-8", "replace")):
            said = VALUE.search(tag)
            if NAME.search(tag) and said:
                yield Guard("", operation, page=True), said.group(1)


def _with(held: Credential, header: str, token: str, who: str) -> Credential:
    variable = f"CSRF_{who.upper()}"
    unsafe: Mapping[str, str] = {header: token}
    return replace(held, unsafe=unsafe, unsafe_told={header: f"${variable}"},
                   variables={**held.variables, variable: token})  # fmt: skip
