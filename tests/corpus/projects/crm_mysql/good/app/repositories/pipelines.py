from __future__ import annotations

from app.repositories.base import Repository, placeholders


class PipelineRepository(Repository):
    def list(self, workspace_id: int, before_id: int | None, limit: int) -> list[dict]:
        where, parameters = "workspace_id = %s", [workspace_id]
        if before_id is not None:
            where += " AND id < %s"
            parameters.append(before_id)
        rows = self._all(
            f"SELECT id, name, is_default FROM pipelines WHERE {where} ORDER BY id DESC LIMIT %s", (*parameters, limit)
        )
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["is_default"] = bool(row["is_default"])
            row["stages"], row["lost_reasons"] = [], []
        if not by_id:
            return rows
        ids = list(by_id)
        for stage in self._all(
            f"""SELECT pipeline_id, id, name, position, kind, win_probability FROM pipeline_stages
                 WHERE workspace_id = %s AND pipeline_id IN ({placeholders(ids)}) ORDER BY position""",
            (workspace_id, *ids),
        ):
            by_id[stage.pop("pipeline_id")]["stages"].append(stage)
        for reason in self._all(
            f"""SELECT pipeline_id, id, label FROM deal_lost_reasons
                 WHERE workspace_id = %s AND pipeline_id IN ({placeholders(ids)}) ORDER BY label""",
            (workspace_id, *ids),
        ):
            by_id[reason.pop("pipeline_id")]["lost_reasons"].append(reason)
        return rows

    def get_stage(self, workspace_id: int, stage_id: int) -> dict | None:
        return self._one(
            "SELECT id, pipeline_id, kind FROM pipeline_stages WHERE workspace_id = %s AND id = %s",
            (workspace_id, stage_id),
        )

    def has_lost_reason(self, workspace_id: int, pipeline_id: int, lost_reason_id: int) -> bool:
        row = self._one(
            """SELECT 1 AS found FROM deal_lost_reasons
                WHERE workspace_id = %s AND pipeline_id = %s AND id = %s""",
            (workspace_id, pipeline_id, lost_reason_id),
        )
        return row is not None

    def insert(self, workspace_id: int, name: str, is_default: bool, stages: list[tuple], lost_reasons: list[str]) -> int:
        pipeline_id = self._insert(
            "INSERT INTO pipelines (workspace_id, name, is_default) VALUES (%s, %s, %s)",
            (workspace_id, name, int(is_default)),
        )
        self._execute_many(
            """INSERT INTO pipeline_stages (workspace_id, pipeline_id, name, position, kind, win_probability)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            [(workspace_id, pipeline_id, *stage) for stage in stages],
        )
        self._execute_many(
            "INSERT INTO deal_lost_reasons (workspace_id, pipeline_id, label) VALUES (%s, %s, %s)",
            [(workspace_id, pipeline_id, label) for label in lost_reasons],
        )
        return pipeline_id
