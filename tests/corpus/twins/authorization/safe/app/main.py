"""Drawers of their owners, articles for everybody, products of the administrators."""

from fastapi import FastAPI

from app import albums, articles, drawers, letters, products, tasks

app = FastAPI(title="Drawers", version="1.0.0", docs_url=None, redoc_url=None)
for module in (drawers, letters, tasks, articles, products, albums):
    app.include_router(module.router)


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the service is there."""
    return {"status": "ok"}
