"""What columns and tables are is told by their shape where their names say nothing."""

from __future__ import annotations

import pytest

from evaluators.probes.auth_removed import Shut, _switches, marks
from evaluators.probes.rules.create_loses_value import _holds
from evaluators.service.planting import known_as
from evaluators.service.seeding import users_table
from evaluators.service.tables import Check, Column, ForeignKey, Table
from evaluators.service.values import candidates, is_spent


def column(name: str, kind: str = "text", *, nullable: bool = False, default: bool = False) -> Column:
    """A column that can be written."""
    return Column(name, kind, nullable, default, computed=False)


def table(name: str, *columns: Column, checks: tuple[Check, ...] = (), unique: tuple[str, ...] = ()) -> Table:
    """A table with the key `id`."""
    return Table(name, (column("id", "bigint", default=True), *columns), ("id",), (), checks, ("id", *unique))


@pytest.mark.parametrize(
    ("text", "spent"),
    [
        ("CHECK (((ropar >= 0) AND (ropar <= '1000000000000'::bigint)))", True),
        ("`ropar` between 0 and 2000000000", True),
        ("ropar BETWEEN 0 AND 100", False),
        ("ropar BETWEEN 1 AND 1000000", False),
        ("ropar >= 0", False),
    ],
)
def test_what_may_be_nothing_or_very_much_is_filled(text: str, spent: bool) -> None:
    pabems = table("pabems", column("ropar", "bigint", default=True), checks=(Check("c", text, ("ropar",)),))
    assert is_spent(pabems.columns[1], pabems) is spent


@pytest.mark.parametrize(
    "text", ["CHECK ((vuvur > fuled))", "fuled < vuvur", "CHECK (((fuled IS NULL) OR (vuvur > fuled)))"]
)
def test_of_two_times_the_one_that_a_check_puts_behind_is_later_on_the_same_day(text: str) -> None:
    check = Check("c", text, ("fuled", "vuvur"))
    spans = table("spans", column("fuled", "timestamptz"), column("vuvur", "timestamptz"), checks=(check,))
    first, last = (candidates(spans.columns[number], spans, "a", 0)[0] for number in (1, 2))
    assert first[:10] == last[:10]
    assert first < last


def test_the_table_with_passwords_that_others_point_to_holds_the_users() -> None:
    key = (ForeignKey(("genip_denek",), "genips", ("id",)),)
    people = table("genips", column("password_hash"))
    owned = Table("rogots", (column("id"), column("genip_denek")), ("id",), key, ())
    assert users_table((people, owned)) == "genips"
    assert users_table((people,)) is None
    assert users_table((people, owned, table("users", column("email")))) == "users"


def test_a_text_that_is_a_rows_alone_may_be_its_name() -> None:
    zefiks = table("zefiks", column("rifab"), column("secret_hash"), column("vatif"), unique=("rifab",))
    row = {"id": 7, "rifab": "k-7", "secret_hash": "x", "vatif": "Shop"}
    assert known_as(zefiks, row, "secret_hash") == ("k-7", "7")


def test_each_time_flag_and_state_of_an_account_is_tried() -> None:
    states = Check("c", "CHECK (zerub IN ('open', 'pending'))", ("zerub",))
    genips = table(
        "genips", column("matot", "timestamptz", nullable=True), column("zobop", "timestamptz", nullable=True),
        column("zerub"), column("name"), checks=(states,),
    )  # fmt: skip
    row = {"id": 1, "matot": None, "zobop": "2026-01-01T10:00:00Z", "zerub": "open", "name": "a"}
    found = {each.column.name: each for each in _switches(genips, row)}
    assert found.keys() == {"matot", "zobop", "zerub"}
    assert not found["matot"].back
    assert found["zobop"] == Shut(genips.columns[2], None, back=True)
    assert (found["zerub"].value, found["zerub"].back) == ("pending", True)


@pytest.mark.parametrize(
    ("name", "kind", "value", "closes"),
    [
        ("locked_until", "timestamp with time zone", None, False),
        ("lockout_until", "timestamp with time zone", None, False),
        ("lock_expires", "timestamp with time zone", None, False),
        ("locked", "boolean", False, True),
        ("suspended_until", "timestamp with time zone", None, True),
        ("deleted_at", "timestamp with time zone", None, True),
    ],
)
def test_a_pause_after_failed_logins_closes_no_account(name: str, kind: str, value: object, closes: bool) -> None:
    """It shuts the door for a while; who is in stays in. Seen in a recorded answer."""
    users = table("users", column(name, kind, nullable=True))
    assert [each.name for each, _ in marks(users, {"id": 1, name: value})] == ([name] if closes else [])


@pytest.mark.parametrize(
    ("sent", "held", "holds"),
    [
        (7, -7, True),
        (7, 7, True),
        (7, 8, False),
        (0, 0, True),
        (True, False, False),
        ("7", "-8", False),
        (1.5, -1.5, True),
    ],
)
def test_a_ledger_may_hold_what_went_out_as_negative(sent: object, held: object, holds: bool) -> None:
    assert _holds(sent, held) is holds
