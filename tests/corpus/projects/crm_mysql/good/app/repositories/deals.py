from __future__ import annotations

from app.repositories.base import Repository, placeholders

COLUMNS = (
    "id, company_id, pipeline_id, stage_id, status, owner_user_id, title, amount_minor, currency, "
    "expected_close_on, closed_at, lost_reason_id, created_at, updated_at"
)
FILTERS = ("status", "pipeline_id", "company_id", "owner_user_id")


class DealRepository(Repository):
    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = ["workspace_id = %s"], [workspace_id]
        for column in FILTERS:
            if column in filters:
                where.append(f"{column} = %s")
                parameters.append(filters[column])
        if before_id is not None:
            where.append("id < %s")
            parameters.append(before_id)
        rows = self._all(
            f"SELECT {COLUMNS} FROM deals WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s", (*parameters, limit)
        )
        return self._with_contacts(workspace_id, rows)

    def get(self, workspace_id: int, deal_id: int, lock: bool = False) -> dict | None:
        rows = self._all(
            f"SELECT {COLUMNS} FROM deals WHERE workspace_id = %s AND id = %s {'FOR UPDATE' if lock else ''}",
            (workspace_id, deal_id),
        )
        return self._with_contacts(workspace_id, rows)[0] if rows else None

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO deals
                 (workspace_id, company_id, pipeline_id, stage_id, status, owner_user_id, title, amount_minor,
                  currency, expected_close_on)
               VALUES (%s, %s, %s, %s, 'open', %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                fields["company_id"],
                fields["pipeline_id"],
                fields["stage_id"],
                fields["owner_user_id"],
                fields["title"],
                fields["amount_minor"],
                fields["currency"],
                fields["expected_close_on"],
            ),
        )

    def insert_contacts(self, workspace_id: int, deal_id: int, contacts: list[dict]) -> None:
        if contacts:
            self._execute_many(
                "INSERT INTO deal_contacts (workspace_id, deal_id, contact_id, role) VALUES (%s, %s, %s, %s)",
                [(workspace_id, deal_id, contact["contact_id"], contact["role"]) for contact in contacts],
            )

    def move(self, workspace_id: int, deal_id: int, stage: dict, closed_at, lost_reason_id: int | None) -> None:
        self._execute(
            """UPDATE deals SET stage_id = %s, status = %s, closed_at = %s, lost_reason_id = %s
                WHERE workspace_id = %s AND id = %s""",
            (stage["id"], stage["kind"], closed_at, lost_reason_id, workspace_id, deal_id),
        )

    def record_stage_change(
        self, workspace_id: int, deal_id: int, from_stage_id: int | None, to_stage_id: int, user_id: int, now
    ) -> None:
        self._execute(
            """INSERT INTO deal_stage_changes
                 (workspace_id, deal_id, from_stage_id, to_stage_id, changed_by_user_id, changed_at)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            (workspace_id, deal_id, from_stage_id, to_stage_id, user_id, now),
        )

    def _with_contacts(self, workspace_id: int, rows: list[dict]) -> list[dict]:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["contacts"] = []
        if by_id:
            ids = list(by_id)
            for contact in self._all(
                f"""SELECT deal_id, contact_id, role FROM deal_contacts
                     WHERE workspace_id = %s AND deal_id IN ({placeholders(ids)}) ORDER BY contact_id""",
                (workspace_id, *ids),
            ):
                by_id[contact.pop("deal_id")]["contacts"].append(contact)
        return rows
