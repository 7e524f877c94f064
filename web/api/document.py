"""The API's own OpenAPI document: what FastAPI makes of the operations, and what it cannot know.

`python -m web.api.document` writes it to `web/api/openapi.json`; a test holds the two equal.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.api.problems import MEDIA_TYPE, Problem

PREFIX = "/api/v1"
"""Where the API is mounted; the document names full paths."""

FILE = Path(__file__).with_name("openapi.json")

ABOUT = """\
Queue runs and checks, watch them, and take what was proved.

Every request carries a token: `Authorization: Bearer bw_...`, made on the page Account. A token has a role:
`viewer` reads, `author` also queues and cancels, `admin` also cancels what is others'. Everybody reads all runs.

Every error is a problem document (RFC 9457). Every answer tells the rate of the token's owner:
`RateLimit-Limit`, `RateLimit-Remaining`, and `RateLimit-Reset` in seconds.
"""

TAGS = {
    "runs": "What a model wrote and the gate proved.",
    "checks": "Given files, judged.",
    "recipes": "The prompt library.",
    "briefs": "Sentences and slots.",
    "tokens": "One's own tokens.",
    "me": "Who calls.",
}

EVERYWHERE = (401, 429, 503)
"""Statuses that every operation may answer."""

WITH_BODY = (400, 413, 415, 422)

RETRY = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
LOCATION = {"description": "Where to follow it.", "schema": {"type": "string", "format": "uri-reference"}}
CHALLENGE = {"description": "How to show who one is.", "schema": {"type": "string"}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the API."""
    made = get_openapi(
        title="backwright",
        version=version("backwright"),
        openapi_version="3.1.0",
        summary="Backends that are proved before they land.",
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": said} for name, said in TAGS.items()],
    )
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["servers"] = [{"url": "/", "description": "The server that serves the pages."}]
    made["security"] = [{"token": []}]
    parts = made.setdefault("components", {})
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "An API token, `bw_...`."}}
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= {**problem.pop("$defs", {}), "Problem": problem}
    parts["responses"] = {}
    for item in made["paths"].values():
        for operation in item.values():
            _complete(operation, parts["responses"])
    made["paths"] = {PREFIX + path: item for path, item in made["paths"].items()}
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["responses"] = dict(sorted(parts["responses"].items()))
    return made


def _complete(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Give an operation the errors that it may answer, each as a problem document, and its headers."""
    responses = operation["responses"]
    statuses = {int(status) for status in responses if int(status) >= 400} | set(EVERYWHERE)
    if "requestBody" in operation:
        statuses |= set(WITH_BODY)
    for status in sorted(statuses):
        name = HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "")
        shared.setdefault(name, _problem(status))
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}
    for made in ("201", "202"):
        if made in responses:
            responses[made]["headers"] = {"Location": LOCATION}
    operation["responses"] = dict(sorted(responses.items()))


def _problem(status: int) -> dict[str, Any]:
    """The response for an error."""
    phrase = HTTPStatus(status).phrase
    example = {"type": "about:blank", "title": phrase, "status": status}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    made: dict[str, Any] = {"description": phrase, "content": content}
    if status in (429, 503):
        made["headers"] = {"Retry-After": RETRY}
    if status == 401:
        made["headers"] = {"WWW-Authenticate": CHALLENGE}
    return made


def written(made: dict[str, Any]) -> str:
    """The document as it is kept."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    from web.api.app import build

    FILE.write_text(written(document(build())), encoding="utf-8")
