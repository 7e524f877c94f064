from __future__ import annotations

import json

from app.context import Context
from app.repositories.base import Repository


class AuditRepository(Repository):
    def record(self, ctx: Context, action: str, entity_type: str, entity_id: int, details: dict | None = None) -> None:
        self._execute(
            """INSERT INTO audit_events
                 (workspace_id, actor_user_id, action, entity_type, entity_id, request_id, details, occurred_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s)""",
            (
                ctx.workspace_id,
                ctx.user_id,
                action,
                entity_type,
                entity_id,
                ctx.request_id,
                json.dumps(details) if details is not None else None,
                ctx.now,
            ),
        )
