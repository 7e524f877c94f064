"""The refusals that business rules and authentication give."""


class ShopError(Exception):
    """A refusal with a status and a text for the client."""

    status = 500

    def __init__(self, detail: str) -> None:
        """Keep the text."""
        super().__init__(detail)
        self.detail = detail


class UnauthorizedError(ShopError):
    """There is no valid token, or the credentials are wrong."""

    status = 401


class ForbiddenError(ShopError):
    """The caller is not an administrator."""

    status = 403


class NotFoundError(ShopError):
    """There is no such thing, or it belongs to somebody else."""

    status = 404


class ConflictError(ShopError):
    """The present state or something unique forbids it."""

    status = 409


class UnavailableError(ShopError):
    """The database is away."""

    status = 503
