import pytest


@pytest.fixture
def deal(client, headers):
    body = {"company_id": 118, "stage_id": 30, "title": "Till software", "amount_minor": 240000, "currency": "EUR"}
    response = client.post("/v1/deals", headers=headers("sub-sales"), json=body)
    assert response.status_code == 201
    return response.json


def move(client, headers, deal, **body):
    return client.post(f"/v1/deals/{deal['id']}/stage-changes", headers=headers("sub-sales"), json=body)


def test_new_deal_belongs_to_the_caller(deal, store):
    assert deal["owner_user_id"] == 2
    assert deal["pipeline_id"] == 3 and deal["status"] == "open"
    assert store.stage_changes == [(deal["id"], None, 30)]


def test_new_deal_starts_in_an_open_stage(client, headers):
    body = {"company_id": 118, "stage_id": 33, "title": "Till software", "amount_minor": 1, "currency": "EUR"}
    assert client.post("/v1/deals", headers=headers(), json=body).status_code == 422


def test_lost_deal_needs_a_reason_of_its_pipeline(client, headers, deal):
    assert move(client, headers, deal, stage_id=34).status_code == 422
    assert move(client, headers, deal, stage_id=34, lost_reason_id=6).status_code == 422
    lost = move(client, headers, deal, stage_id=34, lost_reason_id=5).json
    assert (lost["status"], lost["lost_reason_id"], lost["closed_at"]) == ("lost", 5, "2025-03-03T09:15:00.000Z")


def test_reopened_deal_is_no_longer_closed(client, headers, deal, store):
    assert move(client, headers, deal, stage_id=33).json["status"] == "won"
    reopened = move(client, headers, deal, stage_id=31).json
    assert (reopened["status"], reopened["closed_at"], reopened["lost_reason_id"]) == ("open", None, None)
    assert [change[1:] for change in store.stage_changes] == [(None, 30), (30, 33), (33, 31)]


def test_stage_must_be_another_one_of_the_pipeline(client, headers, deal):
    assert move(client, headers, deal, stage_id=30).status_code == 409
    assert move(client, headers, deal, stage_id=90).status_code == 422
