"""Notes, texts, addresses and loads."""

from fastapi import FastAPI

from app import loads, notes, remote, texts

app = FastAPI(title="Papers", version="1.0.0", docs_url=None, redoc_url=None)
for module in (notes, texts, remote, loads):
    app.include_router(module.router)


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the service is there."""
    return {"status": "ok"}
