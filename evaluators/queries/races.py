"""Reading a quantity, changing it in code and writing it back: what of it can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.facts import Parsed
from evaluators.queries.predicates import asks

_SAFE = re.compile(
    r"serializable|repeatable_?read|advisory_?lock|isolation_level|with_for_update|LOCK\s+TABLE", re.IGNORECASE
)


def written_plainly(write: Parsed) -> Iterator[str]:
    """The numeric columns that an UPDATE sets to a value from outside, neither worked out from itself nor constant."""
    for each in write.tree.expressions:
        if not isinstance(each, exp.EQ) or not isinstance(each.this, exp.Column) or write.target is None:
            continue
        column = write.target.column(each.this.name.lower())
        plain = isinstance(each.expression, (exp.Placeholder, exp.Parameter))
        if column is not None and plain and column.type.is_number and not column.name.endswith(("_id", "version")):
            yield column.name


def is_guarded(write: Parsed) -> bool:
    """Whether an UPDATE only takes the row as it was read, or its function locks or isolates otherwise."""
    keys = set(write.target.primary_columns) if write.target is not None else set()
    level = write.levels[0] if write.levels else None
    asked = {each.column.name for each in asks(level)} - keys if level is not None else set()
    written = set(written_plainly(write))
    old = bool(asked & written) or any(re.search(r"version|etag|updated|revision|lock", name) for name in asked)
    query = write.query
    around = query.around if query is not None else None
    if query is None or around is None:
        return True
    lines = query.module.text.split("\n")[around.lineno - 1 : around.end_lineno]
    return old or bool(_SAFE.search("\n".join(lines)))


def reads_for(read: Parsed, write: Parsed, column: str) -> bool:
    """Whether a SELECT reads, earlier in the same function, the column that an UPDATE writes."""
    if read.query is None or write.query is None or read.query.around is not write.query.around:
        return False
    if read.query.around is None or (read.query.sent.line, read.query.sent.column) >= (
        write.query.sent.line,
        write.query.sent.column,
    ):
        return False
    level = read.levels[0] if read.levels else None
    if level is None or not isinstance(level.node, exp.Select) or write.target not in level.tables:
        return False
    return any(
        isinstance(each.unalias(), exp.Star)
        or (isinstance(each.unalias(), exp.Column) and each.unalias().name.lower() == column)
        for each in level.node.expressions
    )


def is_locked(tree: exp.Expr) -> bool:
    """Whether a SELECT locks what it reads."""
    hinted = any("UPDLOCK" in each.sql().upper() for each in tree.find_all(exp.WithTableHint))
    return bool(tree.args.get("locks")) or hinted
