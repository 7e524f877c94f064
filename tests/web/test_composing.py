"""A sentence and its slots follow each other, and what is shown is what would be sent."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from assistant.brief import SLOTS, parse
from assistant.errors import BriefError
from assistant.ordering import order_of
from web.composing import compose, said_again
from web.site import Site

SENTENCE = "Write FastAPI code for a todo list with JWT and Supabase"


def test_a_sentence_fills_the_slots_and_says_what_is_a_default() -> None:
    slots = {slot.name: slot for slot in compose(SENTENCE).slots}
    assert tuple(slots) == SLOTS
    assert (slots["framework"].value, slots["authentication"].value) == ("FastAPI", "JWT")
    assert slots["database"].value == "Supabase"
    assert (slots["level"].value, slots["level"].default) == ("", "advanced")


def test_the_prompt_is_the_one_that_a_run_sends() -> None:
    composed = compose(SENTENCE)
    order = order_of(SENTENCE)
    assert composed.recipe is not None and composed.recipe.id == order.recipe.id
    first = order.recipe.render(order.recipe.turns(order.brief)[0], order.brief, None, order.extra)
    assert composed.prompt == first


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if slot not in ("action", "tools")])
def test_each_slot_is_said_again_as_it_was_chosen(slot: str) -> None:
    for value in next(each for each in compose("").slots if each.name == slot).values:
        given = {"action": "renting boats", slot: value}
        try:
            sentence = said_again(given)
        except BriefError:
            continue
        brief = parse(sentence)
        held = "Supabase" if slot == "database" and brief.supabase else getattr(brief, slot)
        assert held == value, sentence


def test_tools_are_said_again() -> None:
    assert parse(said_again({"action": "renting boats", "tools": ["SQLModel", "Redis"]})).tools == ("Redis", "SQLModel")


def test_a_problem_is_part_of_the_answer_and_keeps_what_was_understood() -> None:
    composed = compose("Write Flask code for booking with JWT and MySQL")
    assert composed.problem is not None and "no recipe" in composed.problem.message
    assert {slot.name: slot.value for slot in composed.slots}["framework"] == "Flask"


def test_the_page_follows_a_typed_sentence(client: TestClient) -> None:
    answer = client.post("/compose", data={"changed": "sentence", "sentence": SENTENCE}, headers=token(client))
    assert answer.status_code == 200
    assert '<hx-partial hx-target="#slots"' in answer.text and "<option selected>Supabase</option>" in answer.text
    assert 'hx-target="#sentence"' not in answer.text, "what is typed in is never replaced"
    assert "characters, about" in answer.text


def test_the_page_follows_a_changed_slot(client: TestClient) -> None:
    data = {"changed": "slots", "sentence": SENTENCE, "action": "renting boats", "framework": "FastAPI"}
    answer = client.post("/compose", data=data, headers=token(client))
    assert "Write FastAPI code for renting boats.</textarea>" in answer.text
    assert 'hx-target="#slots"' not in answer.text


def test_slots_that_contradict_each_other_are_told_and_the_sentence_stays(client: TestClient) -> None:
    data = {"changed": "slots", "sentence": SENTENCE, "action": "x", "framework": "Flask", "validation": "Zod"}
    answer = client.post("/compose", data=data, headers=token(client))
    assert "does not go with" in answer.text or "Zod is" in answer.text
    assert 'hx-target="#sentence"' not in answer.text


def test_a_hostile_sentence_is_text(client: TestClient) -> None:
    sentence = 'Write FastAPI code for "</textarea><script>alert(1)</script>{{ 7*7 }}" with JWT'
    for answer in (
        client.get("/", params={"sentence": sentence}),
        client.post("/compose", data={"changed": "sentence", "sentence": sentence}, headers=token(client)),
    ):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text and "&lt;script&gt;alert(1)" in answer.text
        assert "{{ 7*7 }}" in answer.text


def test_starting_a_run_queues_it_and_leads_to_its_page(client: TestClient, site: Site) -> None:
    data = {"sentence": SENTENCE, "model": "recorded", "rounds": "3"}
    answer = client.post("/runs", data=data, headers=token(client))
    assert answer.status_code == 303
    run = site.journal.get(answer.headers["location"].removeprefix("/runs/"))
    assert (run.sentence, run.state.value, run.recipe) == (SENTENCE, "queued", "service")
    assert run.options["settings"] == {"model": "recorded", "max_rounds": "3"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"sentence": SENTENCE}, "No model is set"),
        ({"sentence": SENTENCE, "model": "recorded", "rounds": "many"}, "whole number"),
        ({"sentence": SENTENCE, "model": "recorded", "usd": "-1"}, "number"),
        ({"sentence": ""}, "sentence"),
        ({"sentence": "Write code with JWT and sessions for x", "model": "recorded"}, "two values"),
        ({"sentence": SENTENCE, "model": "recorded", "recipe": "no-such"}, "no recipe"),
    ],
)
def test_a_run_that_cannot_be_is_told_and_nothing_typed_is_lost(
    client: TestClient, site: Site, data: dict[str, str], says: str
) -> None:
    answer = client.post("/runs", data=data, headers=token(client))
    assert answer.status_code == 400
    assert says in answer.text
    assert data["sentence"] in answer.text and data.get("rounds", "") in answer.text
    assert site.journal.runs() == []


def token(client: TestClient) -> dict[str, str]:
    """The header with the token of the client's pages."""
    page = client.get("/").text
    return {"X-CSRF-Token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}
