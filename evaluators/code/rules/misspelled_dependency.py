"""Rule misspelled-dependency."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.packages import near
from evaluators.rule import Flaw, rule


@rule("misspelled-dependency", family="code", security=True)
def misspelled_dependency(code: Code) -> Iterator[Flaw]:
    """A dependency's name is one letter away from a well-known package.

    Why: Names like these are registered by people who wait for the typing error: the package runs their code when
    it is installed.

    Bad:
        ```text requirements.txt
        fastapi==0.115.0
        reqeusts==2.32.3
        ```

    Good:
        ```text requirements.txt
        fastapi==0.115.0
        requests==2.32.3
        ```

    Boundary:
        ```text requirements.txt
        httpx==0.27.0
        httpx2==0.1.0
        psycopg==3.2.1
        psycopg2==2.9.9
        redis==5.0.8
        ```

    Precision: Compares with a shipped list of some hundred well-known packages; two letters exchanged, one left
    out, doubled or wrong. Names that are themselves on the list, end in a number, or are short are
    left out.

    Source: OpenSSF, Typosquatting; CWE-1357.
    """
    for each in code.requirements:
        meant = near(each.name, each.ecosystem)
        if meant:
            yield Flaw(
                each.name,
                each.at,
                f"`{each.name}` is one letter away from `{meant}`.",
                each.line,
                f"Ask for {meant}, if that is what is meant.",
            )
