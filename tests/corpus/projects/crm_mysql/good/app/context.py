from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Context:
    """Who acts, where and when. user_id is None for the billing run."""

    workspace_id: int
    user_id: int | None
    now: datetime
    request_id: str | None = None
