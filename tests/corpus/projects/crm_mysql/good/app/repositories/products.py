from __future__ import annotations

from app.repositories.base import Repository, placeholders

COLUMNS = "id, code, name, description, tax_category, is_active, created_at, updated_at"
PRICE_COLUMNS = (
    "id, product_id, nickname, currency, unit_amount_minor, billing_interval, interval_count, is_active, created_at"
)


class ProductRepository(Repository):
    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = ["workspace_id = %s"], [workspace_id]
        if "is_active" in filters:
            where.append("is_active = %s")
            parameters.append(int(filters["is_active"]))
        if before_id is not None:
            where.append("id < %s")
            parameters.append(before_id)
        rows = self._all(
            f"SELECT {COLUMNS} FROM products WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s",
            (*parameters, limit),
        )
        return self._with_prices(workspace_id, rows)

    def get(self, workspace_id: int, product_id: int, lock: bool = False) -> dict | None:
        rows = self._all(
            f"SELECT {COLUMNS} FROM products WHERE workspace_id = %s AND id = %s {'FOR UPDATE' if lock else ''}",
            (workspace_id, product_id),
        )
        return self._with_prices(workspace_id, rows)[0] if rows else None

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO products (workspace_id, code, name, description, tax_category)
               VALUES (%s, %s, %s, %s, %s)""",
            (workspace_id, fields["code"], fields["name"], fields["description"], fields["tax_category"]),
        )

    def insert_price(self, workspace_id: int, product_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO prices
                 (workspace_id, product_id, nickname, currency, unit_amount_minor, billing_interval, interval_count)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            (
                workspace_id,
                product_id,
                fields["nickname"],
                fields["currency"],
                fields["unit_amount_minor"],
                fields["billing_interval"],
                fields["interval_count"],
            ),
        )

    def get_price(self, workspace_id: int, price_id: int) -> dict:
        row = self._one(
            f"SELECT {PRICE_COLUMNS} FROM prices WHERE workspace_id = %s AND id = %s", (workspace_id, price_id)
        )
        row["is_active"] = bool(row["is_active"])
        return row

    def sellable_prices(self, workspace_id: int, price_ids: list[int]) -> dict[int, dict]:
        """Active prices of active products, by id."""
        rows = self._all(
            f"""SELECT r.id, r.currency, r.billing_interval, r.interval_count
                  FROM prices r
                  JOIN products p ON p.workspace_id = r.workspace_id AND p.id = r.product_id AND p.is_active = 1
                 WHERE r.workspace_id = %s AND r.is_active = 1 AND r.id IN ({placeholders(price_ids)})""",
            (workspace_id, *price_ids),
        )
        return {row["id"]: row for row in rows}

    def retire_product(self, workspace_id: int, code: str) -> bool:
        changed = self._execute(
            "UPDATE products SET is_active = 0 WHERE workspace_id = %s AND code = %s", (workspace_id, code)
        )
        return changed == 1

    def retire_price(self, workspace_id: int, price_id: int) -> bool:
        changed = self._execute(
            "UPDATE prices SET is_active = 0 WHERE workspace_id = %s AND id = %s", (workspace_id, price_id)
        )
        return changed == 1

    def _with_prices(self, workspace_id: int, rows: list[dict]) -> list[dict]:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["is_active"] = bool(row["is_active"])
            row["prices"] = []
        if by_id:
            ids = list(by_id)
            for price in self._all(
                f"""SELECT {PRICE_COLUMNS} FROM prices
                     WHERE workspace_id = %s AND product_id IN ({placeholders(ids)}) ORDER BY id""",
                (workspace_id, *ids),
            ):
                price["is_active"] = bool(price["is_active"])
                by_id[price["product_id"]]["prices"].append(price)
        return rows
