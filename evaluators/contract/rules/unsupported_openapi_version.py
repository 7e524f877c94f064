"""The rule unsupported-openapi-version."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.facts import Contract
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("unsupported-openapi-version", family="contract", severity=Severity.ERROR)
def unsupported_openapi_version(contract: Contract) -> Iterator[Flaw]:
    """The document does not say a version of OpenAPI that can be judged: 3.0, 3.1 or 3.2.

    Why: Every rule depends on the version, and tools refuse a document without it.

    Bad:
    ```yaml openapi.yaml
    swagger: "2.0"
    info: {title: Shop, version: "1"}
    paths: {}
    ```

    Good:
    ```yaml openapi.yaml
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    paths: {}
    ```

    Boundary:
    ```yaml openapi.yaml
    openapi: 3.2.7
    info: {title: Shop, version: "1"}
    paths: {}
    ```

    Precision: Swagger 2.0 and versions to come are not judged, and the stage then says so.

    Source: OpenAPI 3.1, "Versions and Deprecation".
    """
    if contract.root is not None and not contract.family:
        said = contract.root.raw("openapi") or contract.root.raw("swagger")
        where = contract.root.get("openapi") or contract.root.get("swagger") or contract.root
        hint = "Quote it, with three numbers." if isinstance(said, float) else "Say `openapi: 3.1.0`."
        yield where.flaw("openapi", f"The version {str(said)[:20]} is not 3.0.x, 3.1.x or 3.2.x.", hint)
