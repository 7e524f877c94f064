"""A shop of fifteen tables in each dialect: the good one is quiet, and each planted defect is found where it stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.report import StageResult
from evaluators.rule import REGISTRY
from evaluators.sql import lint

HERE = Path(__file__).parent / "dialects"
DIALECTS = ("postgres", "supabase", "mysql", "sqlite", "tsql")


def text_of(dialect: str) -> str:
    return (HERE / f"{dialect}.sql").read_text(encoding="utf-8")


def judged(dialect: str, text: str) -> StageResult:
    spoken = "postgres" if dialect == "supabase" else dialect
    return asyncio.run(lint.judge(Subject(Draft.of({"schema.sql": text}), dialect=spoken), Bench()))


def recommended(result: StageResult) -> list[Finding]:
    return [each for each in result.findings if each.rule not in REGISTRY or not REGISTRY[each.rule].strict]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_good_one_is_quiet(dialect: str) -> None:
    result = judged(dialect, text_of(dialect))
    assert [(f.rule, f.symbol) for f in recommended(result)] == []
    assert "15 tables" in result.stage.detail
    assert result.not_checked == ()


SQL = [
    ("missing-primary-key", "PRIMARY KEY (cart_id, product_id)", "CHECK (cart_id > 0)", "cart_items"),
    ("foreign-key-to-nothing", "REFERENCES suppliers (id)", "REFERENCES vendors (id)", "products.supplier_id"),
    ("lookup-not-unique", "    UNIQUE (sku),\n", "", "products.sku"),
    ("login-not-unique", "    UNIQUE (email)\n", "    CHECK (email <> '')\n", "users.email"),
    ("rating-without-range", "CHECK (rating BETWEEN 1 AND 5)", "CHECK (body <> '')", "reviews.rating"),
    ("end-before-start", ",\n    CHECK (ends_at > starts_at)", "", "coupons.ends_at"),
    ("amount-without-check", "    CHECK (quantity >= 0)\n", "    CHECK (product_id > 0)\n", "stock_levels.quantity"),
    ("plain-password", "    password_hash ", "    password ", "users.password"),
    (
        "numbered-columns",
        "    url ",
        "    photo1 text NOT NULL,\n    photo2 text NOT NULL,\n    url ",
        "product_images.photo",
    ),
    (
        "stored-card-data",
        "    provider ",
        "    card_number varchar(19) NOT NULL,\n    provider ",
        "payments.card_number",
    ),
    ("stored-national-id", "    display_name ", "    ssn varchar(11) NOT NULL,\n    display_name ", "users.ssn"),
    (
        "cascade-on-records",
        "order_id {REF} NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,\n    amount",
        "user_id {UREF} NOT NULL REFERENCES users (id) ON DELETE CASCADE,\n    order_id {REF} NOT NULL "
        "REFERENCES orders (id) ON DELETE RESTRICT,\n    amount",
        "payments.user_id",
    ),
]

POSTGRES = [
    ("float-money", "    price numeric(12, 2)", "    price double precision", "products.price"),
    ("foreign-key-type-mismatch", "    cart_id bigint", "    cart_id integer", "cart_items.cart_id"),
    ("timestamp-without-time-zone", "paid_at timestamptz", "paid_at timestamp", "payments"),
    ("free-text-status", " CHECK (status IN ('open', 'paid', 'shipped', 'closed'))", "", "orders.status"),
    ("null-passes-check", "status text NOT NULL", "status text", "orders.status"),
    ("unindexed-foreign-key", "CREATE INDEX payments_order_id_idx ON payments (order_id);\n", "", "payments.order_id"),
    (
        "foreign-key-without-on-delete",
        "REFERENCES categories (id) ON DELETE RESTRICT",
        "REFERENCES categories (id)",
        "products",
    ),
    ("quoted-name", "    body text", '    "Body" text', "reviews"),
    ("nullable-boolean", "is_active boolean NOT NULL DEFAULT true", "is_active boolean", "users.is_active"),
    ("own-parent", ",\n    CHECK (parent_id <> id)", "", "categories.parent_id"),
    ("currency-without-form", " CHECK (currency ~ '^[A-Z]{3}$')", "", "orders.currency"),
    (
        "created-at-without-default",
        "created_at timestamptz NOT NULL DEFAULT now()\n);\n\nCREATE INDEX carts",
        "created_at timestamptz NOT NULL\n);\n\nCREATE INDEX carts",
        "carts.created_at",
    ),
]

MYSQL = [
    ("float-money", "    price decimal(12,2)", "    price double", "products.price"),
    ("money-without-precision", "    unit_price decimal(12,2)", "    unit_price decimal", "order_items.unit_price"),
    ("foreign-key-type-mismatch", "    cart_id bigint unsigned", "    cart_id int", "cart_items.cart_id"),
    ("engine-without-transactions", "UNIQUE (code)\n) ENGINE=InnoDB", "UNIQUE (code)\n) ENGINE=MyISAM", "warehouses"),
    (
        "three-byte-charset",
        "UNIQUE (code)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
        "UNIQUE (code)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8",
        "warehouses",
    ),
    (
        "zero-date",
        "paid_at datetime(6) NULL",
        "paid_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00'",
        "payments.paid_at",
    ),
    ("ambiguous-enum", "enum('open','paid','shipped','closed')", "enum('','open','paid')", "orders.status"),
    ("missing-primary-key", "    PRIMARY KEY (cart_id, product_id),\n", "", "cart_items"),
    ("foreign-key-to-nothing", "REFERENCES suppliers (id)", "REFERENCES vendors (id)", "products.supplier_id"),
    ("lookup-not-unique", "    UNIQUE (sku),\n", "", "products.sku"),
    ("login-not-unique", "    UNIQUE (email)\n", "    CHECK (email <> '')\n", "users.email"),
    ("rating-without-range", ",\n    CHECK (rating BETWEEN 1 AND 5)", "", "reviews.rating"),
    ("end-before-start", ",\n    CHECK (ends_at > starts_at)", "", "coupons.ends_at"),
    ("plain-password", "    password_hash ", "    password ", "users.password"),
    (
        "stored-card-data",
        "    provider ",
        "    card_number varchar(19) NOT NULL,\n    provider ",
        "payments.card_number",
    ),
    ("number-as-text", "    amount decimal(12,2) NOT NULL", "    amount varchar(20) NOT NULL", "payments.amount"),
    ("duplicate-index", "    KEY idx_orders_user", "    KEY k (order_number),\n    KEY idx_orders_user", "orders.k"),
    ("row-too-wide", "    body text NULL", "    body varchar(17000) NULL", "reviews"),
    (
        "cascade-on-records",
        "REFERENCES orders (id) ON DELETE RESTRICT\n)",
        "REFERENCES orders (id) ON DELETE RESTRICT,\n"
        "    FOREIGN KEY (order_id) REFERENCES users (id) ON DELETE CASCADE\n)",
        "payments.order_id",
    ),
]

TSQL = [
    (
        "random-clustered-key",
        "CREATE TABLE dbo.Warehouses (\n    Id BIGINT IDENTITY(1,1) NOT NULL PRIMARY KEY",
        "CREATE TABLE dbo.Warehouses (\n    Id UNIQUEIDENTIFIER NOT NULL DEFAULT NEWID() PRIMARY KEY",
        "warehouses.Id",
    ),
    ("float-money", "    Price DECIMAL(12, 2)", "    Price FLOAT", "products.Price"),
    ("money-without-precision", "    UnitPrice DECIMAL(12, 2)", "    UnitPrice DECIMAL", "orderitems.UnitPrice"),
    ("foreign-key-type-mismatch", "    CartId BIGINT", "    CartId INT", "cartitems.CartId"),
    ("outdated-type", "    Body NVARCHAR(MAX) NULL", "    Body NTEXT NULL", "reviews.Body"),
    ("missing-primary-key", "    PRIMARY KEY (CartId, ProductId),\n", "", "cartitems"),
    ("foreign-key-to-nothing", "REFERENCES dbo.Suppliers (Id)", "REFERENCES dbo.Vendors (Id)", "products.SupplierId"),
    (
        "unindexed-foreign-key",
        "CREATE INDEX IX_Payments_OrderId ON dbo.Payments (OrderId);\nGO\n",
        "",
        "payments.OrderId",
    ),
    ("login-not-unique", "    UNIQUE (Email)\n", "    CHECK (Email <> '')\n", "users.Email"),
    ("rating-without-range", "    CHECK (Rating BETWEEN 1 AND 5),\n", "", "reviews.Rating"),
    ("plain-password", "    PasswordHash ", "    Password ", "users.Password"),
    (
        "stored-card-data",
        "    Provider ",
        "    CardNumber NVARCHAR(19) NOT NULL,\n    Provider ",
        "payments.CardNumber",
    ),
    ("number-as-text", "    Amount DECIMAL(12, 2) NOT NULL", "    Amount NVARCHAR(20) NOT NULL", "payments.Amount"),
    ("nullable-boolean", "IsActive BIT NOT NULL DEFAULT 1", "IsActive BIT NULL", "users.IsActive"),
    ("amount-without-check", "    CHECK (Quantity >= 0),\n", "", "stocklevels.Quantity"),
    ("free-text-status", " CHECK (Status IN (N'open', N'paid', N'shipped', N'closed'))", "", "orders.Status"),
    ("own-parent", "    CHECK (ParentId <> Id),\n", "", "categories.ParentId"),
    ("end-before-start", ",\n    CHECK (EndsAt > StartsAt)", "", "coupons.EndsAt"),
    ("lookup-not-unique", "    UNIQUE (Sku),\n", "", "products.Sku"),
    (
        "row-too-wide",
        "    Street NVARCHAR(200) NOT NULL",
        "    Street CHAR(8000) NOT NULL,\n    Floor CHAR(90) NOT NULL",
        "addresses",
    ),
]

SUPABASE = [
    ("policy-without-row-security", "ALTER TABLE carts ENABLE ROW LEVEL SECURITY;\n", "", "carts"),
    (
        "policy-call-per-row",
        "own_carts ON carts FOR ALL TO authenticated USING (user_id = (SELECT auth.uid()))",
        "own_carts ON carts FOR ALL TO authenticated USING (user_id = auth.uid())",
        "carts",
    ),
    ("policy-column-without-index", "CREATE INDEX carts_user_id_idx ON carts (user_id);\n", "", "carts.user_id"),
    (
        "always-true-policy",
        "read_coupons ON coupons FOR SELECT",
        "read_coupons ON coupons FOR UPDATE",
        "coupons.read_coupons",
    ),
    (
        "view-of-auth-users",
        "CREATE TABLE addresses (",
        "CREATE VIEW people AS SELECT id, email FROM auth.users;\n\nCREATE TABLE addresses (",
        "people",
    ),
    (
        "view-past-row-security",
        "CREATE TABLE addresses (",
        "CREATE VIEW people AS SELECT id FROM users;\n\nCREATE TABLE addresses (",
        "people",
    ),
    (
        "several-permissive-policies",
        "CREATE TABLE coupons (",
        "CREATE POLICY again ON carts FOR ALL TO authenticated USING (id > 0);\n\nCREATE TABLE coupons (",
        "carts",
    ),
    (
        "policy-trusts-user-metadata",
        "read_coupons ON coupons FOR SELECT TO authenticated USING (true)",
        "read_coupons ON "
        "coupons FOR SELECT TO authenticated USING ((SELECT auth.jwt()) -> 'user_metadata' ->> 'x' = 'y')",
        "coupons.read_coupons",
    ),
    (
        "grant-to-everyone",
        "CREATE TABLE addresses (",
        "CREATE TABLE logs (id bigint PRIMARY KEY);\nGRANT ALL ON logs TO anon;\n\nCREATE TABLE addresses (",
        "logs to anon",
    ),
    (
        "row-security-off",
        "CREATE TABLE addresses (",
        "CREATE TABLE hints (id bigint PRIMARY KEY);\n\nCREATE TABLE addresses (",
        "hints",
    ),
    (
        "definer-without-search-path",
        "CREATE TABLE addresses (",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n\nCREATE TABLE addresses (",
        "f",
    ),
    (
        "secret-in-seed-rows",
        "CREATE TABLE coupons (",
        "INSERT INTO users (email, password) VALUES ('a@example.com', 'secret123');\n\nCREATE TABLE coupons (",
        "users.password",
    ),
]


def planted(dialect: str, cases: list[tuple[str, str, str, str]]) -> list[object]:
    words = {"postgres": ("bigint", "bigint"), "supabase": ("bigint", "uuid"), "sqlite": ("INTEGER", "INTEGER")}
    link, user = words.get(dialect, ("", ""))
    made: list[object] = []
    for rule, old, new, symbol in cases:
        fills = {"{REF}": link, "{UREF}": user}
        for mark, word in fills.items():
            old, new = old.replace(mark, word), new.replace(mark, word)
        made.append(pytest.param(dialect, rule, old, new, symbol, id=f"{dialect}-{rule}"))
    return made


UNQUOTED = {"lookup-not-unique", "login-not-unique", "plain-password"}
ALL = [
    *planted("postgres", SQL + POSTGRES),
    *planted("sqlite", SQL),
    *planted("mysql", MYSQL),
    *planted("tsql", TSQL),
    *planted("supabase", SUPABASE + [case for case in SQL if case[0] not in UNQUOTED]),
]


@pytest.mark.parametrize(("dialect", "rule", "old", "new", "symbol"), ALL)
def test_a_planted_defect_is_found_where_it_stands(dialect: str, rule: str, old: str, new: str, symbol: str) -> None:
    good = text_of(dialect)
    assert good.count(old) >= 1, old
    result = judged(dialect, good.replace(old, new, 1))
    found = [each for each in result.findings if (each.rule, each.symbol) == (rule, symbol)]
    assert len(found) == 1, [(each.rule, each.symbol) for each in result.findings]
    at = found[0].location
    assert at.line > 0
    assert at.column > 0
    assert [each.rule for each in result.findings if each.rule == "sql-not-parsed"] == []
    begin = good[: good.index(old)].count("\n") + 1
    table = good.rfind("CREATE TABLE", 0, good.index(old) + 1)
    first = good[:table].count("\n") + 1 if table >= 0 and "INDEX" not in old else 1
    # A key may be told where the table's statement names it, some lines below the column.
    assert first <= at.line <= begin + new.count("\n") + 9


def test_every_dialect_has_a_dozen_classes() -> None:
    counts = {dialect: {case.values[1] for case in ALL if case.values[0] == dialect} for dialect in DIALECTS}  # type: ignore[attr-defined]
    assert {dialect: len(rules) >= 12 for dialect, rules in counts.items()} == dict.fromkeys(DIALECTS, True)
