from __future__ import annotations

from flask import Blueprint, Flask

from app.blueprints import billing, catalog, companies, contacts, deals, tasks


def register_blueprints(app: Flask) -> None:
    v1 = Blueprint("v1", __name__, url_prefix="/v1")
    for module in (companies, contacts, deals, tasks, catalog, billing):
        v1.register_blueprint(module.blueprint)
    app.register_blueprint(v1)
