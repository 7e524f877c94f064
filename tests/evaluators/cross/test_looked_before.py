"""A change by the key alone is told, unless the owner was compared or asked for before it."""

from __future__ import annotations

import pytest

from evaluators.cross.facts import facts_of
from evaluators.cross.rules.owner_not_filtered import owner_not_filtered
from evaluators.draft import Draft, Subject

SCHEMA = """
create table users (id bigint generated always as identity primary key);
create table notes (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users (id),
  body text not null
);
"""
STORE = """
async def seen(db, id, user):
    return await db.fetchrow("SELECT id, body FROM notes WHERE id = $1 AND owner_id = $2", id, user.id)

async def plain(db, id):
    return await db.fetchrow("SELECT id, body, owner_id FROM notes WHERE id = $1", id)

async def change(db, id, user):
"""
CHANGE = '    await db.execute("UPDATE notes SET body = $2 WHERE id = $1", id, "x")\n'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (CHANGE, True),
        (CHANGE + "    return await seen(db, id, user)\n", True),
        ("    await plain(db, id)\n" + CHANGE, True),
        (CHANGE + "    if (await plain(db, id))['owner_id'] != user.id:\n        raise LookupError\n", True),
        ("    await seen(db, id, user)\n" + CHANGE, False),
        ("    if (await plain(db, id))['owner_id'] != user.id:\n        raise LookupError\n" + CHANGE, False),
    ],
)
def test_only_a_look_before_the_change_counts(body: str, told: bool) -> None:
    draft = Draft.of({"schema.sql": SCHEMA, "app/store.py": STORE + body})
    found = [each.symbol for each in owner_not_filtered(facts_of(Subject(draft)))]
    assert found == (["app.store.change notes"] if told else [])
