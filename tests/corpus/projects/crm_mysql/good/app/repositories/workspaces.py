from __future__ import annotations

from app.repositories.base import Repository


class WorkspaceRepository(Repository):
    def get(self, workspace_id: int) -> dict:
        return self._one(
            "SELECT id, name, slug, time_zone, default_currency, invoice_prefix, status FROM workspaces WHERE id = %s",
            (workspace_id,),
        )

    def find_by_slug(self, slug: str) -> dict | None:
        return self._one("SELECT id, time_zone FROM workspaces WHERE slug = %s", (slug,))

    def list_active(self) -> list[dict]:
        return self._all("SELECT id, slug, time_zone FROM workspaces WHERE status = 'active' ORDER BY id")

    def insert(self, fields: dict) -> int:
        return self._insert(
            """INSERT INTO workspaces (name, slug, country_code, time_zone, default_currency, invoice_prefix)
               VALUES (%(name)s, %(slug)s, %(country_code)s, %(time_zone)s, %(default_currency)s, %(invoice_prefix)s)""",
            fields,
        )

    def insert_user(self, identity_subject: str, email: str, display_name: str) -> int:
        """Returns the existing user when the subject is already known."""
        row = self._one("SELECT id FROM users WHERE identity_subject = %s FOR UPDATE", (identity_subject,))
        if row is not None:
            return row["id"]
        return self._insert(
            "INSERT INTO users (identity_subject, email, display_name) VALUES (%s, %s, %s)",
            (identity_subject, email, display_name),
        )

    def insert_member(self, workspace_id: int, user_id: int, role: str) -> None:
        self._execute(
            "INSERT INTO workspace_members (workspace_id, user_id, role) VALUES (%s, %s, %s)",
            (workspace_id, user_id, role),
        )

    def find_active_member(self, workspace_id: int, identity_subject: str) -> dict | None:
        return self._one(
            """SELECT m.user_id, m.role
                 FROM users u
                 JOIN workspace_members m ON m.user_id = u.id AND m.workspace_id = %s AND m.status = 'active'
                 JOIN workspaces w ON w.id = m.workspace_id AND w.status = 'active'
                WHERE u.identity_subject = %s AND u.status = 'active'""",
            (workspace_id, identity_subject),
        )

    def is_active_member(self, workspace_id: int, user_id: int) -> bool:
        row = self._one(
            """SELECT 1 AS found
                 FROM workspace_members m
                 JOIN users u ON u.id = m.user_id AND u.status = 'active'
                WHERE m.workspace_id = %s AND m.user_id = %s AND m.status = 'active'""",
            (workspace_id, user_id),
        )
        return row is not None
