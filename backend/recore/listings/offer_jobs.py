"""Background work: what the server sends to marketplaces with an API and reads back from there, one offer at a time.

Each step: what is about to happen is committed, the marketplace is asked without a transaction, what it answered is committed.
Killed anywhere, the next worker finds a write that was not answered, and reads back before it sends anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from recore.accounts import api_keys
from recore.accounts.api_keys import Counter
from recore.channels.base import FieldProblem
from recore.channels.offer_api import (
    NotAllowed,
    Operation,
    OutcomeUnknown,
    Seller,
    Submitted,
)
from recore.channels.order_api import ConsentOver
from recore.listings import offers
from recore.listings.offer_rules import Standing, Step, next_step
from recore.platform.db import unit_of_work
from recore.platform.errors import RecoreError, Retryable, Terminal
from recore.platform.jobs import JobRun, LeaseLost
from recore.wiring import Services

T = TypeVar("T")
log = structlog.get_logger(__name__)
DUE = "listings.due_offers"
MOST_STEPS = 6
NOT_SENT = "思わぬ理由で送れませんでした。運用者に知らせてください。"


def register(wired: Services) -> None:
    wired.jobs.add(offers.ATTEND, lambda run: attend(wired, run), "出品先への送信と確認")
    wired.jobs.add(DUE, wake_due, "出品先を確かめる時刻の見回り", every=timedelta(minutes=1))


def wake_due(run: JobRun) -> None:
    with unit_of_work(run.actor) as uow:
        offers.wake_due(uow)


def attend(wired: Services, run: JobRun) -> None:
    """Do what is next about one offer, and then what is next after that."""
    with unit_of_work(run.actor) as uow:
        offer = offers.claim(uow, run.payload["listing_id"])
    if offer is None:
        return
    try:
        _work(wired, run, offer)
    except offers.LeaseGone:
        log.warning("offer lease gone", listing=offer.listing_id)


def _work(wired: Services, run: JobRun, offer: Standing) -> None:
    worker = Worker(run, Counter(run.actor, wired.keyring, wired.offer_apis[offer.channel]))
    try:
        for _ in range(MOST_STEPS):
            if (step := next_step(offer)) is Step.REST:
                break
            run.heartbeat()
            worker.take(step, offer)
            with unit_of_work(run.actor) as uow:
                offer = offers.renew(uow, offer)
    except (LeaseLost, offers.LeaseGone, OperationalError):
        raise
    except RecoreError as error:
        log.warning("offer not sent", listing=offer.listing_id, code=error.code)
        with unit_of_work(run.actor) as uow:
            offers.release_failed(uow, offer, error)
        return
    except Exception:  # an answer that nobody thought of must not keep it in 出品処理中 in silence
        log.exception("offer not sent", listing=offer.listing_id)
        with unit_of_work(run.actor) as uow:
            offers.release_failed(uow, offer, Retryable("NOT_SENT", NOT_SENT))
        return
    with unit_of_work(run.actor) as uow:
        offers.release(uow, offer)


class Worker:
    """The steps on one offer."""

    def __init__(self, run: JobRun, counter: Counter) -> None:
        self._actor, self._counter, self._api = run.actor, counter, counter.api

    def take(self, step: Step, offer: Standing) -> None:
        steps = {
            Step.PUT: self._put,
            Step.LOOK: self._look,
            Step.SET_QUANTITY: lambda each: self._change(each, quantity=each.wanted.quantity),
            Step.SET_PRICE: lambda each: self._change(each, price=each.wanted.price),
            Step.NOTE_RISE: self._note_rise,
            Step.WITHDRAW: self._withdraw,
            Step.END: self._end,
        }
        steps[step](offer)

    def _put(self, offer: Standing) -> None:
        """Only a lost answer leaves the offer as sent; every other error says that nothing was taken."""
        begun = False

        def put(seller: Seller) -> Submitted:
            nonlocal begun
            if not begun:
                with unit_of_work(self._actor) as uow:
                    offers.begin_put(uow, offer)
                begun = True
            return self._api.put(seller, offer.number, offer.values, offer.wanted)

        try:
            answer = self._ask(offer, Operation.PUT, put)
        except OutcomeUnknown:
            raise
        except RecoreError as error:
            if begun:
                with unit_of_work(self._actor) as uow:
                    offers.put_not_taken(uow, offer)
            if not isinstance(error, Terminal) or isinstance(error, NotAllowed | ConsentOver):
                raise
            answer = Submitted(False, (FieldProblem("", self._api.label, error.message, error.remedy or ""),))
        with unit_of_work(self._actor) as uow:
            offers.put_answered(uow, offer, answer)

    def _look(self, offer: Standing) -> None:
        seen = self._ask(offer, Operation.LOOK, lambda seller: self._api.look(seller, offer.number))
        with unit_of_work(self._actor) as uow:
            offers.note_seen(uow, offer, seen)

    def _change(self, offer: Standing, **sent: int) -> None:
        with unit_of_work(self._actor) as uow:
            offers.begin_change(uow, offer, sent)
        answer = self._ask(
            offer,
            Operation.CHANGE,
            lambda seller: self._api.change(seller, offer.number, offer.values, **sent),
        )
        with unit_of_work(self._actor) as uow:
            offers.change_answered(uow, offer, sent, answer)

    def _note_rise(self, offer: Standing) -> None:
        with unit_of_work(self._actor) as uow:
            offers.note_rise(uow, offer)

    def _withdraw(self, offer: Standing) -> None:
        answer = self._ask(offer, Operation.WITHDRAW, lambda seller: self._api.withdraw(seller, offer.number))
        with unit_of_work(self._actor) as uow:
            offers.withdrawal_answered(uow, offer, answer)

    def _end(self, offer: Standing) -> None:
        with unit_of_work(self._actor) as uow:
            offers.end_unsent(uow, offer)

    def _ask(self, offer: Standing, operation: Operation, question: Callable[[Seller], T]) -> T:
        return api_keys.ask(self._counter, offer.account_id, offer.seller_id, operation, question)
