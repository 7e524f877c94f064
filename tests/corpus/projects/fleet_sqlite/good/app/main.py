from fastapi import APIRouter, FastAPI

from app import contract, errors
from app.api import fleet, operations, records, sessions, workshop
from app.config import Settings, get_settings
from app.database import Sessions, make_engine

DESCRIPTION = """\
Vehicles, drivers and trips of a fleet, its workshop, its costs and its paperwork.

People log in with `logIn` and carry the session cookie; machines send `X-API-Key`. Both have roles:
viewers read, dispatchers run drivers, assignments, trips and fuel, mechanics run the workshop,
administrators do everything.

Lists are paged: pass `nextCursor` as `cursor` until it is null. Money is in minor units, instants
are UTC to the second.
"""

TAGS = [
    {"name": "Sessions", "description": "Logging in and out."},
    {"name": "Depots", "description": "Where vehicles and drivers are based."},
    {"name": "Vehicles", "description": "The fleet."},
    {"name": "Drivers", "description": "People who drive, and their licences."},
    {"name": "Assignments", "description": "Who has which vehicle, and when."},
    {"name": "Trips", "description": "Journeys, from key to key."},
    {"name": "Costs", "description": "Fuel and all other money spent on a vehicle."},
    {"name": "Workshop", "description": "Inspections, defects, services and parts."},
    {"name": "Records", "description": "Documents and reminders."},
]


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or get_settings()
    app = FastAPI(
        title="Fleet API",
        version="2.1.0",
        summary="A vehicle fleet and its running.",
        description=DESCRIPTION,
        contact={"name": "Fleet systems", "email": "systems@fleet.example"},
        license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
        servers=[
            {"url": "https://fleet.example", "description": "Production"},
            {"url": "http://localhost:8000", "description": "Local development"},
        ],
        openapi_tags=TAGS,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.sessions = Sessions(make_engine(settings.database_url))
    errors.install(app)

    v1 = APIRouter(prefix="/v1")
    for module in (sessions, fleet, operations, workshop, records):
        v1.include_router(module.router)
    app.include_router(v1)
    contract.install(app)
    return app
