"""Rule undeclared-dependency."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.packages import IMPORTS, is_brought
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("undeclared-dependency", family="code", severity=Severity.WARNING)
def undeclared_dependency(code: Code) -> Iterator[Flaw]:
    """Code imports a package that no dependency list asks for.

    Why: It runs where somebody happens to have it, and fails on the next machine.

    Bad:
        ```text requirements.txt
        fastapi==0.115.0
        ```
        ```python app/main.py
        import boto3

        client = boto3.client
        ```

    Good:
        ```text requirements.txt
        fastapi==0.115.0
        boto3==1.35.0
        ```
        ```python app/main.py
        import boto3

        client = boto3.client
        ```

    Boundary:
        ```text requirements.txt
        fastapi==0.115.0
        pyyaml==6.0.2
        ```
        ```python app/main.py
        import yaml
        import pydantic

        try:
            import orjson
        except ImportError:
            orjson = None
        ```

    Precision: Only for well-known packages whose import names are shipped here; what another listed package is
    known to bring along counts as listed. Scripts and tests are left out.

    Source: pip documentation, Requirements Files.
    """
    listed = {each.name for each in code.requirements if each.ecosystem == "python"}
    own = {name.partition(".")[0] for name in code.packages}
    told: set[str] = set()
    for module in code.own if listed else ():
        for each in module.imports:
            top = each.module.partition(".")[0]
            package = IMPORTS.get(top, "")
            if not package or each.optional or top in own or package in told or is_brought(package, listed):
                continue
            told.add(package)
            yield Flaw(
                package,
                each.at,
                f"`{top}` is imported, and no dependency list asks for {package}.",
                module.line(each.at.line),
                f"Add {package} to the list.",
            )
