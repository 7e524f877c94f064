"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI

from app import problems
from app.database import get_engine
from app.logs import RequestLogMiddleware, configure_logging
from app.routes import (
    accounts,
    cart,
    categories,
    coupons,
    health,
    orders,
    payments,
    products,
    reviews,
)
from app.settings import get_settings


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Check the settings at the start, dispose of the pool at the end."""
    configure_logging()
    settings = get_settings()
    threads = to_thread.current_default_thread_limiter()
    threads.total_tokens = settings.db_pool_size + settings.db_max_overflow
    engine = get_engine()
    try:
        yield
    finally:
        engine.dispose()


def create_app() -> FastAPI:
    """Put the application together; nothing is connected yet."""
    application = FastAPI(
        title="Online shop",
        version="1.0.0",
        description=(
            "An online shop with categories, products, stock, carts, orders, "
            "payments, reviews, coupons and an admin back office. All amounts are "
            "integer euro cents, all times are UTC."
        ),
        servers=[{"url": "/"}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    application.add_middleware(RequestLogMiddleware)
    problems.install(application)
    for router in (
        health.router,
        accounts.public,
        accounts.secured,
        categories.public,
        categories.secured,
        products.public,
        products.secured,
        products.movements,
        cart.router,
        orders.router,
        payments.router,
        reviews.public,
        reviews.secured,
        coupons.router,
    ):
        application.include_router(router)
    return application


app = create_app()
