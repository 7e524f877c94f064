from __future__ import annotations

from datetime import date

from app.repositories.base import Repository, placeholders

SELECT = """
SELECT s.id, s.billing_account_id, s.coupon_id, s.status, a.currency, s.billing_interval, s.interval_count,
       s.anchor_day, s.current_period_start, s.current_period_end, s.trial_ends_on, s.cancel_at_period_end,
       s.canceled_at, c.code AS coupon_code, s.created_at, s.updated_at
  FROM subscriptions s
  JOIN billing_accounts a ON a.workspace_id = s.workspace_id AND a.id = s.billing_account_id
  LEFT JOIN coupons c ON c.workspace_id = s.workspace_id AND c.id = s.coupon_id
"""


class SubscriptionRepository(Repository):
    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = ["s.workspace_id = %s"], [workspace_id]
        if "status" in filters:
            where.append("s.status = %s")
            parameters.append(filters["status"])
        if "billing_account_id" in filters:
            where.append("s.billing_account_id = %s")
            parameters.append(filters["billing_account_id"])
        if before_id is not None:
            where.append("s.id < %s")
            parameters.append(before_id)
        rows = self._all(f"{SELECT} WHERE {' AND '.join(where)} ORDER BY s.id DESC LIMIT %s", (*parameters, limit))
        return self._with_items(workspace_id, rows)

    def get(self, workspace_id: int, subscription_id: int, lock: bool = False) -> dict | None:
        rows = self._all(
            f"{SELECT} WHERE s.workspace_id = %s AND s.id = %s {'FOR UPDATE OF s' if lock else ''}",
            (workspace_id, subscription_id),
        )
        return self._with_items(workspace_id, rows)[0] if rows else None

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO subscriptions
                 (workspace_id, billing_account_id, coupon_id, status, billing_interval, interval_count, anchor_day,
                  current_period_start, current_period_end, trial_ends_on, created_by_user_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                fields["billing_account_id"],
                fields["coupon_id"],
                fields["status"],
                fields["billing_interval"],
                fields["interval_count"],
                fields["anchor_day"],
                fields["current_period_start"],
                fields["current_period_end"],
                fields["trial_ends_on"],
                fields["created_by_user_id"],
            ),
        )

    def insert_items(self, workspace_id: int, subscription_id: int, items: list[dict]) -> None:
        self._execute_many(
            """INSERT INTO subscription_items (workspace_id, subscription_id, price_id, quantity)
               VALUES (%s, %s, %s, %s)""",
            [(workspace_id, subscription_id, item["price_id"], item["quantity"]) for item in items],
        )

    def set_status(self, workspace_id: int, subscription_id: int, status: str, canceled_at=None) -> None:
        self._execute(
            "UPDATE subscriptions SET status = %s, canceled_at = %s WHERE workspace_id = %s AND id = %s",
            (status, canceled_at, workspace_id, subscription_id),
        )

    def set_cancel_at_period_end(self, workspace_id: int, subscription_id: int) -> None:
        self._execute(
            "UPDATE subscriptions SET cancel_at_period_end = 1 WHERE workspace_id = %s AND id = %s",
            (workspace_id, subscription_id),
        )

    def start_period(self, workspace_id: int, subscription_id: int, start: date, end: date, status: str) -> None:
        self._execute(
            """UPDATE subscriptions SET status = %s, current_period_start = %s, current_period_end = %s
                WHERE workspace_id = %s AND id = %s""",
            (status, start, end, workspace_id, subscription_id),
        )

    def record_status_change(
        self,
        workspace_id: int,
        subscription_id: int,
        from_status: str | None,
        to_status: str,
        reason: str | None,
        user_id: int | None,
        now,
    ) -> None:
        self._execute(
            """INSERT INTO subscription_status_changes
                 (workspace_id, subscription_id, from_status, to_status, reason, changed_by_user_id, changed_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            (workspace_id, subscription_id, from_status, to_status, reason, user_id, now),
        )

    def due_for_renewal(self, workspace_id: int, day: date, after_id: int, limit: int) -> list[int]:
        rows = self._all(
            """SELECT id FROM subscriptions
                WHERE workspace_id = %s AND status IN ('trialing', 'active', 'past_due')
                  AND current_period_end <= %s AND id > %s
                ORDER BY id LIMIT %s""",
            (workspace_id, day, after_id, limit),
        )
        return [row["id"] for row in rows]

    def with_overdue_invoices(self, workspace_id: int, day: date, after_id: int, limit: int) -> list[int]:
        rows = self._all(
            """SELECT s.id FROM subscriptions s
                WHERE s.workspace_id = %s AND s.status = 'active' AND s.id > %s
                  AND EXISTS (SELECT 1 FROM invoices i
                               WHERE i.workspace_id = s.workspace_id AND i.subscription_id = s.id
                                 AND i.status = 'open' AND i.due_on < %s)
                ORDER BY s.id LIMIT %s""",
            (workspace_id, after_id, day, limit),
        )
        return [row["id"] for row in rows]

    def billable_items(self, workspace_id: int, subscription_id: int) -> list[dict]:
        """Items with what their invoice lines need."""
        return self._all(
            """SELECT i.id, i.quantity, r.unit_amount_minor, r.nickname, p.name AS product_name, p.tax_category
                 FROM subscription_items i
                 JOIN prices r ON r.workspace_id = i.workspace_id AND r.id = i.price_id
                 JOIN products p ON p.workspace_id = r.workspace_id AND p.id = r.product_id
                WHERE i.workspace_id = %s AND i.subscription_id = %s
                ORDER BY i.id""",
            (workspace_id, subscription_id),
        )

    def _with_items(self, workspace_id: int, rows: list[dict]) -> list[dict]:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["cancel_at_period_end"] = bool(row["cancel_at_period_end"])
            row["items"] = []
        if by_id:
            ids = list(by_id)
            for item in self._all(
                f"""SELECT i.subscription_id, i.id, i.price_id, i.quantity, r.unit_amount_minor
                      FROM subscription_items i
                      JOIN prices r ON r.workspace_id = i.workspace_id AND r.id = i.price_id
                     WHERE i.workspace_id = %s AND i.subscription_id IN ({placeholders(ids)})
                     ORDER BY i.id""",
                (workspace_id, *ids),
            ):
                by_id[item.pop("subscription_id")]["items"].append(item)
        return rows
