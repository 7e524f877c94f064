from unittest.mock import MagicMock

from app.main import app
from app.security import current_user
from app.store import Account, get_store
from fastapi.testclient import TestClient


def test_transfer():
    store = MagicMock()
    store.lock_accounts.return_value = {1: Account(1, "ann", 1000), 2: Account(2, "bob", 0)}
    store.record_transfer.return_value = 1
    app.dependency_overrides[get_store] = lambda: store
    app.dependency_overrides[current_user] = lambda: "ann"
    answer = TestClient(app).post("/api/transfer", json={"from_account": 1, "to_account": 2, "amount_cents": 5})
    assert answer.status_code == 201
