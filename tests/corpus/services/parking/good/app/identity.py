"""Who is calling."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The user behind a verified API key."""

    user_id: int
    role: str

    @property
    def is_operator(self) -> bool:
        """Tell whether the caller belongs to the operator's staff."""
        return self.role == "operator"
