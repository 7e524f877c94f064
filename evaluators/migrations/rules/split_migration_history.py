"""Rule split-migration-history."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.migrations.facts import Migrations
from evaluators.rule import Flaw, rule


@rule("split-migration-history", family="migrations")
def split_migration_history(migrations: Migrations) -> Iterator[Flaw]:
    """The migrations are no single line: two heads, or a parent that is not there.

    Why: Alembic refuses `upgrade head` while there are two heads, and every command
    while a revision names a parent that does not exist. It happens when two
    branches are merged that both added a revision.

    Bad:
        ```python alembic/versions/a1.py
        from alembic import op

        revision = "a1"
        down_revision = None


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/b2.py
        from alembic import op

        revision = "b2"
        down_revision = "a1"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/c3.py
        from alembic import op

        revision = "c3"
        down_revision = "a1"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```

    Good:
        ```python alembic/versions/a1.py
        from alembic import op

        revision = "a1"
        down_revision = None


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/b2.py
        from alembic import op

        revision = "b2"
        down_revision = "a1"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/c3.py
        from alembic import op

        revision = "c3"
        down_revision = "b2"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```

    Boundary:
        ```python alembic/versions/a1.py
        from alembic import op

        revision = "a1"
        down_revision = None


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/b2.py
        from alembic import op

        revision = "b2"
        down_revision = "a1"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/c3.py
        from alembic import op

        revision = "c3"
        down_revision = "a1"


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```
        ```python alembic/versions/d4.py
        from alembic import op

        revision = "d4"
        down_revision = ("b2", "c3")


        def upgrade() -> None:
            op.execute("SELECT 1")


        def downgrade() -> None:
            op.execute("SELECT 1")
        ```

    Precision: Alembic, from `revision` and `down_revision` as literals. Projects
    that keep several branches by label on purpose are reported.

    Source: Alembic documentation, Working with Branches.
    """
    for history in migrations.histories:
        own = [each for each in history.migrations if each.tool == "alembic" and each.version]
        known = {each.version for each in own}
        for each in own:
            lost = [parent for parent in each.parents if parent not in known]
            if lost:
                yield Flaw(
                    f"{each.version} after {lost[0]}",
                    each.at,
                    f"The revision {each.version} comes after {lost[0]}, which is not there.",
                    hint="Mend down_revision, or bring the missing revision back.",
                )
        named = {parent for each in own for parent in each.parents}
        heads = [each for each in own if each.version not in named]
        if len(heads) > 1:
            yield Flaw(
                f"{history.folder} heads",
                heads[1].at,
                f"There are {len(heads)} heads: {', '.join(sorted(each.version for each in heads))}.",
                hint="alembic merge heads, or set down_revision of the later one to the other.",
                places=tuple(each.at for each in heads if each is not heads[1]),
            )
