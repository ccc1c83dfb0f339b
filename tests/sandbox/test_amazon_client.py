"""R3, R11, R21: our client against the pretend Amazon as a process of its own, over real connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from demo.stage import free_port, sandbox
from recore.channels.amazon import AmazonOffers
from recore.channels.offer_api import Amounts, NotAllowed, OutcomeUnknown, Seller
from recore.channels.order_api import AccessExpired, Client, ConsentOver
from recore.platform.errors import Retryable
from tests.sandbox.amazon_market import AT_ONCE, CLIENT_ID, REFRESH, SECRET, SELLER, VALUES


class Process:
    def __init__(self, port: int) -> None:
        self._port = port
        self.api = AmazonOffers(
            f"http://api.amazon.localhost:{port}", f"http://sellingpartnerapi-fe.amazon.localhost:{port}"
        )

    def act(self, action: str, **body: object) -> None:
        httpx.post(f"http://127.0.0.1:{self._port}/control/{action}", json=body).raise_for_status()

    def seller(self, id: str = SELLER) -> Seller:
        return Seller(self.api.new_tokens(Client(CLIENT_ID, SECRET), REFRESH).access, id)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder, port = tmp_path_factory.mktemp("amazon"), free_port()
    with sandbox(Path(folder) / "data", port, Path(folder) / "log"):
        made = Process(port)
        made.act("amazon-settings", throttle="off", **AT_ONCE)
        yield made


def test_r11_a_jan_may_be_several_products_one_or_none(process: Process) -> None:
    seller = process.seller()
    assert [each.id for each in process.api.find(seller, "4580000000010")] == [
        "B0SBX00001", "B0SBX00002", "B0SBX00003",
    ]  # fmt: skip
    (known,) = process.api.find(seller, "B0SBX00030")
    assert known.title
    assert process.api.find(seller, "4999999999999") == []
    assert "腕時計" in process.api.find(seller, "腕時計")[0].title


def test_r11_restrictions_and_a_preview_tell_before_anything_is_sent(process: Process) -> None:
    seller = process.seller()
    assert process.api.restrictions(seller, VALUES) == []
    assert [each.field for each in process.api.restrictions(seller, VALUES | {"asin": "B0SBX00022"})] == [
        "condition"
    ]
    assert process.api.check(seller, "P-1", VALUES) == []
    (told,) = process.api.check(seller, "P-1", VALUES | {"shipping_group": "nobody"})
    assert told.field == "shipping_group"
    assert process.api.look(seller, "P-1") is None, "a preview submits nothing"


def test_r21_an_offer_from_the_first_to_the_last(process: Process) -> None:
    seller, api = process.seller(), process.api
    assert api.put(seller, "O-1", VALUES, Amounts(2, 4980)).is_accepted
    seen = api.look(seller, "O-1")
    assert seen is not None and (seen.is_buyable, seen.quantity, seen.price) == (True, 2, 4980)
    assert api.change(seller, "O-1", VALUES, quantity=0).is_accepted
    assert api.change(seller, "O-1", VALUES, price=3980).is_accepted
    seen = api.look(seller, "O-1")
    assert seen is not None and (seen.is_buyable, seen.quantity, seen.price) == (False, 0, 3980)
    assert api.withdraw(seller, "O-1").is_accepted
    assert api.look(seller, "O-1") is None
    again = api.put(seller, "O-1", VALUES, Amounts(1, 4980))
    assert not again.is_accepted and again.problems[0].field == "management_number"


def test_r3_the_connection_test_tells_what_is_wrong(process: Process) -> None:
    process.api.try_out(process.seller())
    with pytest.raises(NotAllowed, match="API_NOT_ALLOWED"):
        process.api.try_out(process.seller("A9SOMEBODYELSE"))
    with pytest.raises(AccessExpired):
        process.api.try_out(Seller("Atza|nonsense", SELLER))
    with pytest.raises(NotAllowed, match="CLIENT_REFUSED"):
        process.api.new_tokens(Client(CLIENT_ID, "wrong"), REFRESH)
    with pytest.raises(ConsentOver):
        process.api.new_tokens(Client(CLIENT_ID, SECRET), "Atzr|wrong")
    with pytest.raises(Retryable, match="API_UNREACHABLE"):
        AmazonOffers(f"http://api.amazon.localhost:{free_port()}").new_tokens(Client("a", "b"), "c")


@pytest.mark.parametrize("kind", ["html503", "empty503", "empty500", "drop"])
def test_a_write_that_fails_oddly_may_have_happened(process: Process, kind: str) -> None:
    seller = process.seller()
    process.act("amazon-settings", fail_next=1, fail_kind=kind, fail_where="putListingsItem")
    with pytest.raises(OutcomeUnknown):
        process.api.put(seller, f"F-{kind}", VALUES, Amounts(1, 1))
    assert process.api.put(seller, f"F-{kind}", VALUES, Amounts(1, 1)).is_accepted


@pytest.mark.parametrize("kind", ["429", "bare429"])
def test_too_fast_was_certainly_not_taken(process: Process, kind: str) -> None:
    seller = process.seller()
    process.act("amazon-settings", fail_next=1, fail_kind=kind, fail_where="putListingsItem")
    with pytest.raises(Retryable, match="API_TOO_FAST"):
        process.api.put(seller, f"T-{kind}", VALUES, Amounts(1, 1))
    assert process.api.look(seller, f"T-{kind}") is None


def test_a_lost_answer_is_found_by_looking(process: Process) -> None:
    seller = process.seller()
    process.act("amazon-settings", lose_answers=1)
    with pytest.raises(OutcomeUnknown):
        process.api.put(seller, "L-1", VALUES, Amounts(1, 1))
    assert process.api.look(seller, "L-1") is not None
