"""Amounts of an invoice, in minor units. Discount comes before tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Line:
    amount_minor: int
    tax_category: str


@dataclass(frozen=True)
class TaxSummary:
    category: str
    percentage: Decimal
    taxable_minor: int
    tax_minor: int


@dataclass(frozen=True)
class Totals:
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    taxes: tuple[TaxSummary, ...]


def percent_of(amount_minor: int, percentage: Decimal) -> int:
    return int((Decimal(amount_minor) * percentage / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def spread(amount_minor: int, weights: dict[str, int]) -> dict[str, int]:
    """Splits an amount by weight; the largest remainders get the odd units."""
    total = sum(weights.values())
    if total == 0:
        return dict.fromkeys(weights, 0)
    shares = {key: amount_minor * weight // total for key, weight in weights.items()}
    left = amount_minor - sum(shares.values())
    by_remainder = sorted(weights, key=lambda key: (-(amount_minor * weights[key] % total), key))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares


def calculate(lines: list[Line], percent_off: Decimal, percentages: dict[str, Decimal]) -> Totals:
    by_category: dict[str, int] = {}
    for line in lines:
        by_category[line.tax_category] = by_category.get(line.tax_category, 0) + line.amount_minor
    subtotal = sum(by_category.values())
    discount = percent_of(subtotal, percent_off)
    discounts = spread(discount, by_category)
    taxes = []
    for category in sorted(by_category):
        taxable = by_category[category] - discounts[category]
        percentage = percentages[category]
        taxes.append(TaxSummary(category, percentage, taxable, percent_of(taxable, percentage)))
    tax = sum(summary.tax_minor for summary in taxes)
    return Totals(subtotal, discount, tax, subtotal - discount + tax, tuple(taxes))
