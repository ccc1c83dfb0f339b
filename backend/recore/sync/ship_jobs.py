"""Background work: telling a marketplace through its API that an order was shipped, at most once (R24).

Each time the order is read first. What was sent and not answered is read back, and sent again only when the marketplace, after the
settle time, certainly knows no such parcel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from recore.accounts import linking
from recore.accounts.linking import Reach
from recore.accounts.queries import account as account_by_id
from recore.channels.offer_api import NotAllowed, OutcomeUnknown
from recore.channels.order_api import (
    ConsentOver,
    OrderApi,
    OrderOperation,
    Parcel,
    ShippedOrder,
    shipment_api,
)
from recore.commands import service as commands
from recore.commands.models import MarketplaceCommand
from recore.commands.rules import CommandState, Seen
from recore.orders.shipping import SHIP_BY_API
from recore.platform import clock
from recore.platform.db import again_after_deadlock, unit_of_work
from recore.platform.errors import Conflict, RecoreError, Retryable, Terminal
from recore.platform.jobs import JobRun, enqueue
from recore.sync import order_pull
from recore.sync.pull_jobs import NOT_TAKEN
from recore.sync.service import Tools
from recore.wiring import Services

T = TypeVar("T")
log = structlog.get_logger(__name__)
DUE = "orders.due_shipments"


def register(wired: Services) -> None:
    tools = Tools(wired.keyring, wired.channels)
    wired.jobs.add(DUE, due_shipments, "出荷通知を送る時刻の見回り", every=timedelta(minutes=1))
    wired.jobs.add(SHIP_BY_API, lambda run: ship(run, tools, wired.order_apis), "出荷の通知")


def due_shipments(run: JobRun) -> None:
    with unit_of_work(run.actor) as uow:
        for command_id in commands.due_by_server(uow):
            enqueue(uow, SHIP_BY_API, {"command_id": command_id}, dedupe_key=str(command_id))


def ship(run: JobRun, tools: Tools, apis: Mapping[str, OrderApi]) -> None:
    """What is next about one notice; nothing when somebody else is at it, or it is not its time."""
    with unit_of_work(run.actor) as uow:
        command = commands.claim_by_server(uow, run.payload["command_id"])
        if command is None:
            return
        account = account_by_id(uow.session, command.account_id)
        api, store_id = apis[account.channel], account.store_id
        uow.session.expunge(command)
    Notice(run, Reach(run.actor, tools.keyring, api), tools, command, store_id).attend()


class Notice:
    """One command, and the calls for it, each followed by its commit."""

    def __init__(
        self, run: JobRun, reach: Reach, tools: Tools, command: MarketplaceCommand, store_id: str
    ) -> None:
        self._run, self._reach, self._tools = run, reach, tools
        self._api = shipment_api(reach.api)
        self._id, self._account_id = command.id, command.account_id
        self._number, self._payload, self._store_id = command.key, command.payload, store_id

    def attend(self) -> None:
        try:
            order = self._read()
        except RecoreError as error:
            log.warning("order not read", command=self._id, code=error.code)
            self._put_off(error)
            return
        try:
            is_begun = self._begin(order)
        except Conflict:  # somebody else was faster, or the account was switched off
            return
        if not is_begun:
            return
        self._run.heartbeat()
        if self._send(order):
            self._look_again()

    def _read(self) -> ShippedOrder:
        order = self._ask(
            OrderOperation.ORDER,
            lambda access: self._api.shipped_order(access, self._store_id, self._number),
        )
        try:
            again_after_deadlock(lambda: self._take(order))
        except (RecoreError, OperationalError):
            raise
        except Exception as error:  # what it says might be the buyer's
            log.error("order not taken in", error=type(error).__name__, command=self._id)
            raise Retryable("NOT_TAKEN", NOT_TAKEN) from None
        return order

    def _take(self, order: ShippedOrder) -> None:
        """Our order follows at once: it may be shipped or cancelled there by now, and then there is nothing to send."""
        with unit_of_work(self._reach.actor) as uow:
            order_pull.take_record_now(uow, self._tools, self._account_id, order.record)

    def _begin(self, order: ShippedOrder) -> bool:
        """Whether to send it: committed before anything is sent."""
        with unit_of_work(self._reach.actor) as uow:
            command = commands.by_id(uow, self._id)
            seen = Seen(order.record.status, None, None, None)
            words = self._tools.order_words(account_by_id(uow.session, self._account_id))
            if command.state is CommandState.SENDING:
                if str(self._id) in order.parcels:
                    commands.acknowledge(uow, self._id, "出荷通知が届いていたことを確認しました。")
                else:
                    commands.note_seen(uow, words, self._id, seen)
                return False
            if command.state is not CommandState.CLAIMED:
                return False
            nonce = f"job-{self._run.job_id}-{self._run.attempt}-{self._run.deaths}"
            return commands.begin_sending(uow, words, self._id, nonce, seen).state is CommandState.SENDING

    def _send(self, order: ShippedOrder) -> bool:
        """Whether the marketplace took it."""
        parcel = Parcel(
            str(self._id), self._payload["carrier"], self._payload["tracking_number"], clock.now(), order.left
        )
        try:
            self._ask(
                OrderOperation.SHIP,
                lambda access: self._api.confirm(access, self._store_id, self._number, parcel),
            )
        except OutcomeUnknown:
            with unit_of_work(self._reach.actor) as uow:
                commands.give_back(uow, self._id, "OUTCOME_UNKNOWN")
            return False
        except RecoreError as error:
            self._not_taken(error)
            return False
        with unit_of_work(self._reach.actor) as uow:
            commands.acknowledge(uow, self._id, f"{self._api.label}が出荷通知を受け付けました。")
        return True

    def _not_taken(self, error: RecoreError) -> None:
        log.warning("shipment not taken", command=self._id, code=error.code)
        is_about_it = isinstance(error, Terminal) and not isinstance(error, NotAllowed | ConsentOver)
        with unit_of_work(self._reach.actor) as uow:
            if not is_about_it:
                commands.unsent(uow, self._id, _why(error))
            elif (
                commands.by_id(uow, self._id).clicks > 1
            ):  # perhaps because the first one has arrived after all
                commands.give_back(uow, self._id, "OUTCOME_UNKNOWN")
            else:
                commands.refuse(uow, self._id, f"{error.message}{error.remedy or ''}")

    def _put_off(self, error: RecoreError) -> None:
        with unit_of_work(self._reach.actor) as uow:
            commands.put_off(uow, self._id, _why(error))

    def _look_again(self) -> None:
        """Our order is 出荷済み as soon as the marketplace shows it; else the next pull finds it."""
        try:
            self._read()
        except RecoreError as error:
            log.info("shipped order not read yet", command=self._id, code=error.code)

    def _ask(self, operation: OrderOperation, question: Callable[[str], T]) -> T:
        return linking.with_access(self._reach, self._account_id, operation, question)


def _why(error: RecoreError) -> str:
    return f"{error.message}{error.remedy or ''}自動でもう一度送ります。"
