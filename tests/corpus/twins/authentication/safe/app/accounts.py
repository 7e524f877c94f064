"""Accounts, logins and passwords."""

import logging
import sqlite3

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from app.guard import User
from app.schemas import Account, Login, PasswordChange, Refresh, Registration, Reset, Tokens, Told
from app.store import Db, access_token, hashed, keyed, moment, new_salt, refresh_token, right

log = logging.getLogger("notes.accounts")
mail = logging.getLogger("notes.mail")
router = APIRouter()
FAILURES = 8
REFUSED = {401: {"description": "Refused."}}


def made(db: sqlite3.Connection, given: Registration) -> Account:
    """A new account."""
    salt = new_salt()
    try:
        row = db.execute(
            "INSERT INTO users (email, display_name, password_salt, password_hash) VALUES (?, ?, ?, ?) RETURNING *",
            (given.email, given.display_name, salt, hashed(given.password, salt)),
        ).fetchone()
    except sqlite3.IntegrityError:
        raise HTTPException(409, "The address is taken.") from None
    return Account(id=row["id"], email=row["email"], display_name=row["display_name"])


@router.post("/users", status_code=201, responses={409: {"description": "The address is taken."}})
def register(db: Db, given: Registration) -> Account:
    """Make an account."""
    account = made(db, given)
    log.info("Account %s was made", account.id)
    return account


@router.post("/login", responses={**REFUSED, 429: {"description": "Too many attempts."}})
def login(db: Db, given: Login) -> Tokens:
    """Get an access token and a refresh token."""
    address = keyed(given.email)
    count = db.execute(
        "INSERT INTO attempts (email_key, failures) VALUES (?, 1)"
        " ON CONFLICT (email_key) DO UPDATE SET failures = min(failures + 1, 1000) RETURNING failures",
        (address,),
    ).fetchone()
    if count["failures"] > FAILURES:
        raise HTTPException(429, "Too many attempts.")
    user = db.execute("SELECT * FROM users WHERE email = ? AND disabled_at IS NULL", (given.email,)).fetchone()
    if not right(given.password, user):
        raise HTTPException(401, "The address or the password is wrong.")
    db.execute("DELETE FROM attempts WHERE email_key = ?", (address,))
    log.info("Account %s logged in", user["id"])
    return Tokens(access_token=access_token(user), refresh_token=refresh_token(db, user["id"]))


@router.post("/tokens", responses=REFUSED)
def renew(db: Db, given: Refresh) -> Tokens:
    """Change a refresh token for new tokens."""
    found = db.execute(
        "DELETE FROM refresh_tokens WHERE token_key = ? RETURNING user_id, expires_at", (keyed(given.refresh_token),)
    ).fetchone()
    if found is None or found["expires_at"] <= moment():
        raise HTTPException(401, "The refresh token is not valid.")
    user = db.execute("SELECT * FROM users WHERE id = ?", (found["user_id"],)).fetchone()
    return Tokens(access_token=access_token(user), refresh_token=refresh_token(db, user["id"]))


@router.post("/logout", status_code=204)
def logout(db: Db, given: Refresh) -> Response:
    """End a refresh token."""
    db.execute("DELETE FROM refresh_tokens WHERE token_key = ?", (keyed(given.refresh_token),))
    return Response(status_code=204)


@router.post("/resets", status_code=202)
def reset(db: Db, given: Reset) -> Told:
    """Ask for a new password by mail."""
    if db.execute("SELECT 1 FROM users WHERE email = ?", (given.email,)).fetchone():
        mail.info("Mail to %s: call us to get a new password", given.email)
    return Told(message="If the address has an account, a mail is on its way.")


@router.get("/me", responses=REFUSED)
def me(user: User) -> Account:
    """One's own account."""
    return Account(id=user["id"], email=user["email"], display_name=user["display_name"])


@router.put("/me/password", status_code=204, responses={**REFUSED, 403: {"description": "Wrong password."}})
def change_password(db: Db, user: User, given: PasswordChange) -> Response:
    """Change the password; all tokens end."""
    if not right(given.old_password, user):
        raise HTTPException(403, "The old password is wrong.")
    salt = new_salt()
    db.execute(
        "UPDATE users SET password_salt = ?, password_hash = ?, token_version = token_version + 1 WHERE id = ?",
        (salt, hashed(given.new_password, salt), user["id"]),
    )
    db.execute("DELETE FROM refresh_tokens WHERE user_id = ?", (user["id"],))
    return Response(status_code=204)


@router.post("/me/guests", status_code=201, responses={**REFUSED, 409: {"description": "The address is taken."}})
def invite(db: Db, user: User, given: Registration) -> Account:
    """Make an account for somebody else."""
    account = made(db, given)
    log.info("Account %s was made by account %s", account.id, user["id"])
    return account
