"""Books on shelves, their authors, tags and memos."""

from fastapi import FastAPI

from app import authors, books, desk, shelves, tags

app = FastAPI(title="Books", version="1.0.0", description="Books on shelves, their authors, tags and memos.")
for module in (shelves, authors, tags, books, desk):
    app.include_router(module.router)
