"""Background work: fetching orders through a marketplace's official API, a few calls at a time so that nothing else waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from recore.accounts import linking, store_key
from recore.accounts.linking import PULL, Reach
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import api_link
from recore.channels.base import OrderRecord
from recore.channels.order_api import (
    ChangedOrder,
    ConsentOver,
    OrderApi,
    OrderOperation,
    Place,
    UnreadableOrder,
    consent_api,
)
from recore.identity.settings import setting
from recore.listings import offers
from recore.platform.db import again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, NotYet, RecoreError, Retryable, Terminal
from recore.platform.jobs import JobRun, enqueue
from recore.sync import order_pull
from recore.sync.order_import import NOT_ABOUT_AN_ORDER
from recore.sync.order_pull import Taking, Waiting
from recore.sync.records import SYNCING
from recore.sync.service import Tools
from recore.wiring import Services

T = TypeVar("T")
log = structlog.get_logger(__name__)

DUE = "orders.due_pulls"
CALLS_AT_ONCE = 5
AFTER_SYNC, AFTER_LAG = timedelta(seconds=20), timedelta(minutes=1)
OVERTAKEN, BEHIND = "OVERTAKEN", "BEHIND"
# What Amazon's answer about one order may be for ever, while the list and other orders are answered well.
OF_ONE_ORDER = frozenset({"API_BROKEN", "API_DOWN", "API_SLOW"})
NOT_TAKEN = "思わぬ理由で取り込めませんでした。運用者に知らせてください。"


def register(wired: Services) -> None:
    tools = Tools(wired.keyring, wired.channels)
    wired.jobs.add(DUE, due_pulls, "受注を取り込む時刻の見回り", every=timedelta(minutes=1))
    wired.jobs.add(PULL, lambda run: pull(run, tools, wired.order_apis), "APIからの受注の取り込み")


def due_pulls(run: JobRun) -> None:
    """One job for every account whose time has come."""
    with unit_of_work(run.actor) as uow:
        for account_id in linking.due_accounts(uow.session, uow.at):
            enqueue(uow, PULL, {"account_id": account_id}, dedupe_key=str(account_id))


def pull(run: JobRun, tools: Tools, apis: Mapping[str, OrderApi]) -> None:
    """Some calls of a pull; while there is more to do it puts itself in line again."""
    puller = _puller(run, tools, apis)
    if puller is None:
        return
    try:
        _pull(run, puller)
    finally:
        _note_key(run, puller)


def _pull(run: JobRun, puller: Puller) -> None:
    try:
        _begin(run, puller)
        for _ in range(CALLS_AT_ONCE):
            if not puller.step():
                _end(run, puller.account_id)
                return
            run.heartbeat()
        _go_on(run)
    except ConsentOver:
        log.warning("consent over", account=puller.account_id)  # noted where it was found
    except NotYet as error:  # too many questions of our own: no failure
        _go_on(run, timedelta(seconds=error.retry_after_seconds or 1))
    except RecoreError as error:
        if error.code in (SYNCING, OVERTAKEN, BEHIND):
            _go_on(run, AFTER_LAG if error.code == BEHIND else AFTER_SYNC)
            return
        log.warning("pull ended early", account=puller.account_id, code=error.code)
        with unit_of_work(run.actor) as uow:
            linking.note_failure(uow, puller.account_id, error)


def _begin(run: JobRun, puller: Puller) -> None:
    with unit_of_work(run.actor) as uow:
        next_at = uow.at + timedelta(minutes=setting(uow.session, "orders.pull_minutes"))
        if linking.claim_pull(uow, puller.account_id, next_at):
            order_pull.open_list(uow, puller.reach.api, puller.account_id)


def _end(run: JobRun, account_id: int) -> None:
    with unit_of_work(run.actor) as uow:
        order_pull.tell(uow, account_id)
        linking.note_pulled(uow, account_id, order_pull.heard_until(uow.session, account_id))
        offers.orders_heard(uow, account_id)


def _note_key(run: JobRun, puller: Puller) -> None:
    api = puller.reach.api
    if api.by_consent:
        with unit_of_work(run.actor) as uow:
            store_key.note_heard(uow, consent_api(api), puller.account_id)


def _go_on(run: JobRun, after: timedelta = timedelta()) -> None:
    with unit_of_work(run.actor) as uow:
        key = str(run.payload["account_id"])
        enqueue(uow, PULL, run.payload, dedupe_key=key, not_before=uow.at + after)


def _puller(run: JobRun, tools: Tools, apis: Mapping[str, OrderApi]) -> Puller | None:
    """None where the link was switched off, undone or is over, or the account is."""
    account_id: int = run.payload["account_id"]

    def found(session: Session) -> Puller | None:
        account, link = account_by_id(session, account_id), api_link(session, account_id)
        api = apis.get(account.channel)
        if api is None or account.profile not in api.profiles or not account.is_enabled:
            return None
        if link is None or not linking.is_pulling(link):
            return None
        if api.by_consent:
            api = store_key.with_its_key(session, tools.keyring, consent_api(api), account)
        return Puller(run, Reach(run.actor, tools.keyring, api), tools, account_id, account.store_id)

    return _read(found)


class Puller:
    """The calls of one account's pull, each followed by its commit."""

    def __init__(self, run: JobRun, reach: Reach, tools: Tools, account_id: int, store_id: str) -> None:
        self._run, self.reach, self.account_id = run, reach, account_id
        self._tools, self._store_id = tools, store_id

    def step(self) -> bool:
        """One call and its commit; False when there is nothing left to do."""
        where = _read(lambda session: order_pull.place(session, self.account_id))
        if where is not None:
            self._list(where)
            return True
        waiting = _read(lambda session: order_pull.next_order(session, self.account_id))
        if waiting is None:
            return False
        self._fetch(waiting)
        return True

    def _list(self, where: Place) -> None:
        """Note what a page shows, then take in those of its orders that it tells whole; who is killed has to ask for them."""
        try:
            page = self._ask(
                OrderOperation.LIST, lambda api, access: api.changed_orders(access, self._store_id, where)
            )
        except Terminal as error:
            if where.token is None or isinstance(error, ConsentOver):
                raise
            with unit_of_work(self.reach.actor) as uow:
                order_pull.begin_again(uow, self.account_id, where)
            raise Retryable("LIST_OVER", "受注の一覧を、初めから読み直します。") from error
        with unit_of_work(self.reach.actor) as uow:
            order_pull.take_page(uow, self.account_id, where, page)
        for each in page.orders:
            if each.record is not None:
                self._take_listed(each, each.record)

    def _take_listed(self, listed: ChangedOrder, record: OrderRecord) -> None:
        waiting = _read(lambda session: order_pull.waiting_order(session, self.account_id, listed))
        if waiting is not None:
            self._fetch(waiting, record)
            self._run.heartbeat()

    def _ask(self, operation: OrderOperation, question: Callable[[OrderApi, str], T]) -> T:
        api = self.reach.api
        return linking.with_access(
            self.reach, self.account_id, operation, lambda access: question(api, access)
        )

    def _fetch(self, waiting: Waiting, told: OrderRecord | None = None) -> None:
        """Take one order in, or set it aside; what may pass is raised. Nobody but the order's own fault sets it aside."""
        record = told
        try:
            record = told or self._ask(
                OrderOperation.ORDER, lambda api, access: api.order(access, self._store_id, waiting.number)
            )
            again_after_deadlock(partial(self._take, waiting, record))
        except (OperationalError, NotYet):  # the database's fault, nobody's
            raise
        except Retryable as error:
            with unit_of_work(self.reach.actor) as uow:
                is_own_fault = error.code in OF_ONE_ORDER
                order_pull.note_attempt(uow, waiting, error.message, is_own_fault=is_own_fault)
            raise
        except UnreadableOrder as error:
            self._set_aside(waiting, f"{error.message}{error.remedy or ''}", error.numbers)
        except RecoreError as error:
            if isinstance(error, Terminal) or error.code in (*NOT_ABOUT_AN_ORDER, OVERTAKEN, BEHIND):
                raise
            self._set_aside(waiting, f"{error.message}{error.remedy or ''}", order_pull.numbers_of(record))
        except Exception as error:  # an order that nobody thought of must not keep the others out
            log.error("order not taken in", error=type(error).__name__, account=self.account_id)
            self._set_aside(waiting, NOT_TAKEN, order_pull.numbers_of(record))

    def _take(self, waiting: Waiting, record: OrderRecord) -> None:
        with unit_of_work(self.reach.actor) as uow:
            taking = order_pull.take_order(uow, self._tools, waiting, record)
        if taking is Taking.OVERTAKEN:
            raise Conflict(OVERTAKEN, "この注文は、聞いている間に同期で読まれました。", item=waiting.number)
        if taking is Taking.BEHIND:
            raise Conflict(BEHIND, order_pull.BEHIND, item=waiting.number)

    def _set_aside(self, waiting: Waiting, reason: str, numbers: Sequence[str]) -> None:
        with unit_of_work(self.reach.actor) as uow:
            order_pull.set_aside(uow, waiting, reason, numbers)


def _read(ask: Callable[[Session], T]) -> T:
    """Nothing is held afterwards: what follows is a call."""
    session = db.session()
    try:
        return ask(session)
    finally:
        session.rollback()
