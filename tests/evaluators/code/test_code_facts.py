from __future__ import annotations

from evaluators.code.facts import Code, code_in
from evaluators.draft import Draft

MAIN = """
import os
from fastapi import FastAPI, Depends
from app.api import transfers as transfers_api
from app.api.users import router as users_router
from app.core.auth import current_user

PREFIX = "/api"

def create_app() -> FastAPI:
    app = FastAPI(dependencies=[Depends(trace)])
    app.include_router(transfers_api.router, prefix=f"{PREFIX}/v1")
    app.include_router(users_router, dependencies=[Depends(current_user)])

    @app.get("/health")
    def health():
        return {}

    return app

def trace(): ...

app = create_app()
"""
TRANSFERS = """
from typing import Annotated
from fastapi import APIRouter, Depends, HTTPException, status
from ..core.auth import CurrentUser
from ..core import auth

router = APIRouter(prefix="/transfers")

@router.post("/{account_id:int}", status_code=status.HTTP_201_CREATED, responses={409: {}})
async def create(account_id: int, user: CurrentUser):
    if not user:
        raise HTTPException(404)
    raise HTTPException(status_code=status.HTTP_403_FORBIDDEN)

@router.api_route("", methods=["GET", "HEAD"])
def many(user=Depends(auth.current_user)):
    return []
"""
USERS = """
from fastapi import APIRouter
router = APIRouter()

@router.get("/me")
def me():
    return 1
"""
AUTH = """
from typing import Annotated
from fastapi import Depends
import jwt

def bearer(): ...
def decode(token): return jwt.decode(token, "x", algorithms=["HS256"])
def current_user(token: Annotated[str, Depends(bearer)]): ...
CurrentUser = Annotated[str, Depends(current_user)]
"""


def facts(**files: str) -> Code:
    return code_in(Draft.of({name.replace("__", "/") + ".py": text for name, text in files.items()}))


def service() -> Code:
    return facts(app__main=MAIN, app__api__transfers=TRANSFERS, app__api__users=USERS, app__core__auth=AUTH)


def test_routes_carry_prefixes_dependencies_and_statuses() -> None:
    found = {(route.method, route.path): route for route in service().routes}
    assert set(found) == {
        ("GET", "/health"),
        ("POST", "/api/v1/transfers/{account_id}"),
        ("GET", "/api/v1/transfers"),
        ("HEAD", "/api/v1/transfers"),
        ("GET", "/me"),
    }
    create = found["POST", "/api/v1/transfers/{account_id}"]
    assert create.success == 201
    assert create.statuses == (201, 403, 404, 409)
    assert create.is_async
    assert create.dependencies == ("app.main.trace", "app.core.auth.current_user", "app.core.auth.bearer")
    assert found["GET", "/api/v1/transfers"].dependencies == create.dependencies
    assert found["GET", "/me"].dependencies == create.dependencies
    assert found["GET", "/health"].dependencies == ("app.main.trace",)
    assert all(route.mounted for route in found.values())


def test_a_router_that_nobody_includes_is_not_mounted() -> None:
    (route,) = facts(app__users=USERS).routes
    assert (route.path, route.mounted) == ("/me", False)


def test_names_are_resolved_through_imports() -> None:
    module = code_in(
        Draft.of({"a/b.py": "import jwt as j\nfrom .c import d as e\nimport os.path\nj.decode(e)\n"})
    ).modules[0]
    assert module.names == {"j": "jwt", "e": "a.c.d", "os": "os"}
    assert module.called(module.calls[0]) == "jwt.decode"


def test_bound_names_know_what_cannot_be_known() -> None:
    def bound(text: str) -> object:
        return code_in(Draft.of({"m.py": text})).modules[0].bound

    assert bound("import a.b\nfrom c import d\nx: int = 1\nif x:\n    y, (z, *w) = 1, (2, 3)\n") == {
        "a", "d", "x", "y", "z", "w",
    }  # fmt: skip
    assert bound("def f():\n    hidden = 1\nclass C:\n    inner = 2\n") == {"f", "C"}
    assert bound("from x import *\n") is None
    assert bound("def __getattr__(name): ...\n") is None


def test_syntax_error_is_a_fact_with_a_line() -> None:
    (module,) = code_in(Draft.of({"m.py": "x = 1\ndef f(:\n"})).modules
    assert module.flaw is not None
    assert (module.flaw.at.line, module.flaw.line) == (2, "def f(:")
    assert module.functions == ()


def test_tables_of_declarative_sqlmodel_and_core() -> None:
    text = """
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlmodel import SQLModel, Field

class Loan(Base):
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    owner_id: Mapped[int] = mapped_column("owner", sa.ForeignKey("users.id"), nullable=False)
    due: Mapped[date]
    users: Mapped[list["User"]] = relationship(back_populates="x")

class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)

class HeroIn(SQLModel):
    name: str

logs = sa.Table("logs", metadata, sa.Column("line", sa.Text, nullable=False))
"""
    tables = {table.name: table for table in facts(models=text).tables}
    assert set(tables) == {"loans", "hero", "logs"}
    assert [column.name for column in tables["loans"].columns] == ["id", "owner", "due"]
    assert tables["loans"].columns[0].type == "sa.BigInteger"
    assert dict(tables["loans"].columns[1].options) == {"foreign_key": "'users.id'", "nullable": "False"}
    assert tables["hero"].symbol == "models.Hero"
    assert tables["logs"].columns[0].type == "sa.Text"


def test_environment_reads() -> None:
    text = """
import os
from os import environ
from pydantic_settings import BaseSettings
from pydantic import Field
a = os.environ["A"]
b = os.getenv("B", "2")
c = environ.get("C")
os.environ["SET"] = "1"
class Settings(BaseSettings):
    model_config = {"extra": "ignore"}
    jwt_secret: str
    port: int = 8000
    other: str = Field(default="x", validation_alias="OTHER_NAME")
"""
    assert [(read.name, read.default) for read in facts(app=text).environment] == [
        ("A", None), ("B", "'2'"), ("C", None), ("JWT_SECRET", None), ("PORT", "8000"), ("OTHER_NAME", "'x'"),
    ]  # fmt: skip
