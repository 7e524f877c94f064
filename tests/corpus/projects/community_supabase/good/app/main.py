from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import errors
from app.auth import TokenVerifier
from app.config import Settings, get_settings
from app.db import create_pool
from app.routers import (
    comments,
    events,
    invitations,
    members,
    moderation,
    notifications,
    posts,
    profiles,
    reactions,
    spaces,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await create_pool(settings)
        try:
            yield
        finally:
            await app.state.pool.close()

    # The contract is openapi.yaml; tests keep the routes equal to it.
    app = FastAPI(title="Community API", lifespan=lifespan, openapi_url=None)
    app.state.token_verifier = TokenVerifier(settings.jwks_url, settings.token_issuer)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Location"],
    )
    errors.install(app)

    v1 = APIRouter(prefix="/v1")
    for module in (
        profiles, spaces, members, invitations, posts, comments, reactions, events, moderation, notifications,
    ):
        v1.include_router(module.router)
    app.include_router(v1)
    return app
