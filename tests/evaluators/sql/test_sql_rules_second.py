"""What the rules say where a CHECK, a habit or a role decides: heard once, and silent beside it."""

from __future__ import annotations

import pytest

from evaluators.sql.bounds import Bounds, bounds_of
from evaluators.sql.schema import Check, Table
from tests.evaluators.sql.test_sql_rules_cases import ID, said

USERS = f"CREATE TABLE users ({ID}); CREATE TABLE orders ({ID}, user_id bigint NOT NULL REFERENCES users);"
TOUCH = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); END $$;"
STAMP = "updated_at timestamptz NOT NULL DEFAULT now()"
TRIGGER = "CREATE TRIGGER {0}_t BEFORE UPDATE ON {0} FOR EACH ROW EXECUTE FUNCTION {1}();"
TOUCHED = TOUCH + "".join(f"CREATE TABLE {name} ({ID}, {STAMP});{TRIGGER.format(name, 'touch')}" for name in "abc")
DAYS = f"CREATE TABLE a ({ID}, due_on date, ends_on date, closed_on date);"
KEYED = f"CREATE TABLE p ({ID}, u int NOT NULL, idempotency_key text NOT NULL, UNIQUE (u, idempotency_key));"
GRANTS = "".join(
    f"CREATE TABLE {name} (id bigint PRIMARY KEY AUTO_INCREMENT);GRANT SELECT, INSERT ON {name} TO 'app'@'%';"
    for name in ("a", "b", "c")
)
PAID = "amount numeric(9, 2) NOT NULL CHECK (amount > 0), order_id bigint NOT NULL REFERENCES orders"
CARD = f"CREATE TABLE products ({ID}, name text); CREATE TABLE {{}}_items ({ID}, product_id bigint REFERENCES products,"
POLICY = f"CREATE TABLE t ({ID}, s uuid); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING "
INNER = "(id IN (SELECT x.id FROM t x WHERE s IN (SELECT mine())));"
SECURED = "".join(f"CREATE TABLE {name} ({ID}); ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;" for name in "abc")
AMOUNT = f"CREATE TABLE orders ({ID}, balance numeric(9, 2) NOT NULL DEFAULT 0"
SUM = f"CREATE TABLE t ({ID}, net int NOT NULL, off int{{}}, gross int NOT NULL, CHECK ({{}}));"
SETS = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE orders SET balance = {}; END $$;"

CASES = [
    ("amount-without-check", AMOUNT + ", CHECK (balance <= 100));", "postgres", ["orders.balance"]),
    ("amount-without-check", AMOUNT + ", CHECK (balance <= 100 AND balance >= 0));", "postgres", []),
    ("amount-without-check", AMOUNT + ", CHECK (0 <= balance));", "postgres", []),
    ("amount-without-check", AMOUNT + "); " + SETS.format("t.net"), "postgres", []),
    ("amount-without-check", AMOUNT + "); " + SETS.format("balance - 1"), "postgres", ["orders.balance"]),
    ("rating-without-range", f"CREATE TABLE coupons ({ID}, percent_off int CHECK (percent_off > 0));", "postgres",
     ["coupons.percent_off"]),
    ("rating-without-range", f"CREATE TABLE t ({ID}, markup_percent int CHECK (markup_percent > 0));", "postgres", []),
    ("policy-column-without-index", POLICY + "(s IN (SELECT mine()));", "postgres", ["t.s"]),
    ("policy-column-without-index", POLICY + INNER, "postgres", []),
    ("row-security-off", SECURED + f"CREATE TABLE d ({ID});", "postgres", ["d"]),
    ("row-security-off", SECURED + "".join(f"CREATE TABLE {name} ({ID});" for name in "def"), "postgres", []),
    ("date-as-text", DAYS + f"CREATE TABLE b ({ID}, opened_on varchar(10), based_on text);", "postgres",
     ["b.opened_on"]),
    ("date-as-text", f"CREATE TABLE b ({ID}, published_on text);", "postgres", []),
    ("copied-column", CARD.format("cart") + "product_name text);", "postgres", ["cart_items.product_name"]),
    ("copied-column", CARD.format("order") + "product_name text);", "postgres", []),
    ("null-passes-check", SUM.format("", "gross = net - off"), "postgres", ["t.off"]),
    ("null-passes-check", SUM.format(" NOT NULL", "gross = net - off"), "postgres", []),
    ("null-passes-check", SUM.format("", "off IS NULL OR gross = net - off"), "postgres", []),
    ("null-passes-check", SUM.format("", "gross >= net - off"), "postgres", []),
    ("cascade-on-records", USERS + f"CREATE TABLE payments ({ID}, {PAID} ON DELETE CASCADE);", "postgres",
     ["payments.order_id"]),
    ("cascade-on-records", USERS + f"CREATE TABLE payment_lines ({ID}, {PAID} ON DELETE CASCADE);", "postgres", []),
    ("money-without-precision", f"CREATE TABLE fx_rates ({ID}, rate numeric(9, 2));", "postgres", ["fx_rates.rate"]),
    ("money-without-precision", f"CREATE TABLE fx_rates ({ID}, rate numeric(9, 4), tax_rate numeric(4, 2));",
     "postgres", []),
    ("updated-at-never-updated", TOUCHED + f"CREATE TABLE d ({ID}, {STAMP});", "postgres", ["d.updated_at"]),
    ("updated-at-never-updated", TOUCHED + f"CREATE TABLE d ({ID}, {STAMP});" + TRIGGER.format("d", "moddatetime"),
     "postgres", []),
    ("updated-at-never-updated", TOUCHED + "".join(f"CREATE TABLE {name} ({ID}, {STAMP});" for name in "de"),
     "postgres", []),
    ("nullable-unique-column", KEYED + f"CREATE TABLE t ({ID}, u int NOT NULL, idempotency_key text,"
     " UNIQUE (u, idempotency_key));", "postgres", ["t.idempotency_key"]),
    ("nullable-unique-column", f"CREATE TABLE t ({ID}, u int NOT NULL, idempotency_key text,"
     " UNIQUE (u, idempotency_key));", "postgres", []),
    ("nullable-unique-column", USERS + f"CREATE TABLE t ({ID}, a int NOT NULL, b int NOT NULL,"
     " o bigint REFERENCES orders, UNIQUE (a, b, o));", "postgres", ["t.o"]),
    ("nullable-unique-column", USERS + f"CREATE TABLE t ({ID}, a int NOT NULL, o bigint REFERENCES orders,"
     " UNIQUE (a, o));", "postgres", []),
    ("overpowered-role", GRANTS + "CREATE TABLE d (id bigint PRIMARY KEY); GRANT ALL ON d TO 'app'@'%';", "mysql",
     ["d to app"]),
    ("overpowered-role", "CREATE TABLE d (id bigint PRIMARY KEY); GRANT ALL ON d TO 'app'@'%';", "mysql", []),
    ("nullable-foreign-key", USERS + f"CREATE TABLE t ({ID}, order_id bigint REFERENCES orders);", "postgres",
     ["t.order_id"]),
    ("nullable-foreign-key", USERS + f"CREATE TABLE t ({ID}, code text NOT NULL UNIQUE, o bigint REFERENCES orders);",
     "postgres", []),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "sql", "dialect", "symbols"), CASES)
def test_heard_or_silent(rule: str, sql: str, dialect: str, symbols: list[str]) -> None:
    assert said(rule, sql, dialect) == symbols


def test_keys_to_one_table_are_told_once() -> None:
    tables = "".join(f"CREATE TABLE t{n} ({ID}, user_id bigint REFERENCES users);" for n in range(3))
    assert said("unindexed-foreign-key", f"CREATE TABLE users ({ID});{tables}") == ["users"]


def test_who_wrote_a_row_is_told_where_others_have_an_index() -> None:
    users = f"CREATE TABLE users ({ID}); CREATE TABLE a ({ID}, made_by bigint REFERENCES users);"
    others = f"CREATE TABLE b ({ID}, made_by bigint REFERENCES users); CREATE INDEX ON b (made_by);"
    assert said("unindexed-foreign-key", users) == []
    assert said("unindexed-foreign-key", users + others) == ["a.made_by"]


@pytest.mark.parametrize(
    ("expression", "bounds"),
    [
        ("x <= 10", Bounds(False, True)),
        ("((x)::numeric <= (10)::numeric)", Bounds(False, True)),
        ("x > 0", Bounds(True, False)),
        ("10 >= x", Bounds(False, True)),
        ("x BETWEEN 0 AND 10", Bounds(True, True)),
        ("x IN (1, 2)", Bounds(True, True)),
        ("abs(x) < 10", Bounds(True, True)),
        ("y = 1 OR x = 0", Bounds(False, False)),
        ("x <> 0", Bounds(False, False)),
    ],
)
def test_bounds(expression: str, bounds: Bounds) -> None:
    from evaluators.finding import Location

    table = Table("t", "t", "", Location("s.sql"), checks=(Check(expression, ("x",), Location("s.sql")),))
    assert bounds_of(table, "x") == bounds
