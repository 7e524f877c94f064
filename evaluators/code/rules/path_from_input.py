"""Rule path-from-input."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.inputs import chosen, holds, tested
from evaluators.code.module import Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_OPENS = {
    "open": 0, "FileResponse": 0, "send_file": 0, "os.remove": 0, "os.unlink": 0, "shutil.rmtree": 0,
    "aiofiles.open": 0, "io.open": 0, "shutil.copy": 1, "shutil.copyfile": 1, "os.makedirs": 0,
}  # fmt: skip
_METHODS = ("read_text", "read_bytes", "write_text", "write_bytes", "unlink", "open", "rmdir")


def opened(module: Module, call: ast.Call) -> Iterator[ast.expr]:
    """The paths that a call opens, sends, writes or removes."""
    called = module.called(call)
    position = _OPENS.get(called, _OPENS.get(called.rpartition(".")[2] if "open" not in called else called))
    if position is not None and len(call.args) > position:
        yield call.args[position]
    elif position is not None:
        yield from (each.value for each in call.keywords if each.arg in ("path", "file"))
    elif isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
        yield call.func.value


@rule("path-from-input", family="code", security=True)
def path_from_input(code: Code) -> Iterator[Flaw]:
    """A file is opened or sent by a path that the caller chooses.

    Why: `../../etc/passwd` is a path too. Whoever names the file reads, or overwrites, any file that the service
    can.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.responses import FileResponse

        app = FastAPI()

        @app.get("/files/{name}")
        def file(name: str):
            return FileResponse(f"uploads/{name}")
        ```

    Good:
        ```python app/main.py
        from pathlib import Path

        from fastapi import FastAPI, HTTPException
        from fastapi.responses import FileResponse

        app = FastAPI()

        ROOT = Path("uploads").resolve()

        @app.get("/files/{name}")
        def file(name: str):
            path = (ROOT / name).resolve()
            if not path.is_relative_to(ROOT):
                raise HTTPException(404)
            return FileResponse(path)
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.responses import FileResponse

        app = FastAPI()

        FILES = {"terms": "static/terms.pdf", "prices": "static/prices.pdf"}

        @app.get("/files/{name}")
        def file(name: str, number: int):
            if number > 3:
                return FileResponse(f"static/{number}.pdf")
            return FileResponse(FILES[name])
        ```

    Precision: Follows parameters of routes within their own function. A test of the value (in a list,
    is_relative_to, a call named like a check), a lookup in a constant, numbers and enumerations
    count as safe.

    Source: CWE-22; OWASP Path Traversal.
    """
    for route in code.routes:
        names = chosen(route, code.tools.table)
        for call in (node for node in walk(route.node) if isinstance(node, ast.Call)):
            for given in opened(route.module, call):
                source = holds(route.module, given, names)
                if source and not tested(route.module, route.node, source):
                    yield Flaw(
                        route.symbol,
                        route.module.at(call),
                        f"`{source}`, which the caller chooses, becomes a path.",
                        route.module.source(call),
                        "Look the name up, or resolve the path and see that it is below its folder.",
                    )
                    break
