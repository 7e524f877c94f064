"""The probe `error-format-differs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_errors import Sample, operation_of, refusals
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule

LEAST = 5
"""Refusals that make a habit."""
SHARE = 0.75


@rule("error-format-differs", family="probes", severity=Severity.ERROR, cwe="CWE-755", owasp="API8:2023")
async def error_format_differs(world: World) -> AsyncIterator[Flaw]:
    """A refusal has another content type or other properties than the service's other refusals.

    Why: Clients read errors in one place. The one that differs is shown as
        "something went wrong", or crashes the client that looks for its text.

    Sends: What `internals-in-error` sends.

    Applies: To services whose refusals are alike in at least three of four
        cases.

    Proves: A refusal of 4xx or 5xx with a body has another content type, or
        lacks more than half of the properties that those share.

    Precision: Properties that some refusals have besides, such as a list of
        fields, are no difference, and neither is one that is left out of several.

    Source: RFC 9457, section 1; CWE-755.
    """
    samples = [each for each in await refusals(world) if each.step.answer.body]
    usual = _usual(samples)
    if usual is None:
        return
    media, core = usual
    told = set()
    for sample in samples:
        how = _difference(sample, media, core)
        operation = operation_of(world, sample)
        place = operation.symbol if sample.declared else sample.kind
        if not how or place in told:
            continue
        told.add(place)
        about = f"{operation.symbol} answers {sample.step.status}" if sample.declared else _outside(sample)
        text = f"{about} {how}, other than the service's other refusals."
        seen = f"Others: {media}, with {', '.join(sorted(core)) or 'no common property'}."
        yield flaw(world, [sample.step], text, operation=operation, hint="Make all errors in one place.", seen=seen,
                   symbol="" if sample.declared else f"{operation.symbol} {sample.kind}")  # fmt: skip


def _outside(sample: Sample) -> str:
    what = "path" if sample.kind == "unknown-path" else "method"
    return f"A request to an unknown {what} is answered {sample.step.status}"


def _usual(samples: list[Sample]) -> tuple[str, frozenset[str]] | None:
    """The content type of most refusals, and the properties that nearly all of those have."""
    if len(samples) < LEAST:
        return None
    media, count = Counter(each.media for each in samples).most_common(1)[0]
    if count < SHARE * len(samples):
        return None
    alike = [each.keys for each in samples if each.media == media and each.keys]
    number = Counter(name for keys in alike for name in keys)
    core = frozenset(name for name, times in number.items() if times >= SHARE * len(alike))
    return (media, core) if alike else None


def _difference(sample: Sample, media: str, core: frozenset[str]) -> str:
    if sample.media != media:
        return f"as {sample.media or 'nothing'}"
    lacking = sorted(core - sample.keys)
    # A member that may be left out, such as the detail of a problem, is no difference.
    return f"without {', '.join(lacking)}" if 2 * len(lacking) > len(core) else ""
