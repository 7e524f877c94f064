"""Health, signing in, customers and their balances."""

from fastapi import APIRouter, Depends

from app import schemas
from app.database import Db, Row, one, transaction
from app.problems import declared, missing
from app.security import Anybody, Staff, authenticate, hasher, issue
from app.settings import TOKEN_SECONDS
from app.transport import json_only

router = APIRouter()
COLUMNS = "id, email, name, role, balance_cents, created_at"


@router.get("/health", operation_id="get_health", responses=declared(), tags=["service"])
def get_health() -> schemas.Health:
    """Whether the service and its database answer."""
    with transaction() as db:
        one(db, "SELECT 1")
    return schemas.Health(status="ok")


@router.post(
    "/login",
    operation_id="log_in",
    responses=declared(401, 413, 415, 422, 429),
    dependencies=[Depends(json_only)],
    tags=["access"],
)
def log_in(body: schemas.Credentials) -> schemas.Token:
    """Get an access token. Ten attempts that fail lock the address for fifteen minutes."""
    customer_id = authenticate(body.email.lower(), body.password)
    return schemas.Token(access_token=issue(customer_id), token_type="bearer", expires_in=TOKEN_SECONDS)


def _customer(db: Db, customer_id: int) -> Row | None:
    return one(db, f"SELECT {COLUMNS} FROM customers WHERE id = %s", customer_id)


@router.get("/me", operation_id="get_me", responses=declared(401), tags=["access"])
def get_me(caller: Anybody) -> schemas.Customer:
    """The caller."""
    with transaction() as db:
        return schemas.Customer.model_validate(_customer(db, caller.id))


@router.post(
    "/customers",
    status_code=201,
    operation_id="create_customer",
    responses=declared(401, 403, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
    tags=["access"],
)
def create_customer(body: schemas.CustomerNew, _caller: Staff) -> schemas.Customer:
    """Let somebody sign in. An address that somebody has is a 409."""
    hashed = hasher.hash(body.password)
    with transaction() as db:
        db.execute(
            "INSERT INTO customers (email, name, password_hash) VALUES (%s, %s, %s)", (body.email, body.name, hashed)
        )
        return schemas.Customer.model_validate(_customer(db, db.lastrowid))


@router.post(
    "/customers/{customer_id}/credits",
    status_code=201,
    operation_id="create_credit",
    responses=declared(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
    tags=["access"],
)
def create_credit(customer_id: schemas.PathId, body: schemas.CreditNew, _caller: Staff) -> schemas.Customer:
    """Add to a balance what was paid in. More than a balance may hold is a 409."""
    with transaction() as db:
        db.execute(
            "UPDATE customers SET balance_cents = balance_cents + %s WHERE id = %s", (body.amount_cents, customer_id)
        )
        row = _customer(db, customer_id)
    if row is None:
        raise missing("customer")
    return schemas.Customer.model_validate(row)
