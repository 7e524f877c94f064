"""Create a user and an API key, and print the key once.

python -m app.issue_key --name NAME --role ROLE
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app import clock
from app.database import Database, get_database
from app.security import digest, new_key
from app.tables import ApiKeyRow, UserRow

KEY_LIFE = timedelta(days=365)
NAME = re.compile(r"[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?")
MAX_NAME = 100


def display_name(text: str) -> str:
    """Accept 1 to 100 characters without control characters."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("not valid text") from None
    if len(text) > MAX_NAME or NAME.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            "1 to 100 characters, no control characters, no space at the ends"
        )
    return text


def issue(db: Database, name: str, role: str) -> str:
    """Create the user and the key in one transaction."""
    key = new_key()
    present = datetime.now(UTC)
    with db.write() as session:
        user = UserRow(
            display_name=name, role=role, created_at=clock.to_text(present)
        )
        session.add(user)
        session.flush()
        session.add(
            ApiKeyRow(
                user_id=user.id,
                key_hash=digest(key),
                created_at=clock.to_text(present),
                expires_at=clock.to_text(present + KEY_LIFE),
                revoked_at=None,
            )
        )
        session.flush()
    return key


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m app.issue_key")
    parser.add_argument("--name", required=True, type=display_name)
    parser.add_argument(
        "--role", required=True, choices=["driver", "operator"]
    )
    options = parser.parse_args(arguments)
    key = issue(get_database(), options.name, options.role)
    sys.stdout.write(key + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
