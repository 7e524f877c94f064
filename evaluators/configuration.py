"""`backwright.toml`, as far as the gate reads it: every table and key is known, or it is an error.

[paths]
schema = ["db/schema.sql"]       # these and no other files are the schema
contract = "docs/openapi.yaml"

[check]
dialect = "postgres"             # postgres, sqlite, mysql, tsql
stack = "fastapi"
preset = "recommended"           # recommended, strict, security
fail_on = "error"                # error, warning, info
exclude = ["legacy/**"]          # files that are not judged
baseline = "baseline.json"       # findings that are known

[rules]
missing-primary-key = "warning"  # off, info, warning, error
float-money = { level = "error", exclude = ["old/**"], symbols = ["audit_*"] }

[service]
app = "shop.main:app"

[service.env]
DB_URL = "$DATABASE_URL"

[probes.login]                   # an exotic login; see docs/configuration.md
request = "POST /sessions"
body = { user = "$EMAIL", pass = "$PASSWORD" }
token = "data.token"
header = "X-Session: $TOKEN"
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.draft import Role
from evaluators.finding import Severity
from evaluators.policy import Level
from evaluators.rule import PRESETS
from evaluators.toml_file import TomlError, TomlFile, nearest

NAME = "backwright.toml"

TABLES = ("paths", "check", "rules", "service", "probes")
"""The tables that the gate reads."""

OTHERS = ("model", "budget", "journal", "recording", "prices")
"""The tables of the same file that the assistant reads; it checks their keys."""

CHECK = ("dialect", "stack", "preset", "fail_on", "exclude", "baseline", "rules")

USER_CHECK = ("preset", "fail_on", "rules")
"""What the user's file may say for all projects."""

SERVICE = ("app", "environment", "starts-within", "env")

PROBES = ("login", "register", "identities")

REGISTER = ("request", "body", "form", "headers")

LOGIN = (*REGISTER, "token", "header")

IDENTITY = ("email", "password", "headers")

LEVELS = ("off", *(severity.value for severity in reversed(Severity)))

_LEVEL = ("level", "exclude", "symbols")


class ConfigurationError(Exception):
    """A configuration that is wrong: what and where, and in `hint` how to mend it."""

    def __init__(self, message: str, hint: str = "see docs/configuration.md") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Configuration:
    """What a file says to the gate; empty where it says nothing."""

    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dialect: str = ""
    stack: str = ""
    preset: str = ""
    fail_on: Severity | None = None
    exclude: tuple[str, ...] = ()
    baseline: str = ""
    rules: tuple[str, ...] = ()
    """Files and folders of custom rules; only in the user's file."""
    levels: tuple[Level, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """`service.app`, `service.env.NAME`, ..."""


def read(path: Path, *, of_user: bool = False) -> Configuration:
    """The configuration in a file; a missing file says nothing.

    Raises:
        ConfigurationError: with file, line and the nearest right name.
    """
    try:
        file = TomlFile.read(path)
    except TomlError as error:
        raise ConfigurationError(str(error).replace(str(path), path.name, 1), "mend the file or move it away") from None
    shown = path if of_user else Path(path.name)
    return configuration_of(TomlFile(shown, file.tables, file.text), of_user=of_user)


def configuration_of(file: TomlFile, *, of_user: bool = False) -> Configuration:
    """The configuration in a file that was read. Raises ConfigurationError."""
    for table, content in file.tables.items():
        if table not in (*TABLES, *OTHERS):
            raise ConfigurationError(
                f"{file.place(table)}: unknown table [{table}]{nearest(table, (*TABLES, *OTHERS))}"
            )
        if not isinstance(content, dict):
            raise ConfigurationError(f"{file.place(table)}: {table} must be a table", f"write [{table}]")
    for table in ("paths", "service", "probes"):
        if of_user and table in file.tables:
            raise ConfigurationError(f"{file.place(table)}: [{table}] belongs to a project", f"write it into {NAME}")
    said = _Table(file, "check", USER_CHECK if of_user else CHECK)
    if said.has("rules") and not of_user:
        raise ConfigurationError(
            f"{said.place('rules')}: a project's file may not name code to load",
            "pass --rules PATH, or set it in the user's file",
        )
    fail_on = said.one_of("fail_on", tuple(Severity))
    return Configuration(
        paths=tuple(_paths(file)),
        dialect=said.text("dialect"),
        stack=said.text("stack"),
        preset=said.one_of("preset", PRESETS),
        fail_on=Severity(fail_on) if fail_on else None,
        exclude=said.texts("exclude"),
        baseline=said.text("baseline"),
        rules=said.texts("rules"),
        levels=tuple(_levels(file)),
        options=tuple(sorted([*_service(file), *_probes(file)])),
    )


class _Table:
    """A table whose values are asked for by key and kind."""

    def __init__(self, file: TomlFile, name: str, known: tuple[str, ...], content: Any = None, *inner: str) -> None:
        self._file = file
        self._path = (name, *inner)
        self._content: dict[str, Any] = file.tables.get(name, {}) if content is None else content
        for key in self._content:
            if key not in known:
                raise ConfigurationError(f"{self.place(key)}: unknown key {self.named(key)}{nearest(key, known)}")

    def place(self, key: str) -> str:
        """`file:line` of a key."""
        return self._file.place(*self._path, key)

    def named(self, key: str) -> str:
        """A key with its table."""
        return ".".join((*self._path, key))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def text(self, key: str) -> str:
        """A text; empty where it is not there."""
        value = self._content.get(key, "")
        if not isinstance(value, str) or (key in self._content and not value.strip()):
            raise ConfigurationError(f"{self.place(key)}: {self.named(key)} must be a text", "put it in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self._content.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
            raise ConfigurationError(
                f"{self.place(key)}: {self.named(key)} must be a text or a list of texts", 'write ["one", "two"]'
            )
        return tuple(listed)

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """One of some words; empty where it is not there."""
        value = self._content.get(key, "")
        if key in self._content and value not in known:
            raise ConfigurationError(
                f"{self.place(key)}: {self.named(key)} must be one of {', '.join(known)}, not {value!r}"[:300]
            )
        return str(value)


def _paths(file: TomlFile) -> list[tuple[str, tuple[str, ...]]]:
    """`[paths]`: role -> files."""
    roles = tuple(role.value for role in Role)
    content = file.tables.get("paths", {})
    for key in content:
        if key not in roles:
            raise ConfigurationError(f"{file.place('paths', key)}: [paths] {key} is no role{nearest(key, roles)}")
    table = _Table(file, "paths", roles)
    return [(key, table.texts(key)) for key in content]


def _service(file: TomlFile) -> list[tuple[str, str]]:
    """`[service]` as options."""
    content = file.tables.get("service", {})
    table = _Table(file, "service", SERVICE)
    variables = content.get("env", {})
    if not isinstance(variables, dict) or not all(isinstance(each, str) for each in variables.values()):
        raise ConfigurationError(f"{table.place('env')}: [service.env] must hold texts", 'write NAME = "value"')
    starts = content.get("starts-within", 1)
    if isinstance(starts, bool) or not isinstance(starts, int | float) or not 0 < starts <= 3600:
        raise ConfigurationError(f"{table.place('starts-within')}: service.starts-within must be seconds, up to 3600")
    made = [
        (f"service.{key}", str(starts) if key == "starts-within" else table.text(key))
        for key in content
        if key != "env"
    ]
    return [*made, *((f"service.env.{name}", value) for name, value in variables.items())]


def _probes(file: TomlFile) -> list[tuple[str, str]]:
    """`[probes]` as options: each of its tables as JSON."""
    table = _Table(file, "probes", PROBES)
    content = file.tables.get("probes", {})
    for part, said in content.items():
        if not isinstance(said, dict):
            raise ConfigurationError(f"{table.place(part)}: probes.{part} must be a table", f"write [probes.{part}]")
        if part == "identities":
            _identities(file, said)
        else:
            _login(file, part, said)
    return [(f"probes.{part}", json.dumps(said, sort_keys=True)) for part, said in content.items()]


def _login(file: TomlFile, part: str, said: dict[str, Any]) -> None:
    """Check `[probes.login]` or `[probes.register]`."""
    table = _Table(file, "probes", LOGIN if part == "login" else REGISTER, said, part)

    def wrong(key: str, message: str) -> ConfigurationError:
        return ConfigurationError(f"{table.place(key)}: probes.{part}.{key} {message}")

    if not re.fullmatch(r"(GET|POST|PUT|PATCH) /\S*", table.text("request")):
        raise wrong("request", 'must be a method and a path, such as "POST /sessions"')
    if not isinstance(said.get("form", False), bool):
        raise wrong("form", "must be true or false")
    if said.get("form") and not isinstance(said.get("body"), dict):
        raise wrong("body", "of a form must be a table")
    if not table.has("token") and table.has("header"):
        raise wrong("header", f"needs probes.{part}.token, its place in the answer")
    if table.has("token"):
        table.text("token")
    if table.has("header") and not re.fullmatch(r"[A-Za-z0-9-]+:\s*[ -#%-~]*\$TOKEN", table.text("header")):
        raise wrong("header", 'must be a header that ends in $TOKEN, such as "X-Session: $TOKEN"')
    _headers(table, said)


def _identities(file: TomlFile, said: dict[str, Any]) -> None:
    """Check `[probes.identities]`."""
    place = file.place("probes", "identities")
    if ("a" in said) != ("b" in said):
        raise ConfigurationError(f"{place}: probes.identities needs both a and b: two ordinary users")
    for name, each in said.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not isinstance(each, dict):
            raise ConfigurationError(f"{place}: probes.identities.{name} must be a table with a name of small letters")
        table = _Table(file, "probes", IDENTITY, each, "identities", name)
        _headers(table, each)
        if not each.get("headers") and not (table.text("email") and table.text("password")):
            raise ConfigurationError(f"{place}: probes.identities.{name} needs email and password, or headers")


def _headers(table: _Table, said: dict[str, Any]) -> None:
    headers = said.get("headers", {})
    if not isinstance(headers, dict) or not all(
        isinstance(value, str) and value.isprintable() and re.fullmatch(r"[!-9;-~]+", name)
        for name, value in headers.items()
    ):
        raise ConfigurationError(f"{table.place('headers')}: {table.named('headers')} must be a table of texts")


def _levels(file: TomlFile) -> list[Level]:
    """`[rules]`: what is said of each rule."""
    content = file.tables.get("rules", {})
    if not content:
        return []
    from evaluators.catalogue import ids, known, load_all

    load_all()
    levels = []
    for rule, said in content.items():
        if not known(rule):
            close = nearest(rule, ids()) if len(rule) < 100 else ""
            hint = close if "did you mean" in close else "; `backwright rules` lists them"
            raise ConfigurationError(f"{file.place('rules', rule)}: unknown rule {rule!r}{hint}"[:300])
        if isinstance(said, str):
            said = {"level": said}
        if not isinstance(said, dict):
            raise ConfigurationError(f"{file.place('rules', rule)}: rules.{rule} must be one of {', '.join(LEVELS)}")
        table = _Table(file, "rules", _LEVEL, said, rule)
        level = table.one_of("level", LEVELS)
        levels.append(
            Level(
                rule,
                Severity(level) if level not in ("", "off") else None,
                level == "off",
                table.texts("exclude"),
                table.texts("symbols"),
            )
        )
    return levels
