"""Categories of products."""

from fastapi import APIRouter, Response

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CategoryId,
    CurrentCaller,
    Limit,
    Offset,
    created_at_location,
    refusals,
)
from app.schemas import Category, CategoryPage, CategoryWrite
from app.services import catalogue

public = APIRouter(tags=["Categories"])
secured = APIRouter(
    tags=["Categories"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)


@public.get("/categories", operation_id="listCategories", responses=refusals(422))
def list_categories(limit: Limit = 20, offset: Offset = 0) -> CategoryPage:
    """List all categories, by ascending id."""
    return catalogue.list_categories(limit, offset)


@public.get(
    "/categories/{categoryId}",
    operation_id="getCategory",
    responses=refusals(404, 422),
)
def get_category(category_id: CategoryId) -> Category:
    """Return the category with this id."""
    return catalogue.get_category(category_id)


@secured.post(
    "/admin/categories",
    operation_id="adminCreateCategory",
    status_code=201,
    responses=created_at_location(401, 403, 409, 422),
)
def admin_create_category(
    body: CategoryWrite, caller: CurrentCaller, response: Response
) -> Category:
    """Create a category with a name that no other has. Administrators only."""
    category = catalogue.create_category(caller, body)
    response.headers["Location"] = f"/categories/{category.id}"
    return category


@secured.put(
    "/admin/categories/{categoryId}",
    operation_id="adminUpdateCategory",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_update_category(
    category_id: CategoryId, body: CategoryWrite, caller: CurrentCaller
) -> Category:
    """Replace the name of a category. Administrators only."""
    return catalogue.update_category(caller, category_id, body)


@secured.delete(
    "/admin/categories/{categoryId}",
    operation_id="adminDeleteCategory",
    status_code=204,
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_delete_category(category_id: CategoryId, caller: CurrentCaller) -> None:
    """Delete a category that no product refers to. Administrators only."""
    catalogue.delete_category(caller, category_id)
