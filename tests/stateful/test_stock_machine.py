"""R6, R20, R25: any sequence of bids, wins, releases, shipments, returns and counter sales, against a dictionary model."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from recore.platform.errors import Conflict
from recore.stock import service
from recore.stock.rules import ReservationKind
from tests.support.shop import Shop

SOURCES = st.integers(1, 3)
BID, ORDER = ReservationKind.BID, ReservationKind.ORDER


def machine_for(shop: Shop) -> type[RuleBasedStateMachine]:  # noqa: C901 - one rule each
    series = iter(range(1, 10**9))

    class StockMachine(RuleBasedStateMachine):
        """The model: units on hand, and what each source holds or has shipped."""

        @initialize(units=st.integers(0, 6))
        def buy(self, units: int) -> None:
            self.item = shop.item(quantity=units)
            self.on_hand = units
            self.held: dict[tuple[ReservationKind, int], int] = {}
            self.shipped: dict[int, int] = {}
            self.base = next(series) * 10  # sources of this example only

        def source(self, number: int) -> int:
            return self.base + number

        @property
        def available(self) -> int:
            return self.on_hand - sum(self.held.values())

        def model_hold(self, key: tuple[ReservationKind, int], wanted: int) -> int:
            now = self.held.get(key, 0)
            self.held[key] = min(wanted, now + self.available)
            return self.held[key]

        @rule(number=SOURCES, wanted=st.integers(0, 4))
        def bid(self, number: int, wanted: int) -> None:
            with shop.work() as uow:
                got = service.hold(uow, self.item, BID, self.source(number), wanted)
            assert got == self.model_hold((BID, number), wanted)

        @rule(number=SOURCES, wanted=st.integers(1, 4))
        def win(self, number: int, wanted: int) -> None:
            if number in self.shipped:
                return
            moved = max(0, min(self.held.get((BID, number), 0), wanted - self.held.get((ORDER, number), 0)))
            self.held[(BID, number)] = self.held.get((BID, number), 0) - moved
            self.held[(ORDER, number)] = self.held.get((ORDER, number), 0) + moved
            source = self.source(number)
            with shop.work() as uow:
                got = service.take_over_bid(uow, self.item, source, source, wanted)
            assert got == self.model_hold((ORDER, number), wanted)

        @rule(number=SOURCES, kind=st.sampled_from([BID, ORDER]))
        def release(self, number: int, kind: ReservationKind) -> None:
            with shop.work() as uow:
                assert service.release(uow, kind, self.source(number)) == self.held.pop((kind, number), 0)

        @rule(number=SOURCES)
        def ship(self, number: int) -> None:
            units = self.held.pop((ORDER, number), 0)
            with shop.work() as uow:
                assert service.ship(uow, self.source(number)) == units
            if units:
                self.shipped[number] = units
                self.on_hand -= units

        @rule(number=SOURCES)
        def take_back(self, number: int) -> None:
            units = self.shipped.pop(number, 0)
            with shop.work() as uow:
                assert service.take_back(uow, self.source(number)) == units
            self.on_hand += units

        @rule(units=st.integers(1, 3))
        def sell(self, units: int) -> None:
            possible = units <= self.available
            try:
                with shop.work() as uow:
                    service.sell_at_counter(uow, self.item, units, next(series))
                sold = True
            except Conflict:
                sold = False
            assert sold == possible
            self.on_hand -= units if sold else 0

        @invariant()
        def agrees(self) -> None:
            if hasattr(self, "item"):
                held = sum(self.held.values())
                assert shop.counts(self.item) == (self.on_hand, held, self.on_hand - held)

    return StockMachine


def test_r6_stock_agrees_with_a_dictionary_whatever_happens(shop: Shop) -> None:
    run_state_machine_as_test(
        machine_for(shop),
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
