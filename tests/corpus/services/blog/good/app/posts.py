"""Posts, their tags and likes."""

import json
import sqlite3
from typing import Any

from app.access import User
from app.database import moment, writing
from app.problems import Refusal, not_found
from app.schemas import Order, PostEdit, PostInput, Role, Status

_SELECT = """
SELECT p.id, p.slug, p.title, p.body, p.status, p.revision, p.like_count, p.created_at, p.published_at,
       p.author_id, u.handle AS author,
       (SELECT json_group_array(t.name) FROM post_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.post_id = p.id)
           AS tags
FROM posts p JOIN users u ON u.id = p.author_id
"""
_VISIBLE = "(p.status = 'published' OR p.author_id = :viewer OR (p.status = 'hidden' AND :moderator))"
_ORDER = {
    Order.NEWEST: "p.created_at DESC, p.id DESC",
    Order.OLDEST: "p.created_at, p.id",
    Order.LIKED: "p.like_count DESC, p.id DESC",
}


def _viewer(user: User | None) -> dict[str, int]:
    """The parameters of `_VISIBLE`: drafts are their author's, hidden posts also the moderators'."""
    return {"viewer": user.id if user else 0, "moderator": int(user is not None and user.role is Role.MODERATOR)}


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {**dict(row), "tags": sorted(json.loads(row["tags"]))}


def listed(
    db: sqlite3.Connection,
    user: User | None,
    *,
    filters: dict[str, str | None],
    order: Order,
    page: int,
    per_page: int,
) -> tuple[list[dict[str, Any]], int]:
    """One page of the posts that the viewer may see, and how many there are."""
    where = [_VISIBLE]
    if filters.get("status"):
        where.append("p.status = :status")
    if filters.get("author"):
        where.append("u.handle = :author")
    if filters.get("tag"):
        where.append(
            "EXISTS (SELECT 1 FROM post_tags pt JOIN tags t ON t.id = pt.tag_id"
            " WHERE pt.post_id = p.id AND t.name = :tag)"
        )
    condition = " AND ".join(where)
    values = {**_viewer(user), **filters, "limit": per_page, "offset": (page - 1) * per_page}
    total = db.execute(
        f"SELECT count(*) FROM posts p JOIN users u ON u.id = p.author_id WHERE {condition}",  # noqa: S608 - fixed parts
        values,
    ).fetchone()[0]
    rows = db.execute(f"{_SELECT} WHERE {condition} ORDER BY {_ORDER[order]} LIMIT :limit OFFSET :offset", values)
    return [_shown(row) for row in rows], total


def seen(db: sqlite3.Connection, user: User | None, post_id: int) -> dict[str, Any]:
    """A post that the viewer may see, or 404."""
    row = db.execute(f"{_SELECT} WHERE p.id = :id AND {_VISIBLE}", {"id": post_id, **_viewer(user)}).fetchone()
    if row is None:
        raise not_found("post")
    return _shown(row)


def _owned(db: sqlite3.Connection, user: User, post_id: int) -> dict[str, Any]:
    """The user's own post: 404 where it is not to be seen, 403 where it is somebody else's."""
    post = seen(db, user, post_id)
    if post["author_id"] != user.id:
        raise Refusal(403, "Only its author may change a post.")
    return post


def _set_tags(db: sqlite3.Connection, post_id: int, tags: list[str]) -> None:
    names = [(name,) for name in sorted(set(tags))]
    db.execute("DELETE FROM post_tags WHERE post_id = ?", (post_id,))
    db.executemany("INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING", names)
    db.executemany(
        "INSERT INTO post_tags (post_id, tag_id) SELECT ?, id FROM tags WHERE name = ?",
        [(post_id, name) for (name,) in names],
    )


def create(db: sqlite3.Connection, user: User, given: PostInput) -> dict[str, Any]:
    """A new draft."""
    with writing(db):
        made = db.execute(
            "INSERT INTO posts (author_id, slug, title, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (slug) DO NOTHING RETURNING id",
            (user.id, given.slug, given.title, given.body),
        ).fetchone()
        if made is None:
            raise Refusal(409, "This slug is taken.")
        _set_tags(db, made["id"], given.tags)
        return seen(db, user, made["id"])


def edit(db: sqlite3.Connection, user: User, post_id: int, given: PostEdit) -> dict[str, Any]:
    """Change a post, unless somebody changed it since it was read."""
    with writing(db):
        post = _owned(db, user, post_id)
        if post["status"] == Status.HIDDEN:
            raise Refusal(409, "A hidden post cannot be edited.")
        if post["revision"] != given.revision:
            raise Refusal(409, "The post has changed since you read it.")
        db.execute(
            "UPDATE posts SET title = coalesce(?, title), body = coalesce(?, body), revision = revision + 1"
            " WHERE id = ? AND author_id = ? AND revision = ?",
            (given.title, given.body, post_id, user.id, given.revision),
        )
        if given.tags is not None:
            _set_tags(db, post_id, given.tags)
        return seen(db, user, post_id)


def publish(db: sqlite3.Connection, user: User, post_id: int) -> dict[str, Any]:
    """Show a draft to everybody; once."""
    with writing(db):
        post = _owned(db, user, post_id)
        if post["status"] != Status.DRAFT:
            raise Refusal(409, "Only a draft can be published.")
        db.execute(
            "UPDATE posts SET status = 'published', published_at = ? WHERE id = ? AND author_id = ?",
            (moment(), post_id, user.id),
        )
        return seen(db, user, post_id)


def delete(db: sqlite3.Connection, user: User, post_id: int) -> None:
    """Delete a draft; what was published stays."""
    with writing(db):
        post = _owned(db, user, post_id)
        if post["status"] != Status.DRAFT:
            raise Refusal(409, "Only a draft can be deleted.")
        db.execute("DELETE FROM posts WHERE id = ? AND author_id = ?", (post_id, user.id))


def moderate(db: sqlite3.Connection, user: User, post_id: int, hidden: bool) -> dict[str, Any]:
    """Hide a published post, or show it again."""
    with writing(db):
        post = seen(db, user, post_id)
        if post["status"] == Status.DRAFT:
            raise Refusal(409, "A draft cannot be moderated.")
        status = Status.HIDDEN if hidden else Status.PUBLISHED
        db.execute("UPDATE posts SET status = ? WHERE id = ?", (status.value, post_id))
        return seen(db, user, post_id)


def like(db: sqlite3.Connection, user: User, post_id: int, wanted: bool) -> int:
    """Like a published post or take it back; the count follows the rows. The new count."""
    with writing(db):
        if seen(db, user, post_id)["status"] != Status.PUBLISHED:
            raise Refusal(409, "Only a published post can be liked.")
        if wanted:
            changed = db.execute(
                "INSERT INTO likes (post_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", (post_id, user.id)
            ).rowcount
        else:
            changed = -db.execute("DELETE FROM likes WHERE post_id = ? AND user_id = ?", (post_id, user.id)).rowcount
        row = db.execute(
            "UPDATE posts SET like_count = like_count + ? WHERE id = ? RETURNING like_count", (changed, post_id)
        ).fetchone()
    return int(row["like_count"])
