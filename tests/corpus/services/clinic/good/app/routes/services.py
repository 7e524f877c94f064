"""Services."""

from typing import Annotated

from fastapi import Path, Response

from app.auth import CurrentCaller
from app.routes.common import (
    Decimal,
    Limit,
    Offset,
    created,
    problems,
    secured_router,
)
from app.rules import services as rules
from app.schemas import MAX_ID, Service, ServicePage, ServiceWrite

router = secured_router("Services")

ServiceId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The service's id."), Decimal
]


@router.post(
    "/services",
    operation_id="createService",
    summary="Create a service",
    description="Staff only. The name is unique.",
    status_code=201,
    responses={
        **created("The service was created."),
        **problems(401, 403, 409, 422),
    },
)
def create_service(
    body: ServiceWrite, caller: CurrentCaller, response: Response
) -> Service:
    """Create a service."""
    row = rules.create(
        caller, body.name, body.duration_minutes, body.price_cents
    )
    response.headers["Location"] = f"/services/{row.id}"
    return Service.model_validate(row)


@router.get(
    "/services",
    operation_id="listServices",
    summary="List services",
    description="All services, ordered by id.",
    response_description="A page of services.",
    responses=problems(401, 422),
)
def list_services(limit: Limit = 20, offset: Offset = 0) -> ServicePage:
    """List services."""
    return ServicePage.model_validate(rules.find(limit, offset))


@router.get(
    "/services/{service_id}",
    operation_id="getService",
    summary="Read a service",
    description="One service, for every user.",
    response_description="The service.",
    responses=problems(401, 404, 422),
)
def get_service(service_id: ServiceId) -> Service:
    """Read a service."""
    return Service.model_validate(rules.get(service_id))


@router.put(
    "/services/{service_id}",
    operation_id="replaceService",
    summary="Replace a service",
    description=(
        "Staff only. Replaces name, duration and price; existing slots and "
        "bookings keep theirs."
    ),
    response_description="The service as it is now.",
    responses=problems(401, 403, 404, 409, 422),
)
def replace_service(
    service_id: ServiceId, body: ServiceWrite, caller: CurrentCaller
) -> Service:
    """Replace a service."""
    row = rules.replace(
        caller, service_id, body.name, body.duration_minutes, body.price_cents
    )
    return Service.model_validate(row)


@router.delete(
    "/services/{service_id}",
    operation_id="deleteService",
    summary="Delete a service",
    description="Staff only. Deletes a service without slots.",
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The service was deleted.",
    responses=problems(401, 403, 404, 409, 422),
)
def delete_service(service_id: ServiceId, caller: CurrentCaller) -> Response:
    """Delete a service."""
    rules.delete(caller, service_id)
    return Response(status_code=204)
