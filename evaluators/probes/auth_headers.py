"""What the headers of answers allow: caches, other origins, other readings of the content, theft of cookies."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.facts import code_of
from evaluators.probes.world import Play, World
from evaluators.service.step import Step

FOREIGN = "https://backwright.example"
ORIGIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*[a-z0-9](?::\d+)?", re.IGNORECASE)
KNOWN = 3
"""Origins of the code that are tried with a foreign end."""


def directives(step: Step) -> frozenset[str]:
    """The names of the `Cache-Control` of an answer, in lower case."""
    whole = ",".join(value for name, value in step.answer.headers if name == "cache-control")
    return frozenset(part.split("=")[0].strip().lower() for part in whole.split(",") if part.strip())


def kept_private(step: Step) -> bool:
    """Whether no shared cache keeps the answer, and none without asking."""
    return bool(directives(step) & {"no-store", "private", "no-cache"})


def private_reads(world: World) -> list[Play]:
    """Working GETs of identities that show rows."""
    return [
        play for _, play in sorted(world.plays.items())
        if play.operation.method == "GET" and play.operation.secured and play.request.who and play.step.ok
        and play.step.answer.body
    ]  # fmt: skip


def origins(world: World) -> Iterator[tuple[str, str]]:
    """(origin, what it is) that no service trusts: a foreign one, `null`, and looks like those that the code names."""
    yield FOREIGN, "a foreign origin"
    yield "null", "the origin `null` of any sandboxed frame"
    for known in named_origins(world):
        scheme, _, host = known.partition("://")
        bare = host.split(":")[0]
        yield f"{scheme}://{bare}.backwright.example", "an origin that only begins like a trusted one"
        yield f"{scheme}://backwright{bare}", "an origin that only ends like a trusted one"
        if bare.count(".") > 1:
            yield f"{scheme}://{bare.replace('.', 'x', 1)}", "an origin that differs from a trusted one in a dot"


def named_origins(world: World) -> list[str]:
    """Origins that stand in the code's texts, as an allowlist or a pattern has them."""
    found: dict[str, None] = {}
    for module in world.running.subject.fact(code_of).own:
        for node in module.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.replace("\\", "")
                found.update(dict.fromkeys(ORIGIN.findall(text)))
                # A pattern such as `https://.*\.example\.org` names the end of a host.
                for end in re.findall(r"https\??://[^a-z]*?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text):
                    found[f"https://{end}"] = None
    return list(found)[:KNOWN]


@dataclass(frozen=True)
class SetCookie:
    """A cookie that an answer sets."""

    name: str
    value: str
    attributes: dict[str, str]
    """In lower case."""


def set_cookies(step: Step) -> list[SetCookie]:
    """The cookies that an answer sets, those that it takes away left out."""
    found = []
    for name, value in step.answer.headers:
        if name != "set-cookie":
            continue
        first, *rest = (part.strip() for part in value.split(";"))
        key, _, text = first.partition("=")
        pairs = (part.partition("=") for part in rest)
        attributes = {label.strip().lower(): said.strip().lower() for label, _, said in pairs}
        if text.strip('"') and attributes.get("max-age") != "0":
            found.append(SetCookie(key, text, attributes))
    return found
