"""The stage as a whole, the pairing of names, and the bounds that a CHECK sets."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.cross import lint
from evaluators.cross.bounds import Bounds, bounds_of
from evaluators.cross.facts import facts_of
from evaluators.cross.names import plain, table_names
from evaluators.draft import Draft, Subject
from evaluators.report import Reason, StageResult, State
from evaluators.sql.schema import schema_of

BANKING = Path(__file__).parents[2] / "corpus/contracts/good/banking"


def draft_of(path: Path) -> Draft:
    return Draft.of({each.name: each.read_text(encoding="utf-8") for each in sorted(path.iterdir())})


def judge(subject: Subject) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            return await lint.judge(subject, bench)

    return asyncio.run(run())


def test_a_good_pair_passes() -> None:
    result = judge(Subject(draft_of(BANKING)))
    assert [f"{f.rule}: {f.message}" for f in result.findings] == []
    assert result.stage.state is State.PASSED
    assert result.stage.detail.startswith("20 properties paired with columns")


NULLABLE_NICKNAME = 'nickname: {type: [string, "null"], maxLength: 60, x-column: nickname}'
CHANGES = [
    ("openapi.yaml", "x-table: accounts", "x-table: acounts", "unknown-table", "acounts"),
    ("openapi.yaml", "x-column: balance", "x-column: balanse", "unknown-column", "Account.balance"),
    ("openapi.yaml", "maxLength: 60,", "maxLength: 61,", "text-longer-than-column", "NewAccount.nickname"),
    (
        "openapi.yaml",
        "minimum: 1, maximum: 1000",
        "minimum: 0, maximum: 1000",
        "number-outside-check",
        "NewTransfer.amount",
    ),
    ("openapi.yaml", "[EUR, USD]", "[EUR, USD, GBP]", "value-refused-by-column", "NewAccount.currency"),
    ("openapi.yaml", NULLABLE_NICKNAME, NULLABLE_NICKNAME[:-1] + "x}", "unknown-column", "Account.nickname"),
    ("schema.sql", "('EUR', 'USD')", "('EUR', 'USD', 'GBP')", "undeclared-stored-value", "Account.currency"),
    ("schema.sql", "created_at timestamptz", "created_at timestamp", "time-zone-lost", "Account.created_at"),
    ("schema.sql", "nickname text,", "nickname text not null,", "null-into-not-null", "NewAccount.nickname"),
    ("schema.sql", "email text not null", "email text", "null-in-response", "User.email"),
    ("schema.sql", "amount bigint", "amount uuid", "property-type-mismatch", "NewTransfer.amount"),
]


@pytest.mark.parametrize(("file", "old", "new", "rule", "symbol"), CHANGES)
def test_one_change_gives_one_finding(file: str, old: str, new: str, rule: str, symbol: str) -> None:
    texts = {each.path: each.text for each in draft_of(BANKING)}
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new)
    result = judge(Subject(Draft.of(texts)))
    assert (rule, symbol) in [(f.rule, f.symbol) for f in result.findings]
    [finding] = [f for f in result.findings if (f.rule, f.symbol) == (rule, symbol)]
    assert finding.location.path == "openapi.yaml"
    assert finding.location.line > 1


def test_a_missing_conflict_is_found_where_it_is() -> None:
    texts = {each.path: each.text for each in draft_of(BANKING)}
    texts["openapi.yaml"] = texts["openapi.yaml"].replace(
        '        "409": {$ref: "#/components/responses/Conflict"}\n', ""
    )
    result = judge(Subject(Draft.of(texts)))
    assert [(f.rule, f.symbol) for f in result.findings] == [("unique-without-conflict", "POST /auth/register")]


def test_missing_and_broken_artifacts() -> None:
    both = {each.path: each.text for each in draft_of(BANKING)}
    asked = frozenset({"cross"})
    assert lint.applies(Subject(Draft.of(both)))
    for left in both:
        subject = Subject(Draft.of({left: both[left]}), required=asked)
        assert not lint.applies(Subject(subject.draft))
        assert judge(subject).stage.reason is Reason.NOT_DELIVERED
    broken = Subject(Draft.of({**both, "openapi.yaml": "openapi: ["}))
    assert judge(broken).stage.reason is Reason.NOT_PARSED


CONTRACT = """\
openapi: 3.1.0
info: {title: x, version: "1"}
paths:
  /a:
    post:
      operationId: a
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NAME"}}}}
      responses: {"204": {description: x}, "409": {description: x}, "422": {description: x}}
components:
  schemas:
    NAME: {type: object, additionalProperties: false, required: [name], properties: {PROPERTIES}}
"""
SQL = "create table order_items (id bigint primary key, unit_name text not null, name text not null);"


@pytest.mark.parametrize(
    ("name", "properties", "paired"),
    [
        ("OrderItem", "name: {type: string}, unitName: {type: string}", ["order_items.name", "order_items.unit_name"]),
        ("NewOrderItem", "name: {type: string}", ["order_items.name"]),
        ("order_items", "name: {type: string}, other: {type: string}", ["order_items.name"]),
        ("OrderItemCreateRequest", "unit_name: {type: string}", ["order_items.unit_name"]),
        ("OrderItem", "name: {type: string}, b: {type: string}, c: {type: string}", []),
        ("OrderItemSummary", "name: {type: string}", ["order_items.name"]),
        ("OrderItemTotals", "name: {type: string}", []),
        ("Item", "name: {type: string}", []),
        (
            "OrderItem",
            "name: {type: string, x-column: unit_name}, unit_name: {type: string}",
            ["order_items.unit_name"],
        ),
    ],
)
def test_names_pair_only_where_nothing_is_doubtful(name: str, properties: str, paired: list[str]) -> None:
    text = CONTRACT.replace("NAME", name).replace("PROPERTIES", properties)
    facts = facts_of(Subject(Draft.of({"openapi.yaml": text, "schema.sql": SQL})))
    assert [pair.column_name for pair in facts.pairs] == paired


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Users", "user"),
        ("OrderItems", "order_item"),
        ("Categories", "category"),
        ("boxes", "box"),
        ("people", "Person"),
    ],
)
def test_plain_names(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_words_that_only_look_like_plurals() -> None:
    assert plain("status") == "status" and plain("address") == "address"
    assert table_names("NewUserRequest") == ("newuserrequest", "userrequest", "user")
    assert table_names("OrderItem") == ("orderitem", "order")


CHECKS = {
    "char_length(t) <= 5": Bounds(max_length=5),
    "length(t) between 2 and 5": Bounds(max_length=5, min_length=2),
    "t is null or char_length(t) < 6": Bounds(max_length=5),
    "char_length(t) > 0 and char_length(t) <= 5": Bounds(max_length=5, min_length=1),
    "octet_length(t) <= 5": Bounds(),
    "length(trim(t)) > 0": Bounds(),
    "t in ('a', 'b')": Bounds(values=frozenset("ab")),
    "t = any (array['a', 'b'])": Bounds(values=frozenset("ab")),
    "t = 'a' or t = 'b'": Bounds(values=frozenset("ab")),
    "t ~ '^a'": Bounds(),
    "t in ('a') or n > 3": Bounds(),
    "not (t = 'a')": Bounds(),
}


@pytest.mark.parametrize(("check", "bounds"), CHECKS.items(), ids=CHECKS.keys())
def test_bounds_of_texts(check: str, bounds: Bounds) -> None:
    sql = f"create table a (id bigint primary key, t text, n numeric, constraint c check ({check}));"
    [table] = schema_of(Subject(Draft.of({"schema.sql": sql}))).tables
    column = table.column("t")
    assert column is not None
    assert bounds_of(table, column, "postgres") == bounds


NUMBERS = {
    "n >= 0": (0, None),
    "0 < n and n <= 10.5": (0, Decimal("10.5")),
    "n between -3 and 7": (-3, 7),
    "n > 0 or n < -5": (None, None),
    "n > m": (None, None),
}


@pytest.mark.parametrize(("check", "ends"), NUMBERS.items(), ids=NUMBERS.keys())
def test_bounds_of_numbers(check: str, ends: tuple[object, object]) -> None:
    sql = f"create table a (id bigint primary key, n numeric, m numeric, check ({check}));"
    [table] = schema_of(Subject(Draft.of({"schema.sql": sql}))).tables
    column = table.column("n")
    assert column is not None
    bounds = bounds_of(table, column, "postgres")
    assert (bounds.minimum, bounds.maximum) == ends


def test_types_set_bounds_and_sqlite_sets_none() -> None:
    sql = "create table a (id integer primary key, s varchar(7), i smallint, d numeric(6, 2));"
    for dialect, wanted in (
        ("postgres", (7, Decimal(32767), Decimal("9999.99"))),
        ("sqlite", (None, None, None)),
    ):
        [table] = schema_of(Subject(Draft.of({"schema.sql": sql}), dialect=dialect)).tables
        text, whole, exact = (bounds_of(table, column, dialect) for column in table.columns[1:])
        assert (text.max_length, whole.maximum, exact.maximum) == wanted
