"""Categories and products."""

from app.database import transaction
from app.errors import NotFoundError
from app.models import CategoryRow, ProductRow
from app.repositories import catalogue
from app.schemas import (
    Category,
    CategoryPage,
    CategoryWrite,
    Product,
    ProductPage,
    ProductWrite,
)
from app.security import Caller
from app.services.rights import require_admin

NO_CATEGORY = "There is no such category."
NO_PRODUCT = "There is no such product."


def list_categories(limit: int, offset: int) -> CategoryPage:
    """List all categories."""
    with transaction() as session:
        rows = catalogue.category_page(session, limit, offset)
        items = [Category.model_validate(row) for row in rows]
    return CategoryPage(items=items, limit=limit, offset=offset)


def get_category(category_id: int) -> Category:
    """Return a category."""
    with transaction() as session:
        row = catalogue.find_category(session, category_id)
        if row is None:
            raise NotFoundError(NO_CATEGORY)
        return Category.model_validate(row)


def create_category(caller: Caller, body: CategoryWrite) -> Category:
    """Create a category; a taken name violates its unique constraint."""
    require_admin(caller)
    with transaction() as session:
        row = CategoryRow(name=body.name)
        session.add(row)
        session.flush()
        return Category.model_validate(row)


def update_category(caller: Caller, category_id: int, body: CategoryWrite) -> Category:
    """Rename a category."""
    with transaction() as session:
        if catalogue.find_category(session, category_id) is None:
            raise NotFoundError(NO_CATEGORY)
        require_admin(caller)
        row = catalogue.lock_category(session, category_id)
        if row is None:
            raise NotFoundError(NO_CATEGORY)
        row.name = body.name
        session.flush()
        return Category.model_validate(row)


def delete_category(caller: Caller, category_id: int) -> None:
    """Delete a category; a product in it violates the foreign key."""
    with transaction() as session:
        if catalogue.find_category(session, category_id) is None:
            raise NotFoundError(NO_CATEGORY)
        require_admin(caller)
        row = catalogue.lock_category(session, category_id)
        if row is None:
            raise NotFoundError(NO_CATEGORY)
        session.delete(row)
        session.flush()


def list_products(category_id: int | None, limit: int, offset: int) -> ProductPage:
    """List active products."""
    with transaction() as session:
        rows = catalogue.product_page(
            session, limit, offset, active_only=True, category_id=category_id
        )
        items = [Product.model_validate(row) for row in rows]
    return ProductPage(items=items, limit=limit, offset=offset)


def get_product(product_id: int) -> Product:
    """Return an active product."""
    with transaction() as session:
        row = catalogue.find_active_product(session, product_id)
        if row is None:
            raise NotFoundError(NO_PRODUCT)
        return Product.model_validate(row)


def list_all_products(caller: Caller, limit: int, offset: int) -> ProductPage:
    """List all products."""
    require_admin(caller)
    with transaction() as session:
        rows = catalogue.product_page(session, limit, offset, active_only=False)
        items = [Product.model_validate(row) for row in rows]
    return ProductPage(items=items, limit=limit, offset=offset)


def create_product(caller: Caller, body: ProductWrite) -> Product:
    """Create a product without stock; SKU and category are held by constraints."""
    require_admin(caller)
    with transaction() as session:
        row = ProductRow(**body.model_dump(), stock_quantity=0)
        session.add(row)
        session.flush()
        return Product.model_validate(row)


def get_any_product(caller: Caller, product_id: int) -> Product:
    """Return a product, active or not."""
    with transaction() as session:
        row = catalogue.find_product(session, product_id)
        if row is None:
            raise NotFoundError(NO_PRODUCT)
        require_admin(caller)
        return Product.model_validate(row)


def update_product(caller: Caller, product_id: int, body: ProductWrite) -> Product:
    """Replace everything about a product but its stock."""
    with transaction() as session:
        if catalogue.find_product(session, product_id) is None:
            raise NotFoundError(NO_PRODUCT)
        require_admin(caller)
        row = catalogue.lock_products(session, [product_id])[product_id]
        row.category_id = body.category_id
        row.sku = body.sku
        row.name = body.name
        row.description = body.description
        row.price_cents = body.price_cents
        row.is_active = body.is_active
        session.flush()
        return Product.model_validate(row)
