"""Administration at the machine: people, keys, depots and the parts stock."""

import argparse
import csv
import getpass
import os
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from app.config import get_settings
from app.database import Sessions, make_engine
from app.models import ApiKey, Depot, Part, PartStock, Role, RoleCode, User
from app.security import new_token, password_hasher, token_hash

MIN_PASSWORD_LENGTH = 12


def create_user(sessions: Sessions, args: argparse.Namespace) -> None:
    password = os.environ.get("FLEET_NEW_USER_PASSWORD") or getpass.getpass("Password: ")
    if len(password) < MIN_PASSWORD_LENGTH:
        sys.exit(f"A password has at least {MIN_PASSWORD_LENGTH} characters.")
    with sessions.write() as db, db.begin():
        roles = db.scalars(select(Role).where(Role.code.in_([RoleCode(code) for code in args.role]))).all()
        db.add(
            User(
                email=args.email.lower(),
                display_name=args.name,
                password_hash=password_hasher.hash(password),
                roles=list(roles),
            )
        )


def create_api_key(sessions: Sessions, args: argparse.Namespace) -> None:
    key = new_token()
    with sessions.write() as db, db.begin():
        db.add(ApiKey(name=args.name, key_hash=token_hash(key), role_code=RoleCode(args.role)))
    print(f"X-API-Key: {key}\nIt is not shown again.")


def add_depot(sessions: Sessions, args: argparse.Namespace) -> None:
    with sessions.write() as db, db.begin():
        db.add(Depot(code=args.code.upper(), name=args.name, address=args.address, time_zone=args.time_zone))


def import_stock(sessions: Sessions, args: argparse.Namespace) -> None:
    """CSV with the columns sku, name, unit_price_cents, currency, quantity, reorder_level."""
    with args.file.open(newline="") as file, sessions.write() as db, db.begin():
        depot_id = db.scalars(select(Depot.id).where(Depot.code == args.depot.upper())).one()
        for row in csv.DictReader(file):
            part = insert(Part).values(
                sku=row["sku"].upper(),
                name=row["name"],
                unit_price_cents=int(row["unit_price_cents"]),
                currency=row["currency"],
            )
            part_id = db.scalars(
                part.on_conflict_do_update(
                    index_elements=[Part.sku],
                    set_={
                        "name": part.excluded.name,
                        "unit_price_cents": part.excluded.unit_price_cents,
                        "currency": part.excluded.currency,
                    },
                ).returning(Part.id)
            ).one()
            stock = insert(PartStock).values(
                depot_id=depot_id,
                part_id=part_id,
                quantity=int(row["quantity"]),
                reorder_level=int(row["reorder_level"]),
            )
            db.execute(
                stock.on_conflict_do_update(
                    index_elements=[PartStock.depot_id, PartStock.part_id],
                    set_={"quantity": stock.excluded.quantity, "reorder_level": stock.excluded.reorder_level},
                )
            )


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="python -m app.cli")
    commands = root.add_subparsers(required=True)
    roles = [code.value for code in RoleCode]

    user = commands.add_parser("create-user")
    user.add_argument("email")
    user.add_argument("name")
    user.add_argument("--role", action="append", choices=roles, required=True)
    user.set_defaults(run=create_user)

    key = commands.add_parser("create-api-key")
    key.add_argument("name")
    key.add_argument("--role", choices=roles, required=True)
    key.set_defaults(run=create_api_key)

    depot = commands.add_parser("add-depot")
    for name in ("code", "name", "address", "time_zone"):
        depot.add_argument(name)
    depot.set_defaults(run=add_depot)

    stock = commands.add_parser("import-stock")
    stock.add_argument("depot")
    stock.add_argument("file", type=Path)
    stock.set_defaults(run=import_stock)
    return root


def main(argv: list[str] | None = None) -> None:
    args = parser().parse_args(argv)
    args.run(Sessions(make_engine(get_settings().database_url)), args)


if __name__ == "__main__":
    main()
