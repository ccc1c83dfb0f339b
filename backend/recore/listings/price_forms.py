"""The card in which a price rule is typed (`listings/_price_rule.html`), read back."""

from __future__ import annotations

from collections.abc import Mapping

from recore.listings.price_change import PriceChange, PriceRule
from recore.platform.errors import Invalid
from recore.web.forms import one_of, whole_number

UNITS = (1, 10, 100)
RULE_FIELDS = ("change", "percent", "yen", "fixed", "unit", "floor")
MOST_YEN = 99_999_999


def read_rule(form: Mapping[str, str]) -> PriceRule:
    """The price rule as typed; nothing typed means the same price. Raises Invalid naming the field."""
    change = one_of(PriceChange, form, "change", "価格") if form.get("change") else PriceChange.SAME
    unit = next((each for each in UNITS if str(each) == form.get("unit")), 1)
    floor = whole_number(form, "floor", "下限", default=0) or None
    if change is PriceChange.SAME:
        return PriceRule(change, floor=floor)
    label, most = {
        PriceChange.PERCENT: ("値下げの割合", 99),
        PriceChange.YEN: ("値下げの金額", MOST_YEN),
        PriceChange.FIXED: ("新しい価格", MOST_YEN),
    }[change]
    field = change.lower()
    wrong = Invalid("OUT_OF_RANGE", f"{label}は1〜{most:,}の数字で入力してください。", field=field)
    try:
        amount = whole_number(form, field, label)
    except Invalid as error:
        raise wrong from error
    if not 1 <= amount <= most:
        raise wrong
    if change is PriceChange.FIXED and floor is not None and amount < floor:
        raise Invalid("BELOW_FLOOR", "新しい価格が下限より安くなっています。", field=field)
    return PriceRule(change, amount, unit, floor)
