"""Write openapi.json, the contract. Run after changing an operation or a schema."""

import json
from pathlib import Path

from app.config import Settings
from app.main import create_app

ROOT = Path(__file__).parent.parent


def current_contract() -> dict:
    return create_app(Settings(_env_file=None, database_url="sqlite:///:memory:")).openapi()


if __name__ == "__main__":
    (ROOT / "openapi.json").write_text(json.dumps(current_contract(), indent=2, ensure_ascii=False) + "\n")
