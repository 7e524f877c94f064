import pytest


@pytest.fixture
def start(vehicle, driver):
    return {
        "vehicleId": vehicle["id"],
        "driverId": driver["id"],
        "purpose": "Parts",
        "origin": "Main depot",
        "destination": "North depot",
        "startedAt": "2026-05-04T06:10:00Z",
        "startOdometerKm": 1010,
    }


def test_a_trip_from_key_to_key(admin, vehicle, start):
    behind = admin.post("trips", json={**start, "startOdometerKm": 999})
    assert behind.json()["error"]["code"] == "odometer_behind"
    trip = admin.post("trips", json=start).json()
    again = admin.post("trips", json=start)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "vehicle_on_trip")
    assert [t["id"] for t in admin.get("trips", params={"open": True}).json()["items"]] == [trip["id"]]

    finish = {"finishedAt": "2026-05-04T09:25:00Z", "endOdometerKm": 1142}
    path = f"trips/{trip['id']}/finish"
    assert admin.post(path, json={**finish, "endOdometerKm": 1000}).status_code == 409
    assert admin.post(path, json={**finish, "finishedAt": start["startedAt"]}).status_code == 409
    assert admin.post(path, json=finish).json()["endOdometerKm"] == 1142
    assert admin.post(path, json=finish).json()["error"]["code"] == "trip_finished"
    assert admin.get(f"vehicles/{vehicle['id']}").json()["odometerKm"] == 1142
    assert admin.get("trips", params={"open": True, "vehicleId": vehicle["id"]}).json()["items"] == []


def test_no_trip_with_a_critical_defect(admin, vehicle, start):
    inspection = {
        "kind": "pre_trip",
        "performedAt": "2026-05-04T05:40:00Z",
        "odometerKm": 1005,
        "items": [
            {"checkpoint": "Brakes", "outcome": "defect", "note": "Fluid leaks", "severity": "critical"}
        ],
    }
    defect_id = admin.post(f"vehicles/{vehicle['id']}/inspections", json=inspection).json()["defectIds"][0]
    assert admin.post("trips", json=start).json()["error"]["code"] == "vehicle_unsafe"
    assert admin.patch(f"defects/{defect_id}", json={"status": "dismissed"}).status_code == 200
    assert admin.post("trips", json=start).status_code == 201


def test_no_trip_in_the_workshop(admin, vehicle, start):
    admin.patch(f"vehicles/{vehicle['id']}", json={"status": "workshop"})
    assert admin.post("trips", json=start).json()["error"]["code"] == "vehicle_unavailable"


def test_fuel_and_other_costs_add_up(admin, vehicle, driver):
    path = f"vehicles/{vehicle['id']}"
    fuel = {
        "driverId": driver["id"],
        "fuelledAt": "2026-03-04T09:05:00Z",
        "odometerKm": 900,
        "volumeMl": 52400,
        "station": "Harbour road",
        "netCents": 7020,
        "vatCents": 1615,
        "currency": "EUR",
    }
    entry = admin.post(f"{path}/fuel-entries", json=fuel)
    assert entry.status_code == 201
    assert entry.json()["cost"]["category"] == "fuel"
    assert admin.get(path).json()["odometerKm"] == 1000
    assert admin.post(f"{path}/fuel-entries", json={**fuel, "vatCents": 7021}).status_code == 422
    assert admin.post(f"{path}/fuel-entries", json={**fuel, "driverId": 99}).status_code == 422
    assert [e["id"] for e in admin.get(f"{path}/fuel-entries").json()["items"]] == [entry.json()["id"]]

    for cents, currency in ((84000, "EUR"), (500, "EUR"), (700, "CHF")):
        cost = {"category": "toll", "incurredOn": "2026-03-31", "netCents": cents, "currency": currency}
        assert admin.post(f"{path}/costs", json=cost).status_code == 201
    outside = {"category": "tax", "incurredOn": "2026-04-01", "netCents": 1, "currency": "EUR"}
    admin.post(f"{path}/costs", json=outside)
    assert admin.post(f"{path}/costs", json={**outside, "category": "fuel"}).status_code == 422

    summary = admin.get(f"{path}/cost-summary", params={"from": "2026-03-01", "to": "2026-03-31"}).json()
    assert [(x["category"], x["currency"], x["entryCount"], x["netCents"]) for x in summary["lines"]] == [
        ("fuel", "EUR", 1, 7020),
        ("toll", "CHF", 1, 700),
        ("toll", "EUR", 2, 84500),
    ]
    backwards = admin.get(f"{path}/cost-summary", params={"from": "2026-03-02", "to": "2026-03-01"})
    assert backwards.status_code == 422


def test_a_refused_fuel_entry_leaves_no_cost(admin, vehicle):
    path = f"vehicles/{vehicle['id']}"
    fuel = {
        "driverId": 99,
        "fuelledAt": "2026-03-04T09:05:00Z",
        "odometerKm": 1100,
        "volumeMl": 1000,
        "netCents": 100,
        "currency": "EUR",
    }
    assert admin.post(f"{path}/fuel-entries", json=fuel).status_code == 422
    summary = admin.get(f"{path}/cost-summary", params={"from": "2026-01-01", "to": "2026-12-31"}).json()
    assert summary["lines"] == []
    assert admin.get(path).json()["odometerKm"] == 1000
