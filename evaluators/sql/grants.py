"""GRANT as MySQL and SQL Server write it, read by its form: no parser of these dialects gives it as facts."""

from __future__ import annotations

import re

from evaluators.sql.builder import Builder
from evaluators.sql.facts import Grant
from evaluators.sql.statements import Statement

_GRANT = re.compile(
    r"grant\s+(?P<rights>[\w\s,()]{1,400}?)\s+on\s+(?:(?:table|object)\s*(?:::)?\s*)?(?P<object>[\w.*`\"\[\]]{1,200})"
    r"\s+to\s+(?P<roles>.{1,400}?)(?:\s+with\b.*)?$",
    re.IGNORECASE | re.DOTALL,
)


def read_grant(statement: Statement, builder: Builder) -> None:
    """Add what a GRANT on one table gives; silently nothing for other statements and for grants on whole databases."""
    found = _GRANT.match(statement.text.strip().rstrip(";").strip())
    if not found or "*" in found["object"]:
        return
    rights = re.sub(r"\([^)]*\)", "", found["rights"]).lower().split(",")
    privileges = tuple(re.sub(r"\s+privileges$", "", " ".join(each.split())) for each in rights)
    parts = re.sub(r"[`\"\[\]]", "", found["object"]).split(".")
    roles = tuple(re.sub(r"[`'\"\[\]]", "", each.split("@")[0]).strip().lower() for each in found["roles"].split(","))
    key = builder.key(parts[-2] if len(parts) > 1 else "", parts[-1])
    builder.grants.append(Grant(privileges, (key,), tuple(filter(None, roles)), statement.at()))
