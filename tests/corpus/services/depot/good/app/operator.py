"""Makes the first client with the scope admin: `python -m app.operator LABEL`."""

import sys

from app.database import pool, transaction
from app.oauth import new_client


def main(arguments: list[str]) -> int:
    """Print the key and the secret once."""
    if len(arguments) != 1 or not 1 <= len(arguments[0]) <= 80:
        print("usage: python -m app.operator LABEL", file=sys.stderr)
        return 2
    with pool(), transaction() as db:
        made = new_client(db, arguments[0], ["admin", "stock:read", "stock:write"])
    sys.stdout.write(f"{made['client_key']}\n{made['client_secret']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
