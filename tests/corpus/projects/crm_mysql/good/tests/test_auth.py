from datetime import datetime, timedelta, timezone

import pytest


def test_token_is_required(client):
    response = client.get("/v1/contacts")
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json["request_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": datetime.now(timezone.utc) - timedelta(minutes=5)},
        {"aud": "https://another-api.example"},
        {"iss": "https://another-issuer.example/"},
        {"workspace_id": "1"},
    ],
    ids=["expired", "audience", "issuer", "workspace"],
)
def test_bad_token_is_refused(client, headers, changes):
    assert client.get("/v1/contacts", headers=headers(**changes)).status_code == 401


def test_scope_is_required(client, headers):
    body = {"first_name": "Sample", "last_name": "Contact", "phone": "+353215550142"}
    response = client.post("/v1/contacts", headers=headers(scope="crm:read"), json=body)
    assert response.status_code == 403
    assert "crm:write" in response.json["detail"]


def test_role_must_allow_the_operation(client, headers):
    assert client.get("/v1/invoices/1", headers=headers("sub-sales")).status_code == 403
    assert client.get("/v1/invoices/1", headers=headers("sub-billing")).status_code == 404


def test_non_member_is_refused(client, headers):
    assert client.get("/v1/contacts", headers=headers("sub-other", workspace_id=1)).status_code == 403
