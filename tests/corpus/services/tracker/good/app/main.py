"""The application. Importing it connects to nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.auth import TokenVerifier
from app.config import load_settings
from app.database import Database
from app.logs import configure_logging
from app.middleware import RequestLogMiddleware
from app.problems import install_handlers
from app.routes import (
    boards,
    comments,
    health,
    labels,
    members,
    projects,
    tasks,
    time_entries,
    users,
    workspaces,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make the pool at start-up, without a connection, and close it at the end."""
    configure_logging()
    settings = load_settings()
    database = Database(settings.database_url.get_secret_value())
    app.state.database = database
    app.state.tokens = TokenVerifier(settings.jwt_secret.get_secret_value())
    try:
        yield
    finally:
        await database.close()


def create_app() -> FastAPI:
    """Put the application together."""
    app = FastAPI(
        title="Project tracking",
        version="1.0.0",
        description=(
            "Workspaces with members, projects, boards, tasks, comments, labels and "
            "time entries. Identity comes from the bearer token only. What belongs "
            "to a workspace that the caller is not a member of answers 404."
        ),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(RequestLogMiddleware)
    install_handlers(app)
    for module in (
        health,
        users,
        workspaces,
        members,
        projects,
        boards,
        tasks,
        labels,
        comments,
        time_entries,
    ):
        app.include_router(module.router)
    return app


app = create_app()
