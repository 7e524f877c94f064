import pytest

from app import CONTRACT_PATH
from app.contract import Contract

CONTRACT = Contract.load(CONTRACT_PATH)
BODY = {
    "first_name": "Sample",
    "last_name": "Contact",
    "email": "orders@harbour-bakery.example",
    "email_marketing_consent": "granted",
    "tags": ["wholesale", "newsletter"],
}


@pytest.fixture
def contact(client, headers):
    response = client.post("/v1/contacts", headers=headers(), json=BODY)
    assert response.status_code == 201
    return response.json


def test_create_contact(client, headers, contact, store):
    assert CONTRACT.check({"$ref": "#/components/schemas/Contact"}, contact) == []
    assert contact["tags"] == ["newsletter", "wholesale"]
    assert store.consents == [(contact["id"], "granted", 1)]
    assert store.audit == [(1, "contact.created", contact["id"])]


def test_email_is_unique_until_archived(client, headers, contact):
    assert client.post("/v1/contacts", headers=headers(), json=BODY).status_code == 409
    assert client.delete(f"/v1/contacts/{contact['id']}", headers=headers()).status_code == 204
    assert client.get(f"/v1/contacts/{contact['id']}", headers=headers()).status_code == 404
    assert client.delete(f"/v1/contacts/{contact['id']}", headers=headers()).status_code == 404
    assert client.post("/v1/contacts", headers=headers(), json=BODY).status_code == 201


def test_contact_stays_reachable(client, headers, contact):
    response = client.patch(f"/v1/contacts/{contact['id']}", headers=headers(), json={"email": None})
    assert response.status_code == 422
    changes = {"email": None, "phone": "+353215550142"}
    assert client.patch(f"/v1/contacts/{contact['id']}", headers=headers(), json=changes).status_code == 200


def test_consent_evidence_is_written_on_change_only(client, headers, contact, store):
    path = f"/v1/contacts/{contact['id']}"
    client.patch(path, headers=headers(), json={"email_marketing_consent": "granted"})
    assert len(store.consents) == 1
    client.patch(path, headers=headers("sub-sales"), json={"email_marketing_consent": "withdrawn"})
    assert store.consents[1:] == [(contact["id"], "withdrawn", 2)]


def test_contact_of_another_workspace_is_not_found(client, headers, contact):
    other = headers("sub-other", workspace_id=2)
    assert client.get(f"/v1/contacts/{contact['id']}", headers=other).status_code == 404


def test_pages_follow_each_other(client, headers):
    for number in range(5):
        body = {"first_name": "Sample", "last_name": f"Contact {number}", "email": f"c{number}@harbour-bakery.example"}
        client.post("/v1/contacts", headers=headers(), json=body)
    seen, cursor = [], None
    for size in (2, 2, 1):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/contacts", headers=headers(), query_string=query).json
        assert len(page["items"]) == size
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == sorted(set(seen), reverse=True) and len(seen) == 5
