from __future__ import annotations

import json

from app.repositories.base import DuplicateKey, Repository


class IdempotencyRepository(Repository):
    def claim(self, workspace_id: int, key: str, operation_id: str, request_hash: bytes, now, expires_at) -> dict | None:
        """None when the key is new, else the row of the earlier request.

        A second request with the key waits here until the first one ends.
        """
        try:
            self._execute(
                """INSERT INTO idempotency_keys
                     (workspace_id, idempotency_key, operation_id, request_hash, created_at, expires_at)
                   VALUES (%s, %s, %s, %s, %s, %s)""",
                (workspace_id, key, operation_id, request_hash, now, expires_at),
            )
            return None
        except DuplicateKey:
            row = self._one(
                """SELECT request_hash, response_status, response_body FROM idempotency_keys
                    WHERE workspace_id = %s AND idempotency_key = %s""",
                (workspace_id, key),
            )
            row["response_body"] = json.loads(row["response_body"])
            return row

    def complete(self, workspace_id: int, key: str, status: int, body: str) -> None:
        self._execute(
            """UPDATE idempotency_keys SET response_status = %s, response_body = %s
                WHERE workspace_id = %s AND idempotency_key = %s""",
            (status, body, workspace_id, key),
        )

    def purge(self, now, limit: int) -> int:
        return self._execute(
            "DELETE FROM idempotency_keys WHERE expires_at < %s ORDER BY expires_at LIMIT %s", (now, limit)
        )
