"""What the routes share: parameters, routers, documented refusals."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BeforeValidator

from app.auth import LARGEST_ID, SecuredRoute, bearer, current_user
from app.data.rows import Window
from app.errors import MEDIA_TYPE

PLAIN_INTEGER = re.compile(r"-?[0-9]{1,20}")


def _plain(value: object) -> object:
    """Refuse texts that only look like an integer to a lenient parser."""
    if isinstance(value, str) and not PLAIN_INTEGER.fullmatch(value):
        message = "Input should be an integer"
        raise ValueError(message)
    return value


def _id_parameter(what: str) -> Any:
    return Path(description=f"The id of the {what}.", ge=1, le=LARGEST_ID)


Plain = BeforeValidator(_plain)
CourseId = Annotated[int, _id_parameter("course"), Plain]
LessonId = Annotated[int, _id_parameter("lesson"), Plain]
EnrolmentId = Annotated[int, _id_parameter("enrolment"), Plain]
QuizId = Annotated[int, _id_parameter("quiz"), Plain]
AttemptId = Annotated[int, _id_parameter("attempt"), Plain]
AssignmentId = Annotated[int, _id_parameter("assignment"), Plain]
SubmissionId = Annotated[int, _id_parameter("submission"), Plain]
CertificateId = Annotated[int, _id_parameter("certificate"), Plain]
Limit = Annotated[
    int, Query(description="How many items a page has at most.", ge=1, le=50), Plain
]
Offset = Annotated[
    int, Query(description="How many items are skipped.", ge=0, le=100000), Plain
]


async def _window(limit: Limit = 20, offset: Offset = 0) -> Window:
    return Window(limit=limit, offset=offset)


Paging = Annotated[Window, Depends(_window)]
Caller = Annotated[int, Depends(current_user)]

DESCRIPTIONS = {
    401: "No token, or one that is not accepted.",
    403: "The caller may see the course but not do this with it.",
    404: "It does not exist, or not for the caller.",
    409: "A state or something unique forbids it.",
    422: "The path, the query or the body does not fit the contract.",
    503: "The database does not answer.",
}

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """Document the refusals of an operation."""
    documented: Responses = {}
    for status in statuses:
        documented[status] = {
            "description": DESCRIPTIONS[status],
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        if status == 401:
            documented[status]["headers"] = {
                "WWW-Authenticate": {
                    "description": "The scheme that is asked for.",
                    "required": True,
                    "schema": {"type": "string", "enum": ["Bearer"]},
                }
            }
    return documented


def created(description: str) -> Responses:
    """Document the answer to a creation."""
    return {
        201: {
            "description": description,
            "headers": {
                "Location": {
                    "description": "The path of what was created.",
                    "required": True,
                    "schema": {
                        "type": "string",
                        "format": "uri-reference",
                        "maxLength": 200,
                    },
                }
            },
        }
    }


def secured_router(tag: str) -> APIRouter:
    """Make a router whose operations all ask for a token."""
    return APIRouter(
        route_class=SecuredRoute, dependencies=[Depends(bearer)], tags=[tag]
    )
