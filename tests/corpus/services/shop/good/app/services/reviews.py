"""Reviews of products."""

from app.database import transaction
from app.errors import NotFoundError
from app.models import ReviewRow
from app.repositories import catalogue, reviews
from app.schemas import Review, ReviewPage, ReviewWrite
from app.security import Caller

NO_PRODUCT = "There is no such product."
NO_REVIEW = "There is no such review."


def list_of_product(product_id: int, limit: int, offset: int) -> ReviewPage:
    """List the reviews of an active product."""
    with transaction() as session:
        if catalogue.find_active_product(session, product_id) is None:
            raise NotFoundError(NO_PRODUCT)
        rows = reviews.page(session, product_id, limit, offset)
        items = [Review.model_validate(row) for row in rows]
    return ReviewPage(items=items, limit=limit, offset=offset)


def create_review(caller: Caller, product_id: int, body: ReviewWrite) -> Review:
    """Create the caller's review; a second one violates its unique constraint."""
    with transaction() as session:
        if catalogue.find_active_product(session, product_id) is None:
            raise NotFoundError(NO_PRODUCT)
        row = ReviewRow(
            product_id=product_id,
            user_id=caller.id,
            rating=body.rating,
            body=body.body,
        )
        session.add(row)
        session.flush()
        return Review.model_validate(row)


def update_review(caller: Caller, review_id: int, body: ReviewWrite) -> Review:
    """Replace rating and body of the caller's own review."""
    with transaction() as session:
        found = reviews.find(session, review_id)
        if found is None or found.user_id != caller.id:
            raise NotFoundError(NO_REVIEW)
        row = reviews.lock(session, review_id)
        if row is None:
            raise NotFoundError(NO_REVIEW)
        row.rating = body.rating
        row.body = body.body
        session.flush()
        return Review.model_validate(row)


def delete_review(caller: Caller, review_id: int) -> None:
    """Delete the caller's own review, or any for an administrator."""
    with transaction() as session:
        found = reviews.find(session, review_id)
        if found is None or (not caller.is_admin and found.user_id != caller.id):
            raise NotFoundError(NO_REVIEW)
        row = reviews.lock(session, review_id)
        if row is None:
            raise NotFoundError(NO_REVIEW)
        session.delete(row)
        session.flush()
