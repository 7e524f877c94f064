"""`python -m app.operator EMAIL`: makes somebody of the staff."""

import getpass
import sys

from app.database import pool, transaction
from app.security import hasher


def main() -> None:
    """Ask for a password and write the row."""
    email, password = sys.argv[1].lower(), getpass.getpass()
    with transaction() as db:
        db.execute(
            "INSERT INTO customers (email, name, role, password_hash) VALUES (%s, %s, 'staff', %s)",
            (email, "Staff", hasher.hash(password)),
        )
    pool().close()


if __name__ == "__main__":
    main()
