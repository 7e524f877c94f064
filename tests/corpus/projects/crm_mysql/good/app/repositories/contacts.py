from __future__ import annotations

from app.repositories.base import Repository, assignments, placeholders

COLUMNS = (
    "c.id, c.company_id, c.first_name, c.last_name, c.email, c.phone, c.job_title, "
    "c.email_marketing_consent, c.owner_user_id, c.created_at, c.updated_at"
)
WRITABLE = (
    "company_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "job_title",
    "email_marketing_consent",
    "owner_user_id",
)


class ContactRepository(Repository):
    """Archived contacts are not found by any method here."""

    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        joins, where, parameters = "", ["c.workspace_id = %s", "c.archived_at IS NULL"], []
        if "tag" in filters:
            joins = """JOIN tags t ON t.workspace_id = c.workspace_id AND t.name = %s
                       JOIN contact_tags ct
                         ON ct.workspace_id = c.workspace_id AND ct.contact_id = c.id AND ct.tag_id = t.id"""
            parameters.append(filters["tag"])
        parameters.append(workspace_id)
        if "email" in filters:
            where.append("c.active_email = %s")
            parameters.append(filters["email"])
        if "company_id" in filters:
            where.append("c.company_id = %s")
            parameters.append(filters["company_id"])
        if "owner_user_id" in filters:
            where.append("c.owner_user_id = %s")
            parameters.append(filters["owner_user_id"])
        if before_id is not None:
            where.append("c.id < %s")
            parameters.append(before_id)
        rows = self._all(
            f"SELECT {COLUMNS} FROM contacts c {joins} WHERE {' AND '.join(where)} ORDER BY c.id DESC LIMIT %s",
            (*parameters, limit),
        )
        return self._with_tags(workspace_id, rows)

    def get(self, workspace_id: int, contact_id: int, lock: bool = False) -> dict | None:
        rows = self._all(
            f"""SELECT {COLUMNS} FROM contacts c
                 WHERE c.workspace_id = %s AND c.id = %s AND c.archived_at IS NULL {'FOR UPDATE' if lock else ''}""",
            (workspace_id, contact_id),
        )
        return self._with_tags(workspace_id, rows)[0] if rows else None

    def existing_ids(self, workspace_id: int, contact_ids: list[int]) -> set[int]:
        if not contact_ids:
            return set()
        rows = self._all(
            f"""SELECT id FROM contacts
                 WHERE workspace_id = %s AND archived_at IS NULL AND id IN ({placeholders(contact_ids)})""",
            (workspace_id, *contact_ids),
        )
        return {row["id"] for row in rows}

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO contacts
                 (workspace_id, company_id, first_name, last_name, email, phone, job_title,
                  email_marketing_consent, owner_user_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (workspace_id, *(fields[column] for column in WRITABLE)),
        )

    def update(self, workspace_id: int, contact_id: int, changes: dict) -> None:
        clause, values = assignments(changes, WRITABLE)
        if clause:
            self._execute(
                f"UPDATE contacts SET {clause} WHERE workspace_id = %s AND id = %s",
                (*values, workspace_id, contact_id),
            )

    def archive(self, workspace_id: int, contact_id: int, now) -> bool:
        return (
            self._execute(
                "UPDATE contacts SET archived_at = %s WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
                (now, workspace_id, contact_id),
            )
            == 1
        )

    def record_consent(self, workspace_id: int, contact_id: int, consent: str, user_id: int, now) -> None:
        self._execute(
            """INSERT INTO contact_consent_events (workspace_id, contact_id, consent, recorded_by_user_id, recorded_at)
               VALUES (%s, %s, %s, %s, %s)""",
            (workspace_id, contact_id, consent, user_id, now),
        )

    def replace_tags(self, workspace_id: int, contact_id: int, names: list[str]) -> None:
        self._execute(
            "DELETE FROM contact_tags WHERE workspace_id = %s AND contact_id = %s", (workspace_id, contact_id)
        )
        if names:
            # Sorted, so that two requests take the locks in the same order.
            names = sorted(names)
            self._execute_many(
                "INSERT INTO tags (workspace_id, name) VALUES (%s, %s) ON DUPLICATE KEY UPDATE name = name",
                [(workspace_id, name) for name in names],
            )
            self._execute(
                f"""INSERT INTO contact_tags (workspace_id, contact_id, tag_id)
                    SELECT workspace_id, %s, id FROM tags WHERE workspace_id = %s AND name IN ({placeholders(names)})""",
                (contact_id, workspace_id, *names),
            )
        self._execute(
            "UPDATE contacts SET updated_at = CURRENT_TIMESTAMP(3) WHERE workspace_id = %s AND id = %s",
            (workspace_id, contact_id),
        )

    def _with_tags(self, workspace_id: int, rows: list[dict]) -> list[dict]:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["tags"] = []
        if by_id:
            ids = list(by_id)
            for tag in self._all(
                f"""SELECT ct.contact_id, t.name
                      FROM contact_tags ct
                      JOIN tags t ON t.workspace_id = ct.workspace_id AND t.id = ct.tag_id
                     WHERE ct.workspace_id = %s AND ct.contact_id IN ({placeholders(ids)})
                     ORDER BY t.name""",
                (workspace_id, *ids),
            ):
                by_id[tag["contact_id"]]["tags"].append(tag["name"])
        return rows
