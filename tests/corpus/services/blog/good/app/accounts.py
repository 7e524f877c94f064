"""Accounts: registration, verification of the address, login with a limit, roles."""

import logging
import sqlite3
from datetime import timedelta

from app.database import moment, writing
from app.problems import Refusal, not_found
from app.schemas import Credentials, Registration, Role
from app.settings import get_settings
from app.tokens import hash_password, keyed, new_token, password_matches

mail = logging.getLogger("blog.mail")


def register(db: sqlite3.Connection, wanted: Registration) -> None:
    """Make an account that must be verified. An address that is taken is told to its owner, not to the caller."""
    hashed = hash_password(wanted.password)
    token = new_token()
    email = wanted.email.lower()
    with writing(db):
        if db.execute("SELECT 1 FROM users WHERE handle = ?", (wanted.handle,)).fetchone():
            raise Refusal(409, "This handle is taken.")
        known = db.execute("SELECT 1 FROM users WHERE email = ?", (email,)).fetchone()
        if not known:
            made = db.execute(
                "INSERT INTO users (email, handle, password_hash) VALUES (?, ?, ?) RETURNING id",
                (email, wanted.handle, hashed),
            ).fetchone()
            until = moment(timedelta(hours=get_settings().verification_hours))
            db.execute(
                "INSERT INTO verifications (token_key, user_id, expires_at) VALUES (?, ?, ?)",
                (keyed("verify", token), made["id"], until),
            )
    # The log stands for the mail server until one is set up.
    if known:
        mail.info("Mail to %s: you already have an account here", email)
    else:
        mail.info("Mail to %s: verify at /verify?token=%s", email, token)


def verify(db: sqlite3.Connection, token: str) -> None:
    """Use a link once."""
    with writing(db):
        found = db.execute(
            "DELETE FROM verifications WHERE token_key = ? RETURNING user_id, expires_at", (keyed("verify", token),)
        ).fetchone()
        if found is not None and found["expires_at"] > moment():
            db.execute(
                "UPDATE users SET verified_at = ? WHERE id = ? AND verified_at IS NULL", (moment(), found["user_id"])
            )
            return
    raise Refusal(400, "This link is not valid any more.")


def log_in(db: sqlite3.Connection, given: Credentials) -> str:
    """Check the credentials; the new session's token."""
    email = given.email.lower()
    address = keyed("login", email)
    _count_attempt(db, address)
    user = db.execute("SELECT id, password_hash, verified_at FROM users WHERE email = ?", (email,)).fetchone()
    if not password_matches(given.password, user["password_hash"] if user else None):
        raise Refusal(401, "The address or the password is wrong.")
    if user["verified_at"] is None:
        raise Refusal(403, "Verify your address first: the link is in your mail.")
    token = new_token()
    until = moment(timedelta(hours=get_settings().session_hours))
    with writing(db):
        db.execute("DELETE FROM login_attempts WHERE address_key = ?", (address,))
        db.execute("DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?", (user["id"], moment()))
        db.execute(
            "INSERT INTO sessions (token_key, user_id, expires_at) VALUES (?, ?, ?)",
            (keyed("session", token), user["id"], until),
        )
    return token


def _count_attempt(db: sqlite3.Connection, address: str) -> None:
    """Count before the password is checked, so that attempts at the same time count too."""
    settings = get_settings()
    window = timedelta(minutes=settings.login_window_minutes)
    with writing(db):
        db.execute("DELETE FROM login_attempts WHERE started_at <= ?", (moment(-window),))
        count = db.execute(
            "INSERT INTO login_attempts (address_key, failures, started_at) VALUES (?, 1, ?)"
            " ON CONFLICT (address_key) DO UPDATE SET failures = min(failures + 1, 1000) RETURNING failures",
            (address, moment()),
        ).fetchone()
    if count["failures"] > settings.login_failures:
        wait = {"Retry-After": str(int(window.total_seconds()))}
        raise Refusal(429, "Too many attempts for this address. Try again later.", wait)


def log_out(db: sqlite3.Connection, user_id: int, token: str) -> None:
    """End a session."""
    with writing(db):
        db.execute("DELETE FROM sessions WHERE token_key = ? AND user_id = ?", (keyed("session", token), user_id))


def set_role(db: sqlite3.Connection, moderator_id: int, user_id: int, role: Role) -> sqlite3.Row:
    """Give a user a role; nobody changes their own, so a moderator remains."""
    if moderator_id == user_id:
        raise Refusal(409, "You cannot change your own role.")
    with writing(db):
        row: sqlite3.Row | None = db.execute(
            "UPDATE users SET role = ? WHERE id = ? RETURNING id, handle, role, created_at", (role.value, user_id)
        ).fetchone()
    if row is None:
        raise not_found("user")
    return row
