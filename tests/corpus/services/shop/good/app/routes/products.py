"""The catalogue and its administration, and stock."""

from fastapi import APIRouter, Response

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CategoryFilter,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    ProductId,
    created_at_location,
    refusals,
)
from app.schemas import (
    Product,
    ProductPage,
    ProductWrite,
    StockMovement,
    StockMovementCreate,
    StockMovementPage,
)
from app.services import catalogue, stock

public = APIRouter(tags=["Products"])
secured = APIRouter(
    tags=["Products"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)
movements = APIRouter(
    tags=["Stock"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)


@public.get("/products", operation_id="listProducts", responses=refusals(422))
def list_products(
    category_id: CategoryFilter = None, limit: Limit = 20, offset: Offset = 0
) -> ProductPage:
    """List active products, optionally of one category, by ascending id."""
    return catalogue.list_products(category_id, limit, offset)


@public.get(
    "/products/{productId}", operation_id="getProduct", responses=refusals(404, 422)
)
def get_product(product_id: ProductId) -> Product:
    """Return an active product. An inactive one is not found."""
    return catalogue.get_product(product_id)


@secured.get(
    "/admin/products",
    operation_id="adminListProducts",
    responses=refusals(401, 403, 422),
)
def admin_list_products(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> ProductPage:
    """List all products, active or not, by ascending id. Administrators only."""
    return catalogue.list_all_products(caller, limit, offset)


@secured.post(
    "/admin/products",
    operation_id="adminCreateProduct",
    status_code=201,
    responses=created_at_location(401, 403, 409, 422),
)
def admin_create_product(
    body: ProductWrite, caller: CurrentCaller, response: Response
) -> Product:
    """Create a product without stock. Administrators only."""
    product = catalogue.create_product(caller, body)
    response.headers["Location"] = f"/admin/products/{product.id}"
    return product


@secured.get(
    "/admin/products/{productId}",
    operation_id="adminGetProduct",
    responses=refusals(401, 403, 404, 422),
)
def admin_get_product(product_id: ProductId, caller: CurrentCaller) -> Product:
    """Return the product with this id, active or not. Administrators only."""
    return catalogue.get_any_product(caller, product_id)


@secured.put(
    "/admin/products/{productId}",
    operation_id="adminUpdateProduct",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_update_product(
    product_id: ProductId, body: ProductWrite, caller: CurrentCaller
) -> Product:
    """Replace everything about a product but its stock. Administrators only."""
    return catalogue.update_product(caller, product_id, body)


@movements.get(
    "/admin/products/{productId}/stock-movements",
    operation_id="adminListStockMovements",
    responses=refusals(401, 403, 404, 422),
)
def admin_list_stock_movements(
    product_id: ProductId,
    caller: CurrentCaller,
    limit: Limit = 20,
    offset: Offset = 0,
) -> StockMovementPage:
    """List every change of the product's stock. Administrators only."""
    return stock.list_movements(caller, product_id, limit, offset)


@movements.post(
    "/admin/products/{productId}/stock-movements",
    operation_id="adminCreateStockMovement",
    status_code=201,
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_create_stock_movement(
    product_id: ProductId,
    key: IdempotencyKey,
    body: StockMovementCreate,
    caller: CurrentCaller,
) -> StockMovement:
    """Book a receipt or a writeoff, once per key. Administrators only."""
    return stock.create_movement(caller, product_id, key, body)
