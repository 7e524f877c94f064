"""Business rules: existence, ownership, permission, state and price.

Every write is one transaction that holds the write lock of the database from
its begin, so what it reads cannot change under it. A refusal is raised inside
the transaction and rolls it back.
"""

from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app import clock, data, pricing
from app.database import Database
from app.errors import Conflict, Forbidden, NotFound, Unavailable
from app.identity import Identity
from app.schemas import (
    FineCreate,
    GarageInput,
    ParkingSessionStart,
    PaymentCreate,
    PermitCreate,
    TariffCreate,
    VehicleCreate,
    VehicleUpdate,
)
from app.tables import (
    FineRow,
    GarageRow,
    PaymentRow,
    PermitRow,
    StayRow,
    TariffRow,
    VehicleRow,
)


def _require_operator(caller: Identity) -> None:
    if not caller.is_operator:
        raise Forbidden


def _garage(session: Session, garage_id: int) -> GarageRow:
    row = data.find_garage(session, garage_id)
    if row is None:
        raise NotFound
    return row


def _vehicle(
    session: Session, vehicle_id: int, caller: Identity
) -> VehicleRow:
    row = data.find_vehicle(session, vehicle_id, caller)
    if row is None:
        raise NotFound
    return row


def _owned(
    session: Session,
    table: type[data.OwnedT],
    row_id: int,
    caller: Identity,
) -> data.OwnedT:
    row = data.find_owned(session, table, row_id, caller)
    if row is None:
        raise NotFound
    return row


def check_health(db: Database) -> None:
    """Ask the database whether the service can work."""
    try:
        with db.read() as session:
            data.ping(session)
    except SQLAlchemyError:
        raise Unavailable from None


def list_garages(
    db: Database, limit: int, offset: int
) -> Sequence[GarageRow]:
    """List garages."""
    with db.read() as session:
        return data.page_garages(session, limit, offset)


def create_garage(
    db: Database, caller: Identity, body: GarageInput
) -> GarageRow:
    """Create a garage."""
    _require_operator(caller)
    with db.write() as session:
        if data.find_garage_by_name(session, body.name) is not None:
            raise Conflict("The name is taken.")
        row = GarageRow(
            name=body.name,
            address=body.address,
            capacity=body.capacity,
            occupied=0,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row


def get_garage(db: Database, garage_id: int) -> GarageRow:
    """Read a garage."""
    with db.read() as session:
        return _garage(session, garage_id)


def replace_garage(
    db: Database, caller: Identity, garage_id: int, body: GarageInput
) -> GarageRow:
    """Replace what an operator sets of a garage."""
    with db.write() as session:
        row = _garage(session, garage_id)
        _require_operator(caller)
        if body.capacity < row.occupied:
            raise Conflict("The capacity is below the present occupancy.")
        namesake = data.find_garage_by_name(session, body.name)
        if namesake is not None and namesake.id != row.id:
            raise Conflict("The name is taken.")
        row.name = body.name
        row.address = body.address
        row.capacity = body.capacity
        session.add(row)
        session.flush()
        return row


def delete_garage(db: Database, caller: Identity, garage_id: int) -> None:
    """Delete a garage that nothing refers to."""
    with db.write() as session:
        row = _garage(session, garage_id)
        _require_operator(caller)
        if data.garage_is_used(session, garage_id):
            raise Conflict("Something refers to the garage.")
        session.delete(row)
        session.flush()


def list_tariffs(
    db: Database, garage_id: int, limit: int, offset: int
) -> Sequence[TariffRow]:
    """List the tariffs of a garage."""
    with db.read() as session:
        _garage(session, garage_id)
        return data.page_tariffs(session, garage_id, limit, offset)


def create_tariff(
    db: Database, caller: Identity, garage_id: int, body: TariffCreate
) -> TariffRow:
    """Put a new tariff in force and retire the former one."""
    with db.write() as session:
        _garage(session, garage_id)
        _require_operator(caller)
        if data.find_tariff_by_name(session, garage_id, body.name) is not None:
            raise Conflict("The name is taken in this garage.")
        former = data.active_tariff(session, garage_id)
        if former is not None:
            former.status = "retired"
            session.add(former)
            # Before the insert: only one tariff may be active at a time.
            session.flush()
        row = TariffRow(
            garage_id=garage_id,
            name=body.name,
            rate_cents_per_hour=body.rate_cents_per_hour,
            day_max_cents=body.day_max_cents,
            free_minutes=body.free_minutes,
            status="active",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row


def get_tariff(db: Database, tariff_id: int) -> TariffRow:
    """Read a tariff."""
    with db.read() as session:
        row = data.find_tariff(session, tariff_id)
        if row is None:
            raise NotFound
        return row


def list_vehicles(
    db: Database, caller: Identity, limit: int, offset: int
) -> Sequence[VehicleRow]:
    """List the vehicles that exist for the caller."""
    with db.read() as session:
        return data.page_vehicles(session, caller, limit, offset)


def create_vehicle(
    db: Database, caller: Identity, body: VehicleCreate
) -> VehicleRow:
    """Register a vehicle for the caller."""
    with db.write() as session:
        taken = data.find_vehicle_by_plate(
            session, body.country_code, body.plate
        )
        if taken is not None:
            raise Conflict("The plate is already registered.")
        row = VehicleRow(
            owner_id=caller.user_id,
            country_code=body.country_code,
            plate=body.plate,
            label=body.label,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row


def get_vehicle(db: Database, caller: Identity, vehicle_id: int) -> VehicleRow:
    """Read a vehicle."""
    with db.read() as session:
        return _vehicle(session, vehicle_id, caller)


def update_vehicle(
    db: Database, caller: Identity, vehicle_id: int, body: VehicleUpdate
) -> VehicleRow:
    """Change the label of a vehicle."""
    with db.write() as session:
        row = _vehicle(session, vehicle_id, caller)
        row.label = body.label
        session.add(row)
        session.flush()
        return row


def delete_vehicle(db: Database, caller: Identity, vehicle_id: int) -> None:
    """Delete a vehicle that nothing refers to."""
    with db.write() as session:
        row = _vehicle(session, vehicle_id, caller)
        if data.vehicle_is_used(session, vehicle_id):
            raise Conflict("Something refers to the vehicle.")
        session.delete(row)
        session.flush()


def list_permits(
    db: Database,
    caller: Identity,
    vehicle_id: int | None,
    limit: int,
    offset: int,
) -> Sequence[PermitRow]:
    """List the permits that exist for the caller."""
    with db.read() as session:
        return data.page_owned(
            session, PermitRow, caller, vehicle_id, limit, offset
        )


def create_permit(
    db: Database, caller: Identity, body: PermitCreate
) -> PermitRow:
    """Grant a permit."""
    with db.write() as session:
        _vehicle(session, body.vehicle_id, caller)
        _garage(session, body.garage_id)
        _require_operator(caller)
        present = data.active_permit(
            session, body.vehicle_id, body.garage_id, body.month
        )
        if present is not None:
            raise Conflict("There is an active permit already.")
        row = PermitRow(
            vehicle_id=body.vehicle_id,
            garage_id=body.garage_id,
            month=body.month,
            status="active",
            created_at=clock.now(),
            revoked_at=None,
        )
        session.add(row)
        session.flush()
        return row


def get_permit(db: Database, caller: Identity, permit_id: int) -> PermitRow:
    """Read a permit."""
    with db.read() as session:
        return _owned(session, PermitRow, permit_id, caller)


def revoke_permit(db: Database, caller: Identity, permit_id: int) -> PermitRow:
    """Revoke an active permit."""
    with db.write() as session:
        row = _owned(session, PermitRow, permit_id, caller)
        _require_operator(caller)
        if row.status != "active":
            raise Conflict("The permit is not active.")
        row.status = "revoked"
        row.revoked_at = clock.now()
        session.add(row)
        session.flush()
        return row


def list_parking_sessions(
    db: Database,
    caller: Identity,
    vehicle_id: int | None,
    limit: int,
    offset: int,
) -> Sequence[StayRow]:
    """List the parking sessions that exist for the caller."""
    with db.read() as session:
        return data.page_owned(
            session, StayRow, caller, vehicle_id, limit, offset
        )


def start_parking_session(
    db: Database, caller: Identity, body: ParkingSessionStart
) -> StayRow:
    """Start a session and take a place."""
    with db.write() as session:
        _vehicle(session, body.vehicle_id, caller)
        garage = _garage(session, body.garage_id)
        tariff = data.active_tariff(session, body.garage_id)
        if tariff is None:
            raise Conflict("The garage has no active tariff.")
        if data.active_stay(session, body.vehicle_id) is not None:
            raise Conflict("The vehicle already has an active session.")
        if garage.occupied >= garage.capacity:
            raise Conflict("The garage is full.")
        row = StayRow(
            vehicle_id=body.vehicle_id,
            garage_id=body.garage_id,
            tariff_id=tariff.id,
            status="active",
            started_at=clock.now(),
            ended_at=None,
            amount_cents=None,
        )
        session.add(row)
        garage.occupied += 1
        session.add(garage)
        session.flush()
        return row


def get_parking_session(
    db: Database, caller: Identity, session_id: int
) -> StayRow:
    """Read a parking session."""
    with db.read() as session:
        return _owned(session, StayRow, session_id, caller)


def end_parking_session(
    db: Database, caller: Identity, session_id: int
) -> StayRow:
    """Price and close a session and free its place."""
    with db.write() as session:
        found = data.find_stay_with_terms(session, session_id, caller)
        if found is None:
            raise NotFound
        row, garage, tariff = found
        if row.status != "active":
            raise Conflict("The session is not active.")
        # The clock may have gone back.
        ended_at = max(clock.now(), row.started_at)
        permits = data.permits_between(
            session,
            row.vehicle_id,
            row.garage_id,
            row.started_at[:7],
            ended_at[:7],
        )
        started = clock.from_text(row.started_at)
        ended = clock.from_text(ended_at)
        stay = int((ended - started).total_seconds())
        amount = pricing.amount_due(
            stay - pricing.covered_seconds(started, ended, permits),
            tariff.rate_cents_per_hour,
            tariff.day_max_cents,
            tariff.free_minutes,
        )
        row.ended_at = ended_at
        row.amount_cents = amount
        row.status = "unpaid" if amount > 0 else "settled"
        session.add(row)
        garage.occupied = max(garage.occupied - 1, 0)
        session.add(garage)
        session.flush()
        return row


def pay_parking_session(
    db: Database, caller: Identity, session_id: int, body: PaymentCreate
) -> PaymentRow:
    """Record the payment of an unpaid session."""
    with db.write() as session:
        row = _owned(session, StayRow, session_id, caller)
        _require_operator(caller)
        if row.status != "unpaid":
            raise Conflict("The session is not unpaid.")
        payment = PaymentRow(
            vehicle_id=row.vehicle_id,
            session_id=row.id,
            fine_id=None,
            recorded_by=caller.user_id,
            method=body.method,
            amount_cents=row.amount_cents,
            paid_at=clock.now(),
        )
        session.add(payment)
        row.status = "settled"
        session.add(row)
        session.flush()
        return payment


def list_fines(
    db: Database,
    caller: Identity,
    vehicle_id: int | None,
    limit: int,
    offset: int,
) -> Sequence[FineRow]:
    """List the fines that exist for the caller."""
    with db.read() as session:
        return data.page_owned(
            session, FineRow, caller, vehicle_id, limit, offset
        )


def create_fine(db: Database, caller: Identity, body: FineCreate) -> FineRow:
    """Issue a fine."""
    with db.write() as session:
        _vehicle(session, body.vehicle_id, caller)
        _garage(session, body.garage_id)
        _require_operator(caller)
        if data.find_fine_by_notice(session, body.notice_number) is not None:
            raise Conflict("The notice number is taken.")
        row = FineRow(
            vehicle_id=body.vehicle_id,
            garage_id=body.garage_id,
            issued_by=caller.user_id,
            notice_number=body.notice_number,
            reason=body.reason,
            amount_cents=body.amount_cents,
            status="open",
            issued_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row


def get_fine(db: Database, caller: Identity, fine_id: int) -> FineRow:
    """Read a fine."""
    with db.read() as session:
        return _owned(session, FineRow, fine_id, caller)


def cancel_fine(db: Database, caller: Identity, fine_id: int) -> FineRow:
    """Cancel an open fine."""
    with db.write() as session:
        row = _owned(session, FineRow, fine_id, caller)
        _require_operator(caller)
        if row.status != "open":
            raise Conflict("The fine is not open.")
        row.status = "cancelled"
        session.add(row)
        session.flush()
        return row


def pay_fine(
    db: Database, caller: Identity, fine_id: int, body: PaymentCreate
) -> PaymentRow:
    """Record the payment of an open fine."""
    with db.write() as session:
        row = _owned(session, FineRow, fine_id, caller)
        _require_operator(caller)
        if row.status != "open":
            raise Conflict("The fine is not open.")
        payment = PaymentRow(
            vehicle_id=row.vehicle_id,
            session_id=None,
            fine_id=row.id,
            recorded_by=caller.user_id,
            method=body.method,
            amount_cents=row.amount_cents,
            paid_at=clock.now(),
        )
        session.add(payment)
        row.status = "paid"
        session.add(row)
        session.flush()
        return payment


def list_payments(
    db: Database,
    caller: Identity,
    vehicle_id: int | None,
    limit: int,
    offset: int,
) -> Sequence[PaymentRow]:
    """List the payments that exist for the caller."""
    with db.read() as session:
        return data.page_owned(
            session, PaymentRow, caller, vehicle_id, limit, offset
        )


def get_payment(db: Database, caller: Identity, payment_id: int) -> PaymentRow:
    """Read a payment."""
    with db.read() as session:
        return _owned(session, PaymentRow, payment_id, caller)
