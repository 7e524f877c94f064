"""Guest program: creates a model's tables on the database and tells what they are.

argv: module, symbol, database URL. stdout: one JSON line
{"ddl": [statements], "tables": [names], "mapped": [names], "empty": bool} or
{"stage", "kind", "message", "frames": [[path, line]]} for what failed.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.dont_write_bytecode = True
here = str(Path.cwd()) + "/"
sys.path[0:0] = [here.rstrip("/"), *([here + "src"] if Path(here + "src").is_dir() else [])]


def tell(**entry: Any) -> None:
    """Write one line."""
    out.write(json.dumps(entry) + "\n")
    out.flush()


def metadata_of(module: Any, symbol: str) -> Any:
    """The metadata that a symbol has: a base, a model, or a MetaData itself."""
    found: Any = module
    for name in symbol.split("."):
        found = getattr(found, name)
    return getattr(found, "metadata", found)


def exercise(module_name: str, symbol: str, url: str) -> dict[str, Any]:
    """Import, configure, create, and select through every mapped class."""
    import sqlalchemy
    from sqlalchemy.orm import Session, configure_mappers
    from sqlalchemy.schema import CreateIndex, CreateTable

    module = importlib.import_module(module_name)
    metadata = metadata_of(module, symbol)
    for scheme, driver in (("postgresql://", "postgresql+psycopg://"), ("mysql://", "mysql+pymysql://")):
        url = url.replace(scheme, driver, 1)
    made = sqlalchemy.create_engine(url)
    ordered = metadata.sorted_tables
    ddl = [str(CreateTable(table).compile(made)).strip() for table in ordered]
    ddl += [
        str(CreateIndex(index).compile(made)).strip()
        for table in ordered
        for index in sorted(table.indexes, key=lambda each: str(each.name))
    ]
    metadata.create_all(made)
    configure_mappers()
    mapped: dict[str, Any] = {}
    for value in vars(module).values():
        mapper: Any = sqlalchemy.inspect(value, raiseerr=False) if isinstance(value, type) else None
        if getattr(mapper, "is_mapper", False):
            mapped[value.__name__] = value
    with Session(made) as session:
        for each in mapped.values():
            session.scalars(sqlalchemy.select(each).limit(1)).all()
    return {"ddl": ddl, "tables": [table.name for table in ordered], "mapped": sorted(mapped)}


try:
    tell(**exercise(*sys.argv[1:4]))
except BaseException as error:
    tell(
        kind=type(error).__name__,
        message=str(error)[:4000],
        frames=[
            [frame.filename[len(here) :], frame.lineno or 0]
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.startswith(here)
        ][-6:],
    )
os._exit(0)
