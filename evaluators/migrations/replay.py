"""A subject's migrations, replayed: every step with the table as it stood before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from evaluators.draft import Artifact, Subject
from evaluators.finding import Location
from evaluators.migrations.facts import RECENT, Act, History, Migration, Migrations, Step
from evaluators.sql import migrations as files
from evaluators.sql.builder import Builder
from evaluators.sql.reading import MAX_DEPTH, depth, read_statement, unprintable
from evaluators.sql.revisions import Revision, revisions_of
from evaluators.sql.statements import Statement, split
from evaluators.sql.versions import folder_of, order, tool_of, version_of

MAX_DOWN = 500
"""Ways down that are replayed: each needs a copy of the schema."""

_ALONE = re.compile(
    r"^--\s*\+goose\s+NO\s+TRANSACTION|^--\s*migrate:up.*transaction:\s*false|^--\s*no-transaction"
    r"|^--\s*(?:disable-transaction|atlas:txmode\s+none)|executeInTransaction\s*=\s*false",
    re.IGNORECASE | re.MULTILINE,
)
"""How a file says that it is not to run in a transaction."""

_WRAPPED = frozenset({"goose", "dbmate", "sqlx", "alembic"})
"""Tools that open a transaction for each file."""

_AT_ONCE = frozenset({"golang-migrate", "prisma", "supabase", "flyway"})
"""Tools that send a file's statements together, so that two of them share a transaction."""


def migrations_of(subject: Subject) -> Migrations:
    """The subject's migrations as facts; asked for by `subject.fact(migrations_of)`. Never raises."""
    written = _written(subject)
    builders: dict[str, Builder] = {}
    held: dict[str, list[Migration]] = {}
    unread = Builder(subject.dialect).unread
    for count, (folder, migration, up, down, alone) in enumerate(written):
        builder = builders.setdefault(folder, Builder(subject.dialect))
        steps, size = _replayed(up, builder, migration.tool, alone)
        after = _copy(builder)
        below = _replayed(down, after, migration.tool, alone)[0] if down is not None and count < MAX_DOWN else ()
        unread.extend(each for each in after.unread if each.broken)
        held.setdefault(folder, []).append(replace(migration, up=steps, down=below, statements=size))
    histories = []
    for folder, found in held.items():
        late = len(found) - RECENT
        marked = [replace(each, recent=place >= late) for place, each in enumerate(found)]
        histories.append(History(folder, tuple(marked)))
    for builder in builders.values():
        unread.extend(builder.unread)
    last = builders[next(iter(builders))].done() if len(builders) == 1 else Builder(subject.dialect).done()
    return Migrations(subject.dialect, tuple(histories), tuple(unread), tuple(_unchecked(subject)), last)


Written = tuple[str, Migration, Artifact, Artifact | None, bool]


def _written(subject: Subject) -> Iterator[Written]:
    """(folder, migration without steps, way up, way down, no transaction wanted) in the order in which they run."""
    scripts = files.scripts(subject)
    downs = {_stem(each.path): each for each in scripts if files.DOWN.search(each.path)}
    for artifact in scripts:
        if files.DOWN.search(artifact.path):
            continue
        up = files.part(artifact, "up")
        if up is None:
            continue
        below = downs.get(_stem(artifact.path))
        if below is None and up.text != artifact.text:
            below = files.part(artifact, "down")
        does = below is not None and any(
            not _blank(each.text) for each in split(below.path, below.text, subject.dialect)
        )
        made = Migration(
            artifact.path, version_of(artifact.path), tool_of(artifact), has_down=does, at=Location(artifact.path, 1)
        )
        yield folder_of(artifact.path), made, up, below, _ALONE.search(artifact.text) is not None
    for revision in subject.fact(revisions_of).all:
        if revision.up is not None:
            yield folder_of(revision.path), _revised(revision), revision.up, revision.down, False


def _revised(revision: Revision) -> Migration:
    """An Alembic revision without its steps."""
    at = Location(revision.path, revision.line)
    return Migration(revision.path, revision.id, "alembic", has_down=revision.has_down, parents=revision.parents, at=at)


def _blank(text: str) -> bool:
    """Whether a statement does nothing: SELECT 1, or a transaction's mark."""
    return re.fullmatch(r"(?:select\s+1|begin|commit|start\s+transaction)\W*", text.strip(), re.IGNORECASE) is not None


def _stem(path: str) -> str:
    """What the way up and the way down of one migration have in common."""
    folder, number, version, _ = order(path)
    name = path.rpartition("/")[2]
    if version:
        return f"{folder}:{number}:{version}"
    return f"{folder}:{re.sub(r'[._-]?(up|down|rollback|undo)(?=[.]sql$)', '', name, flags=re.IGNORECASE)}"


def _replayed(artifact: Artifact, builder: Builder, tool: str, alone: bool) -> tuple[tuple[Step, ...], int]:
    """The steps of a way, read one statement after the other, and how many statements change something."""
    statements = split(artifact.path, artifact.text, builder.dialect)
    found: list[Step] = []
    fresh: set[str] = set()
    open_ = ""
    size = 0
    closed = False
    for statement in statements:
        made = _steps(statement, builder)
        builder.statements.append(statement)
        read_statement(statement, builder)
        for step in made:
            if step.act is Act.BEGIN:
                # After a COMMIT of one's own, BEGIN only opens again what the tool had open.
                open_ = "" if closed and tool == "alembic" else "written"
                closed = False
            elif step.act is Act.COMMIT:
                open_, closed = "", True
            _follow(step, fresh)
            known = replace(step, fresh=step.table in fresh and step.act is not Act.CREATE_TABLE, transaction=open_)
            found.append(replace(known, transaction="open") if not open_ and closed else known)
        size += any(step.act not in (Act.BEGIN, Act.COMMIT, Act.SET) for step in made) or not made
    return tuple(_in_transaction(step, tool, alone, size) for step in found), size


def _in_transaction(step: Step, tool: str, alone: bool, size: int) -> Step:
    """The step with what opened the transaction that it runs in."""
    if step.transaction == "open":
        return replace(step, transaction="")
    if step.transaction or alone:
        return step
    wrapped = tool in _WRAPPED or (tool in _AT_ONCE and size > 1)
    return replace(step, transaction=tool) if wrapped else step


def _follow(step: Step, fresh: set[str]) -> None:
    """Keep the set of tables that this migration made."""
    if step.act is Act.CREATE_TABLE and step.before is None:
        fresh.add(step.table)
    elif step.act is Act.RENAME_TABLE and step.table in fresh:
        fresh.add(step.to)


def _steps(statement: Statement, builder: Builder) -> list[Step]:
    """What one statement does, by the dialect's parser."""
    deep = len(statement.text) > MAX_DEPTH and depth(statement.text) > MAX_DEPTH
    if statement.flaw or deep or unprintable(statement.text):
        return []
    if builder.dialect == "postgres":
        from evaluators.migrations.postgres_steps import postgres_steps

        return postgres_steps(statement, builder)
    from evaluators.migrations.generic_steps import generic_steps

    return generic_steps(statement, builder)


def _copy(builder: Builder) -> Builder:
    """A builder in the same state, without what it has read."""
    other = Builder(builder.dialect)
    other.tables, other.enums = dict(builder.tables), dict(builder.enums)
    other.domains, other.views = dict(builder.domains), dict(builder.views)
    return other


def _unchecked(subject: Subject) -> Iterable[tuple[str, str]]:
    """What of the migrations was not looked at."""
    revisions = subject.fact(revisions_of)
    for path, why in revisions.unread:
        yield path, why
    for each in revisions.all:
        for line, why in each.unchecked:
            yield f"{each.path}:{line}", why
