"""The entity relationship diagram of a schema, as SVG: classes and presentation attributes alone.

Each table is a link to its line in the SQL. Lines end at the rows of the columns they
are about: a fork where many rows may point, a bar where one may; dashed where the
column may be NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from web.show.layout import Box, Layout, Link, Point, arrange
from web.show.plain import counted, one_line, slug

if TYPE_CHECKING:
    from evaluators.sql.facts import Column, ForeignKey, Schema, Table

LETTER = 6.95
"""Width of a letter of the columns' text in pixels (a monospaced font of 11.5)."""
TITLE_LETTER = 7.9
HEAD = 32
"""Height of a title and of a row."""
ROW = 21
GUTTER = 34
"""Room for `PK`, `FK` left of a column's name."""
NARROWEST, WIDEST = 150, 330
MOST_COLUMNS = 40
"""Columns of one table that are drawn; of a longer one the keys come first."""
CORNER = 6.0
MARGIN = 20
LONGEST_NAME, LONGEST_TYPE = 26, 18


@dataclass(frozen=True)
class ColumnView:
    """A column's row, in words."""

    name: str
    type: str
    primary: bool
    foreign: str
    """The table that it points at, or empty."""
    unique: bool
    nullable: bool
    note: str = ""


@dataclass(frozen=True)
class TableView:
    """A table, for its box and for the list under the diagram."""

    key: str
    id: str
    path: str
    line: int
    columns: tuple[ColumnView, ...]
    comment: str = ""

    @property
    def words(self) -> str:
        """What a screen reader hears."""
        targets = sorted({column.foreign for column in self.columns if column.foreign})
        points = f", points at {', '.join(targets)}" if targets else ""
        return f"{self.key}: {counted(len(self.columns), 'column')}{points}"


@dataclass(frozen=True)
class Diagram:
    """The drawing and the tables in words."""

    svg: Markup
    tables: tuple[TableView, ...]
    relations: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Drawn:
    """A table with what its box shows."""

    table: Table
    view: TableView
    columns: tuple[Column, ...]
    rows: tuple[ColumnView, ...]

    @property
    def heights(self) -> dict[str, float]:
        """The middle of each column's row, from the box's top."""
        return {column.name: HEAD + ROW * (at + 0.5) for at, column in enumerate(self.columns)}

    @property
    def box(self) -> Box:
        """Its size."""
        return Box(self.table.key, _width(self.view, self.rows), HEAD + ROW * (len(self.columns) or 1) + 5)


def diagram(schema: Schema, address: Callable[[str, int], str]) -> Diagram:
    """Draw a schema. `address` makes the link to a line of a file."""
    tables = [table for table in schema.tables if not table.temporary]
    drawn = {table.key: _draw(number, table) for number, table in enumerate(tables, 1)}
    links: list[tuple[Table, ForeignKey, Link]] = []
    for table in tables:
        for key in table.foreign_keys:
            if key.target in drawn:
                own, pointed = _telling(table, key)
                a = drawn[table.key].heights.get(own, HEAD / 2)
                b = drawn[key.target].heights.get(pointed, HEAD / 2)
                links.append((table, key, Link(table.key, a, key.target, b)))
    laid = arrange([each.box for each in drawn.values()], [link for _, _, link in links])
    edges: dict[str, list[Markup]] = {}
    for (table, key, _), route in zip(links, laid.routes, strict=True):
        edges.setdefault(table.key, []).append(_edge(table, key, route))
    body = [_table(each, laid, edges.get(key, []), address) for key, each in drawn.items()]
    lost = sum(key.target not in drawn for table in tables for key in table.foreign_keys)
    notes = [f"{counted(lost, 'foreign key')} to a table that is not in the schema: not drawn."] if lost else []
    if schema.unread:
        notes.append(f"{counted(len(schema.unread), 'statement')} could not be read and may add more.")
    return Diagram(_svg(body, laid, len(links)), tuple(each.view for each in drawn.values()), len(links), tuple(notes))


def _draw(number: int, table: Table) -> _Drawn:
    """What a table's box shows: all columns, or of a very long table the keys and then the first ones."""
    every = tuple(_column(table, column) for column in table.columns)
    view = TableView(
        one_line(table.key, 80),
        f"table-{number}-{slug(table.key)}",
        table.at.path,
        table.at.line,
        every,
        one_line(table.comment, 300),
    )
    if len(table.columns) <= MOST_COLUMNS:
        return _Drawn(table, view, table.columns, every)
    keys = {name for key in table.keys for name in key.columns}
    keys |= {name for key in table.foreign_keys for name in key.columns}
    order = sorted(range(len(every)), key=lambda at: (table.columns[at].name not in keys, at))[:MOST_COLUMNS]
    return _Drawn(table, view, tuple(table.columns[at] for at in order), tuple(every[at] for at in order))


def _column(table: Table, column: Column) -> ColumnView:
    """A column in words."""
    key = table.foreign_key_of(column.name)
    note = "generated" if column.generated else column.identity
    return ColumnView(
        one_line(column.name, 80),
        one_line(str(column.type), 60),
        column.name in table.primary_columns,
        one_line(key.target, 80) if key else "",
        frozenset({column.name}) in table.unique_sets and column.name not in table.primary_columns,
        column.nullable,
        note,
    )


def _telling(table: Table, key: ForeignKey) -> tuple[str, str]:
    """The column of a key that is least shared with the table's other keys, and the one that it points at.

    Where every key begins with the tenant's column, that one would tell nothing.
    """
    shared = [sum(name in other.columns for other in table.foreign_keys) for name in key.columns]
    at = min(range(len(shared)), key=lambda each: (shared[each], -each), default=0)
    own = key.columns[at] if at < len(key.columns) else ""
    return own, key.target_columns[at] if at < len(key.target_columns) else ""


def _width(view: TableView, columns: Iterable[ColumnView]) -> float:
    """How wide a box must be for its words."""
    widest = max((len(_cut(c.name, LONGEST_NAME)) + len(_type(c)) for c in columns), default=0)
    needed = max(GUTTER + widest * LETTER + 34, len(_cut(view.key, 34)) * TITLE_LETTER + 30)
    return float(round(min(max(needed, NARROWEST), WIDEST)))


def _type(column: ColumnView) -> str:
    """A column's type as its row has it."""
    return _cut(column.type, LONGEST_TYPE) + ("?" if column.nullable else "")


def _cut(text: str, most: int) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _edge(table: Table, key: ForeignKey, route: tuple[Point, ...]) -> Markup:
    """One line, with what it says."""
    nullable = any(column.nullable for column in table.columns if column.name in key.columns)
    said = f"{table.key}.{', '.join(key.columns)} → {key.target}"
    said += f" (on delete {key.on_delete})" if key.on_delete else ""
    one = frozenset(key.columns) in table.unique_sets
    return Markup(
        '<g class="edge{}"><title>{}</title><path class="wire" d="{}"/><path class="end" d="{}"/></g>'
    ).format(" open" if nullable else "", one_line(said, 200), _wire(route), _ends(route, one))


def _wire(points: tuple[Point, ...]) -> str:
    """A path through the corners, rounded."""
    parts = [f"M{_at(points[0])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        room = min(CORNER, _far(before, at) / 2, _far(at, after) / 2)
        a, b = _towards(at, before, room), _towards(at, after, room)
        parts.append(f"L{_at(a)}Q{_at(at)} {_at(b)}")
    parts.append(f"L{_at(points[-1])}")
    return "".join(parts)


def _ends(points: tuple[Point, ...], one: bool) -> str:
    """The marks at both ends: a fork or a bar where it starts, a bar where it points."""
    (x, y), (tx, ty) = points[0], points[-1]
    side = 1 if points[1][0] > x else -1
    target = 1 if points[-2][0] > tx else -1
    start = (
        f"M{_number(x + 6 * side)} {_number(y - 5)}v10"
        if one
        else f"M{_number(x)} {_number(y - 5)}L{_number(x + 9 * side)} {_number(y)}L{_number(x)} {_number(y + 5)}"
    )
    return f"{start}M{_number(tx + 6 * target)} {_number(ty - 5)}v10"


def _far(a: Point, b: Point) -> float:
    """The length of a straight piece."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _towards(a: Point, b: Point, length: float) -> Point:
    """The point so far from `a` on the way to `b`."""
    far = _far(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * length / far, a[1] + (b[1] - a[1]) * length / far


def _at(point: Point) -> str:
    """A point of a path."""
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def _table(drawn: _Drawn, laid: Layout, edges: list[Markup], address: Callable[[str, int], str]) -> Markup:
    """One box with its lines, as a link."""
    view = drawn.view
    x, y, width, height = laid.places[drawn.table.key]
    rows = [_row_of(column, at, width) for at, column in enumerate(drawn.rows)]
    hidden = len(view.columns) - len(drawn.rows)
    if hidden:
        more = Markup('<text class="type" x="{}" y="{}" text-anchor="end">+ {} more</text>')
        rows.append(more.format(_number(width - 10), 20, hidden))
    if not rows:
        rows.append(Markup('<text class="type" x="12" y="{}">columns not written out</text>').format(HEAD + 15))
    return Markup(
        '<g class="table-group" id="{}-box">{}<a href="{}" aria-label="{}" class="table-box">'
        '<g transform="translate({} {})"><rect class="frame" width="{}" height="{}" rx="7"/>'
        '<path class="head" d="M0 7a7 7 0 0 1 7-7h{}a7 7 0 0 1 7 7v{}h-{}z"/>'
        '<text class="title" x="12" y="21">{}</text></g></a>'
        # Beside the link, or its name would have to be all that stands in the box.
        '<g class="rows" transform="translate({} {})">{}</g></g>'
    ).format(
        view.id, Markup("").join(edges), address(view.path, view.line), view.words, _number(x), _number(y),
        _number(width), _number(height), _number(width - 14), HEAD - 7, _number(width), _cut(view.key, 34),
        _number(x), _number(y), Markup("").join(rows),
    )  # fmt: skip


def _row_of(column: ColumnView, at: int, width: float) -> Markup:
    """One column's row: its mark, its name, its type."""
    y = HEAD + ROW * at
    mark = "PK" if column.primary else "FK" if column.foreign else "UQ" if column.unique else ""
    shown = Markup('<text class="mark{}" x="9" y="{}">{}</text>').format(
        " primary" if column.primary else "", y + 14.5, "PF" if column.primary and column.foreign else mark
    )
    line = Markup('<path class="rule" d="M0 {}h{}"/>').format(y, _number(width)) if at else Markup("")
    return Markup(
        '{}{}<text class="column{}" x="{}" y="{}">{}</text><text class="type" x="{}" y="{}" text-anchor="end">{}</text>'
    ).format(
        line, shown if mark else Markup(""), " primary" if column.primary else "", GUTTER, y + 15,
        _cut(column.name, LONGEST_NAME), _number(width - 10), y + 15, _type(column),
    )  # fmt: skip


def _svg(body: list[Markup], laid: Layout, relations: int) -> Markup:
    """The whole drawing."""
    width, height = _number(laid.width + 2 * MARGIN), _number(laid.height + 2 * MARGIN)
    about = f"{counted(len(body), 'table')} with {counted(relations, 'foreign key')}. Each table is a link to its line."
    return Markup(
        '<svg class="diagram" xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" '
        'viewBox="{2} {2} {0} {1}" role="group" aria-roledescription="diagram" '
        'aria-labelledby="diagram-title" aria-describedby="diagram-about">'
        '<title id="diagram-title">Tables and how they refer to each other</title>'
        '<desc id="diagram-about">{3}</desc>{4}</svg>'
    ).format(width, height, -MARGIN, about, Markup("").join(body))
