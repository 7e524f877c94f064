from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest


async def write_post(author, space, **changes):
    body = {"title": "Seedlings", "body": "After the last frost.", **changes}
    response = await author.post(f"/spaces/{space['id']}/posts", json=body)
    assert response.status_code == 201, response.text
    return response.json()


async def test_profile_is_created_with_the_account_and_can_be_changed(person):
    someone = await person()
    profile = (await someone.get("/me")).json()
    assert profile["id"] == str(someone.id)

    changed = await someone.patch("/me", json={"bio": "Balcony gardener.", "locale": "pt-PT"})
    assert changed.status_code == 200
    assert changed.json()["bio"] == "Balcony gardener."
    assert changed.json()["username"] == profile["username"]

    assert (await someone.patch("/me", json={})).status_code == 422
    assert (await someone.patch("/me", json={"bio": None})).status_code == 422


async def test_a_username_is_taken_once(person):
    first, second = await person(), await person()
    name = f"n_{uuid4().hex[:12]}"
    assert (await first.patch("/me", json={"username": name})).status_code == 200
    response = await second.patch("/me", json={"username": name})
    assert response.status_code == 409
    assert response.json()["detail"] == "The username is taken."


async def test_somebody_elses_upload_is_no_avatar(person, admin):
    someone, other = await person(), await person()
    upload_id = await admin.fetchval(
        """
        insert into public.uploads (owner_id, object_path, media_type, byte_size, status, ready_at)
        values ($1, $2, 'image/png', 10, 'ready', now()) returning id
        """,
        other.id,
        f"{other.id}/{uuid4()}",
    )
    assert (await someone.patch("/me", json={"avatar_upload_id": str(upload_id)})).status_code == 422
    assert (await other.patch("/me", json={"avatar_upload_id": str(upload_id)})).status_code == 200


async def test_a_private_space_is_invisible_to_strangers(person):
    owner, stranger = await person(), await person()
    space = (
        await owner.post(
            "/spaces", json={"slug": f"p-{uuid4().hex[:12]}", "name": "Hidden", "visibility": "private"}
        )
    ).json()
    assert space["my_role"] == "owner"
    assert space["member_count"] == 1
    for path in ("", "/members", "/posts", "/events", "/reports"):
        assert (await stranger.get(f"/spaces/{space['id']}{path}")).status_code == 404, path
    assert (await stranger.post(f"/spaces/{space['id']}/members")).status_code == 404


async def test_joining_twice_conflicts(space):
    _, member, space = space
    assert (await member.post(f"/spaces/{space['id']}/members")).status_code == 409


async def test_roles_are_changed_by_owners_and_one_owner_stays(space):
    owner, member, space = space
    path = f"/spaces/{space['id']}/members"
    assert (await member.patch(f"{path}/{member.id}", json={"role": "owner"})).status_code == 403
    assert (await owner.delete(f"{path}/{owner.id}")).status_code == 409
    assert (await owner.patch(f"{path}/{member.id}", json={"role": "owner"})).json()["role"] == "owner"
    assert (await owner.delete(f"{path}/{owner.id}")).status_code == 204
    listed = (await member.get(path)).json()
    assert [m["user"]["id"] for m in listed["items"]] == [str(member.id)]


async def test_members_are_paged(space, person):
    owner, _, space = space
    third = await person()
    await third.post(f"/spaces/{space['id']}/members")
    seen, cursor = [], None
    while True:
        params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await owner.get(f"/spaces/{space['id']}/members", params=params)).json()
        assert len(page["items"]) == 1
        seen.append(page["items"][0]["user"]["id"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 3


async def test_an_invitation_admits_its_address_once(person):
    owner, guest, thief = await person(), await person(), await person()
    space = (
        await owner.post(
            "/spaces", json={"slug": f"i-{uuid4().hex[:12]}", "name": "Circle", "visibility": "private"}
        )
    ).json()
    path = f"/spaces/{space['id']}/invitations"
    created = await owner.post(path, json={"email": guest.email, "role": "moderator"})
    assert created.status_code == 201
    assert (await owner.post(path, json={"email": guest.email})).status_code == 409
    token = {"token": created.json()["token"]}
    assert (await thief.post("/invitations/accept", json=token)).status_code == 404
    accepted = await guest.post("/invitations/accept", json=token)
    assert accepted.status_code == 200
    assert accepted.json()["my_role"] == "moderator"
    assert (await guest.post("/invitations/accept", json=token)).status_code == 410


async def test_a_moderator_cannot_invite_moderators(space, person):
    owner, member, space = space
    await owner.patch(f"/spaces/{space['id']}/members/{member.id}", json={"role": "moderator"})
    body = {"email": "neighbour@mail.example", "role": "moderator"}
    assert (await member.post(f"/spaces/{space['id']}/invitations", json=body)).status_code == 403


async def test_a_post_from_first_word_to_deletion(space):
    owner, member, space = space
    post = await write_post(member, space)
    assert post["author"]["id"] == str(member.id)
    assert (await owner.patch(f"/posts/{post['id']}", json={"title": "Mine"})).status_code == 403
    edited = (await member.patch(f"/posts/{post['id']}", json={"title": "Hardening off"})).json()
    assert edited["title"] == "Hardening off" and edited["body"] == post["body"]
    assert edited["edited_at"] is not None

    found = (await owner.get(f"/spaces/{space['id']}/posts", params={"q": "hardening"})).json()
    assert [p["id"] for p in found["items"]] == [post["id"]]
    assert (await owner.get(f"/spaces/{space['id']}/posts", params={"q": "zucchini"})).json()["items"] == []

    assert (await member.delete(f"/posts/{post['id']}")).status_code == 204
    assert (await member.get(f"/posts/{post['id']}")).status_code == 404
    assert (await member.delete(f"/posts/{post['id']}")).status_code == 404


async def test_strangers_read_public_posts_but_do_not_write(space, person):
    _, member, space = space
    stranger = await person()
    post = await write_post(member, space)
    assert (await stranger.get(f"/posts/{post['id']}")).status_code == 200
    body = {"title": "Hello", "body": "There"}
    assert (await stranger.post(f"/spaces/{space['id']}/posts", json=body)).status_code == 403
    assert (await stranger.post(f"/posts/{post['id']}/comments", json={"body": "Hi"})).status_code == 403
    assert (await stranger.put(f"/posts/{post['id']}/reactions/like")).status_code == 403
    assert (await stranger.delete(f"/posts/{post['id']}")).status_code == 403


async def test_attachments_must_be_ones_own(space, admin):
    owner, member, space = space
    upload_id = await admin.fetchval(
        """
        insert into public.uploads (owner_id, object_path, media_type, byte_size, status, ready_at)
        values ($1, $2, 'image/png', 10, 'ready', now()) returning id
        """,
        member.id,
        f"{member.id}/{uuid4()}",
    )
    body = {"title": "Look", "body": "A picture", "upload_ids": [str(upload_id)]}
    assert (await owner.post(f"/spaces/{space['id']}/posts", json=body)).status_code == 422
    post = await write_post(member, space, upload_ids=[str(upload_id)])
    seen = (await owner.get(f"/posts/{post['id']}")).json()
    assert [a["upload_id"] for a in seen["attachments"]] == [str(upload_id)]


async def test_comments_replies_and_notifications(space):
    owner, member, space = space
    post = await write_post(owner, space)
    comment = (await member.post(f"/posts/{post['id']}/comments", json={"body": "A cold frame?"})).json()
    reply = await owner.post(
        f"/posts/{post['id']}/comments", json={"body": "Good idea", "parent_id": comment["id"]}
    )
    assert reply.status_code == 201
    elsewhere = await write_post(owner, space)
    crossed = {"body": "Lost", "parent_id": comment["id"]}
    assert (await owner.post(f"/posts/{elsewhere['id']}/comments", json=crossed)).status_code == 422

    assert (await owner.get(f"/posts/{post['id']}")).json()["comment_count"] == 2
    listed = (await member.get(f"/posts/{post['id']}/comments")).json()["items"]
    assert [c["body"] for c in listed] == ["A cold frame?", "Good idea"]

    inbox = (await owner.get("/notifications", params={"unread": True})).json()["items"]
    assert [(n["kind"], n["actor"]["id"]) for n in inbox] == [("comment_on_post", str(member.id))]
    inbox = (await member.get("/notifications")).json()["items"]
    assert [n["kind"] for n in inbox] == ["reply_to_comment"]

    mark = {"ids": [inbox[0]["id"]]}
    assert (await owner.post("/notifications/mark-read", json=mark)).status_code == 204
    assert len((await member.get("/notifications", params={"unread": True})).json()["items"]) == 1
    assert (await member.post("/notifications/mark-read", json=mark)).status_code == 204
    assert (await member.get("/notifications", params={"unread": True})).json()["items"] == []


async def test_reactions_count_once(space):
    owner, member, space = space
    post = await write_post(owner, space)
    for _ in range(2):
        assert (await member.put(f"/posts/{post['id']}/reactions/like")).status_code == 204
    seen = (await member.get(f"/posts/{post['id']}")).json()
    assert (seen["reaction_count"], seen["my_reactions"]) == (1, ["like"])
    for _ in range(2):
        assert (await member.delete(f"/posts/{post['id']}/reactions/like")).status_code == 204
    assert (await member.get(f"/posts/{post['id']}")).json()["reaction_count"] == 0
    assert (await member.put(f"/posts/{post['id']}/reactions/shrug")).status_code == 422


async def test_the_last_seat_is_taken_once(space):
    owner, member, space = space
    start = datetime.now(UTC) + timedelta(days=7)
    body = {
        "title": "Seed swap",
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=3)).isoformat(),
        "time_zone": "Europe/Lisbon",
        "location": "North gate",
        "capacity": 1,
    }
    path = f"/spaces/{space['id']}/events"
    assert (await member.post(path, json=body)).status_code == 403
    assert (await owner.post(path, json={**body, "ends_at": body["starts_at"]})).status_code == 422
    event = (await owner.post(path, json=body)).json()

    answer = f"/events/{event['id']}/attendance"
    for _ in range(2):
        going = await member.put(answer, json={"status": "going"})
        assert (going.status_code, going.json()["going_count"]) == (200, 1)
    assert (await owner.put(answer, json={"status": "going"})).status_code == 409
    assert (await member.put(answer, json={"status": "declined"})).json()["going_count"] == 0
    assert (await owner.put(answer, json={"status": "going"})).json()["my_status"] == "going"
    assert [e["id"] for e in (await member.get(path)).json()["items"]] == [event["id"]]


async def test_a_report_leads_to_a_ban(space, admin):
    owner, member, space = space
    post = await write_post(member, space, title="Buy now")
    body = {"target_type": "post", "target_id": post["id"], "reason": "spam"}
    report = await owner.post("/reports", json=body)
    assert report.status_code == 201
    assert report.json()["space_id"] == space["id"]
    assert (await owner.post("/reports", json=body)).status_code == 409

    assert (await member.get(f"/spaces/{space['id']}/reports")).status_code == 403
    queue = (await owner.get(f"/spaces/{space['id']}/reports")).json()["items"]
    assert [r["id"] for r in queue] == [report.json()["id"]]

    path = f"/reports/{report.json()['id']}/resolution"
    assert (await member.post(path, json={"action": "dismiss"})).status_code == 404
    decision = await owner.post(path, json={"action": "ban_member", "note": "Advertising."})
    assert decision.status_code == 201
    assert decision.json()["target_profile_id"] == str(member.id)
    assert (await owner.post(path, json={"action": "dismiss"})).status_code == 409

    assert (await owner.get(f"/posts/{post['id']}")).status_code == 404
    assert (await member.post(f"/spaces/{space['id']}/members")).status_code == 403
    logged = await admin.fetch(
        "select distinct table_name from public.audit_log where space_id = $1", space["id"]
    )
    assert {row["table_name"] for row in logged} == {
        "spaces", "space_members", "space_bans", "moderation_actions",
    }


async def test_nothing_to_report_is_404(person):
    someone = await person()
    body = {"target_type": "comment", "target_id": str(uuid4()), "reason": "other"}
    assert (await someone.post("/reports", json=body)).status_code == 404


@pytest.mark.parametrize(
    "statement",
    [
        "update public.posts set comment_count = 9",
        "update public.spaces set member_count = 9",
        "insert into public.notifications (recipient_id, kind) values (auth.uid(), 'warning')",
        "insert into public.platform_staff (user_id, role) values (auth.uid(), 'administrator')",
        "delete from public.audit_log",
        "select token_hash from public.invitations",
    ],
)
async def test_clients_cannot_write_what_triggers_keep(person, admin, statement):
    someone = await person()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with admin.transaction():
            await admin.execute(
                "select set_config('role', 'authenticated', true),"
                " set_config('request.jwt.claims', json_build_object('sub', $1::text)::text, true)",
                str(someone.id),
            )
            await admin.execute(statement)


async def test_messages_stop_at_a_block(space, admin):
    owner, member, _ = space

    async def as_user(user, query, *args):
        async with admin.transaction():
            await admin.execute(
                "select set_config('role', 'authenticated', true),"
                " set_config('request.jwt.claims', json_build_object('sub', $1::text)::text, true)",
                str(user.id),
            )
            return await admin.fetchval(query, *args)

    write = "insert into public.messages (conversation_id, body) values ($1, 'Hello') returning id"
    conversation = await as_user(owner, "select public.start_conversation(array[$1]::uuid[])", member.id)
    again = await as_user(member, "select public.start_conversation(array[$1]::uuid[])", owner.id)
    assert conversation == again
    assert await as_user(member, write, conversation) is not None
    await as_user(owner, "insert into public.profile_blocks (blocked_id) values ($1)", member.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_user(member, write, conversation)
