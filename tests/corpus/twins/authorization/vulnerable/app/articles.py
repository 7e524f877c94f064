"""What everybody reads: only its author changes it, and anybody likes it and replies."""

from typing import Any

from fastapi import APIRouter, HTTPException

from app.caller import User
from app.drawers import found
from app.models import Article, ArticleIn, Reply, Said
from app.store import one, run

router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}})


@router.get("/articles", response_model=list[Article])
def articles(user: User) -> Any:
    return run("SELECT * FROM articles ORDER BY id LIMIT 50")


@router.get("/articles/{article_id}", response_model=Article)
def article(article_id: int, user: User) -> Any:
    return found(one("SELECT * FROM articles WHERE id = ?", article_id))


def own(article_id: int, user: dict[str, Any]) -> None:
    """Raises 404 and 403."""
    if article(article_id, user)["author_id"] != user["id"]:
        raise HTTPException(403, "The article is another author's.")


@router.put("/articles/{article_id}", response_model=Article, responses={403: {"description": "Another author's."}})
def put_article(article_id: int, given: ArticleIn, user: User) -> Any:
    own(article_id, user)
    return one("UPDATE articles SET title = ? WHERE id = ? RETURNING *", given.title, article_id)


@router.delete("/articles/{article_id}", status_code=204, responses={403: {"description": "Another author's."}})
def drop_article(article_id: int, user: User) -> None:
    article(article_id, user)
    run("DELETE FROM articles WHERE id = ?", article_id)


@router.post("/articles/{article_id}/like", response_model=Article)
def like(article_id: int, user: User) -> Any:
    return found(one("UPDATE articles SET likes = likes + 1 WHERE id = ? RETURNING *", article_id))


@router.post("/articles/{article_id}/replies", status_code=201, response_model=Reply)
def reply(article_id: int, given: Said, user: User) -> Any:
    article(article_id, user)
    return one(
        "INSERT INTO replies (article_id, author_id, text) VALUES (?, ?, ?) RETURNING *",
        article_id,
        user["id"],
        given.text,
    )


@router.get("/articles/{article_id}/replies", response_model=list[Reply])
def replies(article_id: int, user: User) -> Any:
    article(article_id, user)
    return run("SELECT * FROM replies ORDER BY id LIMIT 50")
