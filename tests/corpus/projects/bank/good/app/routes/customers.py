"""The routes of customers."""

from fastapi import APIRouter, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import customers as service
from app.web import (
    AuthenticatedRoute,
    CurrentCaller,
    CustomerId,
    IdempotencyKey,
    Limit,
    Offset,
    created,
    problems,
)

router = APIRouter(tags=["customers"], route_class=AuthenticatedRoute)


@router.post(
    "/customers",
    operation_id="createCustomer",
    summary="Onboard a customer",
    status_code=201,
    responses=created(
        "The customer was created, or had been created by the same request before.",
        401,
        403,
        409,
        422,
    ),
)
def create_customer(
    body: schemas.CustomerInput,
    key: IdempotencyKey,
    caller: CurrentCaller,
    response: Response,
) -> schemas.Customer:
    """Staff only. Create a user with the role customer."""
    with transaction() as session:
        customer = service.create_customer(session, caller, key, body)
    response.headers["Location"] = f"/customers/{customer.id}"
    return customer


@router.get(
    "/customers",
    operation_id="listCustomers",
    summary="List customers",
    response_description="A page of customers.",
    responses=problems(401, 422),
)
def list_customers(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> schemas.CustomerPage:
    """Staff see all customers, a customer sees only themselves."""
    with transaction() as session:
        return service.list_customers(session, caller, Window(limit, offset))


@router.get(
    "/customers/{customer_id}",
    operation_id="getCustomer",
    summary="Read a customer",
    response_description="The customer.",
    responses=problems(401, 404, 422),
)
def get_customer(customer_id: CustomerId, caller: CurrentCaller) -> schemas.Customer:
    """For the customer themselves and for staff."""
    with transaction() as session:
        return service.get_customer(session, caller, customer_id)


@router.put(
    "/customers/{customer_id}",
    operation_id="updateCustomer",
    summary="Replace the contact data of a customer",
    response_description="The customer as it is now.",
    responses=problems(401, 404, 422),
)
def update_customer(
    customer_id: CustomerId, body: schemas.CustomerInput, caller: CurrentCaller
) -> schemas.Customer:
    """Only for the customer themselves."""
    with transaction() as session:
        return service.update_customer(session, caller, customer_id, body)
