"""A small market: wallets, votes, orders, rooms and notes."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from app import keys, money, parts, states, things

app = FastAPI(title="Market", version="1.0.0", description="Wallets, votes, orders, rooms and notes.")
for module in (money, keys, states, things, parts):
    app.include_router(module.router)


@app.exception_handler(RequestValidationError)
async def refused(_: Request, error: RequestValidationError) -> JSONResponse:
    """Say where, and never what was sent."""
    places = [{"loc": [str(part) for part in each["loc"]], "msg": each["type"]} for each in error.errors()]
    return JSONResponse({"detail": places}, 422)
