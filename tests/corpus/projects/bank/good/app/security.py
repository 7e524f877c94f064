"""Who is calling: the token, then the user's row."""

from dataclasses import dataclass
from uuid import UUID

import jwt

from app import repository
from app.config import get_settings
from app.database import transaction
from app.errors import UnauthorizedError

REFUSED = "A valid bearer token is required."


@dataclass(frozen=True, slots=True)
class Caller:
    """The user whose id is the token's sub, with the role the database knows."""

    id: UUID
    role: str

    @property
    def is_staff(self) -> bool:
        """Tell whether the caller is staff."""
        return self.role == "staff"

    @property
    def is_customer(self) -> bool:
        """Tell whether the caller is a customer."""
        return self.role == "customer"

    @property
    def scope(self) -> UUID | None:
        """Give the owner to look rows up by; none for staff, who see all."""
        return None if self.is_staff else self.id


def subject_of(authorization: str | None) -> UUID:
    """Verify the token of an Authorization header and give its sub."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthorizedError(REFUSED)
    try:
        claims = jwt.decode(
            token.strip(),
            get_settings().jwt_secret.get_secret_value(),
            algorithms=["HS256"],
            options={
                "require": ["exp", "sub"],
                "verify_aud": False,
                "verify_iss": False,
                "verify_iat": False,
                "verify_jti": False,
            },
        )
        subject = UUID(claims["sub"])
    except (
        jwt.PyJWTError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ):
        raise UnauthorizedError(REFUSED) from None
    expires = claims["exp"]
    is_number = isinstance(expires, int | float) and not isinstance(expires, bool)
    if not is_number or str(subject) != claims["sub"]:
        raise UnauthorizedError(REFUSED)
    return subject


def authenticate(authorization: str | None) -> Caller:
    """Give the caller, or refuse."""
    subject = subject_of(authorization)
    with transaction() as session:
        user = repository.get_user(session, subject)
        if user is None:
            raise UnauthorizedError(REFUSED)
        return Caller(id=user.id, role=user.role)
