"""Requests are validated with the schemas of openapi.json itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flask import current_app, request
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator

from app.errors import BadRequest, Unprocessable, UnsupportedMediaType

METHODS = ("get", "post", "put", "patch", "delete")
FORMATS = FormatChecker(formats=())
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


@FORMATS.checks("email")
def is_email(value) -> bool:
    return not isinstance(value, str) or EMAIL.fullmatch(value) is not None


@FORMATS.checks("date", raises=ValueError)
def is_date(value) -> bool:
    if isinstance(value, str):
        date.fromisoformat(value)
        return len(value) == 10
    return True


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value) -> bool:
    if isinstance(value, str):
        if RFC3339.fullmatch(value) is None:
            return False
        # Years at the ends of the range would overflow when moved to UTC.
        return 1970 <= datetime.fromisoformat(value).year <= 9998
    return True


@dataclass(frozen=True)
class Operation:
    operation_id: str
    method: str
    path: str
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    parameters: dict[tuple[str, str], dict]
    body_schema: dict | None


class Contract:
    def __init__(self, document: dict):
        self.document = document
        self.operations: dict[str, Operation] = {}
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    operation = self._operation(path, method, item)
                    self.operations[operation.operation_id] = operation

    @classmethod
    def load(cls, path: Path) -> Contract:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def validator(self, schema: dict) -> OAS30Validator:
        # The components go along so that local references resolve.
        rooted = {"allOf": [schema], "components": self.document["components"]}
        return OAS30Validator(rooted, format_checker=FORMATS)

    def check(self, schema: dict, value) -> list[dict]:
        return [
            {"field": ".".join(str(part) for part in error.absolute_path) or "body", "message": error.message}
            for error in self.validator(schema).iter_errors(value)
        ]

    def _operation(self, path: str, method: str, item: dict) -> Operation:
        node = item[method]
        parameters = {}
        for parameter in item.get("parameters", []) + node.get("parameters", []):
            parameter = self._resolve(parameter)
            parameters[(parameter["in"], parameter["name"])] = parameter
        body = node.get("requestBody")
        return Operation(
            operation_id=node["operationId"],
            method=method.upper(),
            path=path,
            scopes=tuple(node["x-required-scopes"]),
            roles=tuple(node["x-allowed-roles"]),
            parameters=parameters,
            body_schema=body["content"]["application/json"]["schema"] if body else None,
        )

    def _resolve(self, node: dict) -> dict:
        if "$ref" not in node:
            return node
        target = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return target


def current_operation() -> Operation:
    return current_app.extensions["crm.contract"].operations[request.endpoint.rsplit(".", 1)[-1]]


def read_body() -> dict:
    operation = current_operation()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        body = json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error
    errors = current_app.extensions["crm.contract"].check(operation.body_schema, body)
    if errors:
        raise Unprocessable(errors)
    return body


def read_query() -> dict:
    operation = current_operation()
    declared = {name: p for (place, name), p in operation.parameters.items() if place == "query"}
    values, errors = {}, []
    for name, given in request.args.lists():
        if name not in declared:
            errors.append({"field": name, "message": "Unknown parameter."})
        elif len(given) > 1:
            errors.append({"field": name, "message": "May be given once."})
        else:
            values[name] = _coerce(given[0], declared[name]["schema"])
    for name, value in values.items():
        errors += _check_parameter(name, declared[name]["schema"], value)
    if errors:
        raise BadRequest("One or more parameters are not valid.", errors)
    for name, parameter in declared.items():
        if "default" in parameter["schema"]:
            values.setdefault(name, parameter["schema"]["default"])
    return values


def read_header(name: str) -> str:
    """A header that the operation requires."""
    schema = current_operation().parameters[("header", name)]["schema"]
    value = request.headers.get(name)
    if value is None:
        raise BadRequest(f"The header {name} is required.")
    errors = _check_parameter(name, schema, value)
    if errors:
        raise BadRequest("One or more headers are not valid.", errors)
    return value


def _check_parameter(name: str, schema: dict, value) -> list[dict]:
    found = current_app.extensions["crm.contract"].check(schema, value)
    return [{"field": name, "message": error["message"]} for error in found]


def _coerce(text: str, schema: dict):
    if schema["type"] == "integer" and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if schema["type"] == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not JSON")
