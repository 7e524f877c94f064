def test_vehicles_are_unique_and_complete(admin, vehicle):
    assert vehicle["status"] == "active" and vehicle["retiredOn"] is None
    body = {k: vehicle[k] for k in ("depotId", "make", "model", "modelYear", "fuelType", "acquiredOn", "vin")}
    twin = admin.post("vehicles", json={**body, "registration": "ZZ-999-ZZ"})
    assert twin.status_code == 409
    assert twin.json()["error"]["message"] == "This vin exists already."
    bad = admin.post("vehicles", json={**body, "registration": "zz", "vin": "WITH-AN-I"})
    assert bad.status_code == 422
    assert {f["field"] for f in bad.json()["error"]["fields"]} == {"body.registration", "body.vin"}
    homeless = {**body, "depotId": 99, "registration": "ZZ-1", "vin": "WZ9ZZZ7TZKE004218"}
    assert admin.post("vehicles", json=homeless).json()["error"]["code"] == "unknown_reference"
    assert admin.get("vehicles/99").status_code == 404


def test_lists_are_filtered_and_paged(admin, vehicle):
    body = {k: vehicle[k] for k in ("depotId", "make", "model", "modelYear", "fuelType", "acquiredOn")}
    second = admin.post("vehicles", json={**body, "registration": "BB-2", "vin": "WZ9ZZZ7TZKE004299"}).json()
    first_page = admin.get("vehicles", params={"limit": 1}).json()
    assert [v["id"] for v in first_page["items"]] == [vehicle["id"]]
    last_page = admin.get("vehicles", params={"limit": 1, "cursor": first_page["nextCursor"]}).json()
    assert [v["id"] for v in last_page["items"]] == [second["id"]]
    assert last_page["nextCursor"] is None
    assert admin.get("vehicles", params={"status": "retired"}).json()["items"] == []
    assert len(admin.get("vehicles", params={"depotId": 1}).json()["items"]) == 2
    assert admin.get("vehicles", params={"limit": 101}).status_code == 422
    assert [d["code"] for d in admin.get("depots").json()["items"]] == ["MAIN"]


def test_a_patch_changes_what_it_names(admin, vehicle):
    path = f"vehicles/{vehicle['id']}"
    changed = admin.patch(path, json={"registration": "NEW-1"}).json()
    assert changed["registration"] == "NEW-1" and changed["vin"] == vehicle["vin"]
    assert admin.patch(path, json={}).status_code == 422
    assert admin.patch(path, json={"registration": None}).status_code == 422
    assert admin.patch(path, json={"retiredOn": "2026-05-01"}).status_code == 422
    retired = admin.patch(path, json={"status": "retired", "retiredOn": "2026-05-01"}).json()
    assert (retired["status"], retired["retiredOn"]) == ("retired", "2026-05-01")
    back = admin.patch(path, json={"status": "active"}).json()
    assert back["retiredOn"] is None
    assert admin.patch(path, json={"status": "retired", "retiredOn": "2020-01-01"}).status_code == 422


def test_drivers_are_updated(admin, driver):
    path = f"drivers/{driver['id']}"
    changed = admin.patch(path, json={"phone": "+35120000000", "licenceExpiresOn": "2091-01-01"}).json()
    assert (changed["phone"], changed["licenceExpiresOn"]) == ("+35120000000", "2091-01-01")
    assert admin.patch(path, json={"phone": None}).json()["phone"] is None
    assert [d["id"] for d in admin.get("drivers", params={"status": "active"}).json()["items"]] == [driver["id"]]


def test_assignments_do_not_overlap(admin, vehicle, driver):
    body = {"vehicleId": vehicle["id"], "driverId": driver["id"]}
    first = admin.post("assignments", json={**body, "startsAt": "2026-03-01T08:00:00+01:00"})
    assert first.status_code == 201
    assert first.json()["startsAt"] == "2026-03-01T07:00:00Z"
    assert admin.get(f"vehicles/{vehicle['id']}").json()["currentAssignment"]["id"] == first.json()["id"]

    before = {**body, "startsAt": "2026-02-01T00:00:00Z", "endsAt": "2026-03-01T07:00:00Z"}
    assert admin.post("assignments", json=before).status_code == 201
    overlap = admin.post("assignments", json={**body, "startsAt": "2026-05-01T00:00:00Z"})
    assert overlap.status_code == 409
    assert overlap.json()["error"]["code"] == "assignments_overlap"
    in_use = admin.patch(f"vehicles/{vehicle['id']}", json={"status": "retired"})
    assert in_use.json()["error"]["code"] == "vehicle_in_use"

    end = f"assignments/{first.json()['id']}/end"
    assert admin.post(end, json={"endsAt": "2026-03-01T07:00:00Z"}).json()["error"]["code"] == "ends_before_start"
    assert admin.post(end, json={"endsAt": "2026-04-01T00:00:00Z"}).json()["endsAt"] == "2026-04-01T00:00:00Z"
    assert admin.post(end, json={"endsAt": "2026-06-01T00:00:00Z"}).json()["error"]["code"] == "assignment_over"
    assert admin.post("assignments", json={**body, "startsAt": "2026-05-01T00:00:00Z"}).status_code == 201


def test_the_licence_must_cover_the_vehicle_and_be_valid(admin, vehicle, driver):
    body = {"vehicleId": vehicle["id"], "driverId": driver["id"], "startsAt": "2026-03-01T08:00:00Z"}
    admin.patch(f"drivers/{driver['id']}", json={"licenceClass": "D"})
    assert admin.post("assignments", json=body).json()["error"]["code"] == "licence_insufficient"
    admin.patch(f"drivers/{driver['id']}", json={"licenceClass": "C", "licenceExpiresOn": "2026-02-28"})
    assert admin.post("assignments", json=body).json()["error"]["code"] == "licence_expired"
    admin.patch(f"drivers/{driver['id']}", json={"licenceExpiresOn": "2026-03-01"})
    assert admin.post("assignments", json=body).status_code == 201
