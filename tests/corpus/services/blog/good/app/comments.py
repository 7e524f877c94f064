"""Comments on published posts."""

import sqlite3

from app.access import User
from app.database import writing
from app.posts import seen
from app.problems import Refusal, not_found
from app.schemas import Role, Status

_SELECT = """
SELECT c.id, c.post_id, u.handle AS author, c.body, c.created_at
FROM comments c JOIN users u ON u.id = c.author_id
"""


def listed(
    db: sqlite3.Connection, user: User | None, post_id: int, page: int, per_page: int
) -> tuple[list[sqlite3.Row], int]:
    """One page of a post's comments, oldest first, and how many there are."""
    seen(db, user, post_id)
    total = db.execute("SELECT count(*) FROM comments WHERE post_id = ?", (post_id,)).fetchone()[0]
    rows = db.execute(
        f"{_SELECT} WHERE c.post_id = ? ORDER BY c.id LIMIT ? OFFSET ?", (post_id, per_page, (page - 1) * per_page)
    )
    return rows.fetchall(), total


def create(db: sqlite3.Connection, user: User, post_id: int, body: str) -> sqlite3.Row:
    """A new comment."""
    with writing(db):
        if seen(db, user, post_id)["status"] != Status.PUBLISHED:
            raise Refusal(409, "Only a published post can be commented on.")
        made = db.execute(
            "INSERT INTO comments (post_id, author_id, body) VALUES (?, ?, ?) RETURNING id", (post_id, user.id, body)
        ).fetchone()
        row: sqlite3.Row = db.execute(f"{_SELECT} WHERE c.id = ?", (made["id"],)).fetchone()
        return row


def delete(db: sqlite3.Connection, user: User, comment_id: int) -> None:
    """Delete one's own comment, or as a moderator any."""
    with writing(db):
        row = db.execute("SELECT author_id, post_id FROM comments WHERE id = ?", (comment_id,)).fetchone()
        if row is None:
            raise not_found("comment")
        if row["author_id"] != user.id and user.role is not Role.MODERATOR:
            # Who may not see the post learns nothing of its comments.
            seen(db, user, row["post_id"])
            raise Refusal(403, "Only its author or a moderator may delete a comment.")
        db.execute("DELETE FROM comments WHERE id = ?", (comment_id,))
