"""Webhooks: who may be called, and the calls.

`WEBHOOK_HOSTS` (names, comma-separated) allows these hosts only; without it any
public host is allowed. What a name resolves to is looked at for each call, and
the call goes to the very address that was looked at.
"""

import hashlib
import hmac
import json
import os
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any

import anyio
import httpx
from anyio import to_thread
from fastapi import APIRouter, Depends
from sqlalchemy import delete, func, insert, select

from app import schemas
from app.accounts import User, secret
from app.faults import Fault, faults, gone
from app.rooms import own
from app.store import reading, webhooks, writing
from app.transport import json_only

router = APIRouter(prefix="/rooms/{room_id}/webhooks", tags=["webhooks"])
MAX_WEBHOOKS = 5
HTTPS = 443
CALL_SECONDS = 5.0
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, also when it is wrapped in an IPv6 address."""
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address.sixtofour is not None or address.teredo is not None or text.lower().startswith("64:ff9b:"):
            return False
    return address.is_global and not address.is_multicast


def host_of(url: str) -> str:
    """The host of a URL that may be called. Raises Fault (422)."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise Fault(422, "The URL is invalid.") from None
    host = parsed.host.rstrip(".").lower()
    if parsed.scheme != "https" or parsed.userinfo or (parsed.port or HTTPS) != HTTPS or not host:
        raise Fault(422, "The URL must be https, without a user and on the usual port.")
    allowed = [name.strip().lower() for name in os.environ.get("WEBHOOK_HOSTS", "").split(",") if name.strip()]
    if allowed and host not in allowed:
        raise Fault(422, "The host is not allowed.")
    try:
        public = is_public(host)
    except ValueError:
        public = "." in host and not host.endswith(LOCAL_ENDINGS)
    if not public:
        raise Fault(422, "The host is not public.")
    return host


def signing_key(webhook_id: int) -> str:
    """The key with which a webhook's calls are signed."""
    return hmac.new(secret().encode(), f"webhook:{webhook_id}".encode(), hashlib.sha256).hexdigest()


async def _address(host: str) -> str | None:
    """A public address of a host; None if there is none, or any of them is not public."""
    try:
        found = await to_thread.run_sync(lambda: socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM))
    except OSError:
        return None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    return addresses[0] if addresses and all(is_public(each) for each in addresses) else None


async def call(url: str, key: str, message: dict[str, Any]) -> None:
    """Send a message to one webhook; what goes wrong there does not concern the room."""
    try:
        host = host_of(url)
    except Fault:
        return
    with anyio.move_on_after(CALL_SECONDS):
        address = await _address(host)
        if address is None:
            return
        content = json.dumps({"event": "message", "message": message}).encode()
        signature = hmac.new(key.encode(), content, hashlib.sha256).hexdigest()
        headers = {"Host": host, "Content-Type": "application/json", "X-Signature": signature}
        async with httpx.AsyncClient(timeout=CALL_SECONDS, follow_redirects=False, trust_env=False) as client:
            try:
                target = httpx.URL(url).copy_with(host=address)
                request = client.build_request("POST", target, content=content, headers=headers)
                request.extensions["sni_hostname"] = host
                answer = await client.send(request, stream=True)
                await answer.aclose()
            except httpx.HTTPError:
                return


async def announce(room_id: int, message: dict[str, Any]) -> None:
    """Tell a room's webhooks, all at the same time."""
    async with reading() as db:
        found = await db.execute(
            select(webhooks.c.id, webhooks.c.url)
            .where(webhooks.c.room_id == room_id)
            .order_by(webhooks.c.id)
            .limit(MAX_WEBHOOKS)
        )
        wanted = [(row.url, signing_key(row.id)) for row in found]
    async with anyio.create_task_group() as group:
        for url, key in wanted:
            group.start_soon(call, url, key, message)


@router.get("", operation_id="list_webhooks", responses=faults(401, 403, 404, 422))
async def list_webhooks(
    room_id: schemas.PathId, caller: User
) -> schemas.Envelope[Annotated[list[schemas.Webhook], schemas.Field(max_length=MAX_WEBHOOKS)]]:
    """A room's webhooks, five at most, ordered by id; its owners only."""
    async with reading() as db:
        await own(db, room_id, caller)
        found = await db.execute(
            select(webhooks.c.id, webhooks.c.url)
            .where(webhooks.c.room_id == room_id)
            .order_by(webhooks.c.id)
            .limit(MAX_WEBHOOKS)
        )
        hooks = [schemas.Webhook(id=row.id, url=row.url) for row in found]
    return schemas.wrap(hooks)


@router.post(
    "",
    status_code=201,
    operation_id="create_webhook",
    responses=faults(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def create_webhook(
    room_id: schemas.PathId, body: schemas.WebhookNew, caller: User
) -> schemas.Envelope[schemas.WebhookMade]:
    """Have a room's messages sent to a public https address; its owners only, each once, five at most (409)."""
    host_of(body.url)
    async with writing() as db:
        await own(db, room_id, caller)
        count = await db.scalar(select(func.count()).where(webhooks.c.room_id == room_id))
        if (count or 0) >= MAX_WEBHOOKS:
            raise Fault(409, "The room has five webhooks.")
        made = await db.execute(
            insert(webhooks).values(room_id=room_id, url=body.url).returning(webhooks.c.id, webhooks.c.url)
        )
        row = made.one()
    return schemas.wrap(schemas.WebhookMade(id=row.id, url=row.url, signing_key=signing_key(row.id)))


@router.delete("/{webhook_id}", status_code=204, operation_id="delete_webhook", responses=faults(401, 403, 404, 422))
async def delete_webhook(room_id: schemas.PathId, webhook_id: schemas.PathId, caller: User) -> None:
    """Call an address no more; the room's owners only."""
    async with writing() as db:
        await own(db, room_id, caller)
        removed = await db.execute(delete(webhooks).where(webhooks.c.id == webhook_id, webhooks.c.room_id == room_id))
        if removed.rowcount == 0:
            raise gone("webhook")
