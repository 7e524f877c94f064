"""Who may do what."""

from app.errors import ForbiddenError
from app.security import Caller


def require_admin(caller: Caller) -> None:
    """Refuse a caller who is not an administrator."""
    if not caller.is_admin:
        raise ForbiddenError("Only administrators may do this.")
