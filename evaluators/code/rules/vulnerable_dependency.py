"""Rule vulnerable-dependency."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.packages import weakness
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("vulnerable-dependency", family="code", severity=Severity.WARNING, security=True)
def vulnerable_dependency(code: Code) -> Iterator[Flaw]:
    """A dependency is pinned to a version with a known, grave weakness.

    Why: The weakness is published, with the way to use it. A newer version mends it.

    Bad:
        ```text requirements.txt
        pyyaml==5.3
        ```

    Good:
        ```text requirements.txt
        pyyaml==6.0.2
        ```

    Boundary:
        ```text requirements.txt
        pyyaml>=5.3
        jinja2
        ```

    Precision: A short shipped list of grave weaknesses, not a database: what is not on it may be weak too. Only
    exact versions are judged, for of a range the newest is taken.

    Source: The advisory that the message names (CVE, GHSA).
    """
    for each in code.requirements:
        found = weakness(each)
        if found is not None:
            yield Flaw(
                each.name,
                each.at,
                f"{each.name} {found.version} has {found.advisory}: {found.what}.",
                each.line,
                f"Take {found.fixed} or later.",
            )
