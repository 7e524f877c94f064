"""The responses that the operations declare."""

from typing import Any

Responses = dict[int | str, dict[str, Any]]

DESCRIPTIONS = {
    401: "The API key is missing, unknown, expired or revoked.",
    403: "The caller's role does not allow this.",
    404: "There is no such thing, or it belongs to somebody else.",
    409: "A state or a unique value forbids this.",
    422: "A parameter or the body does not satisfy the contract.",
    503: "The database does not answer.",
}


def _problem_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "The one error format.",
        "additionalProperties": False,
        "required": ["type", "title", "status"],
        "properties": {
            "type": {
                "type": "string",
                "format": "uri-reference",
                "maxLength": 200,
            },
            "title": {"type": "string", "maxLength": 200},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "maxLength": 500},
            "errors": {
                "type": "array",
                "maxItems": 50,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["location", "message"],
                    "properties": {
                        "location": {"type": "string", "maxLength": 200},
                        "message": {"type": "string", "maxLength": 300},
                    },
                },
            },
        },
    }


def problems(*statuses: int) -> Responses:
    """Declare error responses."""
    declared: Responses = {}
    for status in statuses:
        declared[status] = {
            "description": DESCRIPTIONS[status],
            "content": {
                "application/problem+json": {"schema": _problem_schema()}
            },
        }
        if status == 401:
            declared[status]["headers"] = {
                "WWW-Authenticate": {
                    "description": "The authentication scheme.",
                    "required": True,
                    "schema": {"type": "string", "maxLength": 200},
                }
            }
    return declared


def created(description: str, *statuses: int) -> Responses:
    """Declare a creation with its Location, and its error responses."""
    declared = problems(*statuses)
    declared[201] = {
        "description": description,
        "headers": {
            "Location": {
                "description": "Path of the created resource.",
                "required": True,
                "schema": {
                    "type": "string",
                    "format": "uri-reference",
                    "maxLength": 200,
                },
            }
        },
    }
    return declared
