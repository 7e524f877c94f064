"""Many comparisons at once: p-values adjusted so that the whole family keeps its false alarm rate."""

from __future__ import annotations

from collections.abc import Mapping


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Each p-value adjusted for all of them, under the same names and in the same order.

    To claim what is at most alpha afterwards makes a false claim anywhere in the family with a
    chance of at most alpha, however the measures depend on each other. The smallest p-value is
    multiplied by their number, the next by one less, and so on; none falls below one before it,
    and none is above 1.

    Raises ValueError for a p-value outside 0 to 1, which NaN is not either.

    Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
    Journal of Statistics 6 (1979).
    """
    for name, p in ps.items():
        if not 0 <= p <= 1:
            raise ValueError(f"a p-value is between 0 and 1, not {p} as for {name}")
    adjusted: dict[str, float] = {}
    least = 0.0
    for place, (name, p) in enumerate(sorted(ps.items(), key=lambda item: item[1])):
        least = max(least, min(1.0, p * (len(ps) - place)))
        adjusted[name] = least
    return {name: adjusted[name] for name in ps}
