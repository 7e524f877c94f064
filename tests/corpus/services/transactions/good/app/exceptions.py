"""The refusals that the service knows, without any HTTP in them."""


class Refusal(Exception):
    """A request that is refused for a known reason."""


class Unauthorized(Refusal):
    """The caller is not known."""


class NotFound(Refusal):
    """There is no such row of the caller."""


class Unprocessable(Refusal):
    """The input is not what the contract says."""

    def __init__(self, field: str | None = None) -> None:
        super().__init__("unprocessable")
        self.field = field


class Unavailable(Refusal):
    """The database does not answer."""
