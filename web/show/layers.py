"""Layers of a diagram: who stands in which, in which order, and how high. The middle of `layout`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.show.layout import Box, Link

SWEEPS = 24
"""How often the order in the layers is gone over."""

LANE = 15.0
"""Height that a line needs where it passes through a layer."""


@dataclass(eq=False)
class Node:
    """A box, or a place where a trunk passes through a layer (`box` None). `y` is its top."""

    key: str
    height: float
    width: float = 0.0
    box: Box | None = None
    x: float = 0.0
    y: float = 0.0
    rank: int = 0
    """Its place in its layer."""
    left: list[Segment] = field(default_factory=list)
    right: list[Segment] = field(default_factory=list)


@dataclass(eq=False)
class Segment:
    """A piece of trunk between two neighbouring layers; `a` is left. Offsets count from the nodes' tops."""

    net: tuple[str, float]
    """The place that it leads to: segments of one net share a channel."""
    gap: int
    """Between layer `gap` and the next."""
    a: Node
    a_y: float
    b: Node
    b_y: float


def layered(boxes: Sequence[Box], links: Sequence[Link], tall: float) -> tuple[list[list[Node]], list[Segment]]:
    """Boxes and passing lines in layers no higher than about `tall`, ordered so that few lines cross."""
    nodes = {box.key: Node(box.key, box.height, box.width, box) for box in boxes}
    level = _levels(boxes, links, tall)
    layers: list[list[Node]] = [[] for _ in range(max(level.values()) + 1)]
    for box in boxes:
        layers[level[box.key]].append(nodes[box.key])
    segments = _segments(links, nodes, level, layers)
    for segment in segments:
        segment.a.right.append(segment)
        segment.b.left.append(segment)
    _order(layers, segments)
    return layers, segments


def _levels(boxes: Sequence[Box], links: Sequence[Link], tall: float) -> dict[str, int]:
    """The layer of each box: right of what it points at, in the first layer with room."""
    parents = _without_cycles(boxes, links)
    depth: dict[str, int] = {}
    order = _parents_first(boxes, parents)
    for key in order:
        depth[key] = 1 + max((depth[parent] for parent in parents[key]), default=-1)
    height = {box.key: box.height + 28 for box in boxes}
    level: dict[str, int] = {}
    used: dict[int, float] = {}
    for key in sorted(order, key=lambda each: depth[each]):
        at = 1 + max((level[parent] for parent in parents[key]), default=-1)
        while used.get(at, 0.0) and used[at] + height[key] > tall:
            at += 1
        level[key] = at
        used[at] = used.get(at, 0.0) + height[key]
    # What points at nothing moves next to what points at it.
    for key in order:
        children = [level[other] for other in order if key in parents[other]]
        if children and not parents[key]:
            at = min(children) - 1
            if at > level[key] and used.get(at, 0.0) + height[key] <= tall * 1.15:
                used[level[key]] -= height[key]
                used[at] = used.get(at, 0.0) + height[key]
                level[key] = at
    kept = sorted(set(level.values()))
    return {key: kept.index(at) for key, at in level.items()}


def _without_cycles(boxes: Sequence[Box], links: Sequence[Link]) -> dict[str, list[str]]:
    """For each box those it must stand right of; a link that would close a circle is turned round."""
    targets: dict[str, list[str]] = {box.key: [] for box in boxes}
    for link in links:
        if link.source != link.target and link.target not in targets[link.source]:
            targets[link.source].append(link.target)
    parents: dict[str, list[str]] = {box.key: [] for box in boxes}
    state: dict[str, int] = {}
    for box in boxes:
        if box.key in state:
            continue
        state[box.key] = 1
        path = [(box.key, iter(targets[box.key]))]
        while path:
            key, rest = path[-1]
            following = next(rest, None)
            if following is None:
                state[key] = 2
                path.pop()
            elif state.get(following) == 1:
                parents[following].append(key)
            else:
                parents[key].append(following)
                if following not in state:
                    state[following] = 1
                    path.append((following, iter(targets[following])))
    return parents


def _parents_first(boxes: Sequence[Box], parents: dict[str, list[str]]) -> list[str]:
    """The boxes' keys so that each follows its parents; otherwise as they came."""
    done: dict[str, None] = {}
    waiting = [box.key for box in boxes]
    while waiting:
        ready = [key for key in waiting if all(parent in done for parent in parents[key])]
        done.update(dict.fromkeys(ready))
        waiting = [key for key in waiting if key not in done]
    return list(done)


def _segments(
    links: Sequence[Link], nodes: dict[str, Node], level: dict[str, int], layers: list[list[Node]]
) -> list[Segment]:
    """The links as pieces from layer to layer; pieces of one net that pass a layer share a node there."""
    found: dict[tuple[tuple[str, float], int, str, float, str, float], Segment] = {}
    passing: dict[tuple[tuple[str, float], int], Node] = {}
    for link in links:
        if link.source == link.target:
            continue
        net = (link.target, link.target_y)
        ends = [(nodes[link.target], link.target_y), (nodes[link.source], link.source_y)]
        low, high = sorted((level[link.target], level[link.source]))
        if level[link.target] > level[link.source]:
            ends.reverse()
        chain = [ends[0]]
        for at in range(low + 1, high):
            if (net, at) not in passing:
                node = passing[net, at] = Node(passing_key(net, at), LANE)
                layers[at].append(node)
            chain.append((passing[net, at], LANE / 2))
        chain.append(ends[1])
        for gap, ((a, a_y), (b, b_y)) in enumerate(itertools.pairwise(chain), low):
            found.setdefault((net, gap, a.key, a_y, b.key, b_y), Segment(net, gap, a, a_y, b, b_y))
    return list(found.values())


def passing_key(net: tuple[str, float], at: int) -> str:
    """The key of the place where a net passes a layer; no box has one like it."""
    return f"\0{net[0]}\0{net[1]}\0{at}"


def _order(layers: list[list[Node]], segments: Sequence[Segment]) -> None:
    """Order each layer by the middle of its neighbours, there and back; the best order seen is kept."""
    _rank(layers)
    best, fewest = [list(layer) for layer in layers], _crossings(segments)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        for layer in layers if forward else reversed(layers):
            middle = {id(node): _middle(node, forward) for node in layer}
            layer.sort(key=lambda node: middle[id(node)])
            _rank([layer])
        now = _crossings(segments)
        if now < fewest:
            best, fewest = [list(layer) for layer in layers], now
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order
    _rank(layers)
    _swap(layers, segments)


def _swap(layers: list[list[Node]], segments: Sequence[Segment]) -> None:
    """Exchange neighbours while that takes crossings away."""
    fewest = _crossings(segments)
    for _ in range(4):
        before = fewest
        for layer in layers:
            for at in range(len(layer) - 1):
                pair = (layer[at], layer[at + 1])
                near = [s for node in pair for s in (*node.left, *node.right)]
                was = _crossings(near)
                layer[at], layer[at + 1] = layer[at + 1], layer[at]
                _rank([layer])
                if _crossings(near) >= was:
                    layer[at], layer[at + 1] = layer[at + 1], layer[at]
                    _rank([layer])
        fewest = _crossings(segments)
        if fewest >= before:
            return


def _rank(layers: Iterable[list[Node]]) -> None:
    """Tell each node its place."""
    for layer in layers:
        for rank, node in enumerate(layer):
            node.rank = rank


def _middle(node: Node, forward: bool) -> float:
    """The mean place of a node's neighbours on one side; its own where it has none."""
    if forward:
        near = [segment.a.rank + segment.a_y / (segment.a.height + 1) for segment in node.left]
    else:
        near = [segment.b.rank + segment.b_y / (segment.b.height + 1) for segment in node.right]
    return sum(near) / len(near) if near else float(node.rank)


def _crossings(segments: Sequence[Segment]) -> int:
    """How many pairs of pieces of different nets cross."""
    by_gap: dict[int, list[tuple[float, float, tuple[str, float]]]] = {}
    for s in segments:
        a = s.a.rank + s.a_y / (s.a.height + 1)
        b = s.b.rank + s.b_y / (s.b.height + 1)
        by_gap.setdefault(s.gap, []).append((a, b, s.net))
    count = 0
    for pieces in by_gap.values():
        pieces.sort()
        for at, (a, b, net) in enumerate(pieces):
            count += sum(1 for a2, b2, net2 in pieces[at + 1 :] if a2 > a and b2 < b and net2 != net)
    return count


def placed(layers: list[list[Node]], segments: Sequence[Segment], between: float) -> None:
    """Give every node its height on the page: near what it is connected with, and clear of its neighbours."""
    for layer in layers:
        y = 0.0
        for node in layer:
            node.y = y
            y += node.height + _space(node, node, between)
    for turn in range(14):
        for layer in layers if turn % 2 == 0 else reversed(layers):
            wishes = [_wish(node, both=turn > 3, forward=turn % 2 == 0) for node in layer]
            _settle(layer, wishes, between)
    for layer in layers:
        for at, node in enumerate(layer):
            _snap(layer, at, node, between)


def _snap(layer: list[Node], at: int, node: Node, between: float) -> None:
    """Take a small step out of a trunk that passes, where there is room for it."""
    if node.box is not None or not node.left:
        return
    y = node.left[0].a.y + node.left[0].a_y - node.left[0].b_y
    above = layer[at - 1] if at else None
    below = layer[at + 1] if at + 1 < len(layer) else None
    free = above is None or above.y + above.height + _space(above, node, between) / 2 <= y
    free = free and (below is None or y + node.height + _space(node, below, between) / 2 <= below.y)
    if free and abs(y - node.y) <= 2 * LANE:
        node.y = y


def _space(above: Node, below: Node, between: float) -> float:
    """Space between two nodes of a layer: passing lines may lie close together."""
    return (
        between if above.box is not None and below.box is not None else between / 2 if above.box or below.box else 4.0
    )


def _wish(node: Node, *, both: bool, forward: bool) -> tuple[float, float]:
    """Where a node's top would make its lines straight, and how much that weighs."""
    near = [(s.a.y + s.a_y - s.b_y, _weight(s)) for s in node.left] if both or forward else []
    near += [(s.b.y + s.b_y - s.a_y, _weight(s)) for s in node.right] if both or not forward else []
    weight = sum(each for _, each in near)
    return (sum(y * each for y, each in near) / weight, weight) if near else (node.y, 0.05)


def _weight(segment: Segment) -> float:
    """How much it matters that a piece is straight: most where a trunk passes from layer to layer."""
    passing = (segment.a.box is None) + (segment.b.box is None)
    return (1.0, 3.0, 12.0)[passing]


def _settle(layer: list[Node], wishes: Sequence[tuple[float, float]], between: float) -> None:
    """The places nearest to the wishes at which nodes keep their order and distance (pool adjacent violators)."""
    offsets = [0.0]
    for above, below in itertools.pairwise(layer):
        offsets.append(offsets[-1] + above.height + _space(above, below, between))
    pools: list[tuple[float, float, int]] = []
    for (wish, weight), offset in zip(wishes, offsets, strict=True):
        pools.append(((wish - offset) * weight, weight, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            last, before = pools.pop(), pools.pop()
            pools.append((last[0] + before[0], last[1] + before[1], last[2] + before[2]))
    at = 0
    for total, weight, count in pools:
        for _ in range(count):
            layer[at].y = float(round(total / weight + offsets[at]))
            at += 1
