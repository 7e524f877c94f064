"""The service."""

from typing import Any, Literal

from fastapi import FastAPI, HTTPException
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import accounts, transfers
from app.auth import Db
from app.errors import Problem, declared, install

app = FastAPI(title="Transfers", version="1.0.0")
install(app)
app.include_router(accounts.router)
app.include_router(transfers.router)


class Health(BaseModel):
    status: Literal["ok"] = "ok"


@app.get("/health", tags=["service"], operation_id="getHealth", responses=declared(503))
def health(db: Db) -> Health:
    try:
        db.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise HTTPException(503, "The database is away") from error
    return Health()


def openapi() -> dict[str, Any]:
    if not app.openapi_schema:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes)
        made["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        app.openapi_schema = made
    return app.openapi_schema


app.openapi = openapi  # type: ignore[method-assign]
