"""What the extension is asked to do on the marketplace's own pages, or a job of ours through its API (`by_server`), each thing at
most once (R24, R27; rules 4, 5, 8).

    ask → claim (leased) → begin_sending (committed before the one click) → conclude with what a read-back shows
What SENDING began may have happened: nobody clicks for it again before a read-back has proved, after the settle time, that
nothing did. A command is put in line in the commit of its cause, and moved by conditional updates only: staff, two PCs and a
sync may all reach for it at once, and one of them does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts import permits
from recore.accounts.contact import note_push
from recore.accounts.models import MarketplaceAccount
from recore.accounts.queries import account as account_by_id
from recore.accounts.queries import enabled_account
from recore.channels.base import OrderWords, PageReader, store_tool
from recore.commands import ending
from recore.commands.models import CommandEvent, MarketplaceCommand
from recore.commands.rules import (
    COMMAND_MACHINE,
    MENDED_BY_STAFF,
    MOST_CLICKS,
    MOST_NOT_TAKEN,
    NOT_SENT_STATES,
    OPEN_STATES,
    OPERATION_OF,
    CommandKind,
    CommandState,
    Finding,
    Seen,
    Verdict,
    cause_of,
    judge_end,
    judge_shipment,
    reason_for,
)
from recore.identity.models import Device
from recore.identity.settings import setting
from recore.platform.actor import ActorKind
from recore.platform.audit import record
from recore.platform.clock import to_jst
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, NotFound

LEASE = timedelta(minutes=5)  # from the claim to the last word about it
NEXT_TRY = timedelta(minutes=10)  # for what could not be done this time; the others go on meanwhile
TOLD_WITHIN = timedelta(hours=24)  # a click of which nothing was read back by then is for a person

S = CommandState
SOONEST = timedelta(seconds=30)


@dataclass(frozen=True)
class Target:
    """`key`: how its page (or it) is found there; `label` names it to staff. `by_server`: done by a job, not by the extension."""

    kind: CommandKind
    account_id: int
    key: str
    label: str
    order_id: int | None = None
    listing_id: int | None = None
    by_server: bool = False


def ask(
    uow: UnitOfWork, target: Target, payload: dict[str, Any], *, cause: str, is_automatic: bool = False
) -> int | None:
    """Put it in line; None when a command for that target is open already."""
    command_id = uow.session.execute(
        upsert(uow.session, MarketplaceCommand)
        .values(
            tenant_id=uow.tenant_id, account_id=target.account_id, kind=target.kind, order_id=target.order_id,
            listing_id=target.listing_id, key=target.key, label=target.label, payload=payload,
            is_automatic=is_automatic, state=S.QUEUED, state_at=uow.at, asked_by=uow.actor.label, created_at=uow.at,
            not_before=uow.at, clicks=0, not_taken=0, by_server=target.by_server,
        )
        .on_conflict_do_nothing()
        .returning(MarketplaceCommand.id)
    ).scalar_one_or_none()  # fmt: skip
    if command_id is not None:
        _write_event(uow, command_id, None, S.QUEUED, cause)
    return command_id


# --- the extension -----------------------------------------------------------------------------------------------


def claim(uow: UnitOfWork, account_id: int) -> MarketplaceCommand | None:
    """The next thing to do for this PC, leased: what was sent and not read back comes first, its own claim is renewed.

    None: nothing is due. Raises NotFound, Conflict ACCOUNT_DISABLED.
    """
    enabled_account(uow.session, account_id)
    _free_abandoned_claims(uow, MarketplaceCommand.account_id == account_id)
    while (command := _next_due(uow, account_id)) is not None:
        over = _over_by_now(uow, command)
        if over is not None:
            _move(uow, command, over.target, over.reason, finished_at=uow.at)
            continue
        values = {"device_id": uow.actor.id, "lease_until": uow.at + LEASE}
        if command.state is S.QUEUED:
            _move(uow, command, S.CLAIMED, None, cause="拡張機能が受け取った", **values)
        else:
            _update(uow, command, command.state, values)
        return get(uow.session, command.id, uow.actor.id)
    return None


def claim_by_server(uow: UnitOfWork, command_id: int) -> MarketplaceCommand | None:
    """That command for a job of the server, leased; None: somebody has it, it is not its time, or there is nothing to do."""
    statement = sa.select(MarketplaceCommand).where(MarketplaceCommand.id == command_id)
    for command in _locked(uow, statement.where(_is_due_by_server(uow))):
        if command.state is S.QUEUED:
            _move(uow, command, S.CLAIMED, None, cause="サーバーが送る準備", lease_until=uow.at + LEASE)
        else:
            _update(uow, command, command.state, {"lease_until": uow.at + LEASE})
        return by_id(uow, command_id)
    return None


def due_by_server(uow: UnitOfWork) -> Sequence[int]:
    """The commands whose time has come, where the server does them itself."""
    statement = sa.select(MarketplaceCommand.id).where(_is_due_by_server(uow))
    return uow.session.scalars(statement.order_by(MarketplaceCommand.id).limit(500)).all()


def _is_due_by_server(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    table = MarketplaceCommand
    is_left = sa.and_(table.state.in_([S.CLAIMED, S.SENDING]), table.lease_until <= uow.at)
    is_enabled = sa.exists().where(
        MarketplaceAccount.tenant_id == table.tenant_id, MarketplaceAccount.id == table.account_id,
        MarketplaceAccount.is_enabled,
    )  # fmt: skip
    return sa.and_(
        table.by_server, table.not_before <= uow.at, sa.or_(table.state == S.QUEUED, is_left), is_enabled
    )


def _free_abandoned_claims(uow: UnitOfWork, *which: sa.ColumnElement[bool]) -> int:
    """Claims whose lease ran out before anything was sent wait again, whatever became of their PC; how many."""
    freed = _locked(uow, _abandoned(uow, S.CLAIMED).where(*which))
    for command in freed:
        reason = (
            f"「{_device_name(uow, command)}」が途中で止まったため、まだ送っていません。"
            "拡張機能のあるPCの次の同期で、もう一度行います。"
        )
        _move(uow, command, S.QUEUED, reason, cause="拡張機能が途中で止まった", lease_until=None)
    return len(freed)


def _tell_abandoned_clicks(uow: UnitOfWork) -> int:
    """What a PC may have clicked and not read back before its lease ran out is read back by any other; how many."""
    left = _locked(uow, _abandoned(uow, S.SENDING).where(MarketplaceCommand.reason.is_(None)))
    for command in left:
        until = to_jst(_sent_at(command) + TOLD_WITHIN)
        reason = (
            f"「{_device_name(uow, command)}」が結果を確かめる前に止まりました。拡張機能のあるPCの次の同期で、反映されたかを"
            f"確かめます。{until:%m月%d日 %H:%M}までに確かめられないときは、要確認になります。"
        )
        _update(uow, command, S.SENDING, {"reason": reason})
    return len(left)


def _abandoned(uow: UnitOfWork, state: CommandState) -> sa.Select[MarketplaceCommand]:
    table = MarketplaceCommand
    return sa.select(table).where(~table.by_server, table.state == state, table.lease_until <= uow.at)


def _device_name(uow: UnitOfWork, command: MarketplaceCommand) -> str:
    return uow.session.scalar(sa.select(Device.name).where(Device.id == command.device_id)) or "PC"


def _next_due(uow: UnitOfWork, account_id: int) -> MarketplaceCommand | None:
    """Locked; passed over while somebody else holds its row."""
    table = MarketplaceCommand
    is_own = sa.and_(table.device_id == uow.actor.id, table.state.in_([S.CLAIMED, S.SENDING]))
    is_left = sa.and_(table.state == S.SENDING, table.lease_until <= uow.at)
    turn = sa.case((table.state == S.SENDING, 0), (table.state == S.CLAIMED, 1), else_=2)
    statement = (
        sa.select(table)
        .where(
            table.account_id == account_id,
            ~table.by_server,
            table.not_before <= uow.at,
            sa.or_(is_own, is_left, table.state == S.QUEUED),
        )
        .order_by(turn, table.id)
        .limit(1)
    )
    return next(iter(_locked(uow, statement, skip_locked=True)), None)


def _over_by_now(uow: UnitOfWork, command: MarketplaceCommand) -> ending.Over | None:
    """Why something that was not sent need not be done any more. Orders say so themselves (`follow_order`)."""
    if command.state not in NOT_SENT_STATES or command.kind is not CommandKind.END:
        return None
    return ending.over_by_now(uow, command)


def begin_sending(
    uow: UnitOfWork, reader: OrderWords, command_id: int, nonce: str, seen: Seen
) -> MarketplaceCommand:
    """From here on it may have happened there. `seen` is what the page shows just before the click: it may end the command, or
    put it off, and then nothing is to be clicked; only SENDING means: click. The same `nonce` again, soon, is the same
    click, which has not happened yet. Raises NotFound, Conflict ACCOUNT_DISABLED, COMMAND_OVER.
    """
    command = get(uow.session, command_id, _holder(uow), lock=True)
    enabled_account(uow.session, command.account_id)
    if command.state is S.SENDING and command.nonce == nonce and _is_fresh(uow, command):
        return command
    if command.state is not S.CLAIMED:
        raise _is_over(command)
    over = _over_by_now(uow, command)
    verdict = _judged(reader, command, seen)
    if over is not None:
        _move(uow, command, over.target, over.reason, finished_at=uow.at)
    elif verdict.finding is Finding.UNTOUCHED:
        values = {
            "nonce": nonce,
            "sent_at": uow.at,
            "clicks": command.clicks + 1,
            "lease_until": uow.at + LEASE,
        }
        _move(uow, command, S.SENDING, None, cause="マーケットプレイスに送る", **values)
    elif verdict.finding is Finding.UNCLEAR:
        _put_off(uow, command, verdict.reason)
    else:
        target = S.DONE if verdict.finding is Finding.DONE else S.CANCELLED
        _move(uow, command, target, verdict.reason, finished_at=uow.at)
    return get(uow.session, command_id, _holder(uow))


def _is_fresh(uow: UnitOfWork, command: MarketplaceCommand) -> bool:
    return command.sent_at is not None and command.sent_at > uow.at - LEASE


def _is_over(command: MarketplaceCommand) -> Conflict:
    return Conflict(
        "COMMAND_OVER", f"「{command.label}」の{command.kind.label}は、もう{command.state.label}です。", item=command.label,
        remedy="拡張機能は次のものへ進みます。",
    )  # fmt: skip


def _judged(reader: OrderWords, command: MarketplaceCommand, seen: Seen) -> Verdict:
    if command.kind is CommandKind.SHIP:
        return judge_shipment(seen, reader.order_state(seen.status or ""))
    pages = cast(PageReader, reader)  # auctions are ended on pages
    return judge_end(seen, pages.ended_result(seen.result) if seen.result else None)


def note_seen(uow: UnitOfWork, reader: OrderWords, command_id: int, seen: Seen) -> MarketplaceCommand:
    """A read-back of something that was sent, or a last look before a click that was not made then; a repeat is a no-op.
    Raises NotFound.
    """
    command = get(uow.session, command_id, _holder(uow), lock=True)
    if command.state is S.CLAIMED:
        verdict = _judged(reader, command, seen)
        if verdict.finding in (Finding.DONE, Finding.OVER):
            target = S.DONE if verdict.finding is Finding.DONE else S.CANCELLED
            _move(uow, command, target, verdict.reason, finished_at=uow.at)
        else:
            _put_off(uow, command, verdict.reason)
    elif command.state is S.SENDING:
        _conclude(uow, command, _judged(reader, command, seen))
    return get(uow.session, command_id, _holder(uow))


def _conclude(uow: UnitOfWork, command: MarketplaceCommand, verdict: Verdict) -> None:
    settled_at = _sent_at(command) + timedelta(minutes=setting(uow.session, "settle.command_minutes"))
    match verdict.finding:
        case Finding.DONE:
            _move(uow, command, S.DONE, verdict.reason, finished_at=uow.at)
        case Finding.OVER:
            _move(uow, command, S.CANCELLED, verdict.reason, finished_at=uow.at)
        case Finding.UNTOUCHED if uow.at < settled_at:
            wait = {
                "not_before": settled_at,
                "lease_until": uow.at,
                "reason": "反映されたか、しばらくしてもう一度確かめます。",
            }
            _update(uow, command, S.SENDING, wait)
        case Finding.UNTOUCHED if command.clicks < MOST_CLICKS:
            _move(uow, command, S.QUEUED, "送れていなかったため、もう一度送ります。", lease_until=None)
        case Finding.UNTOUCHED:
            reason = (
                f"{MOST_CLICKS}回送りましたが、反映されていません。マーケットプレイスの画面で行ってください。"
            )
            _move(uow, command, S.NEEDS_REVIEW, reason)
        case Finding.UNCLEAR:
            again = {"not_before": uow.at + NEXT_TRY, "lease_until": uow.at, "reason": verdict.reason}
            _update(uow, command, S.SENDING, again)


def _sent_at(command: MarketplaceCommand) -> datetime:
    if command.sent_at is None:
        raise RuntimeError(f"command {command.id} is {command.state} and was never sent")
    return command.sent_at


def acknowledge(uow: UnitOfWork, command_id: int, reason: str) -> None:
    """The marketplace's API said that it took it, or shows it; a repeat is a no-op. Raises NotFound."""
    command = by_id(uow, command_id)
    if command.state is S.SENDING:
        _move(uow, command, S.DONE, reason, finished_at=uow.at)
        note_push(uow, command.account_id)


def put_off(uow: UnitOfWork, command_id: int, reason: str) -> None:
    """Nothing could be asked or sent this time; it is tried again, for ever. A repeat is a no-op. Raises NotFound."""
    command = by_id(uow, command_id)
    again = uow.at + _pause(uow, command)
    if command.state is S.CLAIMED:
        _move(uow, command, S.QUEUED, reason, not_before=again, lease_until=None)
    elif command.state is S.SENDING:
        _update(
            uow, command, S.SENDING, {"not_before": again, "lease_until": uow.at, "reason": reason[:1000]}
        )


def unsent(uow: UnitOfWork, command_id: int, reason: str) -> None:
    """What SENDING began certainly did not happen, for a reason that may pass; a repeat is a no-op. Raises NotFound."""
    command = by_id(uow, command_id)
    if command.state is S.SENDING:
        again = uow.at + _pause(uow, command)
        _move(
            uow, command, S.QUEUED, reason,
            clicks=command.clicks - 1, not_before=again, lease_until=None,
        )  # fmt: skip


def _pause(uow: UnitOfWork, command: MarketplaceCommand) -> timedelta:
    return min(max((uow.at - command.created_at) / 2, SOONEST), NEXT_TRY)


def refuse(uow: UnitOfWork, command_id: int, message: str, nonce: str | None = None) -> MarketplaceCommand:
    """The marketplace's page said no to the click `nonce`, with its words: it did not happen. A repeat, or a word about an
    earlier click, is a no-op. Raises NotFound.
    """
    command = get(uow.session, command_id, _holder(uow), lock=True)
    if _is_sending(command, nonce):
        words = message.strip() or "理由は表示されませんでした。"
        _move(uow, command, S.FAILED, f"マーケットプレイスに断られました：{words}", finished_at=uow.at)
    return get(uow.session, command_id, _holder(uow))


def not_taken(uow: UnitOfWork, command_id: int, message: str, nonce: str | None = None) -> MarketplaceCommand:
    """The page certainly did not look at the form (too old), or the button could not be clicked: it waits again, but not for
    ever. A repeat, or a word about another click than `nonce`, is a no-op. Raises NotFound.
    """
    command = get(uow.session, command_id, _holder(uow), lock=True)
    why = cause_of(message)
    told = f"：{why}" if why else ""
    if not _is_sending(command, nonce):
        return command
    if command.not_taken + 1 < MOST_NOT_TAKEN:
        wait = NEXT_TRY * command.not_taken  # the first time at once, with a fresh page
        values = {
            "clicks": command.clicks - 1,
            "not_taken": command.not_taken + 1,
            "not_before": uow.at + wait,
        }
        _move(uow, command, S.QUEUED, None, cause=f"画面が受け付けなかった{told}", **values)
    else:
        reason = f"マーケットプレイスの画面が受け付けません{told}。マーケットプレイスの画面で行ってください。"
        _move(uow, command, S.NEEDS_REVIEW, reason)
    return get(uow.session, command_id, _holder(uow))


def _is_sending(command: MarketplaceCommand, nonce: str | None) -> bool:
    """Whether the click that `nonce` names (None: whichever it is) is the one on its way."""
    return command.state is S.SENDING and nonce in (None, command.nonce)


def give_back(uow: UnitOfWork, command_id: int, code: str) -> MarketplaceCommand:
    """It could not be done, or not be read back, this time; why is shown to staff. A repeat is a no-op. Raises NotFound."""
    command = get(uow.session, command_id, _holder(uow), lock=True)
    wait = timedelta(0) if code in MENDED_BY_STAFF else NEXT_TRY
    if command.state is S.CLAIMED:
        _put_off(uow, command, reason_for(code), wait)
    elif command.state is S.SENDING:
        again = {"not_before": uow.at + wait, "lease_until": uow.at, "reason": reason_for(code)}
        _update(uow, command, S.SENDING, again)
    return get(uow.session, command_id, _holder(uow))


def _put_off(uow: UnitOfWork, command: MarketplaceCommand, reason: str, wait: timedelta = NEXT_TRY) -> None:
    _move(uow, command, S.QUEUED, reason, not_before=uow.at + wait, lease_until=None)


# --- staff and the sync ------------------------------------------------------------------------------------------


def take_back(uow: UnitOfWork, command_id: int, cause: str) -> None:
    """Given up before it was sent; a repeat is a no-op. Raises NotFound, DeniedHere, Conflict ALREADY_SENT."""
    command = by_id(uow, command_id)
    permits.require(uow, OPERATION_OF[command.kind], command.account_id)
    if command.state is S.CANCELLED:
        return
    if command.state not in NOT_SENT_STATES:
        raise Conflict(
            "ALREADY_SENT", f"「{command.label}」の{command.kind.label}は{command.state.label}のため、取りやめられません。", item=command.label,
            remedy="画面を再読み込みして、最新の状態を確認してください。",
        )  # fmt: skip
    _move(uow, command, S.CANCELLED, None, cause=cause, finished_at=uow.at)
    record(uow, "command.take_back", *_subject(command), command.label, after={"cause": cause})


def resolve(uow: UnitOfWork, command_id: int, cause: str, *, is_done: bool) -> None:
    """要確認 resolved by a person who has looked at the marketplace. Raises NotFound, DeniedHere, Conflict NOT_IN_REVIEW."""
    command = by_id(uow, command_id)
    permits.require(uow, OPERATION_OF[command.kind], command.account_id)
    if command.state is not S.NEEDS_REVIEW:
        raise Conflict(
            "NOT_IN_REVIEW", f"「{command.label}」の{command.kind.label}は要確認ではありません。", item=command.label,
            remedy="画面を再読み込みして、最新の状態を確認してください。",
        )  # fmt: skip
    _move(uow, command, S.DONE if is_done else S.CANCELLED, None, cause=cause, finished_at=uow.at)
    record(uow, "command.resolve", *_subject(command), command.label, after={"cause": cause})


def _subject(command: MarketplaceCommand) -> tuple[str, int | None]:
    return ("order", command.order_id) if command.order_id is not None else ("listing", command.listing_id)


def follow_order(uow: UnitOfWork, order_id: int, *, is_shipped: bool, is_unshipped: bool) -> None:
    """The order moved, as the marketplace shows it: what it asks for is done, or is not to be done any more. What is on its way
    is judged by its read-back.
    """
    if is_unshipped:
        return
    if is_shipped:
        _end_those_of(uow, order_id, OPEN_STATES, S.DONE, "出荷済みになったことを、同期で確認しました。")
    else:
        reason = "受注が未出荷ではなくなったため、発送通知を取りやめました。"
        _end_those_of(uow, order_id, (*NOT_SENT_STATES, S.NEEDS_REVIEW), S.CANCELLED, reason)


def merge_orders(uow: UnitOfWork, order_id: int, other_id: int) -> None:
    """`other_id` becomes part of `order_id`: what was asked for it and is not done is given up; the one order's page tells."""
    reason = "まとめ取引で1つの受注になったため、発送通知を取りやめました。"
    _end_those_of(uow, other_id, OPEN_STATES, S.CANCELLED, reason)
    uow.session.execute(
        sa.update(MarketplaceCommand)
        .where(MarketplaceCommand.order_id == other_id)
        .values(order_id=order_id),
        execution_options={"synchronize_session": False},
    )


def _end_those_of(
    uow: UnitOfWork, order_id: int, states: Sequence[CommandState], target: CommandState, reason: str
) -> None:
    statement = sa.select(MarketplaceCommand).where(
        MarketplaceCommand.order_id == order_id, MarketplaceCommand.state.in_(states)
    )
    for command in _locked(uow, statement):
        _move(uow, command, target, reason, finished_at=uow.at)


def sweep(uow: UnitOfWork) -> int:
    """What nobody would come back to: what a PC that is gone had begun; clicks that were never read back → 要確認; ends that
    are over. How many moved.
    """
    table = MarketplaceCommand
    lost = sa.select(table).where(table.state == S.SENDING, table.sent_at <= uow.at - TOLD_WITHIN)
    moved = _free_abandoned_claims(uow) + _tell_abandoned_clicks(uow)
    for command in _locked(uow, lost):
        reason = (
            "送りましたが、1日たっても結果を確認できていません。マーケットプレイスの画面で確かめてください。"
        )
        _move(uow, command, S.NEEDS_REVIEW, reason)
        moved += 1
    ends = sa.select(table).where(
        table.kind == CommandKind.END, table.state.in_([S.QUEUED, S.SENDING, S.NEEDS_REVIEW])
    )
    for command in _locked(uow, ends):
        over = (
            ending.over_by_now(uow, command)
            if command.state is S.QUEUED
            else ending.ended_by_now(uow, command)
        )
        if over is not None:
            _move(uow, command, over.target, over.reason, finished_at=uow.at)
            moved += 1
    return moved


def _holder(uow: UnitOfWork) -> int | None:
    """The device that acts; None for a job of the server."""
    return uow.actor.id if uow.actor.kind is ActorKind.DEVICE else None


# --- rows --------------------------------------------------------------------------------------------------------


def get(
    session: Session, command_id: int, device_id: int | None, *, lock: bool = False
) -> MarketplaceCommand:
    """The command as it is now, if this device holds or held it. Raises NotFound."""
    statement = sa.select(MarketplaceCommand).where(
        MarketplaceCommand.id == command_id, MarketplaceCommand.device_id == device_id
    )
    return _one(session, statement.with_for_update() if lock else statement)


def by_id(uow: UnitOfWork, command_id: int) -> MarketplaceCommand:
    """The command as it is now, locked. Raises NotFound."""
    statement = sa.select(MarketplaceCommand).where(MarketplaceCommand.id == command_id)
    return _one(uow.session, statement.with_for_update())


def _one(session: Session, statement: sa.Select[Any]) -> MarketplaceCommand:
    found: MarketplaceCommand | None = session.scalars(
        statement, execution_options={"populate_existing": True}
    ).one_or_none()
    if found is None:
        raise NotFound(
            "NO_SUCH_COMMAND", "この依頼は見つかりません。", remedy="画面を再読み込みしてください。"
        )
    return found


def _locked(
    uow: UnitOfWork, statement: sa.Select[Any], *, skip_locked: bool = False
) -> Sequence[MarketplaceCommand]:
    """The rows as they are now, each locked until the end of the transaction."""
    return uow.session.scalars(
        statement.with_for_update(skip_locked=skip_locked), execution_options={"populate_existing": True}
    ).all()


def reader_of(session: Session, channels: Any, command: MarketplaceCommand) -> PageReader:
    """How to understand the pages of the command's account."""
    account = account_by_id(session, command.account_id)
    return store_tool(channels[account.channel]).pages(account.profile)


def _move(
    uow: UnitOfWork,
    command: MarketplaceCommand,
    target: CommandState,
    reason: str | None,
    *,
    cause: str = "",
    **values: object,
) -> None:
    """Move a locked command and write the event; `reason` is shown to staff, `cause` (default: the reason) stands in history."""
    source = command.state
    COMMAND_MACHINE.check(source, target, item=command.label)
    kept = reason and reason[:1000]
    _update(uow, command, source, {"state": target, "state_at": uow.at, "reason": kept, **values})
    _write_event(uow, command.id, source, target, cause or reason or target.label)


def _update(
    uow: UnitOfWork, command: MarketplaceCommand, source: CommandState, values: Mapping[str, object]
) -> None:
    statement = sa.update(MarketplaceCommand).where(
        MarketplaceCommand.id == command.id, MarketplaceCommand.state == source
    )
    if not uow.execute_one(statement.values(**values)):
        raise _is_over(command)
    uow.session.expire(command)


def _write_event(
    uow: UnitOfWork, command_id: int, source: CommandState | None, target: CommandState, cause: str
) -> None:
    uow.session.add(
        CommandEvent(
            command_id=command_id,
            source=source,
            target=target,
            cause=cause[:1000],
            actor_kind=str(uow.actor.kind),
            actor_label=uow.actor.label,
            at=uow.at,
        )
    )
