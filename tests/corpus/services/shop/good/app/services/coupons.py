"""Coupons, in the back office."""

from datetime import timedelta

from app.database import transaction
from app.errors import ConflictError, NotFoundError
from app.models import CouponRow
from app.repositories import coupons
from app.schemas import Coupon, CouponCreate, CouponPage, CouponUpdate
from app.security import Caller
from app.services.rights import require_admin

NO_COUPON = "There is no such coupon."


def list_coupons(caller: Caller, limit: int, offset: int) -> CouponPage:
    """List all coupons."""
    require_admin(caller)
    with transaction() as session:
        rows = coupons.page(session, limit, offset)
        items = [Coupon.model_validate(row) for row in rows]
    return CouponPage(items=items, limit=limit, offset=offset)


def create_coupon(caller: Caller, body: CouponCreate) -> Coupon:
    """Create an active coupon; a taken code violates its unique constraint."""
    require_admin(caller)
    with transaction() as session:
        now = coupons.current_time(session)
        row = CouponRow(
            code=body.code,
            percent_off=body.percent_off,
            max_redemptions=body.max_redemptions,
            redeemed_count=0,
            is_active=True,
            expires_at=now + timedelta(days=body.valid_days),
            created_at=now,
        )
        session.add(row)
        session.flush()
        return Coupon.model_validate(row)


def get_coupon(caller: Caller, coupon_id: int) -> Coupon:
    """Return a coupon."""
    with transaction() as session:
        row = coupons.find(session, coupon_id)
        if row is None:
            raise NotFoundError(NO_COUPON)
        require_admin(caller)
        return Coupon.model_validate(row)


def update_coupon(caller: Caller, coupon_id: int, body: CouponUpdate) -> Coupon:
    """Replace the number of redemptions and the activity."""
    with transaction() as session:
        if coupons.find(session, coupon_id) is None:
            raise NotFoundError(NO_COUPON)
        require_admin(caller)
        row = coupons.lock(session, coupon_id)
        if body.max_redemptions < row.redeemed_count:
            raise ConflictError("The coupon has been redeemed more often than that.")
        row.max_redemptions = body.max_redemptions
        row.is_active = body.is_active
        session.flush()
        return Coupon.model_validate(row)
