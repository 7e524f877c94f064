"""A 409 for the state of a row is no foreign key's; one for what refers to it is."""

from __future__ import annotations

import pytest

from evaluators.cross.facts import facts_of
from evaluators.cross.rules.promised_conflict_impossible import promised_conflict_impossible
from evaluators.draft import Draft, Subject
from evaluators.rule import rules_of

BAD = next(each for each in rules_of("cross") if each.id == "promised-conflict-impossible").example("Bad")
MAIN = """
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from app.store import count, fetch, remove
app = FastAPI()

class Refusal(Exception): ...

@app.delete("/makers/{id}", status_code=204)
def delete_maker(id: int) -> None:
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    if fetch(id).state != 'new':\n        raise HTTPException(409)\n    remove(id)\n", False),
        ("    if not fetch(id)['open']:\n        raise Refusal(409, 'Closed.')\n    remove(id)\n", False),
        ("    if count(id) > 0:\n        raise HTTPException(409)\n    remove(id)\n", True),
        ("    try:\n        remove(id)\n    except IntegrityError:\n        raise HTTPException(409)\n", True),
        ("    if fetch(id).state != 'new':\n        raise HTTPException(404)\n    remove(id)\n", True),
    ],
)
def test_a_state_is_told_from_a_reference(body: str, told: bool) -> None:
    files = {each.path: each.text for each in BAD}
    draft = Draft.of({**files, "app/main.py": MAIN + body})
    found = [each.symbol for each in promised_conflict_impossible(facts_of(Subject(draft)))]
    assert found == (["DELETE /makers/{id}"] if told else [])
