from __future__ import annotations

from app.repositories.base import Repository, assignments

COLUMNS = (
    "id, kind, title, description, status, due_at, completed_at, assignee_user_id, created_by_user_id, "
    "company_id, contact_id, deal_id, created_at, updated_at"
)
WRITABLE = ("title", "description", "due_at", "assignee_user_id", "status", "completed_at")
FILTERS = ("status", "assignee_user_id", "deal_id")


class TaskRepository(Repository):
    def list(self, workspace_id: int, filters: dict, after: tuple | None, limit: int) -> list[dict]:
        where, parameters = ["workspace_id = %s"], [workspace_id]
        for column in FILTERS:
            if column in filters:
                where.append(f"{column} = %s")
                parameters.append(filters[column])
        if after is not None:
            where.append("(due_at > %s OR (due_at = %s AND id > %s))")
            parameters += [after[0], after[0], after[1]]
        return self._all(
            f"SELECT {COLUMNS} FROM tasks WHERE {' AND '.join(where)} ORDER BY due_at, id LIMIT %s",
            (*parameters, limit),
        )

    def get(self, workspace_id: int, task_id: int, lock: bool = False) -> dict | None:
        return self._one(
            f"SELECT {COLUMNS} FROM tasks WHERE workspace_id = %s AND id = %s {'FOR UPDATE' if lock else ''}",
            (workspace_id, task_id),
        )

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO tasks
                 (workspace_id, kind, title, description, due_at, assignee_user_id, created_by_user_id,
                  company_id, contact_id, deal_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                fields["kind"],
                fields["title"],
                fields["description"],
                fields["due_at"],
                fields["assignee_user_id"],
                fields["created_by_user_id"],
                fields["company_id"],
                fields["contact_id"],
                fields["deal_id"],
            ),
        )

    def update(self, workspace_id: int, task_id: int, changes: dict) -> None:
        clause, values = assignments(changes, WRITABLE)
        self._execute(
            f"UPDATE tasks SET {clause} WHERE workspace_id = %s AND id = %s", (*values, workspace_id, task_id)
        )
