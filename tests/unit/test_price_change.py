"""What a price rule makes of a price (R36)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recore.listings.price_change import PriceChange, PriceRule

PERCENT, YEN, FIXED, SAME = PriceChange.PERCENT, PriceChange.YEN, PriceChange.FIXED, PriceChange.SAME


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        (PriceRule(), 4981, 4981),
        (PriceRule(SAME, unit=100), 4981, 4981),
        (PriceRule(PERCENT, 10), 5000, 4500),
        (PriceRule(PERCENT, 10), 4981, 4482),
        (PriceRule(PERCENT, 10, unit=10), 4981, 4480),
        (PriceRule(PERCENT, 10, unit=100), 4981, 4400),
        (PriceRule(PERCENT, 99), 5000, 50),
        (PriceRule(YEN, 500), 4981, 4481),
        (PriceRule(YEN, 500, unit=100), 4981, 4400),
        (PriceRule(YEN, 5000), 4981, -19),
        (PriceRule(FIXED, 3980), 4981, 3980),
        (PriceRule(FIXED, 3980, unit=100), 4981, 3980),
        (PriceRule(PERCENT, 50, floor=3000), 5000, 3000),
        (PriceRule(PERCENT, 10, unit=100, floor=4450), 5000, 4500),
        (PriceRule(PERCENT, 10, unit=100, floor=4450), 4981, 4450),
        (PriceRule(YEN, 9000, floor=1), 5000, 1),
    ],
)
def test_r36_the_new_price(rule: PriceRule, old: int, new: int) -> None:
    assert rule.of(old) == new


@pytest.mark.parametrize(
    ("rule", "old", "is_refused"),
    [
        (PriceRule(PERCENT, 10, floor=5000), 4999, True),
        (PriceRule(YEN, 10, floor=5000), 5000, False),
        (PriceRule(SAME, floor=5000), 4999, True),
        (PriceRule(FIXED, 6000, floor=5000), 4999, False),
        (PriceRule(PERCENT, 10), 1, False),
    ],
)
def test_r36_a_price_that_is_below_the_floor_already_is_for_a_person(
    rule: PriceRule, old: int, is_refused: bool
) -> None:
    assert rule.refuses(old) is is_refused


@given(
    st.integers(1, 99_999_999), st.integers(1, 99_999_999), st.sampled_from((PERCENT, YEN)), st.integers(1, 99),
    st.sampled_from((1, 10, 100)), st.none() | st.integers(1, 99_999_999),
)  # fmt: skip
def test_r36_a_reduction_never_raises_a_price_passes_the_floor_or_turns_the_two_prices_round(
    low: int, high: int, change: PriceChange, amount: int, unit: int, floor: int | None
) -> None:
    rule = PriceRule(change, amount, unit, floor)
    start, buyout = min(low, high), max(low, high)
    assert rule.of(start) <= rule.of(buyout)
    if not rule.refuses(start):
        assert rule.of(start) <= start
        assert floor is None or rule.of(start) >= floor
