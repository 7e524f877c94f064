"""Creations that may be sent twice."""

import hashlib
import json
from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError
from app.models import IdempotencyKeyRow
from app.repositories import keys
from app.repositories.base import insert_row

Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Created(Generic[Body]):
    """What was created, and its path."""

    body: Body
    location: str


@dataclass(frozen=True, slots=True)
class Creation:
    """One creation with the key that the client chose for it, if any."""

    caller: UUID
    key: str | None
    fingerprint: str

    @classmethod
    def of(cls, caller: UUID, key: str | None, path: str, data: BaseModel) -> Self:
        """Take the fingerprint of method, path and validated body."""
        content = json.dumps(
            ["POST", path, data.model_dump(mode="json")],
            sort_keys=True,
            separators=(",", ":"),
        )
        return cls(caller, key, hashlib.sha256(content.encode("utf-8")).hexdigest())

    async def replay(
        self, session: AsyncSession, schema: type[Body]
    ) -> Created[Body] | None:
        """Give the stored answer of the same request, or refuse another one."""
        if self.key is None:
            return None
        await keys.remove_expired(session, self.caller)
        stored = await keys.find_key(session, self.caller, self.key)
        if stored is None:
            return None
        if stored.fingerprint != self.fingerprint:
            message = "The idempotency key was used for another request."
            raise ConflictError(message)
        return Created(schema.model_validate(stored.response), stored.location)

    async def finish(
        self, session: AsyncSession, body: Body, location: str
    ) -> Created[Body]:
        """Store the answer under the key and give it."""
        if self.key is not None:
            await insert_row(
                session,
                IdempotencyKeyRow,
                user_id=self.caller,
                idempotency_key=self.key,
                fingerprint=self.fingerprint,
                location=location,
                response=body.model_dump(mode="json"),
            )
        return Created(body, location)
