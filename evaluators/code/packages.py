"""What is known of packages: names, imports, what brings what, and versions with grave weaknesses.

The list of weaknesses is short and shipped with the gate: those that are graver
than most and often found in copied lists. Each names its advisory, which is its
source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evaluators.code.requirements import Asked

KNOWN = frozenset(
    {
        "aiofiles", "aiohttp", "aioredis", "aiosqlite", "alembic", "anyio", "apscheduler", "argon2-cffi",
        "arrow", "asyncpg", "attrs", "authlib", "bcrypt", "beautifulsoup4", "black", "boto3", "botocore",
        "cachetools", "celery", "certifi", "cffi", "charset-normalizer", "click", "coverage", "cryptography",
        "databases", "django", "django-cors-headers", "django-filter", "djangorestframework", "docker",
        "dramatiq", "email-validator", "factory-boy", "faker", "fastapi", "fastapi-users", "flake8", "flask",
        "flask-cors", "flask-jwt-extended", "flask-login", "flask-migrate", "flask-sqlalchemy", "google-auth",
        "greenlet", "gunicorn", "h11", "httpcore", "httptools", "httpx", "hypercorn", "hypothesis", "idna",
        "isort", "itsdangerous", "jinja2", "jsonschema", "kombu", "loguru", "mako", "markdown", "markupsafe",
        "marshmallow", "mypy", "mysqlclient", "numpy", "oauthlib", "openai", "orjson", "packaging", "pandas",
        "paramiko", "passlib", "peewee", "pillow", "pip", "pluggy", "polars", "prometheus-client", "protobuf",
        "psycopg", "psycopg-binary", "psycopg-pool", "psycopg2", "psycopg2-binary", "pycryptodome", "pydantic",
        "pydantic-core", "pydantic-settings", "pyjwt", "pylint", "pymongo", "pymysql", "pyopenssl", "pytest",
        "pytest-asyncio", "pytest-cov", "pytest-django", "pytest-mock", "python-dateutil", "python-dotenv",
        "python-jose", "python-multipart", "pytz", "pyyaml", "redis", "requests", "requests-oauthlib", "rich",
        "rq", "ruff", "scipy", "sentry-sdk", "setuptools", "simplejson", "six", "slowapi", "sqlalchemy",
        "sqlmodel", "sqlparse", "sqlglot", "starlette", "stripe", "structlog", "supabase", "tenacity", "toml",
        "tornado", "tortoise-orm", "tqdm", "twilio", "typer", "typing-extensions", "tzdata", "ujson", "urllib3",
        "uvicorn", "uvloop", "watchfiles", "websockets", "werkzeug", "wheel", "whitenoise", "wtforms",
    }
)  # fmt: skip
"""Well-known packages of Python."""

KNOWN_NODE = frozenset(
    {
        "axios", "bcrypt", "bcryptjs", "body-parser", "chalk", "commander", "cookie-parser", "cors",
        "cross-env", "dotenv", "eslint", "express", "express-rate-limit", "fastify", "helmet", "jest", "joi",
        "jsonwebtoken", "knex", "lodash", "mocha", "moment", "mongoose", "morgan", "multer", "mysql2",
        "nodemon", "passport", "prettier", "prisma", "react", "redis", "request", "sequelize", "socket.io",
        "typescript", "uuid", "validator", "vitest", "webpack", "winston",
    }
)  # fmt: skip
"""Well-known packages of Node.js."""

IMPORTS = {
    "aiofiles": "aiofiles", "aiohttp": "aiohttp", "alembic": "alembic", "apscheduler": "apscheduler",
    "asyncpg": "asyncpg", "bcrypt": "bcrypt", "boto3": "boto3", "celery": "celery", "cryptography": "cryptography",
    "django": "django", "rest_framework": "djangorestframework", "dotenv": "python-dotenv", "fastapi": "fastapi",
    "flask": "flask", "flask_cors": "flask-cors", "flask_login": "flask-login", "flask_sqlalchemy": "flask-sqlalchemy",
    "httpx": "httpx", "jinja2": "jinja2", "jose": "python-jose", "jwt": "pyjwt", "numpy": "numpy", "pandas": "pandas",
    "passlib": "passlib", "PIL": "pillow", "psycopg": "psycopg", "psycopg2": "psycopg2", "pydantic": "pydantic",
    "pydantic_settings": "pydantic-settings", "pymongo": "pymongo", "pymysql": "pymysql", "redis": "redis",
    "requests": "requests", "sentry_sdk": "sentry-sdk", "slowapi": "slowapi", "sqlalchemy": "sqlalchemy",
    "sqlmodel": "sqlmodel", "starlette": "starlette", "stripe": "stripe", "structlog": "structlog", "yaml": "pyyaml",
    "orjson": "orjson", "aiosqlite": "aiosqlite", "argon2": "argon2-cffi", "dramatiq": "dramatiq", "loguru": "loguru",
}  # fmt: skip
"""Top-level import -> the package that holds it."""

_BRINGS = {
    "starlette": {"fastapi", "sse-starlette"}, "pydantic": {"fastapi", "sqlmodel", "pydantic-settings"},
    "sqlalchemy": {"sqlmodel", "flask-sqlalchemy", "alembic", "databases"}, "httpx": {"openai", "supabase"},
    "psycopg": {"psycopg-binary", "psycopg-pool"}, "psycopg2": {"psycopg2-binary"}, "jinja2": {"flask"},
    "flask": {"flask-cors", "flask-login", "flask-sqlalchemy", "flask-jwt-extended", "flask-migrate", "flask-smorest"},
    "django": {"djangorestframework", "django-cors-headers", "django-ninja"}, "pyjwt": {"flask-jwt-extended"},
    "cryptography": {"python-jose", "authlib", "pyjwt"}, "requests": {"stripe", "docker"}, "numpy": {"pandas"},
    "python-dotenv": {"pydantic-settings", "uvicorn", "flask"}, "pyyaml": {"uvicorn"}, "redis": {"celery", "rq", "arq"},
    "bcrypt": {"passlib"}, "argon2-cffi": {"passlib", "pwdlib"},
}  # fmt: skip
"""Package -> packages that always bring it, or do with an extra."""


@dataclass(frozen=True)
class Weakness:
    """A version's known weakness."""

    version: str
    fixed: str
    advisory: str
    what: str


_WEAK: dict[str, tuple[tuple[str, str, str], ...]] = {
    "pyyaml": (("5.4", "CVE-2020-14343", "a document can run code"),),
    "jinja2": (("2.11.3", "CVE-2020-28493", "a template can make the service hang"),
               ("3.1.6", "CVE-2025-27516", "a template can leave the sandbox")),
    "pyjwt": (("2.4.0", "CVE-2022-29217", "a public key can be used as a secret"),),
    "python-jose": (("3.4.0", "CVE-2024-33663", "a public key can be used as a secret"),),
    "python-multipart": (("0.0.18", "CVE-2024-53981", "one upload can make the service hang"),),
    "django": (("3.2.25", "CVE-2024-27351", "one text can make the service hang"),),
    "flask": (("2.2.5", "CVE-2023-30861", "a session cookie can be cached for others"),),
    "werkzeug": (("2.2.3", "CVE-2023-25577", "one upload can take all memory"),
                 ("3.0.3", "CVE-2024-34069", "the debugger can run code of others")),
    "requests": (("2.31.0", "CVE-2023-32681", "a proxy's credentials are sent to others"),),
    "urllib3": (("1.26.17", "CVE-2023-43804", "cookies are sent on after a redirect"),),
    "cryptography": (("41.0.6", "CVE-2023-49083", "one certificate can end the process"),),
    "pillow": (("10.0.1", "CVE-2023-4863", "one picture can run code"),),
    "gunicorn": (("22.0.0", "CVE-2024-1135", "requests can be smuggled past a proxy"),),
    "aiohttp": (("3.9.2", "CVE-2024-23334", "files outside of the folder can be read"),),
    "starlette": (("0.40.0", "CVE-2024-47874", "one form can take all memory"),),
    "sqlparse": (("0.5.0", "CVE-2024-4340", "one statement can make the service hang"),),
    "certifi": (("2023.7.22", "CVE-2023-37920", "a withdrawn authority is trusted"),),
    "paramiko": (("2.10.1", "CVE-2022-24302", "a private key can be read while it is written"),),
}  # fmt: skip
"""Package -> (first good version, advisory, what can happen)."""


def near(name: str, ecosystem: str) -> str:
    """The well-known package that a name is one letter away from; empty where it is none, or well known itself."""
    known = KNOWN if ecosystem == "python" else KNOWN_NODE
    if name in known or len(name) < 5 or name[-1:].isdigit() or "@" in name:
        return ""
    return next((each for each in sorted(known) if len(each) > 4 and _is_slip(name, each)), "")


def _is_slip(name: str, meant: str) -> bool:
    """Whether a name is another one with two letters exchanged, one left out, doubled or wrong."""
    if name.replace("-", "") == meant.replace("-", ""):
        return True
    if abs(len(name) - len(meant)) > 1:
        return False
    begin = 0
    while begin < min(len(name), len(meant)) and name[begin] == meant[begin]:
        begin += 1
    left, right = name[begin:], meant[begin:]
    if len(left) == len(right):
        if len(left) > 1 and left[0] == right[1] and left[1] == right[0]:
            return left[2:] == right[2:]
        # One other letter, of long names only: short ones have neighbours that are packages too.
        return len(meant) > 6 and left[1:] == right[1:]
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    # A plural is another package as often as it is a slip.
    return longer[1:] == shorter and not (begin == len(min(name, meant, key=len)) and longer == "s")


def weakness(each: Asked) -> Weakness | None:
    """The weakness of an exact version, or None."""
    pinned = re.fullmatch(r"={2,3}\s*v?(\d+(?:\.\d+)*)", each.specifier)
    if each.ecosystem != "python" or pinned is None:
        return None
    version = _numbers(pinned.group(1))
    for fixed, advisory, what in _WEAK.get(each.name, ()):
        if version < _numbers(fixed):
            return Weakness(pinned.group(1), fixed, advisory, what)
    return None


def _numbers(version: str) -> tuple[int, ...]:
    """A version's numbers, without zeros at the end."""
    found = [int(part) for part in version.split(".")[:6] if len(part) < 10]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def is_brought(package: str, listed: set[str]) -> bool:
    """Whether a package is listed, or comes with one that is."""
    return package in listed or f"{package}-binary" in listed or bool(_BRINGS.get(package, set()) & listed)
