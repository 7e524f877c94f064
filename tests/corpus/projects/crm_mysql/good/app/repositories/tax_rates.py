from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.repositories.base import Repository


class TaxRateRepository(Repository):
    def effective(self, workspace_id: int, category: str, day: date) -> dict | None:
        return self._one(
            """SELECT id, percentage FROM tax_rates
                WHERE workspace_id = %s AND category = %s AND valid_from <= %s
                ORDER BY valid_from DESC LIMIT 1""",
            (workspace_id, category, day),
        )

    def insert(self, workspace_id: int, category: str, percentage: Decimal, valid_from: date) -> int:
        return self._insert(
            "INSERT INTO tax_rates (workspace_id, category, percentage, valid_from) VALUES (%s, %s, %s, %s)",
            (workspace_id, category, percentage, valid_from),
        )
