"""What may be done once, while there is room, or in some states only."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Response

from app.store import EVERY, GONE, WHO, Body, Db, Key, Me, Words, moment, one, writing

router = APIRouter()


class Name(Body):
    """A name."""

    name: Words


class Remark(Body):
    """A remark."""

    body: Words


@router.post("/topics/{topic_id}/votes", status_code=201, responses=EVERY)
def vote(db: Db, me: Me, topic_id: Key) -> dict[str, Any]:
    """Vote, once."""
    one(db, "SELECT id FROM topics WHERE id = ?", topic_id)
    if db.execute("SELECT 1 FROM votes WHERE topic_id = ? AND user_id = ?", (topic_id, me)).fetchone():
        raise HTTPException(409, "You voted already.")
    return one(db, "INSERT INTO votes (topic_id, user_id) VALUES (?, ?) RETURNING *", topic_id, me)


@router.post("/shows/{show_id}/places", status_code=201, responses=EVERY)
def place(db: Db, me: Me, show_id: Key) -> dict[str, Any]:
    """Take a place, while there is one."""
    seats = one(db, "SELECT seats FROM shows WHERE id = ?", show_id)["seats"]
    if one(db, "SELECT count(*) AS n FROM places WHERE show_id = ?", show_id)["n"] >= seats:
        raise HTTPException(409, "The show is full.")
    return one(db, "INSERT INTO places (show_id, user_id) VALUES (?, ?) RETURNING *", show_id, me)


@router.post("/orders/{order_id}/payment", status_code=201, responses=EVERY)
def pay(db: Db, me: Me, order_id: Key) -> dict[str, Any]:
    """Pay an open order."""
    if one(db, "SELECT status FROM orders WHERE id = ?", order_id)["status"] != "open":
        raise HTTPException(409, "The order is not open.")
    db.execute("UPDATE orders SET status = 'paid' WHERE id = ?", (order_id,))
    return one(db, "INSERT INTO receipts (order_id) VALUES (?) RETURNING *", order_id)


@router.post("/orders/{order_id}/cancellation", responses=EVERY)
def cancel(db: Db, me: Me, order_id: Key) -> dict[str, Any]:
    """Give back what was ordered."""
    writing(db)
    order = one(db, "SELECT * FROM orders WHERE id = ?", order_id)
    if order["status"] == "paid":
        raise HTTPException(409, "The order is not open.")
    db.execute("UPDATE orders SET status = 'cancelled' WHERE id = ?", (order_id,))
    db.execute("UPDATE items SET stock = stock + ? WHERE id = ?", (order["quantity"], order["item_id"]))
    return one(db, "SELECT * FROM orders WHERE id = ?", order_id)


def _moved(db: Db, parcel_id: int, before: tuple[str, ...], after: str) -> dict[str, Any]:
    writing(db)
    if one(db, "SELECT status FROM parcels WHERE id = ?", parcel_id)["status"] not in before:
        raise HTTPException(409, "Not in this state.")
    db.execute("UPDATE parcels SET status = ? WHERE id = ?", (after, parcel_id))
    return one(db, "SELECT * FROM parcels WHERE id = ?", parcel_id)


@router.post("/parcels/{parcel_id}/sending", responses=EVERY)
def send(db: Db, me: Me, parcel_id: Key) -> dict[str, Any]:
    """Send a packed parcel."""
    return _moved(db, parcel_id, ("packed", "lost"), "sent")


@router.post("/parcels/{parcel_id}/delivery", responses=EVERY)
def deliver(db: Db, me: Me, parcel_id: Key) -> dict[str, Any]:
    """Deliver a parcel that was sent."""
    return _moved(db, parcel_id, ("sent",), "delivered")


@router.post("/parcels/{parcel_id}/loss", responses=EVERY)
def lose(db: Db, me: Me, parcel_id: Key) -> dict[str, Any]:
    """Give a parcel up that is not delivered."""
    return _moved(db, parcel_id, ("packed", "sent"), "lost")


@router.get("/items/{item_id}", responses={**WHO, **GONE})
def read_item(db: Db, me: Me, item_id: Key) -> dict[str, Any]:
    """An item that was not deleted."""
    return one(db, "SELECT id, name, stock FROM items WHERE id = ? AND deleted_at IS NULL", item_id)


@router.delete("/items/{item_id}", status_code=204, responses={**WHO, **GONE})
def delete_item(db: Db, me: Me, item_id: Key) -> Response:
    """Take an item out; its orders stay."""
    read_item(db, me, item_id)
    db.execute("UPDATE items SET deleted_at = ? WHERE id = ?", (moment(), item_id))
    return Response(status_code=204)


@router.post("/items/{item_id}/remarks", status_code=201, responses={**WHO, **GONE})
def remark(db: Db, me: Me, item_id: Key, given: Remark) -> dict[str, Any]:
    """Say something about an item."""
    one(db, "SELECT id FROM items WHERE id = ?", item_id)
    return one(db, "INSERT INTO remarks (item_id, body) VALUES (?, ?) RETURNING *", item_id, given.body)


@router.put("/rooms/{room_id}", responses={**EVERY, 412: {"description": "The room has changed."}})
def rename(
    db: Db, me: Me, room_id: Key, given: Name, if_match: Annotated[str, Header(pattern=r'^"\d{1,9}"$')]
) -> dict[str, Any]:
    """Give a room another name, in the version that was read."""
    room = one(db, "SELECT version FROM rooms WHERE id = ?", room_id)
    version = room["version"]
    done = db.execute(
        "UPDATE rooms SET name = ?, version = version + 1 WHERE id = ? AND version = ?", (given.name, room_id, version)
    )
    if done.rowcount == 0:
        raise HTTPException(412, f"The room is at version {room['version']}.")
    return one(db, "SELECT * FROM rooms WHERE id = ?", room_id)


@router.get("/links/{token}", responses=GONE)
def follow(db: Db, token: str) -> dict[str, Any]:
    """What a link leads to, while it holds."""
    row = one(db, "SELECT title, expires_at FROM links WHERE token = ?", token)
    return {"title": row["title"]}
