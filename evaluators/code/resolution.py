"""Do imports resolve? Worked out without importing anything.

Rules: `unknown-import` (no such module), `name-not-defined-there` (the draft's
own module does not define the name).
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Mapping

from evaluators.code.facts import Code, Import, Module
from evaluators.finding import Finding, Severity

INSTEAD = {
    "jose": "the package here is PyJWT: `import jwt`",
    "psycopg2": "psycopg 3 is here: `import psycopg`",
    "aioredis": "it lives in `redis.asyncio` now",
    "requests": "httpx is here",
    "aiohttp": "httpx is here",
    "supabase": "use SQL through DATABASE_URL",
}
"""Often asked for and not in a stack -> what to take."""


def findings(
    code: Code, available: Mapping[str, str] | Iterable[str] | None, beside: Code | None = None
) -> list[Finding]:
    """What does not resolve.

    Args:
        available: the environment's top-level imports; None: unknown.
        beside: code that stands beside the draft's, for tests of a service that is not theirs.
    """
    around = Code((*(beside.modules if beside is not None else ()), *code.modules))
    known = None if available is None else frozenset(available) | sys.stdlib_module_names
    found: list[Finding] = []
    for module in code.modules:
        for each in module.imports:
            if not each.optional:
                found.extend(_of(around, module, each, known))
    return found


def _of(code: Code, module: Module, each: Import, known: frozenset[str] | None) -> Iterator[Finding]:
    """What is wrong with one import."""
    top = each.module.partition(".")[0]
    if top in code.packages or (not top and each.name):
        yield from _own(code, module, each)
    elif known is not None and top and top not in known and top not in code.by_name:
        yield _unknown(module, each, top, known)


def _own(code: Code, module: Module, each: Import) -> Iterator[Finding]:
    """What is wrong with an import of the draft's own."""
    if each.module not in code.packages and each.module not in code.by_name:
        yield _finding(
            "unknown-import",
            module,
            each,
            each.module,
            f"There is no module `{each.module or '.'}` in the project.",
            _nearest(each.module, code.packages),
        )
        return
    there = code.by_name.get(each.module)
    if not each.name or each.name == "*" or f"{each.module}.{each.name}" in code.packages:
        return
    bound: frozenset[str] | None = frozenset() if there is None else there.bound
    if bound is None or each.name in bound or (there is not None and there.flaw is not None):
        return
    if each.name in ("__doc__", "__file__", "__name__", "__path__", "__version__"):
        return
    yield _finding(
        "name-not-defined-there",
        module,
        each,
        f"{each.module}.{each.name}",
        f"`{each.module}` does not define `{each.name}`.",
        _nearest(each.name, bound),
    )


def _unknown(module: Module, each: Import, top: str, known: frozenset[str]) -> Finding:
    """An import of a package that is not installed."""
    hint = f"It is not installed; {INSTEAD[top]}." if top in INSTEAD else _nearest(top, known)
    return _finding("unknown-import", module, each, top, f"`{top}` is not in the stack's packages.", hint)


def _finding(rule: str, module: Module, each: Import, symbol: str, message: str, hint: str) -> Finding:
    """A finding at an import."""
    line = module.line(each.at.line)
    return Finding(rule, Severity.ERROR, each.at, f"{module.name}: {symbol}", message, line, hint=hint)


def _nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known names."""
    close = difflib.get_close_matches(name, sorted(known), n=2, cutoff=0.7)
    return f"Near to it: {', '.join(close)}." if close else ""
