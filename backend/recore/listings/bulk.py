"""まとめて出品: many items of 出品待ち prepared, checked and listed together, with a result per item (R7, R12).

A run is a row of the database with a row per item. While it is OPEN marketplaces are ticked and templates are put into the
items' forms; `check` is the dry run. `press` hands it to a job, which lists item by item: each in a transaction of its own
that also says what became of it, so that a job that was killed goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.channels.base import FieldProblem
from recore.identity.models import Staff
from recore.listings.drafts import lock_item, note_categories, nothing_to_list, queue
from recore.listings.form_templates import as_applied, changes, without_applied
from recore.listings.forms import Channels, Form, FormReader, Item, enabled_accounts, items_of
from recore.listings.models import BulkRow, BulkRun, ListingDraft, ListingTemplate
from recore.listings.rules import BulkRowState, BulkState
from recore.listings.template_fill import category_keys
from recore.listings.template_undo import APPLY, before
from recore.platform import clock
from recore.platform.audit import record_all
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid, NotFound
from recore.platform.jobs import enqueue
from recore.platform.undo import begin as begin_edit
from recore.platform.undo import forget_if_empty

LIST = "listings.bulk"
MOST = 500  # items of one run
FORGOTTEN_AFTER = timedelta(days=2)
KEPT_FOR = timedelta(days=90)  # the results of a run; what it listed stays
CHUNK = 100  # items whose forms are read together
KEEP, AUTO, NONE = "", "auto", "none"  # what may be chosen beside a template's id


@dataclass(frozen=True)
class Problem:
    """Why an item stays: `field` is its key in the form of the account `account_id`, None where it is about no form."""

    account_id: int | None
    account: str
    field: str
    label: str
    message: str
    remedy: str

    @classmethod
    def of(cls, problem: FieldProblem, form: Form | None = None) -> Problem:
        account = form.account if form else None
        return cls(account.id if account else None, account.name if account else "", problem.field, problem.label,
                   problem.message, problem.remedy or "")  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A row of a run with its item (None: gone), the form of every account, and what stands in the way."""

    row: BulkRow
    item: Item | None
    forms: Sequence[Form]
    problems: Sequence[Problem]

    @property
    def ticked(self) -> set[int]:
        return {int(each) for each in self.row.choices}


# --- reads -------------------------------------------------------------------------------------------------------


def run_by_id(session: Session, run_id: int, *, locked: bool = False) -> BulkRun:
    """Raises NotFound."""
    statement = sa.select(BulkRun).where(BulkRun.id == run_id).execution_options(populate_existing=True)
    run = session.scalars(statement.with_for_update() if locked else statement).one_or_none()
    if run is None:
        raise NotFound(
            "NO_SUCH_RUN", "このまとめて出品は見つかりません。", remedy="出品待ちから選び直してください。"
        )
    return run


def unfinished(session: Session) -> Sequence[BulkRun]:
    """Runs that somebody began and did not end, the latest first; one that was left in preparation is forgotten after a while."""
    is_open = sa.and_(BulkRun.state == BulkState.OPEN, BulkRun.created_at > clock.now() - FORGOTTEN_AFTER)
    wanted = sa.select(BulkRun).where(
        sa.or_(is_open, BulkRun.state.in_((BulkState.RUNNING, BulkState.STOPPED)))
    )
    return session.scalars(wanted.order_by(BulkRun.id.desc()).limit(5)).all()


def counts(session: Session, run_id: int) -> dict[BulkRowState, int]:
    rows = session.execute(
        sa.select(BulkRow.state, sa.func.count(BulkRow.id))
        .where(BulkRow.run_id == run_id)
        .group_by(BulkRow.state)
    )
    return {row[0]: row[1] for row in rows}


def rows_of(session: Session, run_id: int) -> Sequence[BulkRow]:
    return session.scalars(
        sa.select(BulkRow).where(BulkRow.run_id == run_id).order_by(BulkRow.position)
    ).all()


def check(session: Session, channels: Channels, rows: Sequence[BulkRow]) -> list[Checked]:
    """The dry run of these rows as everything stands now; writes nothing."""
    checked: list[Checked] = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        items = items_of(session, [row.stock_item_id for row in chunk])
        forms = FormReader(session, channels, list(items.values())).forms()
        checked += [
            _checked(row, items.get(row.stock_item_id), forms.get(row.stock_item_id, [])) for row in chunk
        ]
    return checked


def _checked(row: BulkRow, item: Item | None, forms: Sequence[Form]) -> Checked:
    if item is None:
        gone = Problem(None, "", "", "商品", "この在庫は見つかりません。", "")
        return Checked(row, None, forms, [gone])
    return Checked(row, item, forms, [*_kept_problems(row), *problems_of(item, forms, row.choices)])


def problems_of(item: Item, forms: Sequence[Form], choices: Collection[str]) -> list[Problem]:
    """Why the item cannot be listed on the accounts of `choices`: on all of them or on none (R7)."""
    if not item.sells_online:
        return [Problem(None, "", "", "販路", "販路が「店頭のみ」のため、ECに出品できません。", "")]
    wanted = {int(each) for each in choices}
    ticked = [form for form in forms if form.account.id in wanted]
    problems = []
    if (standing := nothing_to_list(item, ticked)) is not None:
        problems.append(Problem.of(standing))
    if wanted - {form.account.id for form in forms}:
        stopped = FieldProblem(
            "account", "出品先", "停止中の出品先に印が付いています。", "印を外してください。"
        )
        problems.append(Problem.of(stopped))
    for form in ticked:
        if not form.can_tick:
            elsewhere = FieldProblem(
                "account",
                "出品先",
                "別の出品先で出品中のため、ここには追加できません。",
                "印を外してください。",
            )
            problems.append(Problem.of(elsewhere, form))
        problems += [Problem.of(each, form) for each in form.errors]
    return problems


def _kept_problems(row: BulkRow) -> list[Problem]:
    return [Problem(*each) for each in row.problems or []]


# --- preparing ---------------------------------------------------------------------------------------------------


def begin(uow: UnitOfWork, channels: Channels, stock_item_ids: Sequence[int], *, is_cut: bool = False) -> int:
    """A new run of these items, in this order, with the marketplaces that are ticked in their forms; where none is, those of
    the last run. Its id. Raises Invalid NOTHING_SELECTED, TOO_MANY.
    """
    wanted = list(dict.fromkeys(stock_item_ids))
    if len(wanted) > MOST:
        raise Invalid("TOO_MANY", f"一度に出品できるのは{MOST}件までです。", remedy="印を減らしてください。")
    items = items_of(uow.session, wanted)
    kept = [each for each in wanted if each in items]
    if not kept:
        raise Invalid(
            "NOTHING_SELECTED", "商品が選ばれていません。", remedy="出品する商品に印を付けてください。"
        )
    run = BulkRun(item_count=len(kept), is_cut=is_cut, created_at=uow.at, created_by=uow.actor.label)
    remembered = _last_choice(uow.session)
    uow.session.add(run)
    uow.session.flush()
    choices = _first_choices(uow.session, kept, remembered)
    uow.session.execute(
        sa.insert(BulkRow),
        [
            {"tenant_id": uow.tenant_id, "run_id": run.id, "position": at, "stock_item_id": each,
             "choices": choices[each], "state": BulkRowState.WAITING}
            for at, each in enumerate(kept)
        ],
    )  # fmt: skip
    return run.id


def _last_choice(session: Session) -> list[str]:
    """The accounts that were ticked for the last run's items."""
    last = session.scalars(sa.select(BulkRow.choices).order_by(BulkRow.id.desc()).limit(1)).first()
    return list(last or {})


def _first_choices(
    session: Session, stock_item_ids: Sequence[int], remembered: Sequence[str]
) -> dict[int, dict[str, str]]:
    accounts = [str(each.id) for each in enabled_accounts(session)]
    usual = accounts if len(accounts) == 1 else [each for each in accounts if each in remembered]
    choices: dict[int, dict[str, str]] = {each: dict.fromkeys(usual, KEEP) for each in stock_item_ids}
    drafts = session.execute(
        sa.select(ListingDraft.stock_item_id, ListingDraft.account_id, ListingDraft.is_ticked).where(
            ListingDraft.stock_item_id.in_(stock_item_ids)
        )
    ).all()
    for draft in drafts:
        of_item, account = choices[draft.stock_item_id], str(draft.account_id)
        if draft.is_ticked and account in accounts:
            of_item[account] = KEEP
        elif not draft.is_ticked:
            of_item.pop(account, None)
    return choices


def choose(
    uow: UnitOfWork,
    channels: Channels,
    run_id: int,
    choices: Mapping[int, str],
    *,
    row_ids: Collection[int] | None = None,
    overwrite: bool = False,
) -> None:
    """Tick the accounts of `choices` for all rows of the run (or those of `row_ids`), and put the template that it names for
    each into their forms: its id, AUTO for the one that the category decides, NONE to take out what one put there, KEEP.

    Raises NotFound, Conflict RUN_STARTED, TEMPLATE_DOES_NOT_FIT, Invalid NO_SUCH_CHOICE.
    """
    run = run_by_id(uow.session, run_id, locked=True)
    if run.state is not BulkState.OPEN:
        raise Conflict(
            "RUN_STARTED",
            "もう【出品】が押されています。",
            remedy="画面を再読み込みして、結果を確認してください。",
        )
    wanted_rows = sa.select(BulkRow).where(BulkRow.run_id == run_id).order_by(BulkRow.position)
    if row_ids is not None:
        wanted_rows = wanted_rows.where(BulkRow.id.in_(row_ids))
    rows = uow.session.scalars(wanted_rows).all()
    if not rows:
        raise NotFound("NO_SUCH_ROW", "この行は見つかりません。", remedy="画面を再読み込みしてください。")
    templates = _templates(uow.session, choices.values())
    edit_id = begin_edit(uow, APPLY, f"{len(rows)}件の出品フォームに{_in_words(choices, templates)}")
    for start in range(0, len(rows), CHUNK):
        _choose(uow, channels, rows[start : start + CHUNK], choices, templates, edit_id, overwrite=overwrite)
    forget_if_empty(uow, edit_id)


def _in_words(choices: Mapping[int, str], templates: Mapping[str, ListingTemplate]) -> str:
    named = {each: f"「{template.name}」" for each, template in templates.items()}
    used = dict.fromkeys((named | {AUTO: "カテゴリに合うもの"}).get(each, "") for each in choices.values())
    words = "・".join(each for each in used if each)
    return f"テンプレート{words}を使用" if words else "入れたテンプレートを外した"


def _templates(session: Session, choices: Iterable[str]) -> dict[str, ListingTemplate]:
    numbers = {each for each in choices if each not in (KEEP, AUTO, NONE)}
    if any(not each.isascii() or not each.isdigit() or len(each) > 18 for each in numbers):
        raise Invalid("NO_SUCH_CHOICE", "テンプレートを選び直してください。", field="template")
    found = session.scalars(
        sa.select(ListingTemplate).where(ListingTemplate.id.in_([int(each) for each in numbers]))
    )
    templates = {str(each.id): each for each in found}
    if numbers - set(templates):
        raise NotFound(
            "NO_SUCH_TEMPLATE", "このテンプレートは見つかりません。", remedy="選び直してください。"
        )
    return templates


def _choose(
    uow: UnitOfWork,
    channels: Channels,
    rows: Sequence[BulkRow],
    choices: Mapping[int, str],
    templates: Mapping[str, ListingTemplate],
    edit_id: int,
    *,
    overwrite: bool,
) -> None:
    items = items_of(uow.session, [row.stock_item_id for row in rows])
    reader = FormReader(uow.session, channels, list(items.values()))
    wanted: dict[tuple[int, int], ListingTemplate | None] = {}
    for item in items.values():
        for account in reader.accounts:
            choice = choices.get(account.id, KEEP)
            if choice == AUTO:
                template = _automatic(reader, item, account.id)
                if template is not None:
                    wanted[item.id, account.id] = template
            elif choice != KEEP:
                wanted[item.id, account.id] = None if choice == NONE else templates[choice]
    broken = put_templates(uow, reader, wanted, edit_id, overwrite=overwrite)
    for row in rows:
        row.choices = {str(each): choice for each, choice in choices.items()}
        row.problems = [list(vars(each).values()) for each in broken.get(row.stock_item_id, [])] or None


def _automatic(reader: FormReader, item: Item, account_id: int) -> ListingTemplate | None:
    """The automatic template of the form's category, else that for every category."""
    account = next(each for each in reader.accounts if each.id == account_id)
    fitting = reader.automatic(account)
    if not fitting:
        return None
    values, _ = reader.values(item, account)
    keys = category_keys(reader.channels[account.channel].form(account.profile))
    of_category = [
        fitting[str(values[key])] for key in keys if values.get(key) and str(values[key]) in fitting
    ]
    return of_category[0] if of_category else fitting.get("")


def put_templates(
    uow: UnitOfWork,
    reader: FormReader,
    wanted: Mapping[tuple[int, int], ListingTemplate | None],
    edit_id: int,
    *,
    overwrite: bool = False,
) -> dict[int, list[Problem]]:
    """Put into each form, by (item, account), its template instead of the one that filled it before (None: take that out);
    a few statements however many there are, all rows of the bulk edit `edit_id`. By item what could not be rendered; such a
    form stays as it was.
    """
    if not wanted:
        return {}
    items = {item.id: item for item in reader.items}
    accounts = {account.id: account for account in reader.accounts}
    new = [key for key, template in wanted.items() if template is not None and key not in reader.drafts]
    if new:
        uow.session.execute(
            upsert(uow.session, ListingDraft).on_conflict_do_nothing(),
            [
                {"tenant_id": uow.tenant_id, "stock_item_id": item_id, "account_id": account_id, "version": 1,
                 "fields": reader.first_values(items[item_id], accounts[account_id]), "is_ticked": True,
                 "updated_at": uow.at, "updated_by": uow.actor.label}
                for item_id, account_id in new
            ],
        )  # fmt: skip
    locked = uow.session.scalars(
        sa.select(ListingDraft)
        .where(ListingDraft.stock_item_id.in_({item_id for item_id, _ in wanted}))
        .order_by(ListingDraft.id)
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    drafts = {(draft.stock_item_id, draft.account_id): draft for draft in locked}
    broken: dict[int, list[Problem]] = {}
    audited: list[tuple[int, str, dict[str, Any] | None, dict[str, Any]]] = []
    for key, template in wanted.items():
        if key not in drafts:
            continue
        item, account, draft = items[key[0]], accounts[key[1]], drafts[key]
        base = without_applied(draft.fields, draft.applied)
        fields: dict[str, Any] = base
        applied: dict[str, Any] | None = None
        if template is not None:
            rows, problems = changes(reader, account, item, base, template, None)
            if problems:
                broken.setdefault(item.id, []).extend(
                    Problem(account.id, account.name, each.field, f"テンプレート「{template.name}」", each.message, each.remedy or "")
                    for each in problems
                )  # fmt: skip
                continue
            put = {
                each.field.key: each.after
                for each in rows
                if not each.is_same and (overwrite or not each.is_typed)
            }
            fields, applied = {**base, **put}, as_applied(template, base, put, None)
        if (fields, applied) == (draft.fields, draft.applied):
            continue
        was = before(draft, fields)
        draft.fields, draft.applied, draft.version = fields, applied, draft.version + 1
        draft.updated_at, draft.updated_by = uow.at, uow.actor.label
        now = {"template": template.name if template else None, "fields": sorted(applied["put"]) if applied else [],
               "version": draft.version}  # fmt: skip
        audited.append((draft.id, item.it_code, was, now))
    record_all(uow, APPLY, "listing_draft", audited, bulk_edit_id=edit_id)
    return broken


# --- listing -----------------------------------------------------------------------------------------------------


def press(uow: UnitOfWork, run_id: int, staff: Staff, login_id: int | None) -> bool:
    """【出品】 of a run: a job lists its rows one after the other. False for a repeat, which changes nothing. Raises NotFound."""
    run_by_id(uow.session, run_id)
    pressed = uow.execute_one(
        sa.update(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state.in_((BulkState.OPEN, BulkState.STOPPED)))
        .values(state=BulkState.RUNNING, staff_id=staff.id, login_id=login_id, pressed_at=uow.at, error=None)
    )
    if pressed:
        enqueue(uow, LIST, {"run_id": run_id}, dedupe_key=str(run_id))
    return pressed


def next_row(session: Session, run_id: int) -> int | None:
    """The first row of a pressed run that has no result yet."""
    return session.scalars(
        sa.select(BulkRow.id)
        .where(BulkRow.run_id == run_id, BulkRow.state == BulkRowState.WAITING)
        .order_by(BulkRow.position)
        .limit(1)
    ).first()


def list_row(uow: UnitOfWork, channels: Channels, row_id: int, staff: Staff) -> None:
    """List the row's item on every account that is ticked, or say why not; nothing for a row that has its result.

    Raises Conflict MANAGEMENT_NUMBER_TAKEN, for which the caller refuses the row.
    """
    row = _waiting_row(uow, row_id)
    if row is None:
        return
    lock_item(uow, row.stock_item_id)
    (checked,) = check(uow.session, channels, [row])
    if checked.problems or checked.item is None:
        _refuse(uow, row, checked.problems)
        return
    forms = [form for form in checked.forms if form.account.id in checked.ticked]
    listed = [queue(uow, checked.item, form, staff, f"{staff.name}さんがまとめて出品") for form in forms]
    note_categories(uow, channels, checked.item, forms)
    uow.session.flush()
    row.state, row.done_at = BulkRowState.LISTED, uow.at
    row.listing_ids, row.problems = [each.id for each in listed], None


def refuse_row(uow: UnitOfWork, row_id: int, problems: Sequence[Problem]) -> None:
    row = _waiting_row(uow, row_id)
    if row is not None:
        _refuse(uow, row, problems)


def _refuse(uow: UnitOfWork, row: BulkRow, problems: Sequence[Problem]) -> None:
    row.state, row.done_at = BulkRowState.REFUSED, uow.at
    row.problems = [list(vars(each).values()) for each in problems]


def _waiting_row(uow: UnitOfWork, row_id: int) -> BulkRow | None:
    return uow.session.scalars(
        sa.select(BulkRow)
        .where(BulkRow.id == row_id, BulkRow.state == BulkRowState.WAITING)
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def finish(uow: UnitOfWork, run_id: int) -> None:
    uow.execute_one(
        sa.update(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state == BulkState.RUNNING)
        .values(state=BulkState.DONE, finished_at=uow.at)
    )


def stop(uow: UnitOfWork, run_id: int, why: str) -> None:
    """Its job was given up: what has no result yet waits for somebody to press again."""
    uow.execute_one(
        sa.update(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state == BulkState.RUNNING)
        .values(state=BulkState.STOPPED, error=why[:500])
    )


def forget_old(uow: UnitOfWork) -> int:
    """Delete runs whose time is over, and those that were left in preparation, a few at a time; how many."""
    ended = sa.and_(
        BulkRun.state.in_((BulkState.DONE, BulkState.STOPPED)), BulkRun.created_at < uow.at - KEPT_FOR
    )
    left = sa.and_(BulkRun.state == BulkState.OPEN, BulkRun.created_at < uow.at - 2 * FORGOTTEN_AFTER)
    old = sa.select(BulkRun.id).where(sa.or_(ended, left)).order_by(BulkRun.id).limit(20)
    gone = uow.session.scalars(old.with_for_update(skip_locked=True)).all()
    for table, column in ((BulkRow, BulkRow.run_id), (BulkRun, BulkRun.id)):
        uow.session.execute(
            sa.delete(table).where(column.in_(gone)), execution_options={"synchronize_session": False}
        )
    return len(gone)


def results(session: Session, rows: Sequence[BulkRow]) -> list[Checked]:
    """Rows with the result they have, their items as they are now."""
    items: dict[int, Item] = {}
    for start in range(0, len(rows), CHUNK):
        items |= items_of(session, [row.stock_item_id for row in rows[start : start + CHUNK]])
    return [Checked(row, items.get(row.stock_item_id), [], _kept_problems(row)) for row in rows]


def as_lines(refused: Iterable[Checked]) -> list[list[str]]:
    """The file of what stayed: a line per problem."""
    return [
        [each.item.it_code if each.item else "", each.item.name if each.item else "", problem.account, problem.label,
         problem.message, problem.remedy]
        for each in refused
        for problem in each.problems
    ]  # fmt: skip


HEADER = ["ITコード", "商品名", "出品先", "項目", "内容", "直し方"]
