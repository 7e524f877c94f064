"""Rule default-secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import SECRET_WORDS, words
from evaluators.code.facts import Code
from evaluators.rule import Flaw, rule

_TEXT = re.compile(r"""[rbf]*(['"]).+\1""")
_ABOUT = {
    "minutes", "seconds", "hours", "days", "algorithm", "type", "url", "name", "length", "header", "ttl", "issuer",
    "audience", "expire", "expires", "lifetime", "prefix", "scheme", "cost", "rounds", "min", "max", "file", "path",
}  # fmt: skip


@alone
@rule("default-secret", family="code", security=True)
def default_secret(code: Code) -> Iterator[Flaw]:
    """A secret has a default that stands in the code.

    Why: Where nobody sets the variable, the service starts all the same, with a
    secret that everybody can read.

    Bad:
        ```python app/config.py
        import os

        JWT_SECRET = os.getenv("JWT_SECRET", "change-me")
        ```

    Good:
        ```python app/config.py
        import os

        JWT_SECRET = os.environ["JWT_SECRET"]
        TOKEN_MINUTES = os.getenv("TOKEN_MINUTES", "15")
        JWT_ALGORITHM = os.getenv("JWT_ALGORITHM", "HS256")
        MAIL_PASSWORD = os.getenv("MAIL_PASSWORD", "")
        ```

    Boundary:
        ```python app/config.py
        import os

        JWT_SECRET = os.getenv("JWT_SECRET") or os.environ["SECRET"]
        TOKEN_PREFIX = os.getenv("TOKEN_PREFIX", "Bearer")
        ```

    Precision: Goes by the words of the variable's name. Defaults that another line replaces, or that only tests
    reach, are named all the same.

    Source: CWE-798; The Twelve-Factor App, III Config.
    """
    for read in code.environment:
        parts = words(read.name)
        secret = set(parts) & SECRET_WORDS or "API_KEY" in read.name or "SECRET_KEY" in read.name
        if secret and not set(parts) & _ABOUT and read.default and _TEXT.fullmatch(read.default):
            yield Flaw(
                read.name,
                read.at,
                f"`{read.name}` has a default in the code.",
                hint="Read it without a default, and fail clearly when it is missing.",
            )
