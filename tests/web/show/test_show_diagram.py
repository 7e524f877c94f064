"""The diagram: boxes that do not overlap, lines that end at their rows and cross no box, safe markup."""

from __future__ import annotations

import itertools
import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from evaluators.draft import Artifact
from evaluators.sql import reading
from evaluators.sql.facts import Schema
from tests.web.stories import SCHEMA
from web.show.diagram import HEAD, ROW, Diagram, diagram
from web.show.layout import Box, Layout, Link, arrange

PROJECTS = Path(__file__).parents[2] / "corpus" / "projects"


def read(text: str, dialect: str = "postgres") -> Schema:
    """The facts of a schema."""
    return reading.read([Artifact.of("schema.sql", text)], dialect)


def draw(text: str, dialect: str = "postgres") -> Diagram:
    """Its diagram."""
    return diagram(read(text, dialect), lambda path, line: f"/f?path={path}#L{line}")


def clear(laid: Layout) -> None:
    """No two boxes overlap, and no line runs through a box."""
    places = list(laid.places.values())
    for number, (x, y, w, h) in enumerate(places):
        assert x >= 0 and y >= 0 and x + w <= laid.width + 0.1 and y + h <= laid.height + 0.1
        for x2, y2, w2, h2 in places[number + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    for route in laid.routes:
        for (x1, y1), (x2, y2) in itertools.pairwise(route):
            assert abs(x1 - x2) < 0.6 or abs(y1 - y2) < 0.6, "a line is not right-angled"
            for x, y, w, h in places:
                through = max(x1, x2) > x + 1 and min(x1, x2) < x + w - 1
                assert not (through and max(y1, y2) > y + 1 and min(y1, y2) < y + h - 1), "a line runs through a box"


@pytest.mark.parametrize("seed", range(25))
def test_any_graph_is_laid_out_clearly(seed: int) -> None:
    dice = random.Random(seed)
    boxes = [
        Box(f"t{n}", dice.randint(150, 300), HEAD + ROW * dice.randint(1, 14) + 5) for n in range(dice.randint(1, 45))
    ]
    links = []
    for _ in range(dice.randint(0, 90)):
        a, b = dice.choice(boxes), dice.choice(boxes)
        row = lambda box: HEAD + ROW * (dice.randrange(int((box.height - HEAD) // ROW)) + 0.5)  # noqa: E731
        links.append(Link(a.key, row(a), b.key, row(b)))
    laid = arrange(boxes, links)
    assert set(laid.places) == {box.key for box in boxes} and len(laid.routes) == len(links)
    clear(laid)
    assert laid == arrange(boxes, links)
    for link, route in zip(links, laid.routes, strict=True):
        for (key, y), (px, py) in (((link.source, link.source_y), route[0]), ((link.target, link.target_y), route[-1])):
            bx, by, bw, _ = laid.places[key]
            assert px in (bx, bx + bw) and abs(py - by - y) < 0.01


def test_lines_to_one_place_share_a_trunk() -> None:
    boxes = [Box("users", 200, 100), *(Box(f"t{n}", 200, 100) for n in range(4))]
    laid = arrange(boxes, [Link(f"t{n}", 60, "users", 42.5) for n in range(4)])
    assert len({route[-2] for route in laid.routes}) == 1


@pytest.mark.parametrize(
    ("name", "dialect"), [("crm_mysql", "mysql"), ("fleet_sqlite", "sqlite"), ("erp_postgres", "postgres")]
)
def test_real_schemas_are_drawn_whole(name: str, dialect: str) -> None:
    folder = PROJECTS / name / "good"
    files = [path for path in sorted(folder.rglob("*.sql")) if "queries" not in path.parts and "down" not in path.name]
    schema = reading.read([Artifact.of(p.relative_to(folder).as_posix(), p.read_text()) for p in files], dialect)
    made = diagram(schema, lambda path, line: f"#{path}-{line}")
    root = ET.fromstring(made.svg)  # noqa: S314  our own markup
    boxes = [each for each in root.iter() if each.get("class") == "table-box"]
    assert len(boxes) == len(schema.tables) > 20
    assert all(each.get("href") and each.get("aria-label") for each in boxes)
    wires = [each for each in root.iter() if each.get("class") == "wire"]
    assert len(wires) == made.relations > 30
    assert not [each for each in root.iter() if "style" in each.attrib or each.tag.endswith(("script", "style"))]
    assert len({each.get("id") for each in root.iter() if each.get("id")}) == sum(
        bool(e.get("id")) for e in root.iter()
    )


def test_marks_tell_keys_and_what_may_be_null() -> None:
    made = draw(SCHEMA)
    assert 'class="edge open"' in made.svg and made.svg.count('class="edge') == 2
    notes = next(table for table in made.tables if table.key == "notes")
    assert [(c.name, c.primary, c.foreign, c.nullable) for c in notes.columns] == [
        ("id", True, "", False),
        ("user_id", False, "users", False),
        ("parent_id", False, "notes", True),
        ("body", False, "", True),
    ]
    assert "text?" in made.svg and "/f?path=schema.sql#L6" in made.svg
    assert notes.words == "notes: 4 columns, points at notes, users"


def test_a_key_that_every_table_has_tells_nothing_so_the_line_ends_at_the_other_column() -> None:
    made = read(
        "CREATE TABLE t (id int PRIMARY KEY);"
        "CREATE TABLE a (t_id int REFERENCES t (id), id int, PRIMARY KEY (t_id, id));"
        "CREATE TABLE b (id int PRIMARY KEY, t_id int REFERENCES t (id), a_id int,"
        " FOREIGN KEY (t_id, a_id) REFERENCES a (t_id, id));"
    )
    drawn = diagram(made, lambda path, line: "#")
    paths = re.findall(r'<title>b\.t_id, a_id → a</title><path class="wire" d="M[\d.]+ ([\d.]+)', drawn.svg)
    other = re.findall(r'<title>b\.t_id → t</title><path class="wire" d="M[\d.]+ ([\d.]+)', drawn.svg)
    assert float(paths[0]) - float(other[0]) == ROW


def test_hostile_names_are_text() -> None:
    made = draw('CREATE TABLE "<script>alert(1)</script>" ("a""><b onload=x>" int PRIMARY KEY, "c\u202ed" text);')
    root = ET.fromstring(made.svg)  # noqa: S314  our own markup
    assert not [each for each in root.iter() if each.tag.endswith(("script", "}b"))]
    assert "\u202e" not in made.svg and "U+202E" in made.svg


def test_what_is_not_drawn_is_said() -> None:
    made = draw("CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES elsewhere (id));")
    assert "1 foreign key to a table that is not in the schema" in made.notes[0]
    wide = draw("CREATE TABLE w (" + ", ".join(f"c{n} int" for n in range(60)) + ", id int PRIMARY KEY);")
    assert "+ 21 more" in wide.svg and len(wide.tables[0].columns) == 61
    assert ">id<" in wide.svg
