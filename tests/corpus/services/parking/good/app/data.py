"""Data access: statements with bound parameters, nothing else."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from app.identity import Identity
from app.tables import (
    ApiKeyRow,
    FineRow,
    GarageRow,
    PaymentRow,
    PermitRow,
    StayRow,
    TariffRow,
    UserRow,
    VehicleRow,
)

OwnedT = TypeVar("OwnedT", PermitRow, StayRow, FineRow, PaymentRow)


def ping(session: Session) -> None:
    """Ask the database something that needs the schema."""
    session.exec(select(UserRow.id).limit(1)).first()


def key_owner(session: Session, key_hash: str, now: str) -> Identity | None:
    """Find the user of a key that counts."""
    statement = select(UserRow.id, UserRow.role).where(
        col(ApiKeyRow.user_id) == col(UserRow.id),
        col(ApiKeyRow.key_hash) == key_hash,
        col(ApiKeyRow.revoked_at).is_(None),
        col(ApiKeyRow.expires_at) > now,
    )
    found = session.exec(statement).first()
    if found is None or found[0] is None:
        return None
    return Identity(user_id=found[0], role=found[1])


def find_garage(session: Session, garage_id: int) -> GarageRow | None:
    """Find a garage."""
    statement = select(GarageRow).where(col(GarageRow.id) == garage_id)
    return session.exec(statement).first()


def find_garage_by_name(session: Session, name: str) -> GarageRow | None:
    """Find the garage that has a name."""
    statement = select(GarageRow).where(col(GarageRow.name) == name)
    return session.exec(statement).first()


def page_garages(
    session: Session, limit: int, offset: int
) -> Sequence[GarageRow]:
    """Read one page of garages."""
    statement = (
        select(GarageRow)
        .order_by(col(GarageRow.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.exec(statement).all()


def garage_is_used(session: Session, garage_id: int) -> bool:
    """Tell whether anything refers to a garage."""
    statements: tuple[Any, ...] = (
        select(TariffRow.id).where(col(TariffRow.garage_id) == garage_id),
        select(PermitRow.id).where(col(PermitRow.garage_id) == garage_id),
        select(StayRow.id).where(col(StayRow.garage_id) == garage_id),
        select(FineRow.id).where(col(FineRow.garage_id) == garage_id),
    )
    return any(
        session.exec(statement.limit(1)).first() is not None
        for statement in statements
    )


def find_tariff(session: Session, tariff_id: int) -> TariffRow | None:
    """Find a tariff."""
    statement = select(TariffRow).where(col(TariffRow.id) == tariff_id)
    return session.exec(statement).first()


def find_tariff_by_name(
    session: Session, garage_id: int, name: str
) -> TariffRow | None:
    """Find the tariff of a garage that has a name."""
    statement = select(TariffRow).where(
        col(TariffRow.garage_id) == garage_id, col(TariffRow.name) == name
    )
    return session.exec(statement).first()


def active_tariff(session: Session, garage_id: int) -> TariffRow | None:
    """Find the tariff in force in a garage."""
    statement = select(TariffRow).where(
        col(TariffRow.garage_id) == garage_id,
        col(TariffRow.status) == "active",
    )
    return session.exec(statement).first()


def page_tariffs(
    session: Session, garage_id: int, limit: int, offset: int
) -> Sequence[TariffRow]:
    """Read one page of a garage's tariffs."""
    statement = (
        select(TariffRow)
        .where(col(TariffRow.garage_id) == garage_id)
        .order_by(col(TariffRow.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.exec(statement).all()


def find_vehicle(
    session: Session, vehicle_id: int, caller: Identity
) -> VehicleRow | None:
    """Find a vehicle that exists for the caller."""
    statement = select(VehicleRow).where(col(VehicleRow.id) == vehicle_id)
    if not caller.is_operator:
        statement = statement.where(col(VehicleRow.owner_id) == caller.user_id)
    return session.exec(statement).first()


def find_vehicle_by_plate(
    session: Session, country_code: str, plate: str
) -> VehicleRow | None:
    """Find the vehicle that has a plate."""
    statement = select(VehicleRow).where(
        col(VehicleRow.country_code) == country_code,
        col(VehicleRow.plate) == plate,
    )
    return session.exec(statement).first()


def page_vehicles(
    session: Session, caller: Identity, limit: int, offset: int
) -> Sequence[VehicleRow]:
    """Read one page of the vehicles that exist for the caller."""
    statement = select(VehicleRow)
    if not caller.is_operator:
        statement = statement.where(col(VehicleRow.owner_id) == caller.user_id)
    statement = (
        statement.order_by(col(VehicleRow.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.exec(statement).all()


def vehicle_is_used(session: Session, vehicle_id: int) -> bool:
    """Tell whether anything refers to a vehicle."""
    statements: tuple[Any, ...] = (
        select(PermitRow.id).where(col(PermitRow.vehicle_id) == vehicle_id),
        select(StayRow.id).where(col(StayRow.vehicle_id) == vehicle_id),
        select(FineRow.id).where(col(FineRow.vehicle_id) == vehicle_id),
        select(PaymentRow.id).where(col(PaymentRow.vehicle_id) == vehicle_id),
    )
    return any(
        session.exec(statement.limit(1)).first() is not None
        for statement in statements
    )


def _of_caller(statement: Any, vehicle_id: Any, caller: Identity) -> Any:
    if caller.is_operator:
        return statement
    own = select(VehicleRow.id).where(
        col(VehicleRow.owner_id) == caller.user_id
    )
    return statement.where(vehicle_id.in_(own))


def find_owned(
    session: Session, table: type[OwnedT], row_id: int, caller: Identity
) -> OwnedT | None:
    """Find a row whose vehicle exists for the caller."""
    statement = _of_caller(
        select(table).where(col(table.id) == row_id),
        col(table.vehicle_id),
        caller,
    )
    row: OwnedT | None = session.exec(statement).first()
    return row


def page_owned(
    session: Session,
    table: type[OwnedT],
    caller: Identity,
    vehicle_id: int | None,
    limit: int,
    offset: int,
) -> Sequence[OwnedT]:
    """Read one page of rows whose vehicles exist for the caller."""
    statement = _of_caller(select(table), col(table.vehicle_id), caller)
    if vehicle_id is not None:
        statement = statement.where(col(table.vehicle_id) == vehicle_id)
    statement = (
        statement.order_by(col(table.id).desc()).limit(limit).offset(offset)
    )
    rows: Sequence[OwnedT] = session.exec(statement).all()
    return rows


def active_permit(
    session: Session, vehicle_id: int, garage_id: int, month: str
) -> PermitRow | None:
    """Find the active permit of a vehicle, a garage and a month."""
    statement = select(PermitRow).where(
        col(PermitRow.vehicle_id) == vehicle_id,
        col(PermitRow.garage_id) == garage_id,
        col(PermitRow.month) == month,
        col(PermitRow.status) == "active",
    )
    return session.exec(statement).first()


def permits_between(
    session: Session,
    vehicle_id: int,
    garage_id: int,
    first_month: str,
    last_month: str,
) -> list[tuple[str, str | None]]:
    """Read month and revocation of the permits that may cover a stay."""
    statement = select(PermitRow.month, PermitRow.revoked_at).where(
        col(PermitRow.vehicle_id) == vehicle_id,
        col(PermitRow.garage_id) == garage_id,
        col(PermitRow.month) >= first_month,
        col(PermitRow.month) <= last_month,
    )
    return [(row[0], row[1]) for row in session.exec(statement).all()]


def active_stay(session: Session, vehicle_id: int) -> StayRow | None:
    """Find the active session of a vehicle."""
    statement = select(StayRow).where(
        col(StayRow.vehicle_id) == vehicle_id,
        col(StayRow.status) == "active",
    )
    return session.exec(statement).first()


def find_stay_with_terms(
    session: Session, stay_id: int, caller: Identity
) -> tuple[StayRow, GarageRow, TariffRow] | None:
    """Find a session with its garage and its own tariff, in one statement."""
    statement = _of_caller(
        select(StayRow, GarageRow, TariffRow).where(
            col(StayRow.id) == stay_id,
            col(GarageRow.id) == col(StayRow.garage_id),
            col(TariffRow.id) == col(StayRow.tariff_id),
        ),
        col(StayRow.vehicle_id),
        caller,
    )
    found = session.exec(statement).first()
    if found is None:
        return None
    return found[0], found[1], found[2]


def find_fine_by_notice(session: Session, number: str) -> FineRow | None:
    """Find the fine that has a notice number."""
    statement = select(FineRow).where(col(FineRow.notice_number) == number)
    return session.exec(statement).first()
