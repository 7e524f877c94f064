from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from app.context import Context
from app.errors import Conflict

LIFETIME = timedelta(hours=24)


def claim(uow, ctx: Context, key: str, operation_id: str, path: str, body: dict) -> tuple[int, dict] | None:
    """Status and body to replay, or None when the work is still to be done."""
    canonical = json.dumps([operation_id, path, body], sort_keys=True, separators=(",", ":"))
    request_hash = hashlib.sha256(canonical.encode()).digest()
    earlier = uow.idempotency.claim(
        ctx.workspace_id, key, operation_id, request_hash, ctx.now, ctx.now + LIFETIME
    )
    if earlier is None:
        return None
    if earlier["request_hash"] != request_hash:
        raise Conflict("This Idempotency-Key was used for another request.")
    return earlier["response_status"], earlier["response_body"]
