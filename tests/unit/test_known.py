"""Digests and run lengths of the rows that need not be sent again (B7)."""

from __future__ import annotations

import pytest

from recore.platform.errors import Invalid
from recore.sync.known import digest, expand
from recore.sync.schemas import MAX_ROWS


def test_b7_the_digest_is_the_one_the_extension_computes() -> None:
    """extension/tests/core/known.test.ts"""
    assert digest("x1", None, '時計 "𠮷" \\', 1200, 0, 1795608000, None) == "9f01792f1f87e98d"
    assert digest("x1", "buyer", "入金済み") == "c18dc483e3130c93"


@pytest.mark.parametrize(
    ("runs", "numbers"),
    [([], []), ([0, 1], [1]), ([2, 3, 4, 1], [3, 4, 5, 10]), ([0, 2], [1, 2]), ([5, 0, 0, 1], [6])],
)
def test_b7_run_lengths(runs: list[int], numbers: list[int]) -> None:
    assert expand(runs) == numbers


@pytest.mark.parametrize("runs", [[3], [0, MAX_ROWS + 1], [0, 2**52, 0, 2**52]])
def test_b7_run_lengths_that_no_page_can_have_are_refused(runs: list[int]) -> None:
    with pytest.raises(Invalid, match="BODY"):
        expand(runs)
