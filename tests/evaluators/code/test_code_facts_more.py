"""Facts beyond one framework: queries, routes of Flask and Django, tables, classes of data, what tests call."""

from __future__ import annotations

from evaluators.code.facts import Code, code_in
from evaluators.draft import Draft

STORE = '''
from sqlalchemy import select, func, text
from app.models import Order, User
import psycopg

async def listed(session, q, user):
    stmt = select(Order).where(Order.user_id == user.id)
    if q:
        stmt = stmt.where(Order.name.ilike(f"%{q}%"))
    stmt = stmt.order_by(Order.created_at.desc()).limit(10)
    return (await session.scalars(stmt)).all()

def others(session):
    session.scalar(select(func.count(Order.id)))
    session.get(Order, 3)
    session.query(User).filter_by(email="x").first()
    Order.objects.filter(user__id=3, total__gt=1).order_by("-created_at")[:10]
    return session.query(User).options(selectinload(User.orders)).all()

SELECT = "SELECT id FROM users"

def raw(conn, name, rows):
    sql = SELECT + " WHERE 1=1"
    args = {}
    if name:
        sql += " AND name = %(name)s"
        args["name"] = name
    cur = conn.cursor()
    cur.execute(sql, args)
    found = cur.fetchall()
    for row in found:
        conn.execute("SELECT * FROM o WHERE id = %s", (row.id,)).fetchone()
    conn.execute(text("""
       SELECT x
       FROM y WHERE z = :z"""), {"z": 1})
    return [conn.execute(f"UPDATE t SET a = {name} WHERE id = $1", x) for x in rows]
'''
FLASK = """
from flask import Flask, Blueprint, abort, jsonify, request
from flask.views import MethodView
from flask_login import login_required

bp = Blueprint("bp", __name__, url_prefix="/ignored")
app = Flask(__name__)
app.register_blueprint(bp, url_prefix="/api/v1")

@bp.before_request
def check_token():
    if not request.headers.get("Authorization"):
        abort(401)

@bp.get("/a/<uuid:id>")
def one(id):
    return {}

@app.route("/items/<int:item_id>", methods=["GET", "DELETE"])
@login_required
def item(item_id):
    if not find(item_id):
        abort(404)
    return jsonify({}), 200

class X(MethodView):
    decorators = [login_required]
    def get(self):
        return "", 204
    def post(self):
        return {}, 201

app.add_url_rule("/x", view_func=X.as_view("x"))

@app.get("/open")
def open_to_all():
    return {}
"""
DJANGO_URLS = """
from django.urls import path, include
from rest_framework.routers import DefaultRouter
from shop import views

router = DefaultRouter()
router.register("orders", views.OrderViewSet)
urlpatterns = [
    path("api/", include(router.urls)), path("shop/", include("shop.urls")), path("ping/", views.ping),
]
"""
SHOP_URLS = """
from django.urls import path
from . import views
urlpatterns = [path("items/<int:pk>/", views.ItemView.as_view()), path("mine/", views.mine)]
"""
SHOP_VIEWS = """
from rest_framework import viewsets, generics
from rest_framework.decorators import api_view, permission_classes, action
from rest_framework.permissions import IsAuthenticated
from django.shortcuts import get_object_or_404

class OrderViewSet(viewsets.ModelViewSet):
    permission_classes = [IsAuthenticated]
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        get_object_or_404(Order, pk=pk)
        return Response(status=409)

class ItemView(generics.RetrieveUpdateAPIView):
    pass

@api_view(["GET", "POST"])
@permission_classes([IsAuthenticated])
def mine(request): ...

def ping(request): ...
"""
FASTAPI = """
from fastapi import FastAPI, APIRouter, Depends, HTTPException
from pydantic import BaseModel
from app.deps import require_role, get_db, CurrentUser
from app.errors import NotFoundError

class Item(BaseModel): ...
class ItemIn(BaseModel): ...

app = FastAPI()
admin = APIRouter(prefix="/admin", dependencies=[Depends(require_role("admin"))])

@admin.get("/items", response_model=list[Item])
def items(db=Depends(get_db)): ...

@app.post("/items", status_code=201)
def make(body: ItemIn, user: CurrentUser) -> Item:
    load(3)

@app.get("/free")
def free(db=Depends(get_db)): ...

def load(number):
    raise NotFoundError(number)

def added(): ...

@app.exception_handler(NotFoundError)
def answer(request, error):
    return JSONResponse({}, status_code=404)

app.include_router(admin)
app.add_api_route("/added", added, methods=["PUT"])
"""
DEPS = """
from typing import Annotated
from fastapi import Depends, HTTPException

def get_db():
    with Session() as session:
        yield session

def current_user(token):
    raise HTTPException(401)

CurrentUser = Annotated[str, Depends(current_user)]

def require_role(role):
    def check(user: CurrentUser):
        raise HTTPException(403)
    return check
"""
MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlmodel import SQLModel, Field

class Base: ...

class Stamped:
    created_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())

class Loan(Stamped, Base):
    __tablename__ = "loans"
    __table_args__ = (sa.UniqueConstraint("a", "b"), sa.CheckConstraint("amount > 0"), {"schema": "x"})
    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    note: Mapped[str | None]
    email = sa.Column(sa.String(80), nullable=False, unique=True)
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2), default=0)
    user: Mapped["User"] = relationship(back_populates="x")
"""
DJANGO_MODELS = """
from django.db import models

class Order(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    total = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "total"], name="x")]
"""
SCHEMAS = """
from typing import Annotated, Literal, Optional
from pydantic import BaseModel, Field, ConfigDict, EmailStr
from enum import StrEnum, auto

class State(StrEnum):
    OPEN = "open"
    DONE = auto()

Name = Annotated[str, Field(max_length=5)]

class In(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)
    name: Name
    email: Optional[EmailStr] = None
    kind: Literal["a", "b"] = "a"
    state: State
    tags: list[str] = Field(default_factory=list, max_length=3)
    user_id: int = Field(..., alias="user-id")

class Out(In):
    id: int
"""


def facts(**files: str) -> Code:
    return code_in(Draft.of({name.replace("__", "/") + ".py": text for name, text in files.items()}))


def test_sql_texts_with_place_arguments_and_surroundings() -> None:
    found = {query.text.split()[0] + query.text.split()[-1]: query for query in facts(app__store=STORE).queries}
    assert len(found) == 4
    grown = found["SELECT%(name)s"]
    assert (grown.built, grown.arguments, grown.fetch, grown.loop) == (True, None, "all", False)
    assert grown.text == "SELECT id FROM users WHERE 1=1 AND name = %(name)s"
    inside = found["SELECT%s"]
    assert (inside.loop, inside.arguments, inside.fetch) == (True, 1, "one")
    assert inside.function == "app.store.raw"
    named = found["SELECT:z"]
    assert named.names == {"z"}
    assert named.source.place(named.text.index("FROM")).line == STORE[: STORE.index("FROM y")].count("\n") + 1
    assert (found["UPDATE$1"].holes, found["UPDATE$1"].loop) == (("name",), True)


def test_queries_of_an_orm() -> None:
    listed, counted, got, first, django, every = sorted(
        facts(app__store=STORE).orm_queries, key=lambda query: query.at.line
    )
    assert (listed.model, listed.filtered, listed.ordered) == ("app.models.Order", ("name", "user_id"), ("created_at",))
    assert (listed.searched, listed.limited, listed.one) == (("name",), True, False)
    assert (counted.aggregated, counted.one, got.kind) == (True, True, "get")
    assert (first.one, first.filtered) == (True, ("email",))
    assert (django.filtered, django.ordered, django.limited) == (("total", "user"), ("created_at",), True)
    assert (every.eager, every.limited, every.one) == (("orders",), False, False)


def test_routes_of_flask() -> None:
    found = {route.symbol: route for route in facts(app__main=FLASK).routes}
    assert set(found) == {
        "GET /api/v1/a/{id}", "GET /items/{item_id}", "DELETE /items/{item_id}", "GET /x", "POST /x", "GET /open",
    }  # fmt: skip
    assert found["GET /api/v1/a/{id}"].guards == ("app.main.check_token",)
    assert found["GET /api/v1/a/{id}"].given == (401,)
    assert found["DELETE /items/{item_id}"].guards == ("flask_login.login_required",)
    assert found["DELETE /items/{item_id}"].statuses == (200, 404)
    assert found["POST /x"].success == 201
    assert found["POST /x"].authenticated
    assert not found["GET /open"].authenticated


def test_routes_of_django() -> None:
    code = facts(proj__urls=DJANGO_URLS, shop__urls=SHOP_URLS, shop__views=SHOP_VIEWS)
    found = {route.symbol: route for route in code.routes}
    assert {"GET /api/orders/", "PATCH /api/orders/{id}/", "POST /api/orders/{id}/cancel/"} < set(found)
    assert {"PUT /shop/items/{pk}/", "POST /shop/mine/", "GET /ping/"} < set(found)
    assert found["POST /api/orders/{id}/cancel/"].statuses == (200, 404, 409)
    assert found["DELETE /api/orders/{id}/"].authenticated
    assert found["POST /shop/mine/"].authenticated
    assert not found["GET /ping/"].authenticated


def test_guards_statuses_and_models_of_fastapi() -> None:
    code = facts(app__main=FASTAPI, app__deps=DEPS, app__errors="class NotFoundError(Exception): ...\n")
    found = {route.symbol: route for route in code.routes}
    assert set(found) == {"GET /admin/items", "POST /items", "GET /free", "PUT /added"}
    assert found["GET /admin/items"].guards == ("app.deps.require_role", "app.deps.current_user")
    assert (found["GET /admin/items"].response, found["GET /admin/items"].response_many) == ("app.main.Item", True)
    made = found["POST /items"]
    assert (made.statuses, made.given, made.body) == ((201, 404), (401, 404), ("app.main.ItemIn",))
    assert found["GET /free"].guards == ()
    assert code.routes_of["app.main.load"] == (made,)


def test_tables_with_types_and_keys() -> None:
    loans = facts(app__models=MODELS).tables[0]
    assert (loans.schema, loans.unique, loans.checks, loans.relations) == (
        "x", (("a", "b"),), ("amount > 0",), (("user", "User"),),
    )  # fmt: skip
    columns = {column.name: column for column in loans.columns}
    assert columns["created_at"].kind.name == "timestamptz"
    assert columns["created_at"].server_default
    assert (columns["owner_id"].references, columns["owner_id"].on_delete) == ("users.id", "cascade")
    assert (columns["note"].nullable, columns["email"].nullable) == (True, False)
    assert (columns["email"].kind.length, columns["email"].unique) == (80, True)
    assert (columns["amount"].kind.precision, columns["amount"].kind.scale) == (12, 2)
    (order,) = facts(shop__models=DJANGO_MODELS).tables
    assert (order.name, order.framework, order.unique) == ("shop_order", "django", (("user", "total"),))
    assert [column.name for column in order.columns] == ["id", "user_id", "total"]


def test_classes_of_data() -> None:
    first, second = facts(app__schemas=SCHEMAS).data_models
    assert (first.extra, first.from_rows, second.extra) == ("forbid", True, "forbid")
    fields = {field.name: field for field in second.fields}
    assert set(fields) == {"name", "email", "kind", "state", "tags", "user-id", "id"}
    assert (fields["name"].type, fields["name"].constraint("max_length")) == ("str", "5")
    assert (fields["email"].optional, fields["email"].required) == (True, False)
    assert fields["kind"].values == ("a", "b")
    assert fields["state"].values == ("open", "done")
    assert fields["tags"].many
    assert fields["user-id"].attribute == "user_id"


def test_what_tests_call_jobs_and_the_log() -> None:
    text = 'def test_it(client, id):\n    client.post("/x")\n    client.get(f"/x/{id}?a=1")\n'
    jobs = "@celery.task\ndef mail(): ...\ndef f(background):\n    background.add_task(mail, 1)\n    logger.info('x')\n"
    code = facts(tests__test_x=text, app__jobs=jobs)
    assert [(call.method, call.path) for call in code.test_calls] == [("POST", "/x"), ("GET", "/x/{}")]
    assert [(job.name, job.kind) for job in code.jobs] == [("mail", "task"), ("mail", "queued")]
    assert [log.level for log in code.logs] == ["info"]


def test_the_class_of_a_routers_routes_is_a_guard() -> None:
    code = code_in(
        Draft.of(
            {
                "app/auth.py": """
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from app.errors import Unauthorized

bearer = HTTPBearer(auto_error=False)

class SignedInRoute(APIRoute):
    def get_route_handler(self):
        handle = super().get_route_handler()
        async def signed_in(request):
            if await bearer(request) is None:
                raise Unauthorized()
            return await handle(request)
        return signed_in

class TimedRoute(APIRoute):
    pass
""",
                "app/main.py": """
from fastapi import APIRouter, FastAPI
from app.auth import SignedInRoute, TimedRoute

inner = APIRouter(route_class=SignedInRoute)
outer = APIRouter(route_class=TimedRoute)

@inner.get("/mine")
def mine(): ...

@outer.get("/all")
def everything(): ...

app = FastAPI()
app.include_router(inner)
app.include_router(outer)
""",
            }
        )
    )
    found = {f"{route.method} {route.path}": route.guards for route in code.routes}
    assert found == {"GET /mine": ("app.auth.SignedInRoute",), "GET /all": ()}
