"""Posts, likes and comments over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import HTMLResponse

from app import comments, posts
from app.access import Anyone, AuthorWriter, ModeratorWriter, Writer
from app.database import Db
from app.pages import page_of
from app.problems import declared
from app.schemas import (
    BIGGEST_ID,
    Comment,
    CommentInput,
    CommentList,
    Handle,
    Likes,
    Moderation,
    Order,
    Post,
    PostEdit,
    PostInput,
    PostList,
    Status,
    Tag,
)

router = APIRouter()
PostId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
CommentId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
Page = Annotated[int, Query(ge=1, le=1000)]
PerPage = Annotated[int, Query(ge=1, le=50)]
# A session is welcome, but not needed: it shows one's own drafts too.
OPEN = {"security": [{}]}
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string", "maxLength": 100}}}


@router.get(
    "/posts",
    operation_id="listPosts",
    tags=["posts"],
    response_model=PostList,
    responses=declared(422),
    openapi_extra=OPEN,
)
def list_posts(
    db: Db,
    user: Anyone,
    tag: Annotated[Tag | None, Query()] = None,
    author: Annotated[Handle | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    sort: Annotated[Order, Query()] = Order.NEWEST,
    page: Page = 1,
    per_page: PerPage = 20,
) -> dict[str, Any]:
    """List published posts, and one's own drafts; ties are ordered by id."""
    filters = {"tag": tag, "author": author, "status": status.value if status else None}
    found, total = posts.listed(db, user, filters=filters, order=sort, page=page, per_page=per_page)
    return {"data": found, "meta": {"page": page, "per_page": per_page, "total": total}}


@router.post(
    "/posts",
    operation_id="createPost",
    tags=["posts"],
    status_code=201,
    response_model=Post,
    responses={201: {"headers": LOCATION}, **declared(401, 403, 409, 413, 415, 422)},
)
def create_post(db: Db, user: AuthorWriter, given: PostInput, response: Response) -> dict[str, Any]:
    """Write a draft (authors and moderators)."""
    post = posts.create(db, user, given)
    response.headers["Location"] = f"/posts/{post['id']}"
    return post


@router.get(
    "/posts/{post_id}",
    operation_id="getPost",
    tags=["posts"],
    response_model=Post,
    responses=declared(404, 422),
    openapi_extra=OPEN,
)
def get_post(db: Db, user: Anyone, post_id: PostId) -> dict[str, Any]:
    """Read a post. A draft exists for its author alone, a hidden post for its author and moderators."""
    return posts.seen(db, user, post_id)


@router.patch(
    "/posts/{post_id}",
    operation_id="editPost",
    tags=["posts"],
    response_model=Post,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def edit_post(db: Db, user: AuthorWriter, post_id: PostId, given: PostEdit) -> dict[str, Any]:
    """Change one's own post; 409 if it has changed since the revision that was edited."""
    return posts.edit(db, user, post_id, given)


@router.delete(
    "/posts/{post_id}",
    operation_id="deletePost",
    tags=["posts"],
    status_code=204,
    responses=declared(401, 403, 404, 409, 422),
)
def delete_post(db: Db, user: AuthorWriter, post_id: PostId) -> Response:
    """Delete one's own draft."""
    posts.delete(db, user, post_id)
    return Response(status_code=204)


@router.post(
    "/posts/{post_id}/publication",
    operation_id="publishPost",
    tags=["posts"],
    response_model=Post,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def publish_post(db: Db, user: AuthorWriter, post_id: PostId) -> dict[str, Any]:
    """Publish one's own draft; takes no body."""
    return posts.publish(db, user, post_id)


@router.put(
    "/posts/{post_id}/moderation",
    operation_id="moderatePost",
    tags=["posts"],
    response_model=Post,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def moderate_post(db: Db, user: ModeratorWriter, post_id: PostId, given: Moderation) -> dict[str, Any]:
    """Hide a published post or show it again (moderators only)."""
    return posts.moderate(db, user, post_id, given.hidden)


@router.get(
    "/posts/{post_id}/page",
    operation_id="showPost",
    tags=["posts"],
    response_class=HTMLResponse,
    responses=declared(404, 422),
    openapi_extra=OPEN,
)
def show_post(db: Db, user: Anyone, post_id: PostId) -> HTMLResponse:
    """The post as an HTML page."""
    return HTMLResponse(page_of(posts.seen(db, user, post_id)))


@router.put(
    "/posts/{post_id}/like",
    operation_id="likePost",
    tags=["likes"],
    response_model=Likes,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def like_post(db: Db, user: Writer, post_id: PostId) -> Likes:
    """Like a published post; again changes nothing. Takes no body."""
    return Likes(like_count=posts.like(db, user, post_id, True))


@router.delete(
    "/posts/{post_id}/like",
    operation_id="unlikePost",
    tags=["likes"],
    response_model=Likes,
    responses=declared(401, 403, 404, 409, 422),
)
def unlike_post(db: Db, user: Writer, post_id: PostId) -> Likes:
    """Take one's like back; again changes nothing."""
    return Likes(like_count=posts.like(db, user, post_id, False))


@router.get(
    "/posts/{post_id}/comments",
    operation_id="listComments",
    tags=["comments"],
    response_model=CommentList,
    responses=declared(404, 422),
    openapi_extra=OPEN,
)
def list_comments(db: Db, user: Anyone, post_id: PostId, page: Page = 1, per_page: PerPage = 20) -> dict[str, Any]:
    """List a post's comments, ordered by id, oldest first."""
    rows, total = comments.listed(db, user, post_id, page, per_page)
    return {"data": [dict(row) for row in rows], "meta": {"page": page, "per_page": per_page, "total": total}}


@router.post(
    "/posts/{post_id}/comments",
    operation_id="createComment",
    tags=["comments"],
    status_code=201,
    response_model=Comment,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def create_comment(db: Db, user: Writer, post_id: PostId, given: CommentInput) -> dict[str, Any]:
    """Comment on a published post."""
    return dict(comments.create(db, user, post_id, given.body))


@router.delete(
    "/comments/{comment_id}",
    operation_id="deleteComment",
    tags=["comments"],
    status_code=204,
    responses=declared(401, 403, 404, 422),
)
def delete_comment(db: Db, user: Writer, comment_id: CommentId) -> Response:
    """Delete one's own comment; a moderator may delete any."""
    comments.delete(db, user, comment_id)
    return Response(status_code=204)
