"""The application: uvicorn app.main:app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.database import get_database
from app.errors import (
    ServiceError,
    on_http_error,
    on_service_error,
    on_unexpected,
    on_validation_error,
)
from app.logs import RequestLogMiddleware, configure_logging
from app.routes import public_router, router
from app.settings import get_settings


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Read the settings at the start and close the pool at the end."""
    configure_logging(get_settings().log_level)
    database = get_database()
    yield
    await run_in_threadpool(database.close)


app = FastAPI(
    title="Parking operator service",
    version="1.0.0",
    description=(
        "Garages, tariffs, vehicles, permits, parking sessions, payments and "
        "fines of one parking operator. Amounts are integers in euro cents. "
        "Times are UTC. A driver sees only what belongs to the driver's own "
        "vehicles; an operator sees everything."
    ),
    servers=[{"url": "/"}],
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
    lifespan=lifespan,
)
app.add_exception_handler(ServiceError, on_service_error)
app.add_exception_handler(RequestValidationError, on_validation_error)
app.add_exception_handler(HTTPException, on_http_error)
app.add_exception_handler(Exception, on_unexpected)
app.add_middleware(RequestLogMiddleware)
app.include_router(public_router)
app.include_router(router)
