"""Lines between layers: right-angled, each net in a channel of its own. The end of `layout`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from web.show.layers import LANE, Node, Segment, passing_key

if TYPE_CHECKING:
    from web.show.layout import Link, Point

SIDE = 24.5
"""Space between a box and the first channel beside it: room for the mark at a line's end."""

CHANNEL = 11.0
"""Space between two channels."""

LOOP = 14.5
"""How far a line from a box to itself goes out."""

Net = tuple[str, float]


def routed(
    layers: list[list[Node]], segments: Sequence[Segment], links: Mapping[int, Link]
) -> tuple[dict[int, tuple[Point, ...]], float]:
    """Set every node's x and width; each link's corners from its source to its target, and the whole width."""
    by_gap: dict[int, list[Segment]] = {}
    for segment in segments:
        by_gap.setdefault(segment.gap, []).append(segment)
    x, channels = 0.0, {}
    for number, layer in enumerate(layers):
        width = max((node.width for node in layer), default=0.0)
        for node in layer:
            node.x, node.width = x, width
        x += width
        if number < len(layers) - 1:
            lanes = _channels(by_gap.get(number, []))
            count = max(lanes.values(), default=0) + 1
            for net, lane in lanes.items():
                channels[number, net] = x + SIDE + lane * CHANNEL
            x += 2 * SIDE + 1 + (count - 1) * CHANNEL
    loops = any(link.source == link.target for link in links.values())
    nodes = {node.key: node for layer in layers for node in layer}
    level = {node.key: number for number, layer in enumerate(layers) for node in layer}
    routes = {number: _route(link, nodes, level, channels) for number, link in links.items()}
    return routes, x + (LOOP if loops else 0.0)


def _channels(segments: Sequence[Segment]) -> dict[Net, int]:
    """A channel for each net that bends in a gap, ordered so that few lines cross."""
    ends: dict[Net, tuple[list[float], list[float]]] = {}
    for s in segments:
        left, right = ends.setdefault(s.net, ([], []))
        left.append(s.a.y + s.a_y)
        right.append(s.b.y + s.b_y)
    span = {net: (min(left + right), max(left + right)) for net, (left, right) in ends.items()}

    def cost(first: Net, second: Net) -> int:
        """Crossings when `first` has the channel left of `second`'s."""
        low, high = span[first]
        low2, high2 = span[second]
        over = sum(low < y < high for y in set(ends[second][0]))
        return over + sum(low2 < y < high2 for y in set(ends[first][1]))

    order: list[Net] = []
    for net in sorted(ends, key=lambda each: (span[each], each)):
        gains = [0]
        for other in reversed(order):
            gains.append(gains[-1] + cost(net, other) - cost(other, net))
        order.insert(len(order) - min(range(len(gains)), key=lambda at: (gains[at], at)), net)
    lanes: dict[Net, int] = {}
    for at, net in enumerate(order):
        low, high = span[net]
        near = [lanes[other] for other in order[:at] if span[other][0] <= high + 4 and span[other][1] >= low - 4]
        lanes[net] = max(near, default=-1) + 1
    return lanes


def _route(
    link: Link, nodes: Mapping[str, Node], level: Mapping[str, int], channels: Mapping[tuple[int, Net], float]
) -> tuple[Point, ...]:
    """The corners of one link, from its source to its target."""
    source, target = nodes[link.source], nodes[link.target]
    if source is target:
        edge = source.x + source.width
        a, b = source.y + link.source_y, source.y + link.target_y
        return ((edge, a), (edge + LOOP, a), (edge + LOOP, b), (edge, b))
    net = (link.target, link.target_y)
    backwards = level[link.source] < level[link.target]
    ends = [(source, link.source_y), (target, link.target_y)]
    (left, left_y), (right, right_y) = ends if backwards else reversed(ends)
    points: list[Point] = [(right.x, right.y + right_y)]
    for gap in range(level[right.key] - 1, level[left.key] - 1, -1):
        passing = gap > level[left.key]
        node, offset = (nodes[passing_key(net, gap)], LANE / 2) if passing else (left, left_y)
        x, y = channels[gap, net], node.y + offset
        points += [(x, points[-1][1]), (x, y), (node.x + node.width, y)]
        if passing:
            points.append((node.x, y))
    return _straight(list(reversed(points)) if backwards else points)


def _straight(points: Sequence[Point]) -> tuple[Point, ...]:
    """Without corners at which nothing turns, and without steps too small to see."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.5 and abs(kept[-1][1] - point[1]) < 0.5:
            continue
        if len(kept) > 1 and (
            (abs(kept[-2][0] - kept[-1][0]) < 0.5 and abs(kept[-1][0] - point[0]) < 0.5)
            or (abs(kept[-2][1] - kept[-1][1]) < 0.5 and abs(kept[-1][1] - point[1]) < 0.5)
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept)
