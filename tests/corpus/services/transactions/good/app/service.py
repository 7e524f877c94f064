"""Business rules: the owner is the caller; what is not theirs is not found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app import repository
from app.database import Database
from app.exceptions import NotFound, Refusal, Unauthorized, Unprocessable
from app.models import TransactionRow
from app.schemas import TransactionInput, TransactionPatch

FOREIGN_KEY_VIOLATION = "23503"
CHECK_VIOLATION = "23514"


def refusal_of(error: IntegrityError) -> Refusal | None:
    """Say which refusal a violated constraint means."""
    state = getattr(error.orig, "sqlstate", None)
    if state == FOREIGN_KEY_VIOLATION:
        # The user was deleted after the authentication.
        return Unauthorized()
    if state == CHECK_VIOLATION:
        return Unprocessable("body")
    return None


class TransactionService:
    """The transactions of one user."""

    def __init__(self, database: Database, user_id: UUID) -> None:
        self._database = database
        self._user_id = user_id

    async def page(self, limit: int, offset: int) -> Sequence[TransactionRow]:
        """Give one page of the user's transactions."""
        async with self._database.transaction() as session:
            return await repository.list_rows(
                session, self._user_id, limit, offset
            )

    async def get(self, transaction_id: UUID) -> TransactionRow:
        """Give one transaction of the user."""
        async with self._database.transaction() as session:
            row = await repository.get_row(
                session, self._user_id, transaction_id
            )
        if row is None:
            raise NotFound
        return row

    async def create(self, data: TransactionInput) -> TransactionRow:
        """Create a transaction that the user owns."""
        try:
            async with self._database.transaction() as session:
                return await repository.insert_row(
                    session, self._user_id, data.model_dump()
                )
        except IntegrityError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from None

    async def replace(
        self, transaction_id: UUID, data: TransactionInput
    ) -> TransactionRow:
        """Replace all that may be set."""
        return await self._update(transaction_id, data.model_dump())

    async def change(
        self, transaction_id: UUID, data: TransactionPatch
    ) -> TransactionRow:
        """Change only what was sent."""
        return await self._update(
            transaction_id, data.model_dump(exclude_unset=True)
        )

    async def delete(self, transaction_id: UUID) -> None:
        """Delete one transaction of the user."""
        async with self._database.transaction() as session:
            deleted = await repository.delete_row(
                session, self._user_id, transaction_id
            )
        if not deleted:
            raise NotFound

    async def _update(
        self, transaction_id: UUID, values: dict[str, Any]
    ) -> TransactionRow:
        try:
            async with self._database.transaction() as session:
                row = await repository.update_row(
                    session, self._user_id, transaction_id, values
                )
        except IntegrityError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from None
        if row is None:
            raise NotFound
        return row
