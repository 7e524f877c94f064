from __future__ import annotations

import json
from datetime import date

from app.repositories.base import Repository

COLUMNS = (
    "id, billing_account_id, subscription_id, number, status, currency, issued_on, due_on, period_start, period_end, "
    "subtotal_minor, discount_minor, tax_minor, total_minor, amount_paid_minor, paid_at, voided_at, void_reason, "
    "created_at, updated_at"
)
PAYMENT_COLUMNS = "id, invoice_id, amount_minor, method, reference, received_on, recorded_by_user_id, created_at"
FILTERS = ("status", "billing_account_id", "subscription_id")


class InvoiceRepository(Repository):
    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = ["workspace_id = %s"], [workspace_id]
        for column in FILTERS:
            if column in filters:
                where.append(f"{column} = %s")
                parameters.append(filters[column])
        if before_id is not None:
            where.append("id < %s")
            parameters.append(before_id)
        return self._all(
            f"SELECT {COLUMNS} FROM invoices WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s",
            (*parameters, limit),
        )

    def lock(self, workspace_id: int, invoice_id: int) -> dict | None:
        return self._one(
            f"SELECT {COLUMNS} FROM invoices WHERE workspace_id = %s AND id = %s FOR UPDATE", (workspace_id, invoice_id)
        )

    def get(self, workspace_id: int, invoice_id: int) -> dict | None:
        key = (workspace_id, invoice_id)
        invoice = self._one(f"SELECT {COLUMNS}, bill_to FROM invoices WHERE workspace_id = %s AND id = %s", key)
        if invoice is None:
            return None
        invoice["bill_to"] = json.loads(invoice["bill_to"])
        invoice["lines"] = self._all(
            """SELECT id, position, description, quantity, unit_amount_minor, amount_minor, tax_category
                 FROM invoice_lines WHERE workspace_id = %s AND invoice_id = %s ORDER BY position""",
            key,
        )
        invoice["taxes"] = self._all(
            """SELECT category, percentage, taxable_minor, tax_minor
                 FROM invoice_taxes WHERE workspace_id = %s AND invoice_id = %s ORDER BY category""",
            key,
        )
        invoice["payments"] = self._all(
            f"SELECT {PAYMENT_COLUMNS} FROM payments WHERE workspace_id = %s AND invoice_id = %s ORDER BY id", key
        )
        return invoice

    def next_number(self, workspace_id: int, year: int) -> int:
        """Locks the workspace's counter until the transaction ends."""
        self._execute(
            """INSERT INTO invoice_sequences (workspace_id, invoice_year, last_number) VALUES (%s, %s, 1)
               ON DUPLICATE KEY UPDATE last_number = last_number + 1""",
            (workspace_id, year),
        )
        return self._one(
            "SELECT last_number FROM invoice_sequences WHERE workspace_id = %s AND invoice_year = %s",
            (workspace_id, year),
        )["last_number"]

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO invoices
                 (workspace_id, billing_account_id, subscription_id, billing_run_id, number, status, currency,
                  issued_on, due_on, period_start, period_end, subtotal_minor, discount_minor, tax_minor,
                  total_minor, bill_to, paid_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                fields["billing_account_id"],
                fields["subscription_id"],
                fields["billing_run_id"],
                fields["number"],
                fields["status"],
                fields["currency"],
                fields["issued_on"],
                fields["due_on"],
                fields["period_start"],
                fields["period_end"],
                fields["subtotal_minor"],
                fields["discount_minor"],
                fields["tax_minor"],
                fields["total_minor"],
                json.dumps(fields["bill_to"]),
                fields["paid_at"],
            ),
        )

    def insert_lines(self, workspace_id: int, invoice_id: int, lines: list[dict]) -> None:
        self._execute_many(
            """INSERT INTO invoice_lines
                 (workspace_id, invoice_id, position, subscription_item_id, description, quantity,
                  unit_amount_minor, amount_minor, tax_category)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                (
                    workspace_id,
                    invoice_id,
                    position,
                    line["subscription_item_id"],
                    line["description"],
                    line["quantity"],
                    line["unit_amount_minor"],
                    line["amount_minor"],
                    line["tax_category"],
                )
                for position, line in enumerate(lines, start=1)
            ],
        )

    def insert_taxes(self, workspace_id: int, invoice_id: int, taxes: list[dict]) -> None:
        self._execute_many(
            """INSERT INTO invoice_taxes
                 (workspace_id, invoice_id, category, tax_rate_id, percentage, taxable_minor, tax_minor)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            [
                (
                    workspace_id,
                    invoice_id,
                    tax["category"],
                    tax["tax_rate_id"],
                    tax["percentage"],
                    tax["taxable_minor"],
                    tax["tax_minor"],
                )
                for tax in taxes
            ],
        )

    def exists_for_subscription(self, workspace_id: int, subscription_id: int) -> bool:
        row = self._one(
            "SELECT 1 AS found FROM invoices WHERE workspace_id = %s AND subscription_id = %s LIMIT 1",
            (workspace_id, subscription_id),
        )
        return row is not None

    def has_overdue(self, workspace_id: int, subscription_id: int, day: date) -> bool:
        row = self._one(
            """SELECT 1 AS found FROM invoices
                WHERE workspace_id = %s AND subscription_id = %s AND status = 'open' AND due_on < %s LIMIT 1""",
            (workspace_id, subscription_id, day),
        )
        return row is not None

    def set_paid_amount(self, workspace_id: int, invoice_id: int, amount_paid_minor: int, status: str, paid_at) -> None:
        self._execute(
            """UPDATE invoices SET amount_paid_minor = %s, status = %s, paid_at = %s
                WHERE workspace_id = %s AND id = %s""",
            (amount_paid_minor, status, paid_at, workspace_id, invoice_id),
        )

    def void(self, workspace_id: int, invoice_id: int, reason: str, now) -> None:
        self._execute(
            """UPDATE invoices SET status = 'void', voided_at = %s, void_reason = %s
                WHERE workspace_id = %s AND id = %s""",
            (now, reason, workspace_id, invoice_id),
        )

    def count_payments(self, workspace_id: int, invoice_id: int) -> int:
        return self._one(
            "SELECT COUNT(*) AS n FROM payments WHERE workspace_id = %s AND invoice_id = %s", (workspace_id, invoice_id)
        )["n"]

    def insert_payment(self, workspace_id: int, invoice_id: int, user_id: int, fields: dict) -> dict:
        payment_id = self._insert(
            """INSERT INTO payments
                 (workspace_id, invoice_id, amount_minor, method, reference, received_on, recorded_by_user_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                invoice_id,
                fields["amount_minor"],
                fields["method"],
                fields.get("reference"),
                fields["received_on"],
                user_id,
            ),
        )
        return self._one(
            f"SELECT {PAYMENT_COLUMNS} FROM payments WHERE workspace_id = %s AND id = %s", (workspace_id, payment_id)
        )
