"""Steps told as evidence, and as lines for a shell that show the defect again.

What the service drew itself (the id of what was just made, a token in an
answer) differs from run to run. In the shell's lines the step that brought it
keeps it in a variable (`V1=$(curl ... | jq -r '.id')`), and later steps use that.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.finding import Location
from evaluators.probes.preparing import prepared
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.oracle import Unseen, changes
from evaluators.service.request import leaves, plain
from evaluators.service.sandbox import SandboxError
from evaluators.service.step import Step
from evaluators.service.traces import canonical

TEXT = 400
"""Characters kept of a body in evidence."""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
DRAWN = re.compile(r"(?<![\w-])(?:[0-9A-HJKMNP-TV-Z]{26}|[\w-]{32,})(?![\w-])")
"""ULIDs, and random texts as services draw them."""


def flaw(
    world: World, steps: Sequence[Step], message: str, *, operation: Operation | None = None, hint: str = "",
    symbol: str = "", seen: str = "",
) -> Flaw:  # fmt: skip
    """What steps prove, as a flaw of the last step's operation (or of `operation`).

    Args:
        message: one sentence; canonical.
        symbol: in place of `METHOD /path`, where one operation has several (`POST /orders total`).
        seen: what else was observed, such as the rows afterwards; canonical.
    """
    about = operation or steps[-1].request.operation
    hide = _Hide(world, steps)
    told = [_told(step, number == len(steps) - 1) for number, step in enumerate(steps)]
    evidence = "\n".join([*told, *([seen] if seen else [])])
    return Flaw(
        symbol=symbol or about.symbol,
        at=location(world, about),
        message=hide(message),
        evidence=hide(evidence),
        hint=hint,
        reproduce=shell(world, steps),
    )


def location(world: World, operation: Operation) -> Location:
    """The route's function in the code, else the contract's line."""
    from evaluators.code.facts import code_of

    wanted = _bare(operation.path)
    for route in world.running.subject.fact(code_of).routes:
        path = _bare(route.path)
        if route.method == operation.method and (path == wanted or path.endswith(wanted)):
            return route.at
    return operation.node.at


def _bare(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path)


def _told(step: Step, last: bool) -> str:
    """One step in a few lines: the request, its status, of the last one the answer, and the rows that changed."""
    request = step.request
    who = f"  (as {request.who})" if request.who and request.credential is None else "  (as nobody)"
    if request.credential:
        who = "  (with " + ", ".join(f"{n}: {v[:80]}" for n, v in request.credential.items()) + ")"
    lines = [f"{request.operation.method} {request.target}{who}"]
    lines += [f"  {name}: {value[:120]}" for name, value in request.headers.items()]
    if request.content is not None:
        lines.append(f"  {text_of(request.content)}")
    lines.append(f"-> {step.status or step.answer.fault or 'no answer'}")
    if last and step.answer.body:
        lines.append(f"  {text_of(step.answer.body)}")
    if step.known:
        lines += [f"  rows: {line}" for line in step.known.told().split("\n")]
    return "\n".join(lines)


def text_of(raw: bytes) -> str:
    """A body as text, bounded; JSON without the order in which it came."""
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=True, sort_keys=True)
    except (ValueError, RecursionError):
        text = raw.decode("utf-8", "backslashreplace")
    return text if len(text) <= TEXT else text[:TEXT] + " ..."


class _Hide:
    """Takes out what differs from run to run: times, tokens, and what the service drew."""

    def __init__(self, world: World, steps: Iterable[Step]) -> None:
        self.secrets = [value for member in world.crew.members.values() for value in member.variables.values()]

    def __call__(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, "$TOKEN")
        text = UUID.sub(lambda found: found.group() if _ours(found.group()) else "<uuid>", text)
        text = canonical(text)
        return DRAWN.sub(lambda found: found.group() if _ours(found.group()) else "<drawn>", text)


def _ours(word: str) -> bool:
    """Whether an id is the gate's own, which is the same in every run: a number and many noughts."""
    return len(set(word)) < 8 or "<" in word


@dataclass(frozen=True)
class _Held:
    """A value that an earlier step's answer brought."""

    name: str
    value: str
    step: int
    path: str
    """For jq; empty for a cookie."""
    cookie: str = ""


def shell(world: World, steps: Sequence[Step]) -> str:
    """Lines that send the same steps: `$BASE_URL` is the service, `$TOKEN_A` what an identity holds.

    What the gate did to the rows in between stands there as SQL.
    """
    held = list(_held(steps))
    lines: list[str] = []
    rows = world.origin
    for number, step in enumerate(steps):
        if step.before is not None and world.running.sets_back:
            again = prepared(world, rows, step.before)
            # Back at the first rows: what was sent before is there for comparison, and would only be in the way.
            lines = [*lines, *again] if not again or changes(world.origin, step.before, world.keys) else []
        rows = step.after if step.after is not None else rows
        line = _curl(world, step, [each for each in held if each.step < number])
        mine = [each for each in held if each.step == number]
        if mine:
            lines.append(f"R{number}=$({line.replace('curl -sS', 'curl -sSi', 1)})")
            lines += [f'{each.name}=$(printf %s "$R{number}" | {_found(each)})' for each in mine]
        else:
            lines.append(line)
    return "\n".join(lines)


def _held(steps: Sequence[Step]) -> Iterable[_Held]:
    """What a later step uses that an earlier one's answer brought and nobody sent before."""
    number = 0
    sent: set[str] = set()
    known: set[str] = set()
    for index, step in enumerate(steps):
        sent |= _used(step)
        later: set[str] = (
            set().union(*(_used(each) for each in steps[index + 1 :])) if index + 1 < len(steps) else set()
        )
        made = {plain(value) for _, row in step.known.added for value in row.values() if value is not None}
        for place, value in leaves(step.json):
            text = plain(value)
            drawn = text in made or len(text) >= 16
            if drawn and text in later and text not in sent and text not in known and not isinstance(value, bool):
                known.add(text)
                number += 1
                path = "".join(f"[{json.dumps(key)}]" if isinstance(key, str) else f"[{key}]" for key in place)
                yield _Held(f"V{number}", text, index, f".{path}")

        for cookie, text in _cookies(step):
            if text in later and text not in sent and text not in known:
                known.add(text)
                number += 1
                yield _Held(f"V{number}", text, index, "", cookie)


def _cookies(step: Step) -> Iterator[tuple[str, str]]:
    """Name and value of each cookie that an answer sets."""
    for line in (value for header, value in step.answer.headers if header == "set-cookie"):
        name, _, rest = line.partition("=")
        yield name.strip(), rest.partition(";")[0].strip()


def _found(held: _Held) -> str:
    """The commands that take a value out of an answer with its head."""
    if held.cookie:
        return f"sed -n 's/^[Ss]et-[Cc]ookie: {held.cookie}=\\([^;]*\\).*/\\1/p' | tr -d '\\r'"
    return f"sed '1,/^\\r*$/d' | jq -r '{held.path}'"


def _used(step: Step) -> set[str]:
    """Every value that a request sends."""
    request = step.request
    body = [value for _, value in leaves(request.body)] if isinstance(request.body, dict | list) else []
    query = [each for value in request.query.values() for each in (value if isinstance(value, list) else [value])]
    headers = [*request.headers.values(), *(request.credential or {}).values()]
    words = {part for value in headers for part in re.split(r"[\s;]+|(?<=\w)=", value)}
    return {plain(value) for value in (*request.path.values(), *query, *body, *headers)} | words


def _curl(world: World, step: Step, held: Sequence[_Held]) -> str:
    """A step as a curl line; values that an earlier step brought stand as variables."""
    request, method = step.request, step.request.operation.method
    parts = ["curl -sS"] if method == "GET" else ["curl -sSI"] if method == "HEAD" else [f"curl -sS -X {method}"]
    member = world.member(request.who)
    shown = dict(member.shown(method)) if member and request.credential is None else {}
    # A header `?key` stands for the query parameter `key`.
    asked = {name[1:]: shown.pop(name) for name in list(shown) if name.startswith("?")}
    joint = "&" if "?" in request.target else "?"
    queried = "".join(f"{'&' if number else joint}{name}={value}" for number, (name, value) in enumerate(asked.items()))
    parts.append(f'"$BASE_URL"{_quoted(world.prefix + request.target, held)}' + (f'"{queried}"' if queried else ""))
    if request.credential is not None:
        parts += [f"-H {_quoted(f'{name}: {value}', held)}" for name, value in request.credential.items()]
    else:
        parts += [f'-H "{name}: {value}"' for name, value in shown.items()]
    parts += [f"-H {_quoted(f'{name}: {value}', held)}" for name, value in request.own_headers.items()]
    content = request.content
    if content is not None:
        parts.append(_data(content, held))
    return " ".join(parts)


def _quoted(text: str, held: Sequence[_Held]) -> str:
    """A word for a shell, in single quotes, with variables between them."""
    word = "'" + text.replace("'", "'\"'\"'") + "'"
    for each in held:
        word = re.sub(rf"(?<![\w-]){re.escape(each.value)}(?![\w-])", f"'\"${each.name}\"'", word)
    return word.replace("''", "") or "''"


def _data(raw: bytes, held: Sequence[_Held]) -> str:
    """The body's option: quoted text, or bytes through base64, or a long run of one character through head and tr."""
    if len(raw) > 2000 and len(set(raw)) == 1:
        letter = shlex.quote(chr(raw[0]))
        return f"--data-binary @<(head -c {len(raw)} /dev/zero | tr '\\0' {letter})"
    text = raw.decode("utf-8", "replace")
    if text.isprintable() and text.isascii() and len(raw) <= 20_000:
        return f"--data-binary {_quoted(text, held)}"
    if len(raw) <= 20_000:
        return f"--data-binary @<(printf %s {shlex.quote(base64.b64encode(raw).decode())} | base64 -d)"
    import gzip

    packed = base64.b64encode(gzip.compress(raw, mtime=0)).decode()
    return f"--data-binary @<(printf %s {shlex.quote(packed)} | base64 -d | gunzip)"


def variables(world: World) -> dict[str, str]:
    """What a shell needs to run the lines: `BASE_URL`, the secret of this one boot, and each identity's."""
    found: dict[str, Any] = {"BASE_URL": world.running.door.base_url, "JWT_SECRET": world.running.secret}
    with contextlib.suppress(Unseen, SandboxError):
        found["CANARY_PORT"] = str(world.running.process.canary.port)
    for member in world.crew.members.values():
        found |= dict(member.variables)
    return found
