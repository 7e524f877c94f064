"""The application: `uvicorn app.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from app import problems
from app.database import get_database
from app.logs import configure_logs
from app.middleware import RequestLog
from app.routes import health, transfers
from app.schemas import Problem


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Read the configuration at the start, close the pool at the end."""
    configure_logs()
    database = get_database()
    yield
    await run_in_threadpool(database.dispose)


class Service(FastAPI):
    """FastAPI, with the error format in its contract."""

    def openapi(self) -> dict[str, Any]:
        """Return the contract of the service."""
        if self.openapi_schema is not None:
            return self.openapi_schema
        contract = super().openapi()
        schemas = contract.setdefault("components", {}).setdefault("schemas", {})
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas["Problem"] = schema
        for operations in contract["paths"].values():
            for operation in operations.values():
                for parameter in operation.get("parameters", []):
                    _drop_null(parameter["schema"])
        self.openapi_schema = contract
        return contract


def _drop_null(schema: dict[str, Any]) -> None:
    """A parameter can be left out, but it is never null."""
    for option in schema.pop("anyOf", []):
        if option.get("type") != "null":
            schema.update(option)


app = Service(
    title="Funds transfer service",
    version="1.0.0",
    description=(
        "Moves funds between two accounts for the owner of the source account, and "
        "lets both sides read the record of each transfer."
    ),
    servers=[{"url": "/"}],
    openapi_tags=[
        {
            "name": "transfers",
            "description": (
                "Moving funds, and reading the transfers that were carried out."
            ),
        },
        {"name": "health", "description": "The state of the service."},
    ],
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
    lifespan=lifespan,
)
app.add_middleware(RequestLog)
problems.register(app)
app.include_router(transfers)
app.include_router(health)
