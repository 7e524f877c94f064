"""What /openapi.json says about errors."""

from typing import Any

from fastapi import FastAPI

from app.errors import MAX_ERRORS, PROBLEM_TYPE

Responses = dict[int | str, dict[str, Any]]


def error_response(description: str) -> dict[str, Any]:
    """Describe an answer in the format of every error."""
    return {
        "description": description,
        "content": {
            PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }


def unauthorized() -> Responses:
    """Describe 401."""
    response = error_response(
        "There is no token, or it is not valid, or its user does not exist."
    )
    response["headers"] = {
        "WWW-Authenticate": {
            "description": "The scheme that is expected.",
            "required": True,
            "schema": {"type": "string", "enum": ["Bearer"]},
        }
    }
    return {401: response}


def not_found() -> Responses:
    """Describe 404."""
    return {
        404: error_response(
            "There is no such transaction, or it belongs to somebody else."
        )
    }


def unprocessable() -> Responses:
    """Describe 422."""
    return {
        422: error_response(
            "A parameter or the body is not what this contract says, or the "
            "body is not JSON."
        )
    }


def unavailable() -> Responses:
    """Describe 503."""
    return {503: error_response("The database does not answer.")}


def created() -> Responses:
    """Describe 201 with its header."""
    return {
        201: {
            "description": "The transaction as it was created.",
            "headers": {
                "Location": {
                    "description": "The path of the new transaction.",
                    "required": True,
                    "schema": {
                        "type": "string",
                        "format": "uri-reference",
                        "maxLength": 100,
                    },
                }
            },
        }
    }


def problem_schemas() -> dict[str, Any]:
    """Give the schemas of the format of every error."""
    return {
        "Problem": {
            "type": "object",
            "description": "The one format of every error.",
            "additionalProperties": False,
            "required": ["type", "title", "status"],
            "properties": {
                "type": {
                    "type": "string",
                    "format": "uri-reference",
                    "maxLength": 200,
                },
                "title": {"type": "string", "maxLength": 100},
                "status": {
                    "type": "integer",
                    "format": "int32",
                    "minimum": 400,
                    "maximum": 599,
                },
                "detail": {"type": "string", "maxLength": 500},
                "errors": {
                    "type": "array",
                    "maxItems": MAX_ERRORS,
                    "items": {"$ref": "#/components/schemas/ProblemField"},
                },
            },
        },
        "ProblemField": {
            "type": "object",
            "description": "What is wrong with one field.",
            "additionalProperties": False,
            "required": ["field", "message"],
            "properties": {
                "field": {"type": "string", "maxLength": 100},
                "message": {"type": "string", "maxLength": 200},
            },
        },
    }


class TransactionsAPI(FastAPI):
    """FastAPI, with the schemas of errors in its description."""

    def openapi(self) -> dict[str, Any]:
        """Give the description, made once."""
        if self.openapi_schema is None:
            schema = super().openapi()
            components = schema.setdefault("components", {})
            components.setdefault("schemas", {}).update(problem_schemas())
            self.openapi_schema = schema
        return self.openapi_schema
