"""The routes that Python code declares, whatever the framework: FastAPI, Flask, Django, REST framework."""

from __future__ import annotations

from evaluators.code import routes_django, routes_fastapi, routes_flask
from evaluators.code.depends import Dependencies
from evaluators.code.module import Module
from evaluators.code.route import METHODS, Route, status_of
from evaluators.code.tools import Tools, tools_for

__all__ = ["METHODS", "Dependencies", "Route", "of", "status_of"]


_FLASK = ("flask", "flask_restful", "flask_smorest", "apiflask", "quart", "flask_openapi3")


def of(modules: tuple[Module, ...], tools: Tools | None = None) -> tuple[Route, ...]:
    """Every route of the modules, sorted by path and method."""
    tools = tools or tools_for(modules)
    tops = {each.module.partition(".")[0] for module in modules for each in module.imports}
    found = routes_fastapi.of(modules, tools)
    if any(top in tops for top in _FLASK):
        found.extend(routes_flask.of(modules, tools))
    if tops & {"django", "rest_framework", "ninja"}:
        found.extend(routes_django.of(modules, tools))
    return tuple(sorted(found, key=lambda route: (route.path, route.method, route.at)))
