"""Routes of FastAPI on apps that the project makes by classes and functions of its own, and what they answer with."""

from __future__ import annotations

import pytest

from evaluators.code.facts import Code, code_in
from evaluators.draft import Draft

CORE = """
from fastapi import APIRouter, Depends, FastAPI

class Shop(FastAPI):
    def openapi(self):
        return super().openapi()

class Dearer(Shop):
    pass

class Prefixed(APIRouter):
    def __init__(self, name):
        super().__init__(prefix="/" + name)

class Router(APIRouter):
    pass

def guard(): ...

def create_app() -> FastAPI:
    made = Dearer(dependencies=[Depends(guard)])
    return made

def build():
    return create_app()

def router(name):
    return APIRouter(prefix=name)
"""


def facts(**files: str) -> Code:
    return code_in(Draft.of({path.replace("__", "/") + ".py": text for path, text in files.items()}))


@pytest.mark.parametrize(
    ("made", "depends"),
    [("core.Shop()", ()), ("core.Dearer()", ()), ("core.create_app()", ("guard",)), ("core.build()", ("guard",))],
)
def test_an_app_by_a_class_or_a_function_of_the_project_has_its_routes(made: str, depends: tuple[str, ...]) -> None:
    text = f"from app import core\napp = {made}\n@app.get('/items')\ndef items(): ...\n"
    (route,) = facts(app__core=CORE, app__main=text).routes
    assert (route.symbol, route.mounted) == ("GET /items", True)
    assert route.dependencies == tuple(f"app.core.{each}" for each in depends)


def test_routers_are_mounted_on_such_an_app_once() -> None:
    users = "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n@router.get('/{id}')\ndef one(): ...\n"
    main = """
from app.core import Shop
from app.users import router

def assemble():
    shop = Shop()
    shop.include_router(router, prefix="/v1")
    return shop

app = assemble()
"""
    (route,) = facts(app__core=CORE, app__users=users, app__main=main).routes
    assert (route.symbol, route.mounted) == ("GET /v1/users/{id}", True)


def test_a_router_whose_prefix_cannot_be_told_has_no_routes() -> None:
    text = "from app import core\n{0} = core.{1}\n@{0}.get('/items')\ndef items(): ...\n"
    assert facts(app__core=CORE, app__main=text.format("r", "Prefixed('a')")).routes == ()
    assert facts(app__core=CORE, app__main=text.format("r", "router('/a')")).routes == ()
    (route,) = facts(app__core=CORE, app__main=text.format("r", "Router(prefix='/b')")).routes
    assert route.path == "/b/items"


ANSWERS = """
from typing import Annotated, Generic, Optional, TypeVar
from fastapi import FastAPI
from fastapi_pagination import Page
from pydantic import BaseModel

T = TypeVar("T")
app = FastAPI()

class Item(BaseModel):
    id: int

class Envelope(BaseModel, Generic[T]):
    result: T

@app.get("/x")
def x() -> {0}: ...
"""


@pytest.mark.parametrize(
    ("said", "response", "many"),
    [
        ("Envelope[Item]", "Envelope", False),
        ("Envelope[list[Item]]", "Envelope", False),
        ("list[Envelope[Item]]", "Envelope", True),
        ("Annotated[Item, 1]", "Item", False),
        ("Optional[Item]", "Item", False),
        ("list[Item]", "Item", True),
        ("Page[Item]", "Item", True),
    ],
)
def test_a_generic_model_is_what_is_answered_and_not_what_it_holds(said: str, response: str, many: bool) -> None:
    (route,) = facts(app__main=ANSWERS.replace("{0}", said)).routes
    assert (route.response, route.response_many) == (f"app.main.{response}", many)
