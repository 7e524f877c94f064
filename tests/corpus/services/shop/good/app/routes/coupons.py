"""Coupons, in the back office."""

from fastapi import APIRouter, Response

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CouponId,
    CurrentCaller,
    Limit,
    Offset,
    created_at_location,
    refusals,
)
from app.schemas import Coupon, CouponCreate, CouponPage, CouponUpdate
from app.services import coupons

router = APIRouter(
    tags=["Coupons"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)


@router.get(
    "/admin/coupons",
    operation_id="adminListCoupons",
    responses=refusals(401, 403, 422),
)
def admin_list_coupons(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> CouponPage:
    """List all coupons, by ascending id. Administrators only."""
    return coupons.list_coupons(caller, limit, offset)


@router.post(
    "/admin/coupons",
    operation_id="adminCreateCoupon",
    status_code=201,
    responses=created_at_location(401, 403, 409, 422),
)
def admin_create_coupon(
    body: CouponCreate, caller: CurrentCaller, response: Response
) -> Coupon:
    """Create an active coupon with a code that no other has. Administrators only."""
    coupon = coupons.create_coupon(caller, body)
    response.headers["Location"] = f"/admin/coupons/{coupon.id}"
    return coupon


@router.get(
    "/admin/coupons/{couponId}",
    operation_id="adminGetCoupon",
    responses=refusals(401, 403, 404, 422),
)
def admin_get_coupon(coupon_id: CouponId, caller: CurrentCaller) -> Coupon:
    """Return the coupon with this id. Administrators only."""
    return coupons.get_coupon(caller, coupon_id)


@router.put(
    "/admin/coupons/{couponId}",
    operation_id="adminUpdateCoupon",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_update_coupon(
    coupon_id: CouponId, body: CouponUpdate, caller: CurrentCaller
) -> Coupon:
    """Replace the number of redemptions and the activity. Administrators only."""
    return coupons.update_coupon(caller, coupon_id, body)
