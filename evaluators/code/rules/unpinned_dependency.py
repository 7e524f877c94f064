"""Rule unpinned-dependency."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.requirements import Asked
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unpinned-dependency", family="code", severity=Severity.INFO, strict=True)
def unpinned_dependency(code: Code) -> Iterator[Flaw]:
    """A dependency has no version, and no lock file says which one is installed.

    Why: Today's installation and tomorrow's differ. What breaks it was not changed by anybody here.

    Bad:
        ```text requirements.txt
        fastapi
        ```

    Good:
        ```text requirements.txt
        fastapi==0.115.0
        ```

    Boundary:
        ```text requirements.txt
        fastapi>=0.115,<0.116
        ```

    Precision: In the preset `strict`. One finding a list; a range counts as a decision, and so does any lock file
    or hash in the project.

    Source: pip documentation, Repeatable Installs.
    """
    lists: dict[str, list[Asked]] = {}
    for each in code.requirements:
        if not code.locked and not each.specifier and not each.development:
            lists.setdefault(each.at.path, []).append(each)
    for path, found in lists.items():
        names = ", ".join(f"`{each.name}`" for each in found[:5])
        yield Flaw(
            path,
            found[0].at,
            f"Nothing says which version of {names} is installed.",
            found[0].line,
            "Pin it, or keep a lock file.",
            tuple(each.at for each in found[1:]),
        )
