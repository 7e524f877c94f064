"""Every answer of a service in an envelope: `{"data": ...}`."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path

from tests.measure.renaming.contract import Node, operations, token_paths
from tests.measure.renaming.edits import Edit, importing, replaced, span

JSON = "application/json"
METHODS = frozenset({"get", "put", "post", "patch", "delete", "api_route"})
NAME = "envelope"
MODULE = '''"""Every answer is in an envelope."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, model_validator

Answer = TypeVar("Answer")


class Envelope(BaseModel, Generic[Answer]):
    """What an answer is sent in."""

    data: Answer

    @model_validator(mode="before")
    @classmethod
    def _around(cls, answer: Any) -> Any:
        return {"data": answer}
'''


def wrap_contract(contract: Node) -> int:
    """Put the envelope into the contract; how many answers got it."""
    bare, count = token_paths(contract), 0
    for path, _, operation in operations(contract):
        if path in bare:
            continue
        for status, response in operation.get("responses", {}).items():
            if not str(status).startswith("2"):
                continue
            if "$ref" in response:
                name = str(response["$ref"]).rpartition("/")[2]
                response = copy.deepcopy(contract["components"]["responses"][name])
                operation["responses"][status] = response
            count += sum(_wrap_media(media) for kind, media in response.get("content", {}).items() if _is_json(kind))
    return count


def _is_json(kind: str) -> bool:
    return str(kind).partition(";")[0].strip().lower() == JSON


def _wrap_media(media: Node) -> bool:
    """Wrap a schema and its examples."""
    media["schema"] = {"type": "object", "required": ["data"], "properties": {"data": media.get("schema", {})}}
    if "example" in media:
        media["example"] = {"data": media["example"]}
    for example in media.get("examples", {}).values():
        if "value" in example:
            example["value"] = {"data": example["value"]}
    return True


def wrap_code(folder: Path, contract: Node) -> int:
    """Declare the envelope at every route that answers with JSON; how many there are.

    The framework makes an answer from what a handler gives back and the model that is declared,
    so the model puts it into the envelope, and the served contract says so.
    """
    bare, count = token_paths(contract), 0
    packages = {path.parent for path in folder.glob("*/main.py")}
    package = min(packages, default=folder)
    line = f"from {'.'.join((*package.relative_to(folder).parts, NAME))} import Envelope"
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        edits = list(_edits(ast.parse(text), text, bare))
        if edits:
            count += len(edits)
            path.write_text(importing(replaced(text, edits), line), encoding="utf-8")
    (package / f"{NAME}.py").write_text(MODULE, encoding="utf-8")
    return count


def _edits(tree: ast.Module, text: str, bare: set[str]) -> Iterator[Edit]:
    """What to change at the routes of a module."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for call in node.decorator_list:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
                path = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
                if isinstance(path, str) and not any(path and each.endswith(path) for each in bare):
                    yield from _declared(call, node, text)


def _declared(call: ast.Call, node: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> Iterator[Edit]:
    """The envelope around what a route declares, by its decorator or by what its function gives back."""
    given = {each.arg: each.value for each in call.keywords}
    model = given.get("response_model", node.returns)
    if model is None or "response_class" in given or re.fullmatch(r"None|(.*\.)?\w*Response", ast.unparse(model)):
        return
    whole = f"Envelope[{ast.get_source_segment(text, model)}]"
    if "response_model" in given:
        yield span(text, model), whole
    else:
        end = span(text, [*call.args, *(each.value for each in call.keywords)][-1])[1]
        yield (end, end), f", response_model={whole}"
