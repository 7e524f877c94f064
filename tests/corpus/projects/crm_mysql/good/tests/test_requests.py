import pytest


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=101", "limit"), ("limit=ten", "limit"), ("colour=red", "colour"), ("cursor=WzFd&cursor=WzFd", "cursor"), ("cursor=abcd", "cursor")],
)
def test_bad_query_is_refused(client, headers, query, field):
    response = client.get(f"/v1/contacts?{query}", headers=headers())
    assert response.status_code == 400
    assert [error["field"] for error in response.json["errors"]] == [field]


def test_malformed_json_is_a_bad_request(client, headers):
    response = client.post("/v1/contacts", headers=headers(), data="{", content_type="application/json")
    assert response.status_code == 400


def test_body_must_be_json(client, headers):
    assert client.post("/v1/contacts", headers=headers(), data={"first_name": "Sample"}).status_code == 415


def test_large_body_is_refused(client, headers):
    body = {"first_name": "x" * 70_000, "last_name": "Contact", "phone": "+353215550142"}
    assert client.post("/v1/contacts", headers=headers(), json=body).status_code == 413


def test_unknown_property_is_refused(client, headers):
    body = {"first_name": "Sample", "last_name": "Contact", "phone": "+353215550142", "workspace_id": 2}
    response = client.post("/v1/contacts", headers=headers(), json=body)
    assert response.status_code == 422
    assert "workspace_id" in response.json["errors"][0]["message"]


def test_unknown_path_is_a_problem(client, headers):
    response = client.get("/v1/contacts/0", headers=headers())
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
