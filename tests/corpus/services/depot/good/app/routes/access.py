"""Health, tokens and clients."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request

from app import schemas
from app.database import transaction
from app.oauth import SCOPES, Admin, authenticate, basic, issue, new_client
from app.problems import ProblemError, declared, missing
from app.settings import TOKEN_SECONDS
from app.transport import json_only, takes

router = APIRouter()
SECRET_TEXT = r"^[\x21-\x7e]+$"


@router.get("/health", tags=["service"], operation_id="get_health", responses=declared())
def get_health() -> schemas.Health:
    """Whether the service and its database answer."""
    with transaction() as db:
        db.execute("select 1")
    return schemas.Health(status="ok")


@router.post(
    "/token",
    tags=["access"],
    operation_id="issue_token",
    responses=declared(401, 413, 415, 422, 429),
    dependencies=[Depends(takes("application/x-www-form-urlencoded"))],
)
def issue_token(
    request: Request,
    grant_type: Annotated[str, Form(pattern="^client_credentials$", max_length=18, description="The grant.")],
    scope: Annotated[
        str | None, Form(max_length=100, pattern="^[a-z: ]+$", description="What is wanted; all by default.")
    ] = None,
    client_id: Annotated[
        str | None, Form(min_length=1, max_length=64, pattern=SECRET_TEXT, description="The client's key.")
    ] = None,
    client_secret: Annotated[
        str | None, Form(min_length=1, max_length=200, pattern=SECRET_TEXT, description="The client's secret.")
    ] = None,
) -> schemas.Token:
    """Get an access token with a client's key and secret, in the form or by HTTP basic authentication.

    Ten attempts that fail lock the key for fifteen minutes.
    """
    given = basic(request.headers.get("authorization"))
    if given is None and client_id and client_secret:
        given = (client_id, client_secret)
    if given is None:
        raise ProblemError(401, "The client could not be authenticated.", error="invalid_client")
    number, allowed = authenticate(*given)
    wanted = frozenset(scope.split()) if scope else allowed
    if not wanted <= frozenset(SCOPES) or not wanted <= allowed or not wanted:
        raise ProblemError(422, "The client does not have these scopes.", error="invalid_scope")
    token = issue(number, wanted)
    return schemas.Token(
        access_token=token, token_type="bearer", expires_in=TOKEN_SECONDS, scope=" ".join(sorted(wanted))
    )


@router.post(
    "/clients",
    status_code=201,
    tags=["access"],
    operation_id="create_client",
    responses=declared(401, 403, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_client(body: schemas.ClientNew, _caller: Admin) -> schemas.ClientMade:
    """Make a client. Its secret is told in this answer only."""
    with transaction() as db:
        made = new_client(db, body.label, list(body.scopes))
    return schemas.ClientMade.model_validate(made)


@router.delete(
    "/clients/{client_id}",
    status_code=204,
    tags=["access"],
    operation_id="disable_client",
    responses=declared(401, 403, 404, 409, 422),
)
def disable_client(client_id: schemas.PathId, caller: Admin) -> None:
    """Disable a client: its secret and its tokens are refused from now on. Nobody disables themselves (409)."""
    if client_id == caller.id:
        raise ProblemError(409, "A client cannot disable itself.")
    with transaction() as db:
        changed = db.execute(
            "update clients set disabled_at = now() where id = %s and disabled_at is null returning id", (client_id,)
        ).fetchone()
    if changed is None:
        raise missing("client")
