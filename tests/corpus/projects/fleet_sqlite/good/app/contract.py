"""What FastAPI generates, tidied: openapi.json is read by people and by generators."""

from typing import Any

from fastapi import FastAPI

METHODS = {"get", "post", "put", "patch", "delete"}


def tidy_schema(schema: Any, *, keep_title: bool = False) -> Any:
    """Drop the titles that only repeat a property's name, write whole bounds as integers, and
    name the format of integers."""
    if isinstance(schema, list):
        return [tidy_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tidied: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str) and not keep_title:
            continue
        if key in ("minimum", "maximum") and isinstance(value, float) and value.is_integer():
            value = int(value)
        if key == "properties":
            value = {name: tidy_schema(part) for name, part in value.items()}
        elif key not in ("example", "examples", "default", "enum", "const"):
            value = tidy_schema(value)
        tidied[key] = value
    if schema.get("type") == "integer":
        tidied["format"] = "int64"
    return tidied


def tidy(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: tidy_schema(schemas[name]) for name in sorted(schemas)}
    for item in document["paths"].values():
        for method in METHODS & item.keys():
            operation = item[method]
            operation.setdefault("security", [])
            for parameter in operation.get("parameters", []):
                parameter["schema"] = tidy_schema(parameter["schema"])
                # FastAPI repeats the parameter's description inside the schema.
                parameter["schema"].pop("description", None)
    return document


def install(app: FastAPI) -> None:
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = tidy(generate())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
