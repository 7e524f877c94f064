"""Who makes a request."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """The user that the token names, with the role of the database."""

    id: int
    role: str

    @property
    def is_staff(self) -> bool:
        """Whether the caller is staff."""
        return self.role == "staff"
