"""Why an operation is refused. The error handlers give each its format."""


class RefusalError(Exception):
    """The base of all refusals."""

    status = 500

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnauthorizedError(RefusalError):
    """No token, or one that is not accepted."""

    status = 401

    def __init__(self) -> None:
        super().__init__("A valid bearer token is needed.")


class ForbiddenError(RefusalError):
    """The caller may see it but not do this with it."""

    status = 403


class NotFoundError(RefusalError):
    """It does not exist, or not for the caller."""

    status = 404

    def __init__(self) -> None:
        super().__init__("It does not exist, or not for you.")


class ConflictError(RefusalError):
    """A state or something unique forbids it."""

    status = 409


class UnavailableError(RefusalError):
    """The database does not answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__("The database does not answer.")
