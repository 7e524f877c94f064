"""Further cases of the rules on input, loops, transactions, owners and dependencies."""

from __future__ import annotations

import pytest

import evaluators.code.rules as package
from evaluators.code import leaks
from evaluators.code.facts import code_in
from evaluators.draft import Draft
from evaluators.rule import load, rules_of, run_rules

load(package)

FLASK = "from flask import Flask, redirect, request, send_file\nimport requests\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import Depends, FastAPI, Request\nimport httpx\napp = FastAPI()\n"
MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase): ...

class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    stock: Mapped[int]
    parts: Mapped[list["Part"]] = relationship()
"""
ORM = """
from fastapi import Depends, FastAPI
from sqlalchemy import select
from app.models import Item
app = FastAPI()
"""
SIGNED = ORM + "def current_user(): ...\n"


def told(text: str, **others: str) -> list[str]:
    files = {
        "app/main.py": text,
        "app/models.py": MODELS,
        **{path.replace("__", "/"): each for path, each in others.items()},
    }
    found, crashed = run_rules(rules_of("code"), code_in(Draft.of(files)))
    assert crashed == []
    strict = {rule.id for rule in rules_of("code") if rule.strict}
    return sorted(finding.rule for finding in found if finding.rule not in strict)


@pytest.mark.parametrize(
    "text",
    [
        FLASK + "@app.get('/f')\ndef f():\n    name = secure_filename(request.args['n'])\n    return send_file(name)\n",
        FLASK + "@app.get('/f/<int:n>')\ndef f(n):\n    return send_file('files/%d.pdf' % int(n))\n",
        FLASK + "@app.get('/n')\ndef f():\n    to = request.args.get('next')\n    if not is_safe_url(to):\n"
        "        to = '/'\n    return redirect(to)\n",
        FASTAPI + "HOSTS = {'a': 'https://a.example'}\n@app.post('/p')\ndef p(host: str):\n"
        "    return httpx.get(HOSTS[host], timeout=3).json()\n",
        FASTAPI + "@app.post('/p')\ndef p(url: str):\n    if urlparse(url).hostname not in ALLOWED:\n"
        "        raise ValueError\n"
        "    return httpx.get(url, timeout=3).json()\n",
        # A connection that is stored, and one that a class closes.
        "import sqlite3\nclass A:\n    def __init__(self):\n        c = sqlite3.connect('a')\n        self.c = c\n",
        "import sqlite3\nfrom contextlib import closing\ndef f():\n    c = sqlite3.connect('a')\n"
        "    with closing(c):\n        pass\n",
        # Batches, tries and constants are no rows.
        "def f(c, ids):\n    for part in batched(ids, 9):\n"
        "        c.execute('SELECT a FROM t WHERE id = ANY(%s)', part)\n",
        "def f(c):\n    for _ in range(3):\n        c.execute('SELECT 1 FROM t')\n",
        "def f(c, rows):\n    for row in rows:\n        c.execute('INSERT INTO t (a) VALUES (%s)', (row,))\n",
        # The query is the loop's source, not its body.
        "def f(c):\n    for row in c.execute('SELECT a FROM t LIMIT 9').fetchall():\n        print(row)\n",
        ORM + "def f(s):\n    return [i.stock for i in s.scalars(select(Item).limit(9)).all()]\n",
        ORM + "def f(s, i):\n    item = s.get(Item, i)\n    item.stock = 5\n    s.commit()\n",
        SIGNED + "@app.get('/items/{i}')\ndef f(i: int, s, user=Depends(current_user)):\n    item = s.get(Item, i)\n"
        "    if item.owner_id != user.id:\n        raise ValueError\n    return item.id\n",
        SIGNED + "@app.post('/items/{i}/like')\ndef f(i: int, s, user=Depends(current_user)):\n"
        "    return s.get(Item, i).id\n",
        ORM + "@app.get('/items')\ndef f(s, n: int = 9):\n    q = select(Item)\n"
        "    q = q.limit(n)\n    return s.scalars(q).all()\n",
        ORM + "@app.get('/items/count')\ndef f(s):\n    return s.scalar(select(func.count(Item.id)))\n",
        "@app.get('/a')\ndef a(request):\n    logger.info('%s %s', request.method, request.url.path)\n",
    ],
)  # fmt: skip
def test_nobody_objects(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (FLASK + "@app.get('/f')\ndef f():\n    return send_file('a/' + request.args['name'])\n", "path-from-input"),
        (FLASK + "@app.get('/f/<path:name>')\ndef f(name):\n    with open(f'files/{name}') as file:\n"
         "        return file.read()\n", "path-from-input"),
        (FLASK + "@app.get('/n')\ndef f():\n    return redirect(request.args.get('next'))\n", "open-redirect"),
        (FLASK + "@app.post('/p')\ndef f():\n    return requests.get(request.json['url'], timeout=3).text\n",
         "request-to-input"),
        (FASTAPI + "@app.post('/p')\nasync def p(url: str):\n    async with httpx.AsyncClient() as client:\n"
         "        return (await client.get(f'{url}/status')).text\n", "request-to-input"),
        ("import sqlite3\ndef f():\n    c = sqlite3.connect('a')\n    return c.execute('SELECT 1').fetchone()\n",
         "connection-left-open"),
        ("def one(c, i):\n    return c.execute('SELECT a FROM t WHERE id = %s', (i,)).fetchone()\n"
         "def f(c, rows):\n    return [one(c, row) for row in rows]\n", "query-in-loop"),
        (ORM + "def f(s, ids):\n    found = []\n    for i in ids:\n        found.append(s.get(Item, i))\n"
         "    return found\n",
         "query-in-loop"),
        (ORM + "def f(s):\n    items = s.scalars(select(Item).limit(9)).all()\n    for item in items:\n"
         "        print(item.parts)\n", "lazy-load-in-loop"),
        (ORM + "def f(s, i, n):\n    item = s.scalars(select(Item).where(Item.id == i)).one()\n"
         "    item.stock = item.stock - n\n    s.commit()\n", "quantity-changed-unlocked"),
        (SIGNED + "@app.delete('/items/{i}')\ndef f(i: int, s, user=Depends(current_user)):\n"
         "    s.delete(s.get(Item, i))\n",
         "owner-never-compared"),
        (ORM + "@app.get('/items')\ndef f(s):\n    return s.scalars(select(Item)).all()\n", "unbounded-rows"),
        (FASTAPI + "@app.post('/a')\nasync def a(request: Request):\n    logger.info('got %s', await request.json())\n",
         "body-logged"),
        (FASTAPI + "from app.models import Item\n@app.post('/a')\nasync def a(request: Request):\n"
         "    return save(Item(**(await request.json())))\n", "raw-body-into-row"),
        (FASTAPI + "from app.models import Item\n@app.patch('/a')\nasync def a(request: Request, item):\n"
         "    data = await request.json()\n    for key, value in data.items():\n        setattr(item, key, value)\n",
         "raw-body-into-row"),
        ("def f(r, t):\n    r.set_cookie('session', t, httponly=True, secure=False)\n", "cookie-unprotected"),
    ],
)  # fmt: skip
def test_a_reviewer_objects(text: str, rule: str) -> None:
    assert told(text) == [rule]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("reqeusts", "requests"), ("request", ""), ("fastapii", "fastapi"), ("sqlalchmey", "sqlalchemy"),
        ("pydantics", ""), ("python-jose", ""), ("djagno", "django"), ("flaks", "flask"), ("my-own-thing", ""),
        ("httpx2", ""), ("cryptografy", ""), ("uvicron", "uvicorn"),
    ],
)  # fmt: skip
def test_names_that_are_slips(name: str, meant: str) -> None:
    found, _ = run_rules(rules_of("code"), code_in(Draft.of({"requirements.txt": f"{name}==99.0\n"})))
    assert [each.message for each in found] == ([f"`{name}` is one letter away from `{meant}`."] if meant else [])


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["pyyaml==5.3"]\n', ["vulnerable-dependency"]),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = "^3.11"\npyyaml = "==5.3.1"\n',
            ["vulnerable-dependency"],
        ),
        ("Pipfile", '[packages]\nreqeusts = "==2.32.0"\n', ["misspelled-dependency"]),
        ("package.json", '{"dependencies": {"expresss": "^4.0.0"}}', []),
        ("package.json", '{"dependencies": {"exprses": "^4.0.0", "lodash": "^4.0.0"}}', ["misspelled-dependency"]),
        ("pyproject.toml", "not toml [", []),
        ("package.json", "[1, {", []),
    ],
)
def test_every_kind_of_list(path: str, text: str, rules: list[str]) -> None:
    found, crashed = run_rules(rules_of("code"), code_in(Draft.of({path: text})))
    assert crashed == []
    assert [each.rule for each in found] == rules


def test_a_service_in_a_folder_of_its_own_is_read_as_one() -> None:
    files = {
        "backend/app/__init__.py": "",
        "backend/app/main.py": "from fastapi import FastAPI\nfrom app.users import router\napp = FastAPI()\n"
        "app.include_router(router, prefix='/api')\n",
        "backend/app/users.py": "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/me')\ndef me(): ...\n",
        "scripts/seed.py": "print(1)\n",
    }
    code = code_in(Draft.of(files))
    assert [(route.symbol, route.mounted, route.function) for route in code.routes] == [
        ("GET /api/me", True, "app.users.me")
    ]


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("Dockerfile", "FROM x\nENV DB_PASSWORD kJ8d92mQx71p\n", 1),
        ("Dockerfile", "FROM x\nENV DB_PASSWORD=kJ8d92mQx71p\nARG TOKEN\n", 1),
        ("config.yaml", "db:\n  password: kJ8d92mQx71p\n  user: app\n", 1),
        ("config.yaml", "db:\n  password: ${DB_PASSWORD}\n  password_file: /run/secrets/db\n", 0),
        (".env", "API_TOKEN=kJ8d92mQx71pZ\n", 1),
        (".env.example", "API_TOKEN=kJ8d92mQx71pZ\n", 0),
        ("src/client.ts", "const apiKey = 'kJ8d92mQx71pZ';\n", 1),
        ("src/client.ts", "const apiKey = process.env.API_KEY;\n", 0),
        ("ci.yml", "token: glpat-" + "a1B2c3D4e5F6g7H8i9J0\n", 1),
        ("package-lock.json", '{"js-token": {"integrity-token": "kJ8d92mQx71pZZ2"}}', 0),
        ("settings.json", '{"client_secret": "kJ8d92mQx71pZ"}', 1),
    ],
)
def test_secrets_in_any_file(path: str, text: str, count: int) -> None:
    assert len(leaks.findings(Draft.of({path: text}))) == count


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (
            "def main():\n    made = new_client()\n    print(made['secret'])\nif __name__ == '__main__':\n    main()\n",
            [],
        ),
        (
            "import getpass\ndef main():\n    password = getpass.getpass()\n    print(password)\n"
            "if __name__ == '__main__':\n    main()\n",
            ["secret-logged"],
        ),
        (
            "import logging\ndef main():\n    token = new_token()\n    logging.info(token)\n"
            "if __name__ == '__main__':\n    main()\n",
            ["secret-logged"],
        ),
        (
            "def issue():\n    token = new_token()\n    print(token)\n    return token\ndef main():\n    serve()\n"
            "if __name__ == '__main__':\n    main()\n",
            ["secret-logged"],
        ),
    ],
)
def test_only_a_command_may_print_a_secret_and_only_one_that_it_made(text: str, rules: list[str]) -> None:
    said, crashed = run_rules(rules_of("code"), code_in(Draft.of({"app/command.py": text})))
    assert crashed == []
    assert [each.rule for each in said if each.rule == "secret-logged"] == rules


HELPER = """
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
app = FastAPI()
LOG = "log"

class Note(BaseModel):
    model_config = ConfigDict(extra="EXTRA")
    text: str

def insert(db, table: str, values: dict):
    columns = ", ".join(values)
    return db.execute(f"INSERT INTO {table} ({columns}) VALUES (1)", values)

def create(db, note: Note, kind: str, more: dict):
    values = note.model_dump()
    insert(db, LOG, {"what": "note"})
    insert(db, TABLE, VALUES)
"""


@pytest.mark.parametrize(
    ("table", "values", "extra", "objects"),
    [
        ('"notes"', "values", "forbid", False),
        ('"notes"', "{**values, 'state': 'new'}", "forbid", False),
        ("table='notes'", "values=values", "forbid", False),
        ('"notes"', "values", "allow", True),
        ("kind", "values", "forbid", True),
        ('"notes"', "more", "forbid", True),
        ('"notes"', "{**more}", "forbid", True),
        ('"notes"', "{kind: 1}", "forbid", True),
        ('f"notes_{kind}"', "values", "forbid", True),
        ('"notes"', "*more", "forbid", True),
    ],
)
def test_a_helper_is_safe_where_all_its_callers_are(table: str, values: str, extra: str, objects: bool) -> None:
    text = HELPER.replace("TABLE", table).replace("VALUES)", f"{values})").replace("EXTRA", extra)
    assert ("string-built-sql" in told(text)) is objects
