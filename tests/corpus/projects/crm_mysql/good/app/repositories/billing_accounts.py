from __future__ import annotations

from app.repositories.base import Repository

COLUMNS = "id, company_id, legal_name, billing_email, currency, payment_terms_days, created_at, updated_at"


class BillingAccountRepository(Repository):
    def get(self, workspace_id: int, billing_account_id: int) -> dict | None:
        return self._one(
            f"SELECT {COLUMNS} FROM billing_accounts WHERE workspace_id = %s AND id = %s",
            (workspace_id, billing_account_id),
        )

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO billing_accounts
                 (workspace_id, company_id, legal_name, billing_email, currency, payment_terms_days)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                fields["company_id"],
                fields["legal_name"],
                fields["billing_email"],
                fields["currency"],
                fields["payment_terms_days"],
            ),
        )

    def has_account(self, workspace_id: int, company_id: int) -> bool:
        row = self._one(
            "SELECT 1 AS found FROM billing_accounts WHERE workspace_id = %s AND company_id = %s LIMIT 1",
            (workspace_id, company_id),
        )
        return row is not None
