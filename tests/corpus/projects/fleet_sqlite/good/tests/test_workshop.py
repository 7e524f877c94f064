import pytest


@pytest.fixture
def defect_id(admin, vehicle):
    response = admin.post(
        f"vehicles/{vehicle['id']}/inspections",
        json={
            "kind": "periodic",
            "performedAt": "2026-05-04T05:40:00Z",
            "odometerKm": 1200,
            "items": [
                {"checkpoint": "Tyres", "outcome": "ok"},
                {"checkpoint": "Lights", "outcome": "defect", "note": "Tail light is out", "severity": "minor"},
            ],
        },
    )
    assert response.status_code == 201, response.text
    assert [i["position"] for i in response.json()["items"]] == [1, 2]
    return response.json()["defectIds"][0]


@pytest.fixture
def order(admin, vehicle, defect_id):
    response = admin.post(
        "service-orders",
        json={
            "vehicleId": vehicle["id"],
            "depotId": 1,
            "kind": "repair",
            "description": "Tail light",
            "scheduledOn": "2026-05-11",
            "defectIds": [defect_id],
        },
    )
    assert response.status_code == 201, response.text
    return response.json()


COMPLETION = {
    "completedAt": "2026-05-11T14:30:00Z",
    "odometerKm": 1300,
    "netCents": 18400,
    "vatCents": 4232,
    "currency": "EUR",
    "parts": [{"partId": 7, "quantity": 1}],
}


def defect(admin, defect_id):
    return next(d for d in admin.get("defects").json()["items"] if d["id"] == defect_id)


def test_a_defect_of_an_inspection_is_described(admin, vehicle):
    item = {"checkpoint": "Lights", "outcome": "defect", "note": "Out"}
    body = {"kind": "pre_trip", "performedAt": "2026-05-04T05:40:00Z", "odometerKm": 1200}
    path = f"vehicles/{vehicle['id']}/inspections"
    assert admin.post(path, json={**body, "items": [item]}).status_code == 422
    assert admin.post(path, json={**body, "items": [{**item, "severity": "minor", "note": ""}]}).status_code == 422
    assert admin.post(path, json={**body, "items": []}).status_code == 422


def test_a_defect_is_dismissed_and_reopened(admin, defect_id):
    path = f"defects/{defect_id}"
    assert admin.patch(path, json={"status": "resolved"}).status_code == 422
    assert admin.patch(path, json={"status": "dismissed"}).json()["closedAt"] is not None
    reopened = admin.patch(path, json={"status": "open", "severity": "major"}).json()
    assert (reopened["closedAt"], reopened["severity"]) == (None, "major")


def test_a_service_resolves_its_defects(admin, vehicle, defect_id, order):
    assert defect(admin, defect_id)["status"] == "in_repair"
    assert admin.patch(f"defects/{defect_id}", json={"status": "dismissed"}).status_code == 409
    admin.patch(f"vehicles/{vehicle['id']}", json={"status": "workshop"})

    path = f"service-orders/{order['id']}/completion"
    done = admin.post(path, json=COMPLETION)
    assert done.status_code == 200, done.text
    assert done.json()["cost"]["netCents"] == 18400
    assert done.json()["parts"] == [{"partId": 7, "quantity": 1, "unitPriceCents": 900}]
    assert admin.post(path, json=COMPLETION).json()["error"]["code"] == "service_completed"

    resolved = defect(admin, defect_id)
    assert (resolved["status"], resolved["closedAt"]) == ("resolved", "2026-05-11T14:30:00Z")
    after = admin.get(f"vehicles/{vehicle['id']}").json()
    assert (after["status"], after["odometerKm"]) == ("active", 1300)
    stock = admin.get("depots/1/parts", params={"reorder": True}).json()["items"]
    assert [(p["sku"], p["quantity"]) for p in stock] == [("LAMP-12V", 1)]
    assert admin.get("service-orders", params={"completed": False}).json()["items"] == []
    listed = admin.get("service-orders", params={"completed": True, "vehicleId": vehicle["id"]}).json()
    assert [o["id"] for o in listed["items"]] == [order["id"]]


def test_too_few_parts_undo_the_completion(admin, vehicle, defect_id, order):
    path = f"service-orders/{order['id']}/completion"
    short = admin.post(path, json={**COMPLETION, "parts": [{"partId": 7, "quantity": 3}]})
    assert (short.status_code, short.json()["error"]["code"]) == (409, "insufficient_stock")
    assert admin.post(path, json={**COMPLETION, "parts": [{"partId": 8, "quantity": 1}]}).status_code == 422
    assert defect(admin, defect_id)["status"] == "in_repair"
    assert admin.get("depots/1/parts").json()["items"][0]["quantity"] == 2
    period = {"from": "2026-01-01", "to": "2026-12-31"}
    assert admin.get(f"vehicles/{vehicle['id']}/cost-summary", params=period).json()["lines"] == []


def test_a_defect_is_taken_up_once(admin, vehicle, defect_id, order):
    body = {
        "vehicleId": vehicle["id"],
        "depotId": 1,
        "kind": "repair",
        "description": "Again",
        "scheduledOn": "2026-05-12",
        "defectIds": [defect_id],
    }
    assert admin.post("service-orders", json=body).json()["error"]["code"] == "defects_not_open"
    assert len(admin.get("service-orders").json()["items"]) == 1
