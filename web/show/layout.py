"""Where the boxes of a diagram go and how the lines between them run: layers, from left to right.

What is pointed at stands left of what points at it. Lines to the same place share
one trunk, so that a table which twenty others reference gets one line and not twenty.
Pure and deterministic; lengths are in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from web.show.layers import layered, placed
from web.show.routes import routed

BETWEEN = 28
"""Space between two boxes, one above the other."""

APART = 56
"""Space between two parts that no line connects."""

ASPECT = 1.5
"""The width that is wished for, over the height."""


@dataclass(frozen=True)
class Box:
    """Something to place."""

    key: str
    width: float
    height: float


@dataclass(frozen=True)
class Link:
    """A line from a box to another (or itself); `source_y` and `target_y` count from the boxes' tops."""

    source: str
    source_y: float
    target: str
    target_y: float


Point = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Boxes with their places (x, y, width, height), and each link's corners from source to target, in their order."""

    places: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    routes: tuple[tuple[Point, ...], ...] = ()
    width: float = 0
    height: float = 0


def arrange(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Place the boxes and route the links."""
    total = sum((box.width + 90) * (box.height + BETWEEN) for box in boxes)
    wished = max(math.sqrt(total * ASPECT), 600.0)
    parts = [_part(group, links, wished) for group in _components(boxes, links)]
    # The largest first; single boxes fill rows at the end.
    parts.sort(key=lambda part: (len(part.places) == 1, -len(part.places)))
    places: dict[str, tuple[float, float, float, float]] = {}
    routes: dict[int, tuple[Point, ...]] = {}
    wide = max([wished, *(part.width for part in parts)])
    x = y = row = 0.0
    for part in parts:
        if x and x + part.width > wide:
            x, y, row = 0.0, y + row + APART, 0.0
        places |= {key: (px + x, py + y, w, h) for key, (px, py, w, h) in part.places.items()}
        routes |= {number: tuple((px + x, py + y) for px, py in points) for number, points in part.routes.items()}
        x, row = x + part.width + APART, max(row, part.height)
    width = max((px + w for px, _, w, _ in places.values()), default=0)
    width = max([width, *(px for points in routes.values() for px, _ in points)])
    height = max((py + h for _, py, _, h in places.values()), default=0)
    height = max([height, *(py for points in routes.values() for _, py in points)])
    return Layout(places, tuple(routes[number] for number in range(len(links))), width, height)


@dataclass
class _Part:
    """One connected part, laid out from (0, 0)."""

    places: dict[str, tuple[float, float, float, float]]
    routes: dict[int, tuple[Point, ...]]
    width: float
    height: float


def _part(boxes: Sequence[Box], links: Sequence[Link], wished: float) -> _Part:
    """Lay out one connected part."""
    inside = {box.key for box in boxes}
    own = {number: link for number, link in enumerate(links) if link.source in inside}
    area = sum((box.width + 90) * (box.height + BETWEEN) for box in boxes)
    tall = max(area / wished * 1.1, math.sqrt(area / ASPECT), max(box.height for box in boxes))
    layers, segments = layered(boxes, [own[number] for number in sorted(own)], tall)
    placed(layers, segments, BETWEEN)
    routes, width = routed(layers, segments, own)
    nodes = [node for layer in layers for node in layer if node.box is not None]
    top = math.floor(min([node.y for node in nodes] + [y for points in routes.values() for _, y in points]))
    return _Part(
        {node.key: (node.x, node.y - top, node.width, node.height) for node in nodes},
        {number: tuple((x, y - top) for x, y in points) for number, points in routes.items()},
        width,
        max([node.y + node.height for node in nodes] + [y for points in routes.values() for _, y in points]) - top,
    )


def _components(boxes: Sequence[Box], links: Sequence[Link]) -> Iterator[list[Box]]:
    """Boxes that lines connect, in groups; in the order of their first."""
    near: dict[str, list[str]] = {box.key: [] for box in boxes}
    for link in links:
        near[link.source].append(link.target)
        near[link.target].append(link.source)
    by_key = {box.key: box for box in boxes}
    seen: set[str] = set()
    for box in boxes:
        if box.key in seen:
            continue
        group, waiting = [], [box.key]
        seen.add(box.key)
        while waiting:
            key = waiting.pop()
            group.append(key)
            for other in near[key]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        wanted = set(group)
        yield [by_key[each.key] for each in boxes if each.key in wanted]
