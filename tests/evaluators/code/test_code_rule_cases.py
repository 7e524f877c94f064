"""Further cases of code rules: what a reviewer would, and would not, object to."""

from __future__ import annotations

import asyncio as stdlib
from pathlib import Path

import pytest

import evaluators.code.rules as package
from evaluators.code.dependencies import findings as listed
from evaluators.code.facts import code_in
from evaluators.draft import Draft
from evaluators.rule import load, rules_of, run_rules
from evaluators.stacks import find

load(package)

ROUTE = "from fastapi import Depends, FastAPI, HTTPException\nfrom sqlalchemy.orm import Session\napp = FastAPI()\n"


def rules_on(files: dict[str, str]) -> list[str]:
    found, crashed = run_rules(rules_of("code"), code_in(Draft.of(files)))
    assert crashed == []
    return sorted(finding.rule for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        # The number of a page is an integer, the column comes out of a mapping.
        "def f(c, limit: int):\n    return c.execute(f'SELECT id FROM t LIMIT {limit}')\n",
        "SORTS = {'a': 'b'}\ndef f(c, sort):\n    by = SORTS[sort]\n    c.execute(f'SELECT id FROM t ORDER BY {by}')\n",
        "COLUMNS = 'id, name'\ndef f(c):\n    return c.execute(f'SELECT {COLUMNS} FROM t')\n",
        # A logout may look at an expired token.
        "import jwt\ndef logout(t, k):\n    jwt.decode(t, k, algorithms=['HS256'], options={'verify_exp': False})\n",
        "import hashlib, bcrypt\ndef hash_password(password):\n"
        "    return bcrypt.hashpw(hashlib.sha256(password).digest(), bcrypt.gensalt())\n",
        "import hashlib\ndef reset_password_token_hash(token):\n    return hashlib.sha256(token).hexdigest()\n",
        "try:\n    pass\nexcept ValueError:\n    pass\n",
        "from datetime import datetime, timezone\nx = datetime.now(tz=timezone.utc)\n",
        "import jwt, datetime\ndef access(k):\n"
        "    return jwt.encode({'exp': datetime.timedelta(days=7), 'jti': '1'}, k)\n",
        "import os\nJWT_TOKEN_MINUTES = os.getenv('JWT_TOKEN_MINUTES', '15')\n",
        "import logging\ndef f(token_count):\n    logging.info('tokens %s', token_count)\n",
        ROUTE + "@app.get('/a')\nasync def a(session: Session):\n    return 1\n",
        ROUTE + "@app.get('/a')\ndef a(session: Session):\n    return session.execute('SELECT 1')\n",
        ROUTE + "class Late(Exception): ...\n@app.get('/a')\ndef a():\n    try:\n        b()\n"
        "    except Late as e:\n        raise HTTPException(409, str(e))\n",
        "def f():\n    try:\n        g()\n    except Exception as e:\n        return f'no: {e}'\n",
        "def f(payload):\n    if payload['password'] == payload['password_confirm']:\n        return 1\n",
        "class A:\n    def __eq__(self, other):\n        return self.token == other.token\n",
        "class M:\n    amount: int\n    fee_rate: float\n    payment_delay: float\n",
    ],
)
def test_nobody_objects(text: str) -> None:
    assert rules_on({"app/main.py": text}) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("def f(c, n):\n    q = 'SELECT id FROM t WHERE n = ' + n\n    return c.execute(q)\n", "string-built-sql"),
        ("def f(c, n):\n    return c.execute('DELETE FROM t WHERE n = %s' % n)\n", "string-built-sql"),
        ("def f(c, n):\n    return c.execute('UPDATE t SET a = {}'.format(n.strip()))\n", "string-built-sql"),
        ("import jwt\ndef f(t, k):\n    return jwt.decode(t, k)\n", "jwt-decoded-unverified"),
        ("from jose import jwt\ndef f(t):\n    return jwt.get_unverified_claims(t)\n", "jwt-decoded-unverified"),
        ("import jwt\ndef f(t, k):\n    return jwt.decode(t, k, algorithms=['HS256', 'none'])\n",
         "jwt-decoded-unverified"),
        ("import bcrypt\ndef f(p):\n    return bcrypt.hashpw(p, bcrypt.gensalt(rounds=4))\n", "weak-password-hash"),
        ("import hashlib\ndef f(user):\n    return hashlib.md5(user.password.encode()).hexdigest()\n",
         "weak-password-hash"),
        ("import datetime as dt\nx = dt.datetime.now()\n", "naive-datetime"),
        ("from datetime import datetime\nfrom pydantic import Field\nx = Field(default_factory=datetime.utcnow)\n",
         "naive-datetime"),
        ("import subprocess\ndef f(n):\n    subprocess.run(f'ls {n}', shell=True)\n", "evaluated-text"),
        ("import httpx\nc = httpx.AsyncClient(timeout=None)\n", "missing-timeout"),
        ("class S:\n    api_key: str\ndef f(s, given):\n    return s.api_key != given\n", "secret-compared-plainly"),
        ("revoked: set[str] = set()\ndef logout(jti):\n    revoked.add(jti)\n", "state-in-module-global"),
        ("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    jwt_secret: str = 'dev-secret'\n",
         "default-secret"),
        (ROUTE + "@app.get('/a')\nasync def a(s: Session):\n    return s.execute('SELECT 1')\n",
         "blocking-call-in-async-route"),
        (ROUTE + "import requests\nasync def dep():\n    return requests.get('x', timeout=1)\n"
         "@app.get('/a')\ndef a(x=Depends(dep)):\n    return 1\n", "blocking-call-in-async-route"),
        (ROUTE + "@app.exception_handler(Exception)\ndef h(request, exc):\n    return {'error': str(exc)}\n",
         "exception-message-in-response"),
        (ROUTE + "from sqlalchemy.exc import IntegrityError\n@app.get('/a')\ndef a():\n    try:\n        b()\n"
         "    except IntegrityError as e:\n        raise HTTPException(409, detail=f'conflict {e.orig}')\n",
         "exception-message-in-response"),
        ("from sqlalchemy import Column, Float\nclass M:\n    amount = Column(Float)\n", "float-for-money"),
    ],
)  # fmt: skip
def test_a_reviewer_objects(text: str, rule: str) -> None:
    assert rules_on({"app/main.py": text}) == [rule]


def test_no_rule_crashes_on_code_that_was_not_made_for_it() -> None:
    folder = Path(stdlib.__file__).parent
    files = {f"app/{path.name}": path.read_text() for path in sorted(folder.glob("*.py"))}
    assert len(files) > 20
    _, crashed = run_rules(rules_of("code"), code_in(Draft.of(files)))
    assert crashed == []


def test_what_another_package_brings_need_not_be_listed() -> None:
    stack = find("fastapi")
    files = {"app/main.py": "import starlette\nimport pydantic\nimport httpx\n", "requirements.txt": "fastapi\n"}
    draft = Draft.of(files)
    assert [finding.symbol for finding in listed(code_in(draft), draft, stack)] == ["httpx"]
