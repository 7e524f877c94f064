"""Makes a registered user an administrator: `python -m app.promote ADDRESS`."""

import sys

from sqlalchemy import update

from app.db import unit
from app.tables import User


def main(arguments: list[str]) -> int:
    """Exit code 0, 1 if nobody has the address, 2 for wrong use."""
    if len(arguments) != 1:
        print("usage: python -m app.promote ADDRESS", file=sys.stderr)
        return 2
    with unit() as session:
        changed = session.scalar(
            update(User).where(User.email == arguments[0].lower()).values(role="admin").returning(User.id)
        )
    return 0 if changed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
