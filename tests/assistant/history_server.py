"""A PostgreSQL for a test's history."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import sqlalchemy as sa

from evaluators.bench import Bench
from evaluators.service.database import postgres


async def in_postgresql(body: Callable[[str], None]) -> None:
    """Run `body` with the URL of an empty database."""
    async with Bench() as bench:
        server = await bench.the(postgres)
        admin = (await server.create("history")).admin
        url = sa.URL.create(
            "postgresql",
            admin["user"],
            admin.get("password"),
            database=admin["dbname"],
            port=admin.get("port"),
            query={"host": str(admin["host"])},
        )
        await asyncio.to_thread(body, url.render_as_string(hide_password=False))
