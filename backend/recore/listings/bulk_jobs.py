"""Background work of まとめて出品: listing the rows of a run, one transaction per item."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from recore.accounts.api_keys import Counter
from recore.identity.service import staff_actor, staff_who_pressed
from recore.listings import bulk, offer_check
from recore.listings.bulk import Problem
from recore.listings.forms import enabled_accounts
from recore.listings.models import BulkRow, BulkRun
from recore.listings.rules import BulkState
from recore.platform.db import UnitOfWork, again_after_deadlock, db, unit_of_work
from recore.platform.errors import Conflict, Denied, NotIdentified
from recore.platform.housekeeping import repeat
from recore.platform.jobs import JobRun
from recore.wiring import Services

HEARTBEAT_SECONDS = 5.0
FORGET = "listings.forget_bulk"


def register(wired: Services) -> None:
    wired.jobs.add(bulk.LIST, lambda run: list_run(wired, run), "まとめて出品", given_up=give_up)
    wired.jobs.add(
        FORGET, partial(repeat, bulk.forget_old), "古いまとめて出品の削除", every=timedelta(hours=1)
    )


def list_run(wired: Services, run: JobRun) -> None:
    """Row after row until every one has its result; killed half-way it goes on with the first that has none."""
    run_id, next_beat = run.payload["run_id"], time.monotonic() + HEARTBEAT_SECONDS
    pressed = bulk.run_by_id(db.session(), run_id)
    if pressed.state is not BulkState.RUNNING or pressed.staff_id is None:
        return
    db.session().expunge(pressed)
    while (row_id := bulk.next_row(db.session(), run_id)) is not None:
        _list_row(wired, run, pressed, row_id)
        if time.monotonic() > next_beat:
            run.heartbeat()
            next_beat = time.monotonic() + HEARTBEAT_SECONDS
    with unit_of_work(run.actor) as uow:
        bulk.finish(uow, run_id)


def _list_row(wired: Services, run: JobRun, pressed: BulkRun, row_id: int) -> None:
    problems = _refused_there(wired, run, row_id)

    def work() -> None:
        with unit_of_work(run.actor) as uow:
            if problems:
                bulk.refuse_row(uow, row_id, problems)
                return
            staff = staff_who_pressed(uow, pressed.staff_id or 0, pressed.login_id, "ec.list")
            uow.actor = staff_actor(staff, pressed.login_id)
            bulk.list_row(uow, wired.channels, row_id, staff)

    try:
        again_after_deadlock(work)
    except (Conflict, Denied, NotIdentified) as error:
        _refuse(run, row_id, Problem(None, "", error.field or "", "出品", error.message, error.remedy or ""))
    except IntegrityError:
        _refuse(
            run,
            row_id,
            Problem(None, "", "", "出品", "ほかの操作と重なりました。", "もう一度出品してください。"),
        )


def _refuse(run: JobRun, row_id: int, problem: Problem) -> None:
    with unit_of_work(run.actor) as uow:
        bulk.refuse_row(uow, row_id, [problem])


def _refused_there(wired: Services, run: JobRun, row_id: int) -> list[Problem]:
    """What marketplaces with an API say of a row that is valid here (R7); no transaction is open while they are asked."""
    session = db.session()
    row = session.scalars(sa.select(BulkRow).where(BulkRow.id == row_id)).one()
    by_api = {str(each.id) for each in enabled_accounts(session) if wired.channels[each.channel].lists_by_api}
    if not by_api & set(row.choices):
        session.rollback()
        return []
    (checked,) = bulk.check(session, wired.channels, [row])
    asked = [form for form in checked.forms if form.account.id in checked.ticked and form.by_api]
    if checked.problems or not asked:
        session.rollback()
        return []
    session.expunge_all()
    session.rollback()
    found: list[Problem] = []
    for form in asked:
        counter = Counter(run.actor, wired.keyring, wired.offer_apis[form.account.channel])
        refused = offer_check.refusals({form.account.channel: counter}, [form])
        found += [Problem.of(problem, form) for _, problem in refused]
    return found


def give_up(uow: UnitOfWork, payload: dict[str, Any], why: str) -> None:
    """The page says that it stopped, and offers to go on."""
    bulk.stop(uow, payload["run_id"], why)
