"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app import errors, logs
from app.config import get_settings
from app.data.database import get_engine
from app.routes import (
    assignments,
    attempts,
    certificates,
    courses,
    enrolments,
    health,
    lessons,
    quizzes,
    submissions,
)
from app.schemas import Problem

REFERENCE = "#/components/schemas/{model}"


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Read the configuration at start; give back the connections at the end."""
    logs.configure(get_settings().log_level)
    engine = get_engine()
    try:
        yield
    finally:
        engine.dispose()


class Service(FastAPI):
    """FastAPI, with the format of errors among the schemas it documents."""

    def openapi(self) -> dict[str, Any]:
        """Describe the service."""
        if self.openapi_schema is None:
            document = super().openapi()
            described = Problem.model_json_schema(ref_template=REFERENCE)
            parts = described.pop("$defs", {})
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas.update(parts)
            schemas["Problem"] = described
            self.openapi_schema = document
        return self.openapi_schema


def build() -> Service:
    """Put the application together."""
    service = Service(
        title="Learning platform",
        version="1.0.0",
        description=(
            "Courses, lessons, enrolments, quizzes, attempts, assignments and"
            " certificates. Whoever creates a course is its instructor; other users"
            " enrol in it once it is published."
        ),
        servers=[{"url": "/"}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    errors.install(service)
    service.add_middleware(logs.RequestLog)
    for module in (
        health,
        courses,
        lessons,
        enrolments,
        quizzes,
        attempts,
        assignments,
        submissions,
        certificates,
    ):
        service.include_router(module.router)
    return service


app = build()
