"""Good services in five styles, on which the recommended rules on code and queries have nothing to say."""

# The services are quoted as they were written.
# ruff: noqa: E501

from __future__ import annotations

import pytest

import evaluators.code.rules as code_rules
import evaluators.queries.rules as query_rules
from evaluators.code.facts import code_of
from evaluators.draft import Draft, Subject
from evaluators.queries.sources import queries_of
from evaluators.rule import load, rules_of, run_rules

load(code_rules)
load(query_rules)

SERVICES: dict[str, dict[str, str]] = {
    "flask": {
        "schema.sql": """create table notes (id serial primary key,
  owner_id int not null,
  title text not null,
  body text,
  created_at timestamptz not null default now());
create index on notes(owner_id);""",
        "requirements.txt": """flask==3.0.3
flask-login
psycopg[binary]==3.2.1
""",
        "noteapp/__init__.py": """
from flask import Flask
from .config import load_config
from . import db, notes, auth

def create_app(test_config=None):
    app = Flask(__name__)
    app.config.from_mapping(load_config())
    db.init_app(app)
    app.register_blueprint(auth.bp)
    app.register_blueprint(notes.bp, url_prefix="/notes")
    return app
""",
        "noteapp/config.py": """
import os
def load_config():
    return {"SECRET_KEY": os.environ["SECRET_KEY"], "DATABASE_URL": os.environ["DATABASE_URL"]}
""",
        "noteapp/db.py": """
import psycopg
from flask import current_app, g

def get_db():
    if "db" not in g:
        g.db = psycopg.connect(current_app.config["DATABASE_URL"])
    return g.db

def close_db(e=None):
    db = g.pop("db", None)
    if db is not None:
        db.close()

def init_app(app):
    app.teardown_appcontext(close_db)
""",
        "noteapp/auth.py": """
from flask import Blueprint, request, session, redirect, url_for, abort, g
import functools
bp = Blueprint("auth", __name__, url_prefix="/auth")

@bp.route("/login", methods=["POST"])
def login():
    name = request.form["name"]
    session["user"] = name
    return redirect(url_for("notes.index"))

def login_required(view):
    @functools.wraps(view)
    def wrapped(**kwargs):
        if "user" not in session:
            abort(401)
        return view(**kwargs)
    return wrapped
""",
        "noteapp/notes.py": """
from flask import Blueprint, jsonify, request, abort, session
from .auth import login_required
from .db import get_db
bp = Blueprint("notes", __name__)

@bp.get("/")
@login_required
def index():
    limit = min(int(request.args.get("limit", 20)), 100)
    rows = get_db().execute("SELECT id, title FROM notes WHERE owner_id = %s ORDER BY id LIMIT %s", (session["user"], limit)).fetchall()
    return jsonify([{"id": r[0], "title": r[1]} for r in rows])

@bp.post("/")
@login_required
def create():
    data = request.get_json()
    title = data["title"]
    with get_db() as conn:
        row = conn.execute("INSERT INTO notes (owner_id, title) VALUES (%s, %s) RETURNING id", (session["user"], title)).fetchone()
    return {"id": row[0]}, 201

@bp.delete("/<int:note_id>")
@login_required
def delete(note_id):
    cur = get_db().execute("DELETE FROM notes WHERE id = %s AND owner_id = %s", (note_id, session["user"]))
    if cur.rowcount == 0:
        abort(404)
    return "", 204

@bp.patch("/<int:note_id>")
@login_required
def patch(note_id):
    data = request.get_json()
    fields, values = [], []
    for name in ("title", "body"):
        if name in data:
            fields.append(f"{name} = %s")
            values.append(data[name])
    if not fields:
        abort(400)
    sql = "UPDATE notes SET " + ", ".join(fields) + " WHERE id = %s AND owner_id = %s RETURNING id"
    row = get_db().execute(sql, (*values, note_id, session["user"])).fetchone()
    if row is None:
        abort(404)
    return {"id": row[0]}
""",
    },
    "asyncpg": {
        "schema.sql": """create table accounts (id uuid primary key,
  owner text not null,
  balance numeric(12,2) not null check (balance >= 0),
  version int not null default 1);
create table transfers (id bigserial primary key,
  src uuid not null references accounts(id),
  dst uuid not null references accounts(id),
  amount numeric(12,2) not null,
  created_at timestamptz not null default now());
create index on transfers(src);
create index on transfers(dst);""",
        "bank/repo.py": """
import asyncpg
from decimal import Decimal
class InsufficientFunds(Exception): ...
class NotFound(Exception): ...
class Repo:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def transfer(self, src, dst, amount: Decimal) -> int:
        async with self._pool.acquire() as conn, conn.transaction():
            rows = await conn.fetch("SELECT id, balance FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE", [src, dst])
            found = {r["id"]: r["balance"] for r in rows}
            if src not in found or dst not in found:
                raise NotFound
            if found[src] < amount:
                raise InsufficientFunds
            await conn.execute("UPDATE accounts SET balance = balance - $1 WHERE id = $2", amount, src)
            await conn.execute("UPDATE accounts SET balance = balance + $1 WHERE id = $2", amount, dst)
            return await conn.fetchval("INSERT INTO transfers (src, dst, amount) VALUES ($1, $2, $3) RETURNING id", src, dst, amount)

    async def history(self, account, before: int | None, limit: int):
        if before is None:
            return await self._pool.fetch("SELECT * FROM transfers WHERE src = $1 OR dst = $1 ORDER BY id DESC LIMIT $2", account, limit)
        return await self._pool.fetch("SELECT id, amount FROM transfers WHERE (src = $1 OR dst = $1) AND id < $3 ORDER BY id DESC LIMIT $2", account, limit, before)

    async def rename(self, account, owner: str, version: int) -> bool:
        tag = await self._pool.execute("UPDATE accounts SET owner = $1, version = version + 1 WHERE id = $2 AND version = $3", owner, account, version)
        return tag == "UPDATE 1"

    async def totals(self):
        return await self._pool.fetch("SELECT a.owner, sum(t.amount) AS total, count(*) FROM transfers t JOIN accounts a ON a.id = t.src GROUP BY a.owner ORDER BY total DESC LIMIT 10")
    async def upsert(self, id, owner):
        await self._pool.execute("INSERT INTO accounts (id, owner, balance) VALUES ($1, $2, 0) ON CONFLICT (id) DO UPDATE SET owner = EXCLUDED.owner", id, owner)
    async def recent(self):
        return await self._pool.fetch(\"\"\"
            WITH ranked AS (
                SELECT src, amount, row_number() OVER (PARTITION BY src ORDER BY created_at DESC) AS rn FROM transfers
            )
            SELECT r.src, r.amount FROM ranked r WHERE r.rn = 1
        \"\"\")
""",
        "bank/api.py": """
from contextlib import asynccontextmanager
import os
import asyncpg
from fastapi import FastAPI, Depends, HTTPException, Request, Query
from typing import Annotated
from uuid import UUID
from pydantic import BaseModel, Field
from decimal import Decimal
from bank.repo import Repo, NotFound, InsufficientFunds
@asynccontextmanager
async def lifespan(app):
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"])
    yield
    await app.state.pool.close()
app = FastAPI(lifespan=lifespan)
def repo(request: Request) -> Repo:
    return Repo(request.app.state.pool)
class Transfer(BaseModel):
    src: UUID
    dst: UUID
    amount: Decimal = Field(gt=0, max_digits=12, decimal_places=2)
@app.exception_handler(NotFound)
async def nf(request, exc):
    from fastapi.responses import JSONResponse
    return JSONResponse({"detail": "not found"}, status_code=404)
@app.post("/transfers", status_code=201)
async def transfer(body: Transfer, repo: Annotated[Repo, Depends(repo)]):
    try:
        return {"id": await repo.transfer(body.src, body.dst, body.amount)}
    except InsufficientFunds:
        raise HTTPException(409, "insufficient funds")
@app.get("/accounts/{account_id}/history")
async def history(account_id: UUID, repo: Annotated[Repo, Depends(repo)], before: int | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 20):
    return [dict(r) for r in await repo.history(account_id, before, limit)]
@app.get("/health")
async def health(): return {"status": "ok"}
""",
    },
    "sqlalchemy": {
        "app/models.py": """
from datetime import datetime
from decimal import Decimal
from sqlalchemy import ForeignKey, String, func, DateTime, Numeric
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Base(DeclarativeBase): ...
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    posts: Mapped[list["Post"]] = relationship(back_populates="author")
class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    likes: Mapped[int] = mapped_column(default=0)
    author: Mapped[User] = relationship(back_populates="posts")
""",
        "app/routers/posts.py": """
import logging
from typing import Annotated
from fastapi import APIRouter, Depends, HTTPException, Query, status
from pydantic import BaseModel
from sqlalchemy import select, update, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from app.deps import get_session, get_current_user
from app.models import Post, User
router = APIRouter(prefix="/posts", tags=["posts"])
logger = logging.getLogger(__name__)
SessionDep = Annotated[AsyncSession, Depends(get_session)]
UserDep = Annotated[User, Depends(get_current_user)]
class PostIn(BaseModel):
    title: str
class PostOut(BaseModel):
    id: int
    title: str
    author: str
@router.get("", response_model=list[PostOut])
async def list_posts(session: SessionDep, limit: int = Query(20, le=100), offset: int = 0, q: str | None = None):
    stmt = select(Post).options(selectinload(Post.author)).order_by(Post.id)
    if q:
        stmt = stmt.where(Post.title.ilike(f"%{q}%"))
    posts = (await session.scalars(stmt.limit(limit).offset(offset))).all()
    return [PostOut(id=p.id, title=p.title, author=p.author.email) for p in posts]
@router.post("", status_code=status.HTTP_201_CREATED)
async def create(body: PostIn, session: SessionDep, user: UserDep) -> PostOut:
    post = Post(title=body.title, author_id=user.id)
    session.add(post)
    await session.commit()
    await session.refresh(post)
    logger.info("post %s created by %s", post.id, user.id)
    return PostOut(id=post.id, title=post.title, author=user.email)
@router.put("/{post_id}")
async def change(post_id: int, body: PostIn, session: SessionDep, user: UserDep) -> PostOut:
    post = await session.get(Post, post_id)
    if post is None:
        raise HTTPException(404)
    if post.author_id != user.id:
        raise HTTPException(403)
    post.title = body.title
    await session.commit()
    return PostOut(id=post.id, title=post.title, author=user.email)
@router.post("/{post_id}/like", status_code=204)
async def like(post_id: int, session: SessionDep, user: UserDep):
    result = await session.execute(update(Post).where(Post.id == post_id).values(likes=Post.likes + 1))
    if result.rowcount == 0:
        raise HTTPException(404)
    await session.commit()
@router.get("/{post_id}")
async def get(post_id: int, session: SessionDep) -> PostOut:
    post = await session.get(Post, post_id, options=[selectinload(Post.author)])
    if post is None:
        raise HTTPException(404)
    return PostOut(id=post.id, title=post.title, author=post.author.email)
""",
        "app/deps.py": """
import os
import jwt
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import create_async_engine, async_sessionmaker, AsyncSession
from app.models import User
engine = create_async_engine(os.environ["DATABASE_URL"])
Session = async_sessionmaker(engine, expire_on_commit=False)
oauth2 = OAuth2PasswordBearer(tokenUrl="/token")
async def get_session():
    async with Session() as session:
        yield session
async def get_current_user(token: str = Depends(oauth2), session: AsyncSession = Depends(get_session)) -> User:
    try:
        claims = jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
    except jwt.PyJWTError as exc:
        raise HTTPException(401, "bad token") from exc
    user = await session.get(User, int(claims["sub"]))
    if user is None:
        raise HTTPException(401)
    return user
""",
        "app/main.py": """
from fastapi import FastAPI
from app.routers import posts
app = FastAPI()
for module in (posts,):
    app.include_router(module.router)
""",
    },
    "sqlite": {
        "schema.sql": """create table jobs (id integer primary key,
  kind text not null,
  state text not null default 'new',
  payload text not null,
  tries integer not null default 0,
  run_at text not null);
create index jobs_state on jobs(state,
  run_at);""",
        "worker/queue.py": """
import json, sqlite3, time
from contextlib import closing
def connect(path):
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    return conn
def push(conn, kind, payload):
    with conn:
        cur = conn.execute("INSERT INTO jobs (kind, payload, run_at) VALUES (?, ?, datetime('now'))", (kind, json.dumps(payload)))
    return cur.lastrowid
def claim(conn):
    with conn:
        row = conn.execute("SELECT * FROM jobs WHERE state = 'new' AND run_at <= datetime('now') ORDER BY run_at LIMIT 1").fetchone()
        if row is None:
            return None
        conn.execute("UPDATE jobs SET state = 'running', tries = tries + 1 WHERE id = ?", (row["id"],))
    return row
def done(conn, ids):
    with conn:
        conn.executemany("UPDATE jobs SET state = 'done' WHERE id = ?", [(i,) for i in ids])
def counts(conn):
    return {r["state"]: r["n"] for r in conn.execute("SELECT state, count(*) AS n FROM jobs GROUP BY state")}
def main(path):
    with closing(connect(path)) as conn:
        while True:
            job = claim(conn)
            if job is None:
                time.sleep(1)
                continue
            done(conn, [job["id"]])
def by_ids(conn, ids):
    marks = ",".join("?" * len(ids))
    return conn.execute(f"SELECT id, kind FROM jobs WHERE id IN ({marks})", ids).fetchall()
""",
    },
    "django": {
        "shop/models.py": """
from django.db import models
class Product(models.Model):
    name = models.CharField(max_length=80)
    stock = models.PositiveIntegerField(default=0)
class Order(models.Model):
    user = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    count = models.PositiveIntegerField()
""",
        "shop/views.py": """
from django.db import transaction
from django.db.models import F
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from .models import Order, Product
@login_required
def orders(request):
    found = Order.objects.filter(user=request.user).select_related("product")[:50]
    return JsonResponse({"orders": [{"id": o.id, "product": o.product.name} for o in found]})
@login_required
@require_POST
def buy(request, product_id):
    with transaction.atomic():
        product = get_object_or_404(Product.objects.select_for_update(), pk=product_id)
        if product.stock < 1:
            return JsonResponse({"error": "sold out"}, status=409)
        product.stock = F("stock") - 1
        product.save(update_fields=["stock"])
        order = Order.objects.create(user=request.user, product=product, count=1)
    return redirect("order", pk=order.pk)
def listing(request):
    page = Product.objects.order_by("name")[:100]
    return render(request, "products.html", {"products": page})
""",
        "shop/urls.py": """
from django.urls import path
from . import views
urlpatterns = [path("orders/", views.orders), path("buy/<int:product_id>/", views.buy), path("products/", views.listing)]
""",
    },
}
WRITES = {"flask": 4, "asyncpg": 10, "sqlalchemy": 0, "sqlite": 6, "django": 0}
"""Service -> the SQL texts that are read in it."""


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_said(name: str) -> None:
    dialect = "sqlite" if name == "sqlite" else "postgres"
    subject = Subject(Draft.of(SERVICES[name]), dialect=dialect)
    found, crashed = run_rules(rules_of("code"), subject.fact(code_of))
    more, broken = run_rules(rules_of("queries"), subject.fact(queries_of))
    strict = {rule.id for family in ("code", "queries") for rule in rules_of(family) if rule.strict}
    assert crashed + broken == []
    assert [(each.rule, str(each.location)) for each in (*found, *more) if each.rule not in strict] == []
    assert len(subject.fact(queries_of).parsed) == WRITES[name]
    assert subject.fact(queries_of).unparsed == ()
