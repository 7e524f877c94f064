"""The served contract compared with the written one, difference by difference.

Only what a reviewer would call a difference is one. Not reported: titles,
descriptions, examples, names of components and of path parameters, the order of
anything, FastAPI's automatic 422, bounds and formats (the fuzzer sees whether
those hold), and whatever one side leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from evaluators.contract.document import Contract, contract_from
from evaluators.contract.facts import Body, Operation, Parameter, Response
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, Property, facets, shape_of
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked

SERVED_PATH = "openapi.json"
AUTOMATIC = frozenset({"422"})
"""Statuses that the framework declares by itself."""
PLAIN = frozenset({"/"})
UNWRITTEN_HEADERS = frozenset({"authorization", "accept", "content-type"})


@dataclass(frozen=True)
class Difference:
    """One difference of an operation."""

    text: str
    at: Location
    severity: Severity = Severity.ERROR


def compared(written: Contract, served: Any, health: Iterable[str]) -> tuple[list[Finding], list[NotChecked]]:
    """Findings over all operations, and what could not be compared.

    Args:
        written: the draft's contract; where it has none, nothing is compared.
        served: the JSON that the service gave, or None.
        health: paths that a service may answer without declaring them.
    """
    if written.root is None or (written.path == SERVED_PATH and not written.files.read_so_far()):
        return [], [NotChecked("written contract", "there is none; the served one is taken for it")]
    if served is None:
        return [], [NotChecked("served contract", "the service serves none")]
    prefix = prefix_of(written)
    ours = {_key(op, prefix): op for op in written.operations}
    theirs = {_key(op, ""): op for op in contract_from(served, SERVED_PATH).operations}
    if prefix and not set(ours) & set(theirs):
        ours = {_key(op, ""): op for op in written.operations}
    findings = [_not_served(op) for key, op in ours.items() if key not in theirs]
    findings += [_not_written(op, written, health) for key, op in theirs.items() if key not in ours]
    for key, op in ours.items():
        if key in theirs:
            findings += _differing(op, list(differences(op, theirs[key])))
    return findings, []


def prefix_of(contract: Contract) -> str:
    """The path that the contract's first server adds to every operation: `/api/v1`, or empty."""
    servers = contract.servers
    url = servers[0].text("url") if servers else ""
    return "" if "{" in url else urlsplit(url).path.rstrip("/")


def _key(operation: Operation, prefix: str) -> tuple[str, str]:
    """Method and path; the names of path parameters do not count."""
    path = prefix + operation.path
    return operation.method, re.sub(r"\{[^{}]*\}", "{}", path.rstrip("/") or "/")


def _not_served(operation: Operation) -> Finding:
    return Finding(
        rule="operation-not-served",
        severity=Severity.ERROR,
        location=operation.node.at,
        symbol=operation.symbol,
        message=f"The contract declares {operation.symbol}, and the service does not serve it.",
        hint="Add the route, with this method and this path.",
    )


def _not_written(operation: Operation, written: Contract, health: Iterable[str]) -> Finding:
    harmless = operation.method in ("HEAD", "OPTIONS") or operation.path in {*PLAIN, *health}
    return Finding(
        rule="operation-not-declared",
        severity=Severity.WARNING if harmless else Severity.ERROR,
        location=Location(written.path, 1),
        symbol=operation.symbol,
        message=f"The service serves {operation.symbol}, and the contract does not declare it.",
        hint="Take the route out, or leave it out of the served contract with include_in_schema=False "
        "if it is not for clients.",
    )


def _differing(operation: Operation, found: list[Difference]) -> list[Finding]:
    """One finding for each severity, with every difference as evidence."""
    findings = []
    for severity in (Severity.ERROR, Severity.WARNING):
        texts = list(dict.fromkeys(each.text for each in found if each.severity is severity))
        if not texts:
            continue
        rule = "served-contract-differs" if severity is Severity.ERROR else "served-contract-incomplete"
        first = next(each for each in found if each.severity is severity)
        more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
        findings.append(
            Finding(
                rule=rule,
                severity=severity,
                location=first.at,
                symbol=operation.symbol,
                message=f"{operation.symbol} is served otherwise than it is written: {texts[0]}{more}.",
                evidence="\n".join(f"- {text}" for text in texts),
            )
        )
    return findings


def differences(written: Operation, served: Operation) -> Iterator[Difference]:
    """Every difference of one operation."""
    yield from _parameters(written, served)
    yield from _bodies(written.body, served.body, written.node)
    yield from _responses(written, served)
    if written.secured != served.secured:
        says = "without security" if written.secured else "with security that the contract does not ask for"
        severity = Severity.WARNING if written.secured else Severity.ERROR
        yield Difference(f"it is served {says}", written.node.at, severity)


def _parameters(written: Operation, served: Operation) -> Iterator[Difference]:
    """Query and header parameters by name, path parameters by position."""
    for where in ("query", "header"):
        ours = {_name(each): each for each in written.parameters_in(where)}
        theirs = {_name(each): each for each in served.parameters_in(where)}
        # A header may be read from the request itself, where no contract sees it.
        severity = Severity.WARNING if where == "header" else Severity.ERROR
        for name in ours.keys() - theirs.keys() - UNWRITTEN_HEADERS:
            yield Difference(f"the {where} parameter {name} is not served", ours[name].node.at, severity)
        for name in theirs.keys() - ours.keys() - UNWRITTEN_HEADERS:
            yield Difference(f"the {where} parameter {name} is not in the contract", written.node.at)
        for name in sorted(ours.keys() & theirs.keys()):
            yield from _parameter(f"the {where} parameter {name}", ours[name], theirs[name])
    pairs = zip(_in_path(written), _in_path(served), strict=False)
    for one, other in pairs:
        yield from _parameter(f"the path parameter {one.name}", one, other)


def _name(parameter: Parameter) -> str:
    return parameter.name.lower() if parameter.where == "header" else parameter.name


def _in_path(operation: Operation) -> list[Parameter]:
    """Path parameters in the order of the path."""
    known = {each.name: each for each in operation.parameters_in("path")}
    return [known[name] for name in re.findall(r"\{([^{}]*)\}", operation.path) if name in known]


def _parameter(what: str, written: Parameter, served: Parameter) -> Iterator[Difference]:
    if written.required != served.required:
        yield Difference(f"{what} is {_needed(served.required)}, not {_needed(written.required)}", written.node.at)
    if written.schema is not None and served.schema is not None:
        yield from _types(what, facets(written.schema), facets(served.schema), written.node)


def _needed(required: bool) -> str:
    return "required" if required else "optional"


def _types(what: str, written: Facets, served: Facets, node: Node) -> Iterator[Difference]:
    """Types that have nothing in common; `number` takes in `integer`."""
    if not written.types or not served.types or written.types & served.types:
        return
    if written.types | served.types <= {"integer", "number"}:
        return
    yield Difference(f"{what} is {_listed(served.types)}, not {_listed(written.types)}", node.at)


def _listed(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _bodies(written: Body | None, served: Body | None, node: Node) -> Iterator[Difference]:
    if written is None and served is not None:
        yield Difference("a request body is served that the contract does not have", node.at)
    elif written is not None and served is None:
        # A handler may read the request itself; then no contract sees the body.
        yield Difference("the request body is not in the served contract", written.node.at, Severity.WARNING)
    elif written is not None and served is not None:
        yield from _shapes("the request's", _json(written.media), _json(served.media), demands=True)


def _json(media: Any) -> Node | None:
    return next((each.schema for each in media if each.is_json), None)


def _shapes(what: str, written: Node | None, served: Node | None, *, demands: bool) -> Iterator[Difference]:
    """The properties of two objects; `demands`: whether requiredness counts."""
    ours, theirs = _properties(written), _properties(served)
    if written is None or not ours or not theirs:
        return
    for name in sorted(ours.keys() - theirs.keys()):
        yield Difference(f"{what} property {name} is not served", ours[name].node.at)
    for name in sorted(theirs.keys() - ours.keys()):
        yield Difference(f"{what} property {name} is not in the contract", written.at)
    for name in sorted(ours.keys() & theirs.keys()):
        one, other = ours[name], theirs[name]
        yield from _types(f"{what} property {name}", one.facets, other.facets, one.node)
        if demands and one.required != other.required:
            text = f"{what} property {name} is {_needed(other.required)}, not {_needed(one.required)}"
            yield Difference(text, one.node.at)


def _properties(node: Node | None) -> dict[str, Property]:
    """The properties of a schema that is one object; none for a choice of several or an open one."""
    if node is None:
        return {}
    end = node.followed()
    if any(len(list(end.elements(key))) > 1 for key in ("oneOf", "anyOf")):
        return {}
    return {each.name: each for each in shape_of(node).properties}


def _responses(written: Operation, served: Operation) -> Iterator[Difference]:
    ours, theirs = ({each.status: each for each in op.responses} for op in (written, served))
    for status in sorted(ours.keys() - theirs.keys()):
        if served.response(status) is None:
            yield _status(f"{status} is not in the served contract", status, ours[status].written)
    for status in sorted(theirs.keys() - ours.keys() - AUTOMATIC):
        if written.response(status) is None:
            yield _status(f"{status} is served and not in the contract", status, written.node)
    for status in sorted(ours.keys() & theirs.keys()):
        if status.startswith("2"):
            yield from _answers(status, ours[status], theirs[status])


def _status(text: str, status: str, node: Node) -> Difference:
    """A success that differs is an error; a refusal that only the document lacks is not."""
    severity = Severity.ERROR if status.startswith("2") else Severity.WARNING
    return Difference(f"the status {text}", node.at, severity)


def _answers(status: str, written: Response, served: Response) -> Iterator[Difference]:
    yield from _shapes(f"the {status} answer's", _json(written.media), _json(served.media), demands=False)
