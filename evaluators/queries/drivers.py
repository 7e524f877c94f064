"""Which placeholders a driver takes."""

from __future__ import annotations

from evaluators.code.queries import Query

MARKS = {
    "format": "%s", "pyformat": "%(name)s", "numeric": "$1", "named": ":name", "at": "@name", "qmark": "?",
}  # fmt: skip
"""Style -> how it is written."""

_STYLES = {
    "psycopg": ("format", "pyformat"), "psycopg2": ("format", "pyformat"), "psycopg_pool": ("format", "pyformat"),
    "asyncpg": ("numeric",), "sqlite3": ("qmark", "named", "at", "numeric"),
    "aiosqlite": ("qmark", "named", "at", "numeric"), "pymysql": ("format", "pyformat"),
    "MySQLdb": ("format", "pyformat"), "aiomysql": ("format", "pyformat"), "mysql": ("format", "pyformat"),
    "pyodbc": ("qmark",), "databases": ("named",), "django": ("format", "pyformat"),
}  # fmt: skip


def styles_of(query: Query) -> frozenset[str]:
    """The styles that the driver of a query takes; empty where the driver is not certain."""
    if query.method == "text" or _is_text(query):
        return frozenset({"named"})
    families = {_STYLES[each] for each in query.drivers if each in _STYLES}
    if len(families) != 1 or query.drivers & {"sqlalchemy", "sqlmodel", "flask_sqlalchemy"}:
        return frozenset()
    return frozenset(next(iter(families)))


def _is_text(query: Query) -> bool:
    """Whether the SQL stands in SQLAlchemy's `text()` at the call that sends it."""
    import ast

    first = query.node.args[0] if query.node.args else None
    return isinstance(first, ast.Call) and query.module.called(first).endswith(("sqlalchemy.text", "sqlmodel.text"))
