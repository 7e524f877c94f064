from __future__ import annotations

from datetime import date

from app.repositories.base import DuplicateKey, Repository


class BillingRunRepository(Repository):
    def start(self, workspace_id: int, day: date, now) -> int | None:
        """Identifier of the day's run, or None when it has already finished."""
        try:
            return self._insert(
                "INSERT INTO billing_runs (workspace_id, run_on, started_at) VALUES (%s, %s, %s)",
                (workspace_id, day, now),
            )
        except DuplicateKey:
            row = self._one(
                "SELECT id, finished_at FROM billing_runs WHERE workspace_id = %s AND run_on = %s", (workspace_id, day)
            )
            return None if row["finished_at"] is not None else row["id"]

    def finish(self, workspace_id: int, run_id: int, failures: int, now) -> None:
        """A run with failures stays open, so that the next call takes it up again."""
        self._execute(
            """UPDATE billing_runs
                  SET failures = %s,
                      finished_at = %s,
                      invoices_issued = (SELECT COUNT(*) FROM invoices
                                          WHERE workspace_id = %s AND billing_run_id = %s)
                WHERE workspace_id = %s AND id = %s""",
            (failures, now if failures == 0 else None, workspace_id, run_id, workspace_id, run_id),
        )
