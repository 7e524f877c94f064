"""The refusals of the service, free of any transport."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault of the input; it never repeats the input."""

    field: str
    message: str


class ServiceError(Exception):
    """A refusal with the status that the contract gives it."""

    status: ClassVar[int] = 500
    default_detail: ClassVar[str] = "The request failed unexpectedly."

    def __init__(
        self, detail: str | None = None, faults: Sequence[FieldFault] = ()
    ) -> None:
        self.detail = detail or self.default_detail
        self.faults = tuple(faults)
        super().__init__(self.detail)


class UnauthorizedError(ServiceError):
    """There is no valid token."""

    status = 401
    default_detail = "A valid bearer token is required."


class InvalidError(ServiceError):
    """The input does not follow the contract."""

    status = 422
    default_detail = "The request does not follow the contract."


class NotFoundError(ServiceError):
    """It does not exist, or not for the caller."""

    status = 404
    default_detail = "It does not exist, or not for the caller."


class ForbiddenError(ServiceError):
    """The caller sees the thing but may not do this to it."""

    status = 403
    default_detail = "The caller may not do this."


class ConflictError(ServiceError):
    """The state or a unique value forbids it."""

    status = 409
    default_detail = "A unique value is taken already."


class UnavailableError(ServiceError):
    """The database does not answer."""

    status = 503
    default_detail = "The database does not answer."
