from __future__ import annotations

from app.repositories.base import Repository, assignments, like_prefix, placeholders

COLUMNS = "id, name, domain, vat_number, phone, lifecycle_stage, owner_user_id, created_at, updated_at"
WRITABLE = ("name", "domain", "vat_number", "phone", "lifecycle_stage", "owner_user_id")
ADDRESS_COLUMNS = "kind, line1, line2, city, region, postal_code, country_code"


class CompanyRepository(Repository):
    def list(self, workspace_id: int, filters: dict, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = ["workspace_id = %s"], [workspace_id]
        if "name_prefix" in filters:
            where.append("name LIKE %s")
            parameters.append(like_prefix(filters["name_prefix"]))
        if "lifecycle_stage" in filters:
            where.append("lifecycle_stage = %s")
            parameters.append(filters["lifecycle_stage"])
        if "owner_user_id" in filters:
            where.append("owner_user_id = %s")
            parameters.append(filters["owner_user_id"])
        if before_id is not None:
            where.append("id < %s")
            parameters.append(before_id)
        rows = self._all(
            f"SELECT {COLUMNS} FROM companies WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s",
            (*parameters, limit),
        )
        return self._with_addresses(workspace_id, rows)

    def get(self, workspace_id: int, company_id: int) -> dict | None:
        rows = self._all(
            f"SELECT {COLUMNS} FROM companies WHERE workspace_id = %s AND id = %s", (workspace_id, company_id)
        )
        return self._with_addresses(workspace_id, rows)[0] if rows else None

    def insert(self, workspace_id: int, fields: dict) -> int:
        return self._insert(
            """INSERT INTO companies (workspace_id, name, domain, vat_number, phone, lifecycle_stage, owner_user_id)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            (workspace_id, *(fields[column] for column in WRITABLE)),
        )

    def update(self, workspace_id: int, company_id: int, changes: dict) -> None:
        clause, values = assignments(changes, WRITABLE)
        if clause:
            self._execute(
                f"UPDATE companies SET {clause} WHERE workspace_id = %s AND id = %s",
                (*values, workspace_id, company_id),
            )

    def replace_addresses(self, workspace_id: int, company_id: int, addresses: list[dict]) -> None:
        self._execute(
            "DELETE FROM company_addresses WHERE workspace_id = %s AND company_id = %s", (workspace_id, company_id)
        )
        if addresses:
            self._execute_many(
                """INSERT INTO company_addresses
                     (workspace_id, company_id, kind, line1, line2, city, region, postal_code, country_code)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                [
                    (
                        workspace_id,
                        company_id,
                        address["kind"],
                        address["line1"],
                        address.get("line2"),
                        address["city"],
                        address.get("region"),
                        address.get("postal_code"),
                        address["country_code"],
                    )
                    for address in addresses
                ],
            )
        # Addresses are part of the company, so its time of change moves with them.
        self._execute(
            "UPDATE companies SET updated_at = CURRENT_TIMESTAMP(3) WHERE workspace_id = %s AND id = %s",
            (workspace_id, company_id),
        )

    def billing_address(self, workspace_id: int, company_id: int) -> dict | None:
        return self._one(
            f"""SELECT {ADDRESS_COLUMNS} FROM company_addresses
                 WHERE workspace_id = %s AND company_id = %s AND kind = 'billing'""",
            (workspace_id, company_id),
        )

    def _with_addresses(self, workspace_id: int, rows: list[dict]) -> list[dict]:
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["addresses"] = []
        if by_id:
            ids = list(by_id)
            for address in self._all(
                f"""SELECT company_id, {ADDRESS_COLUMNS} FROM company_addresses
                     WHERE workspace_id = %s AND company_id IN ({placeholders(ids)}) ORDER BY kind""",
                (workspace_id, *ids),
            ):
                by_id[address.pop("company_id")]["addresses"].append(address)
        return rows
