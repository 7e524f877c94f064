from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.repositories.base import Repository

COLUMNS = "id, code, percent_off, duration, redeem_by, max_redemptions, times_redeemed"


class CouponRepository(Repository):
    def lock_by_code(self, workspace_id: int, code: str) -> dict | None:
        return self._one(
            f"SELECT {COLUMNS} FROM coupons WHERE workspace_id = %s AND code = %s FOR UPDATE", (workspace_id, code)
        )

    def get(self, workspace_id: int, coupon_id: int) -> dict:
        return self._one(f"SELECT {COLUMNS} FROM coupons WHERE workspace_id = %s AND id = %s", (workspace_id, coupon_id))

    def count_redemption(self, workspace_id: int, coupon_id: int) -> None:
        self._execute(
            "UPDATE coupons SET times_redeemed = times_redeemed + 1 WHERE workspace_id = %s AND id = %s",
            (workspace_id, coupon_id),
        )

    def insert(
        self,
        workspace_id: int,
        code: str,
        percent_off: Decimal,
        duration: str,
        redeem_by: date | None,
        max_redemptions: int | None,
    ) -> int:
        return self._insert(
            """INSERT INTO coupons (workspace_id, code, percent_off, duration, redeem_by, max_redemptions)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            (workspace_id, code, percent_off, duration, redeem_by, max_redemptions),
        )
