"""Users, their keys and their credit."""

from fastapi import APIRouter, Depends, Response
from sqlalchemy import func, select, update

from app import models
from app.db import unit
from app.errors import Refusal, not_found, refusals
from app.identity import Admin, Signed, digest, hasher, new_key, sign_in
from app.tables import ApiKey, CreditEntry, User
from app.web import json_body

router = APIRouter(tags=["users"])
MAX_KEYS = 20


@router.get("/health", tags=["service"], operation_id="health", responses=refusals())
def health() -> models.Health:
    """Whether the service and its database work."""
    with unit() as session:
        session.execute(select(1))
    return models.Health(healthy=True)


@router.post(
    "/users",
    status_code=201,
    operation_id="register",
    responses=refusals(409, 413, 415, 422),
    dependencies=[Depends(json_body)],
)
def register(body: models.Registration) -> models.User:
    """Become a member, with twenty hours of credit. The address must be new (409)."""
    user = User(email=body.email.lower(), display_name=body.display_name, password_hash=hasher.hash(body.password))
    with unit() as session:
        session.add(user)
        session.flush()
        session.refresh(user)
    return models.User.model_validate(user)


@router.get("/me", operation_id="readMe", responses=refusals(401))
def read_me(caller: Signed) -> models.User:
    """The caller, with the hours that are left."""
    with unit() as session:
        return models.User.model_validate(session.get_one(User, caller.id))


@router.post(
    "/users/{user_id}/credits",
    status_code=201,
    operation_id="grantCredit",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_body)],
)
def grant_credit(user_id: models.PathId, body: models.CreditGrant, _caller: Admin) -> models.User:
    """Give a user hours; administrators only. More than 10000 in all is a 409."""
    with unit() as session:
        user = session.scalar(
            update(User).where(User.id == user_id).values(credit_hours=User.credit_hours + body.hours).returning(User)
        )
        if user is None:
            raise not_found("user")
        session.add(CreditEntry(user_id=user_id, hours=body.hours, reason="grant"))
        return models.User.model_validate(user)


@router.post(
    "/keys",
    status_code=201,
    operation_id="createKey",
    responses=refusals(401, 409, 413, 415, 422, 429),
    dependencies=[Depends(json_body)],
)
def create_key(body: models.KeyRequest) -> models.NewKey:
    """Make an API key with address and password; a user has at most twenty (409).

    Ten attempts that fail lock the address for fifteen minutes (429).
    """
    user_id = sign_in(body.email.lower(), body.password)
    secret = new_key()
    key = ApiKey(user_id=user_id, label=body.label, key_digest=digest("key", secret))
    with unit() as session:
        session.scalar(select(User.id).where(User.id == user_id).with_for_update())
        live = select(func.count()).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        if (session.scalar(live) or 0) >= MAX_KEYS:
            raise Refusal(409, "too_many_keys", "Revoke a key first.")
        session.add(key)
        session.flush()
        session.refresh(key)
    return models.NewKey(id=key.id, label=key.label, created_at=key.created_at, api_key=secret)


@router.get("/keys", operation_id="listKeys", responses=refusals(401))
def list_keys(caller: Signed) -> models.KeyList:
    """The caller's keys that hold, ordered by their making."""
    with unit() as session:
        keys = session.scalars(
            select(ApiKey)
            .where(ApiKey.user_id == caller.id, ApiKey.revoked_at.is_(None))
            .order_by(ApiKey.created_at, ApiKey.id)
            .limit(MAX_KEYS)
        ).all()
    return models.KeyList(data=[models.Key.model_validate(key) for key in keys])


@router.delete("/keys/{key_id}", status_code=204, operation_id="revokeKey", responses=refusals(401, 404, 422))
def revoke_key(key_id: models.PathId, caller: Signed) -> Response:
    """Revoke one of the caller's keys: it opens nothing any more."""
    with unit() as session:
        revoked = session.scalar(
            update(ApiKey)
            .where(ApiKey.id == key_id, ApiKey.user_id == caller.id, ApiKey.revoked_at.is_(None))
            .values(revoked_at=func.now())
            .returning(ApiKey.id)
        )
    if revoked is None:
        raise not_found("key")
    return Response(status_code=204)
