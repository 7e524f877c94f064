"""Everything that touches the fuzzer's internals: one file, and a test that holds its contract with them.

Runs as a process of its own, `python -m evaluators.service.engine RESULT < ORDER`:
imports the fuzzer, reads an `Order` (JSON) and writes a `Result` (JSON). A
process, because the fuzzer keeps global state, writes into its working directory
and may be ended by the gate at any time; and it gets ready before there is an
order. It never runs the judged code; it only asks it.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "use_after_free",
    "ensure_resource_availability",
    "ignored_auth",
)
"""The checks whose failure a reviewer would call a defect.

Left out, each for a reason: `positive_data_acceptance` takes every refusal by a
business rule for a defect; `unsupported_method` and `allow_header_conformance`
judge methods that nobody declared; `object_level_authorization` needs two
identities in a format of its own, and knows no database to look into;
`max_response_time` measures the machine.
"""

REFUSALS = ("400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429", "431", "5xx")
"""Statuses that refuse an invalid request: the fuzzer's own, and those for what is too large (RFC 9110, 15.5.14 and
15.5.15; RFC 6585, 5). That the contract declares them is `status_code_conformance`'s matter."""
SEED = 1
MOST_OF_A_KIND = 12
"""Failures kept of one check and one operation, the smallest first."""
MOST_UNANSWERED = 3
"""Requests without an answer that are written down."""
BODY_BYTES = 4096
"""Bytes kept of an answer's body."""


@dataclass(frozen=True)
class Order:
    """What to fuzz, and how hard."""

    contract: dict[str, Any]
    base_url: str
    """With the path that the contract's first server adds."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every request (the identity)."""
    max_examples: int = 10
    dictionaries: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    """`METHOD /path` -> `path.NAME` or `body.NAME` -> values that exist; used beside generated ones."""
    request_seconds: float = 15.0
    query: dict[str, str] = field(default_factory=dict)
    """Sent with every request in its query (an identity whose key goes there)."""
    headers_of: dict[str, dict[str, str]] = field(default_factory=dict)
    """`METHOD /path` -> headers of another identity, to which that operation is open."""
    query_of: dict[str, dict[str, str]] = field(default_factory=dict)
    drawn: list[str] = field(default_factory=list)
    """Texts among these values that the service drew at random: they choose no example."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    target: str
    """Path and query, as sent."""
    headers: tuple[tuple[str, str], ...]
    body: str
    """Base64."""
    status: int
    answer_headers: tuple[tuple[str, str], ...]
    answer: str
    """The beginning of the answer's body, Base64."""


@dataclass(frozen=True)
class Failure:
    """One check that failed."""

    check: str
    kind: str
    """The failure's class in the fuzzer (`JsonSchemaError`)."""
    operation: str
    """`METHOD /path/template`."""
    message: str
    exchange: Exchange
    before: tuple[Exchange, ...] = ()
    """The requests of the same scenario that led to it."""
    text: tuple[str, str] = ("", "")
    """Target and body (Base64) without what is drawn at random."""

    @property
    def size(self) -> tuple[int, int, int, str, str]:
        """For choosing the smallest example; ends in the request itself, so that there are no ties."""
        sent = self.exchange
        return len(self.before), len(sent.target) + len(sent.body), len(sent.headers), *self.text


@dataclass(frozen=True)
class Result:
    """What came of it."""

    failures: tuple[Failure, ...] = ()
    errors: tuple[tuple[str, str, str], ...] = ()
    """(operation or empty, the error's class, its first line): the fuzzer could not go on there."""
    statuses: dict[str, dict[str, int]] = field(default_factory=dict)
    """Operation -> status -> requests."""
    complete: bool = False
    """Whether the fuzzer came to its own end."""


def read_result(text: str) -> Result:
    """A Result from its JSON. Raises ValueError, KeyError or TypeError on anything else."""
    data = json.loads(text)
    failures = tuple(
        Failure(
            **{
                **each,
                "exchange": _exchange_of(each["exchange"]),
                "before": tuple(map(_exchange_of, each["before"])),
                "text": tuple(map(str, each["text"])),
            }
        )
        for each in data["failures"]
    )
    errors = tuple((str(a), str(b), str(c)) for a, b, c in data["errors"])
    return Result(failures, errors, data["statuses"], bool(data["complete"]))


def _exchange_of(data: dict[str, Any]) -> Exchange:
    pairs = {name: tuple((str(a), str(b)) for a, b in data[name]) for name in ("headers", "answer_headers")}
    return Exchange(**{**data, **pairs})


def configuration(order: Order) -> dict[str, Any]:
    """The fuzzer's settings: deterministic, nothing remembered, nothing learnt from answers.

    What answers contain (ids, times) would otherwise flow into later requests,
    and two runs would not send the same.
    """
    still = {"extra-data-sources": {"responses": False}}
    every = {"max-examples": order.max_examples, "deterministic": True, "no-shrink": True, "database": "none"}
    words: dict[str, dict[str, list[Any]]] = {}
    operations = []
    for label in dict.fromkeys((*order.dictionaries, *order.headers_of)):
        bound: dict[str, Any] = {f"query.{name}": value for name, value in order.query_of.get(label, {}).items()}
        for key, values in order.dictionaries.get(label, {}).items():
            name = f"d{len(words)}"
            words[name] = {"values": values}
            bound[key] = {"dictionary": name, "probability": 0.6}
        operations.append({"include-name": label, "headers": order.headers_of.get(label, {}), "parameters": bound})
    return {
        "seed": SEED,
        "workers": 1,
        "base-url": order.base_url,
        "headers": order.headers,
        **({"parameters": {f"query.{name}": value for name, value in order.query.items()}} if order.query else {}),
        "continue-on-failure": True,
        "request-timeout": order.request_seconds,
        "max-redirects": 0,
        "suppress-health-check": ["all"],
        "warnings": False,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "auth": {"auto-signup": False},
        "output": {"sanitization": {"enabled": False}},
        "generation": every,
        "dictionaries": words,
        "operations": operations,
        "checks": {
            "enabled": False,
            **{name: {"enabled": True} for name in CHECKS},
            "negative_data_rejection": {"enabled": True, "expected-statuses": list(REFUSALS)},
        },
        "phases": {
            "examples": {"fill-missing": True, **still},
            "coverage": {"unexpected-methods": [], **still},
            "fuzzing": {**still, "error-feedback": {"enabled": False}},
            "stateful": {"max-steps": 4, "generation": {**every, "max-examples": max(5, order.max_examples // 2)}},
        },
    }


def fuzz(order: Order) -> Result:
    """Fuzz in this process."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    _forget_our_own_constants()
    config = SchemathesisConfig.from_dict(configuration(order))
    schema = schemathesis.openapi.from_dict(order.contract, config=config)
    failures: list[Failure] = []
    errors: set[tuple[str, str, str]] = set()
    statuses: dict[str, Counter[str]] = {}
    complete = False
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            failures.extend(_failures(event.recorder, order))
            _count(event.recorder, statuses)
        elif isinstance(event, events.NonFatalError):
            said = str(event.value).strip().split("\n", 1)[0]
            errors.add((event.label, type(event.value).__name__, said))
        elif isinstance(event, events.FatalError):
            said = str(event.exception).strip().split("\n", 1)[0]
            errors.add(("", type(event.exception).__name__, said))
        elif isinstance(event, events.EngineFinished):
            complete = event.stop_reason.value == "completed"
    counted = {label: dict(sorted(found.items())) for label, found in sorted(statuses.items())}
    return Result(tuple(_smallest(failures)), tuple(sorted(errors)), counted, complete)


def _note_unanswered(target: Path) -> None:
    """Write the first requests that got no answer to `target` at once: the service may have died of one."""
    import schemathesis

    noted: list[Exchange] = []

    @schemathesis.hook
    def after_network_error(context: Any, case: Any, request: Any) -> None:
        if len(noted) < MOST_UNANSWERED:
            body = request.body.encode() if isinstance(request.body, str) else request.body or b""
            sent = base64.b64encode(body).decode() if isinstance(body, bytes) else ""
            noted.append(Exchange(request.method, request.path_url, _flat(request.headers), sent, 0, (), ""))
            target.write_text(json.dumps([asdict(each) for each in noted]), encoding="utf-8")


def read_unanswered(text: str) -> tuple[Exchange, ...]:
    """The requests that got no answer. Raises ValueError, KeyError or TypeError."""
    return tuple(_exchange_of(each) for each in json.loads(text))


def _forget_our_own_constants() -> None:
    """Keep the literals of this package's source out of what is generated.

    Hypothesis collects constants from local modules, and whether we are local
    depends on how we were installed.
    """
    from hypothesis.internal.conjecture import providers

    empty = type(providers._local_constants)
    providers._get_local_constants = lambda: empty()


def _failures(recorder: Any, order: Order) -> Iterator[Failure]:
    """The failed checks of a scenario, without those of requests whose wrong part was never sent."""
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None or case_id not in recorder.interactions:
                continue
            failed = check.failure_info.failure
            case = recorder.cases[case_id].value
            if check.name == "negative_data_rejection" and (_replaced(case, order) or _unsaid(case)):
                continue
            exchange = _exchange(recorder.interactions[case_id])
            yield Failure(
                check=check.name,
                kind=type(failed).__name__,
                operation=case.operation.label,
                message=str(failed.message).strip() or failed.title,
                exchange=exchange,
                before=tuple(_before(recorder, case_id)),
                text=_without(exchange, order.drawn),
            )


def _without(sent: Exchange, drawn: list[str]) -> tuple[str, str]:
    """Target and body of a request without what was drawn at random."""
    target, body = sent.target, base64.b64decode(sent.body)
    for each in drawn:
        target, body = target.replace(each, ""), body.replace(each.encode(), b"")
    return target, base64.b64encode(body).decode()


def _replaced(case: Any, order: Order) -> bool:
    """Whether all that a case made wrong was replaced by the identity's credential on its way.

    A header `Cookie` of the identity goes out in place of every generated
    cookie, and its keys in the query in place of generated ones.
    """
    if case.meta is None:
        return False
    wrong = {where.value for where, part in case.meta.components.items() if part.mode.is_negative}
    label = case.operation.label
    if wrong == {"cookie"}:
        return any(name.lower() == "cookie" for name in (*order.headers, *order.headers_of.get(label, ())))
    sent = (*order.query, *order.query_of.get(label, ()))
    return wrong == {"query"} and getattr(case.meta.phase.data, "parameter", None) in sent


def _unsaid(case: Any) -> bool:
    """Whether a body cannot say what was made wrong in it.

    A field of a form without a value counts as left out (RFC 6749, section 3.2), and XML has no types.
    """
    if case.meta is None or {w.value for w, part in case.meta.components.items() if part.mode.is_negative} != {"body"}:
        return False
    media = str(case.media_type or "").lower()
    if media.endswith(("/xml", "+xml")):
        return True
    empty = isinstance(case.body, dict) and any(value in ("", None) for value in case.body.values())
    return empty and media == "application/x-www-form-urlencoded"


def _before(recorder: Any, case_id: str) -> Iterator[Exchange]:
    """The requests that led to a case, first first."""
    chain: list[str] = []
    parent = recorder.cases[case_id].parent_id
    while parent is not None and parent in recorder.cases and parent not in chain:
        chain.append(parent)
        parent = recorder.cases[parent].parent_id
    for each in reversed(chain):
        if each in recorder.interactions:
            yield _exchange(recorder.interactions[each])


def _exchange(interaction: Any) -> Exchange:
    """A recorded interaction as plain values."""
    from urllib.parse import urlsplit

    sent, got = interaction.request, interaction.response
    address = urlsplit(sent.uri)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    body = sent.encoded_body or ""
    return Exchange(
        method=sent.method,
        target=target,
        headers=_flat(sent.headers),
        body=body,
        status=got.status_code if got is not None else 0,
        answer_headers=_flat(got.headers) if got is not None else (),
        answer=base64.b64encode((got.content or b"")[:BODY_BYTES]).decode() if got is not None else "",
    )


def _flat(headers: Any) -> tuple[tuple[str, str], ...]:
    """Header -> values, as pairs in lower case, sorted."""
    lists = ((str(name).lower(), values if isinstance(values, list) else [values]) for name, values in headers.items())
    return tuple(sorted((name, str(value)) for name, values in lists for value in values))


def _count(recorder: Any, statuses: dict[str, Counter[str]]) -> None:
    """Count the answers of each operation."""
    for case_id, interaction in recorder.interactions.items():
        if case_id in recorder.cases and interaction.response is not None:
            label = recorder.cases[case_id].value.operation.label
            statuses.setdefault(label, Counter())[str(interaction.response.status_code)] += 1


def _smallest(failures: list[Failure]) -> Iterator[Failure]:
    """The smallest failures of each check, kind and operation."""
    kinds: dict[tuple[str, str, str], list[Failure]] = {}
    for each in failures:
        kinds.setdefault((each.check, each.operation, each.kind), []).append(each)
    for _, found in sorted(kinds.items()):
        found.sort(key=lambda each: each.size)
        yield from found[:MOST_OF_A_KIND]


def main() -> None:
    """Get ready, read the order, fuzz, write the result and rename it into place."""
    gc.disable()
    target = Path(sys.argv[1])
    _note_unanswered(target.with_name("unanswered.json"))
    import schemathesis.engine
    import schemathesis.specs.openapi.schemas  # noqa: F401 - what takes the time

    # Looking through all that was imported, again and again, takes a sixth of the whole time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    result = fuzz(Order(**json.loads(sys.stdin.buffer.read())))
    part = target.with_suffix(".part")
    part.write_text(json.dumps(asdict(result)), encoding="utf-8")
    os.replace(part, target)  # noqa: PTH105 - the same


if __name__ == "__main__":
    main()
