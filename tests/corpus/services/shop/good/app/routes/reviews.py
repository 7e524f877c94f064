"""Reviews of products."""

from fastapi import APIRouter

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CurrentCaller,
    Limit,
    Offset,
    ProductId,
    ReviewId,
    refusals,
)
from app.schemas import Review, ReviewPage, ReviewWrite
from app.services import reviews

public = APIRouter(tags=["Reviews"])
secured = APIRouter(
    tags=["Reviews"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)


@public.get(
    "/products/{productId}/reviews",
    operation_id="listProductReviews",
    responses=refusals(404, 422),
)
def list_product_reviews(
    product_id: ProductId, limit: Limit = 20, offset: Offset = 0
) -> ReviewPage:
    """List the reviews of an active product, by descending id."""
    return reviews.list_of_product(product_id, limit, offset)


@secured.post(
    "/products/{productId}/reviews",
    operation_id="createReview",
    status_code=201,
    responses=refusals(401, 404, 409, 422),
)
def create_review(
    product_id: ProductId, body: ReviewWrite, caller: CurrentCaller
) -> Review:
    """Create the caller's review of an active product."""
    return reviews.create_review(caller, product_id, body)


@secured.put(
    "/reviews/{reviewId}",
    operation_id="updateReview",
    responses=refusals(401, 404, 422),
)
def update_review(
    review_id: ReviewId, body: ReviewWrite, caller: CurrentCaller
) -> Review:
    """Replace rating and body of the caller's own review."""
    return reviews.update_review(caller, review_id, body)


@secured.delete(
    "/reviews/{reviewId}",
    operation_id="deleteReview",
    status_code=204,
    responses=refusals(401, 404, 422),
)
def delete_review(review_id: ReviewId, caller: CurrentCaller) -> None:
    """Delete the caller's own review, or any review for an administrator."""
    reviews.delete_review(caller, review_id)
