from tests.conftest import PASSWORD


def document(**changes):
    return {
        "kind": "insurance",
        "title": "Insurance certificate",
        "storageKey": "vehicles/1/insurance.pdf",
        "mediaType": "application/pdf",
        "byteSize": 184320,
        "issuedOn": "2089-01-01",
        "expiresOn": "2089-12-31",
        **changes,
    }


def test_a_document_that_expires_brings_a_reminder(client_as, admin, vehicle):
    created = admin.post("documents", json=document(vehicleId=vehicle["id"]))
    assert created.status_code == 201
    assert created.json()["uploadedBy"] is None
    reminder = admin.get("reminders", params={"vehicleId": vehicle["id"]}).json()["items"][0]
    assert (reminder["dueOn"], reminder["documentId"]) == ("2089-12-01", created.json()["id"])
    assert admin.get("reminders", params={"dueBy": "2089-11-30"}).json()["items"] == []

    person = client_as()
    person.post("sessions", json={"email": "dispatch@fleet.example", "password": PASSWORD})
    path = f"reminders/{reminder['id']}/completion"
    done = person.post(path).json()
    assert done["doneBy"] == 1 and done["doneAt"] is not None
    assert person.post(path).json()["error"]["code"] == "reminder_done"
    assert admin.get("reminders").json()["items"] == []


def test_a_document_without_end_brings_none(admin, driver):
    body = document(driverId=driver["id"], kind="driving_licence", expiresOn=None)
    assert admin.post("documents", json=body).status_code == 201
    assert admin.get("reminders", params={"driverId": driver["id"]}).json()["items"] == []
    assert admin.post("documents", json=body).status_code == 409


def test_a_document_has_one_subject_and_sound_dates(admin, vehicle, driver):
    assert admin.post("documents", json=document()).status_code == 422
    both = document(vehicleId=vehicle["id"], driverId=driver["id"])
    assert admin.post("documents", json=both).status_code == 422
    assert admin.post("documents", json=document(vehicleId=99)).status_code == 404
    backwards = document(vehicleId=vehicle["id"], expiresOn="2088-12-31")
    assert admin.post("documents", json=backwards).status_code == 422
