"""R18: Yahoo's words → ours. The expected side is written out here from yahoo.md, not read from the maps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recore.channels.yahoo_auction.importer import YahooPages
from recore.channels.yahoo_auction.states import current_order_state

CLASSIC = YahooPages("classic")
CURRENT = YahooPages("current")
CLASSIC_ROWS = {
    "未処理": "ON_HOLD",
    "入金済み": "UNSHIPPED",
    "発送済み": "SHIPPED",
    "対応終了": "SHIPPED",
    "キャンセル": "CANCELLED",
}
# Order → the states by Pay-Ship as in the table of yahoo.md: rows Pay 0 and Pay 1, columns Ship 0 to 4.
H, U, S, C, R = "ON_HOLD", "UNSHIPPED", "SHIPPED", "CANCELLED", None
TABLE = {
    0: ((R, R, R, S, S), (R, R, R, S, S)),
    1: ((H, H, H, S, S), (H, H, H, S, S)),
    2: ((H, H, H, S, S), (U, U, U, S, S)),
    3: ((H, H, H, S, S), (H, H, H, S, S)),
    4: ((C, C, C, C, C), (C, C, C, C, C)),
    5: ((R, S, S, S, S), (S, S, S, S, S)),
    8: ((R, R, R, S, S), (R, R, R, S, S)),
}
PAID_LATER = TABLE | {2: ((H, U, U, S, S), (U, U, U, S, S))}
TRIPLES = list(itertools.product(TABLE, (0, 1), range(5)))


@pytest.mark.parametrize(("status", "state"), CLASSIC_ROWS.items())
def test_r18_every_classic_status(status: str, state: str) -> None:
    assert CLASSIC.order_state(status) == state


@given(st.text().filter(lambda text: text.strip() not in CLASSIC_ROWS))
def test_r18_an_unknown_classic_status_is_never_guessed(status: str) -> None:
    assert CLASSIC.order_state(status) is None


@pytest.mark.parametrize(
    "status", ["入金済", "発送済みです", "キャンセル済み", "未処理 入金済み", "", "2-1-1"]
)
def test_r18_nearly_a_classic_status_is_unknown(status: str) -> None:
    assert CLASSIC.order_state(status) is None


@pytest.mark.parametrize(("order", "pay", "ship"), TRIPLES)
def test_r18_every_triple_of_the_current_tool(order: int, pay: int, ship: int) -> None:
    assert current_order_state(order, pay, ship) == TABLE[order][pay][ship]
    assert current_order_state(order, pay, ship, pay_later=True) == PAID_LATER[order][pay][ship]
    assert CURRENT.order_state(f"{order}-{pay}-{ship}") == TABLE[order][pay][ship]
    assert CURRENT.order_state(f"{order}-{pay}-{ship}-後払い") == PAID_LATER[order][pay][ship]


@pytest.mark.parametrize(
    "triple", [(6, 1, 1), (1, 2, 0), (2, 9, 1), (2, 1, 5), (1, 0, 7), (9, 0, 0), (2, 2, 3)]
)
def test_r18_numbers_that_yahoo_never_named_are_unknown(triple: tuple[int, int, int]) -> None:
    assert current_order_state(*triple) is None


@given(st.text())
def test_r18_an_unknown_current_status_is_never_guessed(status: str) -> None:
    if CURRENT.order_state(status) is not None:
        order, pay, ship = (int(part) for part in status.strip().removesuffix("-後払い").split("-"))
        assert (order, pay, ship) in TRIPLES


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("落札者あり", "SOLD"),
        ("落札者なし", "UNSOLD"),
        ("取消", "WITHDRAWN"),
        ("終了", None),
        ("", None),
        ("落札", None),
    ],
)
def test_r18_the_words_of_ended_auctions(word: str, result: str | None) -> None:
    assert CLASSIC.ended_result(word) == result


def test_r18_the_status_that_the_shop_must_create() -> None:
    assert CLASSIC.missing_status(["未処理", "入金済み", "発送済み", "対応終了"]) == "キャンセル"
    assert CLASSIC.missing_status([*CLASSIC_ROWS]) is None
    assert CLASSIC.missing_status([]) is None
    assert CURRENT.missing_status(["未処理"]) is None
