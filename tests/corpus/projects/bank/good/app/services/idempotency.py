"""The same request sent again does not do the thing twice."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app import repository
from app.errors import ConflictError
from app.security import Caller


@dataclass(frozen=True, slots=True)
class Request:
    """What a key is compared with."""

    operation: str
    path_ids: tuple[UUID, ...]
    body: BaseModel

    def digest(self) -> str:
        """Give the SHA-256 of operation, path ids and canonical body."""
        canonical = json.dumps(
            {
                "operation": self.operation,
                "path": [str(path_id) for path_id in self.path_ids],
                "body": self.body.model_dump(mode="json"),
            },
            sort_keys=True,
            separators=(",", ":"),
        )
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that is new, is used again, or belongs to another request."""

    resource_id: UUID
    is_replay: bool = False
    is_clash: bool = False

    def refuse_clash(self) -> None:
        """Refuse a key that was used for another request."""
        if self.is_clash:
            msg = "The key was used for another request."
            raise ConflictError(msg)


def claim(session: Session, caller: Caller, key: UUID, request: Request) -> Claim:
    """Take the key, or find out what it was used for."""
    digest = request.digest()
    resource_id = uuid4()
    is_new = repository.insert_key(
        session,
        {
            "user_id": caller.id,
            "idempotency_key": key,
            "operation": request.operation,
            "request_hash": digest,
            "resource_id": resource_id,
        },
    )
    if is_new:
        return Claim(resource_id)
    used = repository.get_key(session, caller.id, key)
    if used is None or used.request_hash != digest:
        return Claim(resource_id, is_clash=True)
    return Claim(used.resource_id, is_replay=True)
