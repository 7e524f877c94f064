"""Settings: options, then the environment, then `./backwright.toml`, then the user's file.

Read once, frozen, passed in. Each value knows where it came from (`source`), which
`backwright doctor` shows and which decides whether a key may be sent (assistant/trust.py).
"""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.settings_file import File, nearest
from evaluators.configuration import TABLES, ConfigurationError, configuration_of

PROJECT_FILE = "backwright.toml"
"""The project's file, looked for in the folder given (no search upwards)."""

DEFAULT_BASE_URL = "https://api.openai.com/v1"
"""Where requests go when nobody named an endpoint."""


class Secret:
    """A value that no repr, log or traceback shows; `reveal()` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Origin(enum.StrEnum):
    """Which layer a value came from, strongest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    USER = "user"
    DEFAULT = "default"


@dataclass(frozen=True)
class Source:
    """Where one value came from: the layer, and its variable, or file and line."""

    origin: Origin
    where: str = ""

    def __str__(self) -> str:
        return f"{self.origin} ({self.where})" if self.where else str(self.origin)


@dataclass(frozen=True)
class Price:
    """US dollars for one million tokens; `cached` is the price of cached prompt tokens."""

    prompt: float
    completion: float
    cached: float | None = None


@dataclass(frozen=True)
class Key:
    """One setting: attribute, kind, place in the TOML, variables, default and bounds."""

    name: str
    kind: str
    """`text`, `url`, `secret`, `whole`, `number` or `choice`."""
    table: str
    key: str
    default: Any = None
    variables: tuple[str, ...] = ()
    low: float = 0
    high: float = float("inf")
    choices: tuple[str, ...] = ()
    project: bool = True
    """Whether a project's file may set it: what reaches beyond the project, it may not."""


KEYS: tuple[Key, ...] = (
    Key("base_url", "url", "model", "base_url", None, ("BACKWRIGHT_BASE_URL", "OPENAI_BASE_URL")),
    Key("api_key", "secret", "model", "api_key", None, ("BACKWRIGHT_API_KEY", "OPENAI_API_KEY")),
    Key("model", "text", "model", "name", None, ("BACKWRIGHT_MODEL", "OPENAI_MODEL")),
    # A dotted path names code to import, so a cloned project must not choose it.
    Key("backend", "text", "model", "backend", "openai", ("BACKWRIGHT_BACKEND",), project=False),
    Key("api", "choice", "model", "api", "chat", ("BACKWRIGHT_API",), choices=("chat", "responses")),
    Key("temperature", "number", "model", "temperature", None, ("BACKWRIGHT_TEMPERATURE",), high=2),
    Key("max_tokens", "whole", "model", "max_tokens", None, ("BACKWRIGHT_MAX_TOKENS",), low=1),
    Key("timeout", "number", "model", "timeout", 600.0, ("BACKWRIGHT_TIMEOUT",), low=0.01),
    Key("connect_timeout", "number", "model", "connect_timeout", 10.0, ("BACKWRIGHT_CONNECT_TIMEOUT",), low=0.01),
    Key("retries", "whole", "model", "retries", 4, ("BACKWRIGHT_RETRIES",), high=20),
    Key("patience", "number", "model", "patience", 120.0, ("BACKWRIGHT_PATIENCE",)),
    Key("max_rounds", "whole", "budget", "rounds", 12, ("BACKWRIGHT_MAX_ROUNDS",), low=1),
    Key("max_total_tokens", "whole", "budget", "tokens", None, ("BACKWRIGHT_MAX_TOTAL_TOKENS",), low=1),
    Key("max_usd", "number", "budget", "usd", None, ("BACKWRIGHT_MAX_USD",)),
    Key("max_seconds", "number", "budget", "seconds", None, ("BACKWRIGHT_MAX_SECONDS",), low=0.01),
    # The history holds every prompt: a project's file must not send it elsewhere.
    Key("journal_url", "text", "journal", "url", None, ("BACKWRIGHT_JOURNAL_URL",), project=False),
    Key(
        "endpoint_kind",
        "choice",
        "recording",
        "endpoint",
        "live",
        ("BACKWRIGHT_ENDPOINT_KIND",),
        choices=("live", "hand-fed"),
    ),
    Key("record_note", "text", "recording", "note", "", ("BACKWRIGHT_RECORD_NOTE",)),
)
"""Every setting of ours but the prices. `budget.tokens` bounds a run, `model.max_tokens` one answer."""

OTHER_TABLES = TABLES
"""Tables that the gate reads; handed on as they are in `Settings.project` and `Settings.user`."""


@dataclass(frozen=True)
class Settings:
    """All settings, resolved. Times in seconds, money in US dollars; None means no limit or not set."""

    base_url: str | None = None
    api_key: Secret | None = None
    model: str | None = None
    backend: str = "openai"
    """`openai`, `recorded`, `by-hand`, `scripted`, or `package.module:function`."""
    api: str = "chat"
    temperature: float | None = None
    max_tokens: int | None = None
    """Most tokens of one answer; not sent when None."""
    timeout: float = 600.0
    """Longest silence of the endpoint: to the first byte, and between two."""
    connect_timeout: float = 10.0
    retries: int = 4
    """How often one request is asked again after a passing failure."""
    patience: float = 120.0
    """Longest time spent waiting between retries of one request, in all."""
    max_rounds: int = 12
    """Most answers of one run, over all turns."""
    max_total_tokens: int | None = None
    max_usd: float | None = None
    max_seconds: float | None = None
    journal_url: str | None = None
    """SQLAlchemy URL of the run history; None: SQLite in the user's data folder."""
    endpoint_kind: str = "live"
    """What a recording says of its endpoint: `live` or `hand-fed`."""
    record_note: str = ""
    prices: Mapping[str, Price] = field(default_factory=lambda: MappingProxyType({}))
    """Model name -> price."""
    project: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The project's tables that are not ours (`paths`, `service`, ...), raw."""
    user: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The same of the user's file."""
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def source(self, name: str) -> Source:
        """Where the setting `name` came from."""
        return self.sources.get(name, Source(Origin.DEFAULT))

    @property
    def endpoint(self) -> str:
        """The base URL that is used."""
        return self.base_url or DEFAULT_BASE_URL

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values that must never be written anywhere."""
        password = urlsplit(self.journal_url).password if self.journal_url else None
        return tuple(value for value in (self.api_key.reveal() if self.api_key else None, password) if value)


def user_file() -> Path:
    """The user's configuration file, whether or not it exists."""
    import platformdirs

    return Path(platformdirs.user_config_dir("backwright")) / "config.toml"


def load(
    options: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    project: Path | None = None,
    user: Path | None = None,
) -> Settings:
    """Resolve all settings. `options` holds attribute names; None values count as not given.

    `project` is the folder of `backwright.toml` (default: the working folder), `user`
    the user's file. Raises SettingsError with file, line and the nearest key.
    """
    environ = os.environ if environ is None else environ
    in_project = File.read((project or Path()) / PROJECT_FILE)
    in_user = File.read(user if user is not None else user_file())
    for file, of_project in ((in_project, True), (in_user, False)):
        _refuse_unknown(file, of_project)
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for key in KEYS:
        raw, source = _found(key, options or {}, environ, in_project, in_user)
        values[key.name] = _typed(key, raw, source)
        sources[key.name] = source
    values["prices"] = MappingProxyType(_prices(in_user) | _prices(in_project))
    _refuse_options(options or {})
    return Settings(
        **values,
        project=MappingProxyType(in_project.others(OTHER_TABLES)),
        user=MappingProxyType(in_user.others(OTHER_TABLES)),
        sources=MappingProxyType(sources),
    )


def _found(
    key: Key, options: Mapping[str, Any], environ: Mapping[str, str], project: File, user: File
) -> tuple[Any, Source]:
    """The strongest layer's raw value of one key, and its source."""
    if options.get(key.name) is not None:
        return options[key.name], Source(Origin.OPTION, key.name)
    for variable in key.variables:
        if environ.get(variable, "").strip():
            return environ[variable].strip(), Source(Origin.ENVIRONMENT, variable)
    for file, origin in ((project, Origin.PROJECT), (user, Origin.USER)):
        table = file.tables.get(key.table, {})
        if key.key in table:
            return table[key.key], Source(origin, file.place(key.table, key.key))
    return key.default, Source(Origin.DEFAULT)


def _typed(key: Key, raw: Any, source: Source) -> Any:
    """The value in its type and bounds; raises SettingsError that never shows a secret."""
    if raw is None or source.origin is Origin.DEFAULT:
        return raw
    where = source.where if source.origin in (Origin.PROJECT, Origin.USER) else str(source)
    shown = "a value that is not shown" if key.kind == "secret" else repr(raw)

    def wrong(wanted: str) -> SettingsError:
        return SettingsError(f"{where}: {key.table}.{key.key} must be {wanted}, not {shown}"[:400])

    if key.kind in ("whole", "number"):
        return _number(key, raw, from_text=source.origin in (Origin.OPTION, Origin.ENVIRONMENT), wrong=wrong)
    if not isinstance(raw, str):
        raise wrong("a text in quotes")
    text = raw.strip()
    if key.kind == "secret":
        if not text.isascii() or any(character.isspace() for character in text):
            raise wrong("one word of ASCII characters")
        return Secret(text) if text else None
    if key.kind == "choice" and text not in key.choices:
        raise wrong(" or ".join(key.choices))
    if key.kind == "url":
        return _url(text, wrong)
    return text or key.default


def _number(key: Key, raw: Any, *, from_text: bool, wrong: Any) -> float | int:
    """A bounded number; text is read as a number only where a layer holds nothing but text."""
    wanted = "a whole number" if key.kind == "whole" else "a number"
    bounds = f" from {key.low:g}" + (f" to {key.high:g}" if key.high != float("inf") else "")
    if isinstance(raw, str) and from_text:
        try:
            raw = int(raw) if key.kind == "whole" else float(raw)
        except ValueError:
            raise cast(SettingsError, wrong(wanted + bounds)) from None
    right = isinstance(raw, int) or (key.kind == "number" and isinstance(raw, float))
    # `low <= nan` is false, so a nan is refused here too.
    if isinstance(raw, bool) or not right or not key.low <= raw <= key.high or raw == float("inf"):
        raise cast(SettingsError, wrong(wanted + bounds))
    return cast("float | int", raw if key.kind == "whole" else float(raw))


def _url(text: str, wrong: Any) -> str | None:
    """A base URL without its last slash; no user, query or fragment, which would be shown or lost."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port_is_right = parts.port is None or 0 < parts.port < 65536
    except ValueError:
        raise cast(SettingsError, wrong("an http or https URL")) from None
    if parts.username or parts.password:
        raise SettingsError("a base URL must not hold a user or a password", "set the key as api_key or OPENAI_API_KEY")
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right:
        raise cast(SettingsError, wrong("an http or https URL"))
    if parts.query or parts.fragment:
        raise cast(SettingsError, wrong("an http or https URL without ? and #"))
    return text.rstrip("/")


def _prices(file: File) -> dict[str, Price]:
    """The table `[prices."MODEL"]` of one file."""
    prices: dict[str, Price] = {}
    for model, given in file.tables.get("prices", {}).items():
        where = file.place("prices", model)
        if not isinstance(given, dict):
            raise SettingsError(f'{where}: [prices."{model}"] must be a table with prompt and completion')
        for name, amount in given.items():
            if name not in ("prompt", "completion", "cached"):
                raise SettingsError(f"{where}: unknown key {name!r}{nearest(name, ('prompt', 'completion', 'cached'))}")
            if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < float("inf"):
                raise SettingsError(f"{where}: {name} must be US dollars for a million tokens, not {amount!r}")
        if not {"prompt", "completion"} <= set(given):
            raise SettingsError(f'{where}: [prices."{model}"] needs both prompt and completion')
        prices[model] = Price(**{name: float(amount) for name, amount in given.items()})
    return prices


def refuse_unknown(folder: Path) -> None:
    """Raise SettingsError at the first thing in a project's file that nobody reads; `check` reads no settings else."""
    _refuse_unknown(File.read(folder / PROJECT_FILE), True)


def _refuse_unknown(file: File, of_project: bool) -> None:
    """Raise SettingsError at the first table or key that nobody reads, or that this file may not set."""
    ours = {key.table for key in KEYS} | {"prices"}
    for table, content in file.tables.items():
        if table not in ours and table not in OTHER_TABLES:
            hint = nearest(table, sorted(ours | set(OTHER_TABLES)))
            raise SettingsError(f"{file.place(table)}: unknown table [{table}]{hint}")
        if not isinstance(content, dict):
            raise SettingsError(f"{file.place(table)}: {table} must be a table: [{table}]")
        if table in OTHER_TABLES or table == "prices":
            continue
        known = {key.key: key for key in KEYS if key.table == table}
        for name in content:
            if name not in known:
                raise SettingsError(f"{file.place(table, name)}: unknown key {table}.{name}{nearest(name, known)}")
            if of_project and not known[name].project:
                hint = f"set it in the user's file or as {known[name].variables[0]}"
                raise SettingsError(f"{file.place(table, name)}: a project's file may not set {table}.{name}", hint)
    gate = File(file.path, {name: file.tables[name] for name in TABLES if name in file.tables}, file.text)
    try:
        configuration_of(gate, of_user=not of_project)
    except ConfigurationError as error:
        raise SettingsError(str(error), error.hint) from error


def _refuse_options(options: Mapping[str, Any]) -> None:
    """Raise SettingsError for an option that is no setting."""
    names = [key.name for key in KEYS]
    for name in options:
        if name not in names:
            raise SettingsError(f"unknown option {name!r}{nearest(name, names)}")
