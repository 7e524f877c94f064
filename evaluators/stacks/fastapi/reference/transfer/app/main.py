"""The application."""

from fastapi import FastAPI

from app.transfers import router

app = FastAPI(title="Transfers", version="1.0.0")
app.include_router(router, prefix="/api")
