"""The entry: the application, its errors, its start and its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.data.database import get_engine
from app.errors import PROBLEM_SCHEMAS, ProblemError, problem_response
from app.logs import RequestLog, configure_logging
from app.routes import ROUTERS
from app.settings import get_settings

TAGS = [
    {
        "name": "Health",
        "description": "Whether the service and its database answer.",
    },
    {
        "name": "Patients",
        "description": "The people an account holder books for.",
    },
    {
        "name": "Practitioners",
        "description": "The people who give appointments.",
    },
    {
        "name": "Services",
        "description": (
            "What can be booked, how long it takes and what it costs."
        ),
    },
    {
        "name": "OpeningHours",
        "description": "When a practitioner works, by weekday, in UTC.",
    },
    {
        "name": "Slots",
        "description": "Bookable times of a practitioner for a service.",
    },
    {"name": "Bookings", "description": "Slots taken for patients."},
    {"name": "WaitingList", "description": "Patients waiting for a taken slot."},
    {"name": "Invoices", "description": "What completed bookings cost."},
]


class Application(FastAPI):
    """FastAPI, with the error format among the schemas that it serves."""

    def openapi(self) -> dict[str, Any]:
        """Give the contract as it is served."""
        schema = super().openapi()
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {}).update(PROBLEM_SCHEMAS)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for parameter in operation.get("parameters", []):
                    _drop_null(parameter["schema"])
        return schema


def _drop_null(schema: dict[str, Any]) -> None:
    """An optional parameter may be left out, but is never null."""
    for variant in schema.pop("anyOf", []):
        if variant.get("type") != "null":
            schema.update(variant)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Refuse to start without settings; close the pool at the end."""
    configure_logging()
    get_settings()
    engine = get_engine()
    yield
    await run_in_threadpool(engine.dispose)


app = Application(
    title="Clinic appointments",
    version="1.0.0",
    description=(
        "Patients, practitioners, services, opening hours, slots, bookings, "
        "waiting lists and invoices of a clinic. All times are UTC; all money "
        "is an integer in minor units of the clinic's one currency."
    ),
    servers=[{"url": "/"}],
    openapi_tags=TAGS,
    docs_url=None,
    redoc_url=None,
    redirect_slashes=False,
    lifespan=lifespan,
)
app.add_middleware(RequestLog)
for router in ROUTERS:
    app.include_router(router)


def _same_path(template: str, path: str) -> bool:
    expected = template.split("/")
    given = path.split("/")
    return len(expected) == len(given) and all(
        (left.startswith("{") and right != "") or left == right
        for left, right in zip(expected, given, strict=True)
    )


def _allowed(path: str) -> str:
    """Every method of a path, for the Allow header."""
    methods: set[str] = set()
    for template, operations in app.openapi()["paths"].items():
        if _same_path(template, path):
            methods.update(method.upper() for method in operations)
    return ", ".join(sorted(methods))


@app.exception_handler(ProblemError)
async def on_problem(_request: Request, error: ProblemError) -> Response:
    """Answer a refusal."""
    return problem_response(
        error.status, error.detail, error.errors, error.headers
    )


@app.exception_handler(RequestValidationError)
async def on_invalid(
    _request: Request, error: RequestValidationError
) -> Response:
    """Answer an input that breaks the contract."""
    errors = [
        (".".join(str(part) for part in item["loc"]), str(item["msg"]))
        for item in error.errors()
    ]
    return problem_response(422, "The request breaks the contract.", errors)


@app.exception_handler(HTTPException)
async def on_http(request: Request, error: HTTPException) -> Response:
    """Answer what the framework refuses."""
    if error.status_code == 400:
        return problem_response(
            422,
            "The request breaks the contract.",
            [("body", "The body cannot be read.")],
        )
    if error.status_code == 404:
        return problem_response(404, "There is no such path.")
    if error.status_code == 405:
        allowed = _allowed(request.scope["path"])
        headers = {"Allow": allowed} if allowed else error.headers
        return problem_response(
            405, "The path does not have this method.", headers=headers
        )
    return problem_response(
        error.status_code, "The request is refused.", headers=error.headers
    )


@app.exception_handler(Exception)
async def on_failure(_request: Request, _error: Exception) -> Response:
    """Answer a failure without telling anything of it."""
    return problem_response(500, "The server failed.")
