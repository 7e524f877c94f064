"""The application: uvicorn app.main:app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.database import Database
from app.errors import add_error_handlers
from app.health import HealthCheck
from app.logs import configure_logging
from app.middleware import RequestLogMiddleware
from app.openapi import TransactionsAPI
from app.routes import health_router, transactions_router
from app.settings import Settings


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """Read the configuration, make the pool, and close it at the end."""
    configure_logging()
    settings = Settings()
    database = Database(settings.sqlalchemy_url)
    application.state.settings = settings
    application.state.database = database
    application.state.health = HealthCheck(database)
    try:
        yield
    finally:
        await database.dispose()


def create_app() -> FastAPI:
    """Put the application together; nothing is connected to yet."""
    application = TransactionsAPI(
        title="Transactions API",
        version="1.0.0",
        description=(
            "Create, read, list, replace, change and delete the transactions "
            "of the user whom the bearer token names. Rows of other users do "
            "not exist for the caller."
        ),
        servers=[{"url": "/"}],
        openapi_tags=[
            {
                "name": "transactions",
                "description": "The caller's own transactions.",
            },
            {
                "name": "health",
                "description": "Whether the service can do its work.",
            },
        ],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    application.add_middleware(RequestLogMiddleware)
    add_error_handlers(application)
    application.include_router(transactions_router)
    application.include_router(health_router)
    return application


app = create_app()
