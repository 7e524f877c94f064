"""`backwright.toml`: every table and key is known, or it is one clear line; the gate and the assistant agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import load, refuse_unknown
from evaluators.configuration import Configuration, ConfigurationError, read
from evaluators.draft import Role
from evaluators.finding import Severity
from evaluators.folder import FolderError, find, find_all
from evaluators.policy import Level

WHOLE = """\
[model]
name = "any"

[paths]
schema = ["db/schema.sql"]
contract = "api.yaml"

[check]
dialect = "sqlite"
stack = "fastapi"
preset = "strict"
fail_on = "warning"
exclude = ["legacy/**", "*.min.sql"]
baseline = "baseline.json"

[rules]
missing-primary-key = "off"
ruff-s608 = "info"
hard-coded-secret = "warning"

[rules.float-money]
level = "warning"
exclude = ["old/**"]
symbols = ["audit_*"]

[service]
app = "shop:app"
starts-within = 20

[service.env]
DB = "$DATABASE_URL"
"""


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "backwright.toml").write_text(WHOLE)
    assert read(tmp_path / "backwright.toml") == Configuration(
        paths=(("schema", ("db/schema.sql",)), ("contract", ("api.yaml",))),
        dialect="sqlite",
        stack="fastapi",
        preset="strict",
        fail_on=Severity.WARNING,
        exclude=("legacy/**", "*.min.sql"),
        baseline="baseline.json",
        levels=(
            Level("missing-primary-key", off=True),
            Level("ruff-s608", Severity.INFO),
            Level("hard-coded-secret", Severity.WARNING),
            Level("float-money", Severity.WARNING, False, ("old/**",), ("audit_*",)),
        ),
        options=(("service.app", "shop:app"), ("service.env.DB", "$DATABASE_URL"), ("service.starts-within", "20")),
    )
    assert read(tmp_path / "none.toml") == Configuration()
    refuse_unknown(tmp_path)
    assert load(project=tmp_path, user=tmp_path / "none", environ={}).model == "any"


WRONG = [
    ("[chekc]\n", "backwright.toml:1: unknown table [chekc]; did you mean 'check'?"),
    ("x = 1\n", "backwright.toml:1: unknown table [x]"),
    ("[landing]\n", "unknown table [landing]"),
    ("\n[check]\nprest = 'strict'\n", "backwright.toml:3: unknown key check.prest; did you mean 'preset'?"),
    ("[check]\npreset = 'loud'\n", "check.preset must be one of recommended, strict, security, not 'loud'"),
    ("[check]\nfail_on = 3\n", "check.fail_on must be one of error, warning, info, not 3"),
    ("[check]\nexclude = [1]\n", "check.exclude must be a text or a list of texts"),
    ("[check]\nbaseline = ''\n", "check.baseline must be a text"),
    ("[check]\nrules = ['x.py']\n", "backwright.toml:2: a project's file may not name code to load"),
    ("[service]\nport = 3\n", "unknown key service.port"),
    ("[service]\napp = 3\n", "service.app must be a text"),
    ("[service]\nstarts-within = 'soon'\n", "service.starts-within must be seconds"),
    ("[service]\nstarts-within = true\n", "service.starts-within must be seconds"),
    ("[rules]\nmissing-primary-kee = 'off'\n",
     "backwright.toml:2: unknown rule 'missing-primary-kee'; did you mean 'missing-primary-key'?"),
    ("[rules]\nx = 'off'\n", "unknown rule 'x'; `backwright rules` lists them"),
    ("[rules]\nfloat-money = 'of'\n", "rules.float-money.level must be one of off, info, warning, error, not 'of'"),
    ("[rules]\nfloat-money = 3\n", "rules.float-money must be one of off, info, warning, error"),
    ("[rules]\nfloat-money = {levle = 'off'}\n", "unknown key rules.float-money.levle; did you mean 'level'?"),
    ("[rules.float-money]\n\nsymbols = 3\n", "backwright.toml:3: rules.float-money.symbols must be a text"),
    ("rules = 3\n", "rules must be a table"),
    ("[rules\n", "backwright.toml:1: not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_one_line_for_check_and_for_write(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "backwright.toml").write_text(text)
    (tmp_path / "schema.sql").write_text("SELECT 1;\n")
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path / "backwright.toml")
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    with pytest.raises(FolderError) as folder:
        find(tmp_path)
    assert said in str(folder.value) and folder.value.hint
    for reader in (
        lambda: refuse_unknown(tmp_path),
        lambda: load(project=tmp_path, user=tmp_path / "none", environ={}),
    ):
        with pytest.raises(SettingsError) as settings:
            reader()
        assert said.removeprefix("backwright.toml") in str(settings.value)


def test_check_refuses_what_is_unknown_in_the_assistants_tables_too(tmp_path: Path) -> None:
    (tmp_path / "backwright.toml").write_text('[model]\nnaem = "x"\n')
    with pytest.raises(SettingsError, match=r"unknown key model\.naem; did you mean 'name'"):
        refuse_unknown(tmp_path)


@pytest.mark.parametrize(
    "text", ["[paths]\nschema = 'x.sql'\n", "[check]\nexclude = ['x']\n", "[service]\napp = 'x'\n"]
)
def test_what_belongs_to_a_project_is_refused_in_the_users_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"config\.toml:"):
        read(tmp_path / "config.toml", of_user=True)


def test_the_users_file_may_name_rules_a_preset_and_levels(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[check]\nrules = "mine"\npreset = "strict"\n[rules]\nfloat-money = "info"\n')
    said = read(tmp_path / "config.toml", of_user=True)
    assert (said.rules, said.preset, said.levels) == (("mine",), "strict", (Level("float-money", Severity.INFO),))


def test_excluded_files_are_not_judged_and_are_named(tmp_path: Path) -> None:
    for path in ("schema.sql", "legacy/a.sql", "legacy/b/c.sql", "app/x.min.sql"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("SELECT 1;\n")
    (tmp_path / "backwright.toml").write_text('[check]\nexclude = ["legacy/**", "*.min.sql"]\n')
    found = find(tmp_path)
    assert found.subject.draft.paths == ("backwright.toml", "schema.sql")
    assert {(each.what, each.why) for each in found.left_out} == {
        ("legacy/** (2 files)", "excluded by backwright.toml"),
        ("*.min.sql (1 file)", "excluded by backwright.toml"),
    }


def test_several_paths_are_one_subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("migrations/1.sql", "api/open.yaml", "app/a.py", "app/b.py", "README.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("openapi: 3.1.0\n" if path.endswith("yaml") else "-- x\n")
    (tmp_path / "backwright.toml").write_text('[check]\nexclude = ["b.py"]\n[paths]\nschema = "gone.sql"\n')
    monkeypatch.chdir(tmp_path)
    given = ["app", "api/open.yaml", "migrations/1.sql", "app/a.py", "README.md"]
    found = find_all([Path(path) for path in given])
    roles = {artifact.path: artifact.role for artifact in found.subject.draft}
    assert roles == {
        "README.md": Role.DOCUMENT,
        "api/open.yaml": Role.CONTRACT,
        "app/a.py": Role.CODE,
        "migrations/1.sql": Role.MIGRATION,
    }
    assert not found.subject.hostile and found.subject.root == tmp_path
    monkeypatch.chdir(tmp_path / "api")
    below = find_all([tmp_path / "app" / "a.py", tmp_path / "migrations"]).subject
    assert (below.root, below.draft.paths) == (tmp_path, ("app/a.py", "migrations/1.sql"))
    with pytest.raises(FolderError, match=r"gone\.py does not exist"):
        find_all([tmp_path / "app", tmp_path / "gone.py"])


def test_text_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_bytes("-- café\n".encode("latin-1"))
    (tmp_path / "other.sql").write_text("SELECT 1;\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    assert [(each.what, each.why) for each in find(tmp_path).left_out] == [("schema.sql", "no UTF-8 text")]


LOGIN = """
[probes.register]
request = "POST /signup"
body = { mail = "$EMAIL", pass = "$PASSWORD" }

[probes.login]
request = "POST /sessions"
body = { user = "$EMAIL", pass = "$PASSWORD" }
token = "data.token"
header = "X-Session: $TOKEN"

[probes.identities.a]
email = "ann@example.com"
password = "a password"

[probes.identities.b]
headers = { X-API-Key = "a fixed key" }
"""


def test_an_exotic_login_becomes_options(tmp_path: Path) -> None:
    path = tmp_path / "backwright.toml"
    path.write_text(LOGIN)
    said = dict(read(path).options)
    assert set(said) == {"probes.login", "probes.register", "probes.identities"}
    assert json.loads(said["probes.login"])["header"] == "X-Session: $TOKEN"


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ('"POST /sessions"', '"sessions"', "probes.login.request must be a method and a path"),
        ('token = "data.token"\n', "", "probes.login.header needs probes.login.token"),
        ('"X-Session: $TOKEN"', '"X-Session"', "probes.login.header must be a header that ends in $TOKEN"),
        ('token = "data.token"', "token = 3", "probes.login.token must be a text"),
        ("[probes.login]", "[probes.log_in]", "unknown key probes.log_in; did you mean 'login'?"),
        ('header = "X', 'headers = "X', "probes.login.headers must be a table of texts"),
        ("[probes.identities.b]", "[probes.identities.staff]", "probes.identities needs both a and b"),
        ('password = "a password"', "", "probes.identities.a needs email and password, or headers"),
        ("[probes.identities.b]\nheaders", "[probes.identities.b]\nheader", "unknown key probes.identities.b.header"),
    ],
)
def test_a_bad_login_is_one_clear_line(before: str, after: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "backwright.toml"
    assert before in LOGIN
    path.write_text(LOGIN.replace(before, after, 1))
    with pytest.raises(ConfigurationError) as caught:
        read(path)
    said = str(caught.value)
    assert wrong in said and said.startswith("backwright.toml:") and "\n" not in said
