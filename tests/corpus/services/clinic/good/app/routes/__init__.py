"""Routes, one module a tag."""

from app.routes import (
    bookings,
    health,
    invoices,
    opening_hours,
    patients,
    practitioners,
    services,
    slots,
    waiting_list,
)

ROUTERS = [
    health.router,
    patients.router,
    practitioners.router,
    services.router,
    opening_hours.router,
    slots.router,
    bookings.router,
    waiting_list.router,
    invoices.router,
]
