"""Columns that a function of the project makes, in classes and in `Table(...)`."""

from __future__ import annotations

import pytest

from evaluators.code.facts import code_in
from evaluators.code.models import Table
from evaluators.draft import Draft

COLUMNS = """
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String, func

def key(name="id"):
    return Column(name, BigInteger, primary_key=True)

def owner(target, *, on_delete="CASCADE"):
    return Column(BigInteger, ForeignKey(target, ondelete=on_delete), nullable=False)

def needed(*args, **options):
    return Column(*args, nullable=False, **options)

def times():
    return [Column("made_at", DateTime, nullable=False), Column("seen_at", DateTime)]

def odd(name):
    if name:
        return Column(name, String(3))
    return None
"""
BEFORE = "from sqlalchemy import Column, Integer, MetaData, String, Table, UniqueConstraint\nfrom app import columns\n"


def table(text: str) -> Table:
    files = {"app/columns.py": COLUMNS, "app/tables.py": BEFORE + text}
    (found,) = code_in(Draft.of(files)).tables
    return found


def test_a_table_of_core_has_them_with_the_arguments_that_were_given() -> None:
    found = table(
        "t = Table('t', MetaData(), columns.key(), columns.needed('label', String(80), unique=True),\n"
        "    *columns.times(), Column('size', Integer), UniqueConstraint('label', 'size'))\n"
    )
    assert [column.name for column in found.columns] == ["id", "label", "made_at", "seen_at", "size"]
    id_, label = found.columns[:2]
    assert (id_.primary, id_.kind.name) == (True, "bigint")
    assert (label.type, label.nullable, label.unique, label.kind.name) == ("String(80)", False, True, "varchar")
    assert found.unique == (("label", "size"),) and found.whole
    assert id_.at.path == "app/tables.py"


def test_a_class_has_them_under_its_own_names() -> None:
    found = table(
        "class T(Base):\n    __tablename__ = 't'\n    number = columns.key('no')\n"
        "    owner_id = columns.owner('users.id', on_delete='RESTRICT')\n    other_id = columns.owner('users.id')\n"
        "    label: Mapped[str] = columns.needed(String(80))\n"
    )
    names = [(each.attribute, each.name, each.references, each.on_delete, each.nullable) for each in found.columns]
    assert names == [
        ("number", "no", "", "", False),
        ("owner_id", "owner_id", "users.id", "restrict", False),
        ("other_id", "other_id", "users.id", "cascade", False),
        ("label", "label", "", "", False),
    ]


@pytest.mark.parametrize("part", ["columns.odd('a')", "columns.nothing()", "*more", "columns.needed(name)"])
def test_a_table_with_what_cannot_be_read_is_not_whole(part: str) -> None:
    assert not table(f"t = Table('t', MetaData(), Column('size', Integer), {part})\n").whole
