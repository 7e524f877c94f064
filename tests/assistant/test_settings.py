"""Settings: order of the layers, errors with file and line, and a key that goes nowhere it should not."""

from __future__ import annotations

import math
import pickle
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SettingsError
from assistant.model.endpoint import endpoint_of
from assistant.settings import KEYS, Origin, Price, Secret, Settings, load
from assistant.trust import NO_KEY, Trust, is_local, key_to_send, normal

KEY = "sk-test-very-secret"


class Files:
    """A project's and a user's file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trust = Trust(folder / "data" / "trusted.json")

    def load(
        self,
        project: str | None = None,
        user: str | None = None,
        *,
        environ: dict[str, str] | None = None,
        **options: Any,
    ) -> Settings:
        """Settings from these layers."""
        for name, text in (("backwright.toml", project), ("user.toml", user)):
            (self.folder / name).unlink(missing_ok=True)
            if text is not None:
                (self.folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        return load(options, environ=environ or {}, project=self.folder, user=self.folder / "user.toml")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Nothing set anywhere."""
    return Files(tmp_path)


def test_defaults(files: Files) -> None:
    settings = files.load()
    assert (settings.endpoint, settings.model, settings.api) == ("https://api.openai.com/v1", None, "chat")
    assert settings.source("model").origin is Origin.DEFAULT


def test_the_order_of_the_layers(files: Files) -> None:
    project, user = '[model]\nname = "of-project"\n', '[model]\n\nname = "of-user"\n'
    environ = {"BACKWRIGHT_MODEL": "of-environment", "OPENAI_MODEL": "weaker"}
    found = [
        files.load(project, user, environ=environ, model="of-option"),
        files.load(project, user, environ=environ),
        files.load(project, user, environ={"OPENAI_MODEL": "weaker"}),
        files.load(project, user, environ={"OPENAI_MODEL": "  "}),
        files.load(None, user),
    ]
    assert [each.model for each in found] == ["of-option", "of-environment", "weaker", "of-project", "of-user"]
    assert [str(each.source("model")) for each in found] == [
        "option (model)",
        "environment (BACKWRIGHT_MODEL)",
        "environment (OPENAI_MODEL)",
        f"project ({files.folder / 'backwright.toml'}:2)",
        f"user ({files.folder / 'user.toml'}:3)",
    ]


def test_every_kind_is_read(files: Files) -> None:
    settings = files.load(
        '[model]\nbase_url = "https://x.example/v1/"\napi = "responses"\ntemperature = 0\nretries = 2\n'
        '[budget]\nrounds = 3\nusd = 1.5\n[prices."a.b"]\nprompt = 1\ncompletion = 2.5\n[paths]\nschema = "s.sql"\n',
        '[prices.other]\nprompt = 1\ncompletion = 1\ncached = 0.5\n[journal]\nurl = "sqlite:///x"\n',
        environ={"BACKWRIGHT_TIMEOUT": "1.5", "BACKWRIGHT_MAX_TOKENS": "7", "OPENAI_API_KEY": KEY},
        connect_timeout="3",
    )
    assert (settings.base_url, settings.api, settings.temperature) == ("https://x.example/v1", "responses", 0.0)
    assert (settings.retries, settings.max_rounds, settings.max_usd) == (2, 3, 1.5)
    assert (settings.timeout, settings.max_tokens, settings.connect_timeout) == (1.5, 7, 3.0)
    assert settings.prices == {"a.b": Price(1, 2.5), "other": Price(1, 1, 0.5)}
    assert settings.project == {"paths": {"schema": "s.sql"}}
    assert settings.journal_url == "sqlite:///x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[model]\n\nnaem = "x"\n', "backwright.toml:3: unknown key model.naem; did you mean 'name'?"),
        ("[modle]\n", "backwright.toml:1: unknown table [modle]; did you mean 'model'?"),
        ("[budget]\nrounds = 'many'\n", "backwright.toml:2: budget.rounds must be a whole number from 1, not 'many'"),
        ("[budget]\nrounds = 0\n", "backwright.toml:2: budget.rounds must be a whole number from 1, not 0"),
        ("[budget]\nrounds = true\n", "budget.rounds must be a whole number from 1, not True"),
        ("[budget]\nrounds = 1.5\n", "budget.rounds must be a whole number from 1, not 1.5"),
        ("budget.usd = nan\n", "backwright.toml:1: budget.usd must be a number from 0, not nan"),
        ("[budget]\nusd = inf\n", "backwright.toml:2: budget.usd must be a number from 0, not inf"),
        ("[budget]\nusd = '3'\n", "backwright.toml:2: budget.usd must be a number from 0, not '3'"),
        ("[model]\ntemperature = 3\n", "model.temperature must be a number from 0 to 2, not 3"),
        ("[model]\napi = 'soap'\n", "backwright.toml:2: model.api must be chat or responses, not 'soap'"),
        ("[model]\nname = 5\n", "backwright.toml:2: model.name must be a text in quotes, not 5"),
        ("[model]\nbase_url = 'ftp://x'\n", "backwright.toml:2: model.base_url must be an http or https URL"),
        ("[model]\nbase_url = 'http://x:99999/v1'\n", "model.base_url must be an http or https URL"),
        ("[model]\nbase_url = 'http://x/v1?key=1'\n", "without ? and #"),
        ("model = 5\n", "backwright.toml:1: model must be a table: [model]"),
        ("[[model]]\nname = 'x'\n", "model must be a table"),
        ("[model\n", "backwright.toml:1: not TOML"),
        ("[model]\n# \udcff\n", "backwright.toml:2: not UTF-8"),
        ("[prices.m]\nprompt = 1\n", 'backwright.toml:1: [prices."m"] needs both prompt and completion'),
        ("[prices.m]\npromt = 1\n", "unknown key 'promt'; did you mean 'prompt'?"),
        ("[prices.m]\nprompt = -1\n", "prompt must be US dollars for a million tokens, not -1"),
        ("[prices]\nm = 1\n", "must be a table with prompt and completion"),
        ("[journal]\nurl = 'postgresql://elsewhere'\n", "backwright.toml:2: a project's file may not set journal.url"),
        ("[model]\nbackend = 'evil:run'\n", "backwright.toml:2: a project's file may not set model.backend"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(files: Files, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        files.load(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_variables_and_options_are_named(files: Files) -> None:
    with pytest.raises(SettingsError, match=r"environment \(BACKWRIGHT_TIMEOUT\): model\.timeout must be a number"):
        files.load(environ={"BACKWRIGHT_TIMEOUT": "soon"})
    with pytest.raises(SettingsError, match=r"option \(max_rounds\): budget\.rounds must be a whole number"):
        files.load(max_rounds="x")
    with pytest.raises(SettingsError, match="unknown option 'modle'; did you mean 'model'"):
        files.load(modle="x")


def test_a_file_that_cannot_be_read_is_one_line(files: Files) -> None:
    (files.folder / "backwright.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, environ={}, project=files.folder, user=files.folder / "none")
    (files.folder / "backwright.toml").rmdir()
    with pytest.raises(SettingsError, match="larger than"):
        files.load("#" * 1_000_001)


def test_the_key_is_never_shown(files: Files) -> None:
    settings = files.load(environ={"OPENAI_API_KEY": KEY})
    assert settings.api_key is not None
    assert settings.api_key.reveal() == KEY
    assert KEY not in repr(settings) + str(settings.api_key) + f"{settings.api_key}" + repr(
        endpoint_of(_named(settings))
    )
    for text in (f"[model]\napi_key = ['{KEY}']\n", f"[model]\napi_key = '{KEY} x'\n"):
        with pytest.raises(SettingsError) as caught:
            files.load(text)
        assert KEY not in str(caught.value)
    with pytest.raises(SettingsError, match="must not hold a user or a password") as caught:
        files.load(base_url="https://me:hunter2@x.example/v1")
    assert "hunter2" not in str(caught.value)


def _named(settings: Settings) -> Settings:
    """The same with a model."""
    from dataclasses import replace

    return replace(settings, model="m")


def test_settings_and_secret_values() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert pickle.loads(pickle.dumps(Price(1, 2))) == Price(1, 2)  # noqa: S301
    assert math.isfinite(Settings().timeout)


def test_every_setting_has_a_variable_and_a_field() -> None:
    for key in KEYS:
        assert key.variables[0].startswith("BACKWRIGHT_")
        assert hasattr(Settings(), key.name)
        assert getattr(Settings(), key.name) == key.default


NAMED = '[model]\nbase_url = "https://models.example/v1"\n'


def test_a_project_s_endpoint_gets_no_key_until_trusted(files: Files) -> None:
    settings = files.load(NAMED, environ={"OPENAI_API_KEY": KEY})
    with pytest.raises(SettingsError, match=r"backwright trust https://models\.example/v1") as caught:
        key_to_send(settings, files.trust)
    assert KEY not in str(caught.value)
    assert files.trust.add("HTTPS://Models.Example:443/v1/") == "https://models.example:443/v1"
    assert key_to_send(settings, files.trust) == KEY
    assert files.trust.remove("https://models.example/v1")
    assert not files.trust.remove("https://models.example/v1")
    with pytest.raises(SettingsError):
        key_to_send(settings, files.trust)


@pytest.mark.parametrize(
    "other",
    [
        "https://models.example/v2",
        "http://models.example/v1",
        "https://models.example:8443/v1",
        "https://models.example.evil.example/v1",
    ],
)
def test_trust_is_for_one_url_alone(files: Files, other: str) -> None:
    files.trust.add("https://models.example/v1")
    settings = files.load(f'[model]\nbase_url = "{other}"\n', environ={"OPENAI_API_KEY": KEY})
    with pytest.raises(SettingsError, match="have not trusted it"):
        key_to_send(settings, files.trust)


def test_an_endpoint_that_the_user_named_gets_the_key(files: Files) -> None:
    url = "https://models.example/v1"
    for settings in (
        files.load(environ={"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url}),
        files.load(environ={"OPENAI_API_KEY": KEY}, base_url=url),
        files.load(None, NAMED + f"api_key = '{KEY}'\n"),
        files.load(NAMED, environ={"OPENAI_API_KEY": KEY}, base_url=url),
        files.load(environ={"OPENAI_API_KEY": KEY}),
    ):
        assert key_to_send(settings, files.trust) == KEY


def test_a_project_s_own_key_may_go_to_its_own_endpoint(files: Files) -> None:
    own = NAMED + "api_key = 'of-the-project'\n"
    assert key_to_send(files.load(own), files.trust) == "of-the-project"
    with pytest.raises(SettingsError, match="have not trusted it"):
        key_to_send(files.load(own, environ={"OPENAI_API_KEY": KEY}), files.trust)


def test_a_local_server_needs_no_key_and_a_project_s_gets_none(files: Files) -> None:
    local = "http://localhost:11434/v1"
    assert key_to_send(files.load(base_url=local), files.trust) == NO_KEY
    named = files.load(f'[model]\nbase_url = "{local}"\n', environ={"OPENAI_API_KEY": KEY})
    assert key_to_send(named, files.trust) == NO_KEY
    assert key_to_send(files.load(environ={"OPENAI_API_KEY": KEY}, base_url=local), files.trust) == KEY
    with pytest.raises(SettingsError, match=r"no API key for https://api\.openai\.com/v1"):
        key_to_send(files.load(), files.trust)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://a.localhost/v1", True),
        ("http://localhost.evil.example/v1", False),
        ("http://127.0.0.1.evil.example/v1", False),
        ("http://10.0.0.1/v1", False),
        ("http://0.0.0.0/v1", False),
    ],
)
def test_what_is_local(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_a_damaged_trust_file_is_one_line(files: Files) -> None:
    files.trust.add("http://a.example")
    path = files.folder / "data" / "trusted.json"
    assert path.stat().st_mode & 0o077 == 0
    for text in ("{", '{"a": 1}', "[1]"):
        path.write_text(text)
        with pytest.raises(SettingsError, match=r"trusted\.json"):
            files.trust.all()
    with pytest.raises(SettingsError, match="not an http or https URL"):
        normal("models.example")


def test_no_model_is_said(files: Files) -> None:
    with pytest.raises(SettingsError, match="no model is named"):
        endpoint_of(files.load(environ={"OPENAI_API_KEY": KEY}), files.trust)
