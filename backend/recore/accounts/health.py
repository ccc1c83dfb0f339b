"""What staff should know about a marketplace account (R28): `MarketplaceAccount.attention`, [{code, message, at}]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.accounts.models import ApiLink, MarketplaceAccount
from recore.identity.settings import setting
from recore.platform.clock import from_wire, to_jst, to_wire
from recore.platform.db import UnitOfWork
from recore.shared_schemas import load

CANCEL_STATUS_MISSING = "CANCEL_STATUS_MISSING"
DOUBLE_LISTED = "DOUBLE_LISTED"
BID_WITHOUT_STOCK = "BID_WITHOUT_STOCK"
ORDERS_ASIDE = "ORDERS_ASIDE"
PAGES_ASIDE = "PAGES_ASIDE"
PUSH_FAILING = "PUSH_FAILING"
INCOMPLETE = "INCOMPLETE"
UNKNOWN = "UNKNOWN"
KNOWN_CODES = frozenset([*load("extension_errors.json")["codes"], INCOMPLETE])
# Something to be done about what was read, or is to be sent; every other code says that it could not be read.
READ_WELL = frozenset(
    {CANCEL_STATUS_MISSING, DOUBLE_LISTED, BID_WITHOUT_STOCK, ORDERS_ASIDE, PAGES_ASIDE, PUSH_FAILING}
)

FAILURES = {
    "LOGIN_REQUIRED": "ヤフオク!にログインしていないため、同期できませんでした。このPCのChromeで{store}のストアアカウントにログインして、もう一度【同期開始】を押してください。",
    "WRONG_ACCOUNT": "別のストアにログインしているため、同期を止めました（何も変えていません）。{store}のストアアカウントでログインし直してください。",
    "NOT_STORE": "個人のアカウントでログインしているため、同期を止めました（何も変えていません）。{store}のストアアカウントでログインし直してください。",
    "PAGE_DRIFT": "ヤフオク!の画面が変わったため、読み取りを止めました（何も変えていません）。運用者に知らせてください。",
    "MAINTENANCE": "ヤフオク!がメンテナンス中のため、同期できませんでした（何も変えていません）。終わってから、もう一度【同期開始】を押してください。",
    "RATE_LIMITED": "ヤフオク!が混み合っているため、同期を途中でやめました。しばらく待ってから、もう一度【同期開始】を押してください。",
    "NETWORK": "ヤフオク!につながらないため、同期を途中でやめました。インターネットの接続を確かめて、もう一度【同期開始】を押してください。",
    "CONTRACT_DISABLED": "ヤフオク!の画面の読み取りを一時的に止めています。拡張機能を最新の版にしてください。",
    "PERMISSION_MISSING": "拡張機能にヤフオク!を読む許可がありません。拡張機能のオプションを開いて許可してください。",
    INCOMPLETE: "同期が最後まで終わりませんでした。もう一度【同期開始】を押してください。",
}
SILENT = "{hours}時間以上、同期していません。このPCのChromeで拡張機能を開き、【同期開始】を押してください。"
API = "の受注API"
API_OVER = "連携の期限が切れました。受注は届いていません。【連携し直す】を押してください。"
KEYS = "の公式API"
KEYS_OVER = "鍵が受け付けられません。出品も受注も届いていません。新しい鍵を登録してください。"
API_ENDS = "連携の期限が{at}に切れます。【連携し直す】を押すと、期限が延びます。"
KEY_PROBLEM = "{problem}登録し直すまで、連携は{at}までです。"
KEY_ENDS = "公開鍵の有効期限（{day}）が近づいています。ストアクリエイターProの「設定」→「暗号鍵管理」で新しい公開鍵を発行し、登録してください。"
KEY_TOLD = timedelta(days=14)
A_DAY, OF_LONGER = timedelta(days=1), 10  # of what a consent lasts longer than a day, a tenth is told before
API_SILENT = "{hours}時間以上、受注を取り込んでいません。運用者に知らせてください。"
API_PATIENCE = timedelta(minutes=10)
NAMED = 5  # goods in a message
OTHER_FAILURE = (
    "同期が途中で止まりました（{code}）。もう一度【同期開始】を押し、続くときは運用者に知らせてください。"
)
UNKNOWN_FAILURE = (
    "同期が、分からない理由（{code}）で止まりました。要確認：拡張機能のあるPCで拡張機能を開いて何が表示されているか確かめ、"
    "もう一度【同期開始】を押してください。続くときは、この理由を運用者に知らせてください。"
)


def failure_message(code: str, store: str) -> str:
    """What to tell staff about a run that ended with `code`, as the device told it."""
    message = FAILURES.get(code, OTHER_FAILURE) if code in KNOWN_CODES else UNKNOWN_FAILURE
    return message.format(code=code, store=store)


def failure_code(code: str) -> str:
    """The code under which it stands at the account. A word of a device that nobody knows must not pass for one of ours."""
    return code if code in KNOWN_CODES else UNKNOWN


def cancel_status_message(status: str) -> str:
    return (
        f"このストアの取引ステータスに「{status}」がありません。キャンセルを受注管理に反映できるように、"
        f"ヤフオク!の落札管理のステータス設定で「{status}」という名前のステータスを追加してください。"
    )


def orders_aside_message(count: int, numbers: Sequence[str] = ()) -> str:
    """`numbers`: our own numbers of what was ordered, as far as they are known."""
    goods = f"その商品（{'、'.join(numbers[:NAMED])}{'ほか' if len(numbers) > NAMED else ''}）は在庫を確保していません。"
    return (
        f"受注APIの注文が{count}件、取り込めませんでした。{goods if numbers else ''}【同期の記録を見る】で理由を確かめ、"
        "直したら【もう一度取り込む】を押してください。"
    )


def raise_attention(uow: UnitOfWork, account: MarketplaceAccount, code: str, message: str) -> None:
    """Add or renew one entry of a locked account; the time of the first stays.

    Of what could not be read only the last reason counts, since the first.
    """
    entries = account.attention or []
    is_failure = code not in READ_WELL
    same = [
        entry for entry in entries if entry["code"] == code or (is_failure and entry["code"] not in READ_WELL)
    ]
    since = min((entry["at"] for entry in same), default=to_wire(uow.at))
    others = [entry for entry in entries if entry not in same]
    account.attention = [*others, {"code": code, "message": message, "at": since}]


def clear_attention(account: MarketplaceAccount, code: str) -> None:
    account.attention = [entry for entry in account.attention or [] if entry["code"] != code]


def clear_failures(account: MarketplaceAccount) -> None:
    """Everything was read to its end; what is to be done about it stands until a page or a run shows otherwise."""
    account.attention = [entry for entry in account.attention or [] if entry["code"] in READ_WELL]


def to_do(account: MarketplaceAccount) -> list[dict[str, str]]:
    """Its entries about what was read; those about what could not be read are in `blind_accounts`."""
    return [entry for entry in account.attention or [] if entry["code"] in READ_WELL]


def blind_since(account: MarketplaceAccount) -> datetime | None:
    """Since when the account could not be read to its end; None while the last pass was a good one."""
    failures = _failures(account)
    return from_wire(min(entry["at"] for entry in failures)) if failures else None


def _failures(account: MarketplaceAccount) -> list[dict[str, str]]:
    return [entry for entry in account.attention or [] if entry["code"] not in READ_WELL]


@dataclass(frozen=True)
class Blind:
    """An account, or its official API (`is_api`), of which nothing is known since `since`, and what to do about it.

    `since` None: a warning; it is still well. `can_renew`: a manager's consent is what it needs.
    """

    account_id: int
    name: str
    since: datetime | None
    message: str
    is_api: bool = False
    can_renew: bool = False


def blind_accounts(session: Session, now: datetime) -> list[Blind]:
    """Enabled accounts that could not be read, or that nobody has read for `health.silent_hours` (0: never mind), and
    official APIs that do not deliver.
    """
    rows = session.execute(
        sa.select(MarketplaceAccount, ApiLink)
        .outerjoin(
            ApiLink,
            sa.and_(
                ApiLink.account_id == MarketplaceAccount.id, ApiLink.tenant_id == MarketplaceAccount.tenant_id
            ),
        )
        .where(MarketplaceAccount.is_enabled)
        .order_by(MarketplaceAccount.id)
    ).all()
    hours = setting(session, "health.silent_hours")
    told_before = timedelta(hours=setting(session, "orders.consent_hours"))
    found = []
    for account, link in rows:
        since, last = blind_since(account), account.last_pull_at
        if since is not None:
            found.append(Blind(account.id, account.name, since, _failures(account)[-1]["message"]))
        elif hours and last is not None and last < now - timedelta(hours=hours):
            found.append(Blind(account.id, account.name, last, SILENT.format(hours=hours)))
        found += [
            Blind(account.id, account.name, None, entry["message"])
            for entry in account.attention or []
            if entry["code"] == PUSH_FAILING
        ]
        if link is not None and (trouble := api_trouble(link, now, hours, told_before)) is not None:
            name = account.name + (KEYS if is_by_keys(link) else API)
            found.append(
                Blind(
                    account.id, name, trouble.since, trouble.message, is_api=True, can_renew=trouble.can_renew
                )
            )
    return found


def is_by_keys(link: ApiLink) -> bool:
    """Whether the shop entered keys that do not end by themselves, instead of a consent that does."""
    return link.ends_at is None


class Trouble(NamedTuple):
    """Since when nothing comes through an official API (None: it will end), what to do, and whether a manager's consent is that."""

    since: datetime | None
    message: str
    can_renew: bool = False


def api_trouble(link: ApiLink, now: datetime, silent_hours: int, told_before: timedelta) -> Trouble | None:
    """None while all is well or it is off."""
    if not link.is_on or link.linked_at is None:
        return None
    if link.over_at is not None:
        message = KEYS_OVER if is_by_keys(link) else (link.key_problem or "") + API_OVER
        return Trouble(link.over_at, message, can_renew=not is_by_keys(link))
    if link.failing_since is not None and link.failing_since <= now - API_PATIENCE:
        return Trouble(link.failing_since, link.failure or "")
    last = link.pulled_at or link.linked_at
    is_pulled = link.pulled_at is not None or link.next_pull_at is not None
    if is_pulled and silent_hours and last < now - timedelta(hours=silent_hours):
        return Trouble(last, API_SILENT.format(hours=silent_hours))
    return _end(link, now, told_before)


def _end(link: ApiLink, now: datetime, told_before: timedelta) -> Trouble | None:
    """Of a consent that holds: that it ends soon, or sooner than it might."""
    if link.ends_at is None or link.linked_at is None:
        return None
    until = f"{to_jst(link.ends_at):%m月%d日 %H:%M}"
    if link.ends_at <= now + max(told_before, (link.ends_at - link.linked_at - A_DAY) / OF_LONGER):
        return Trouble(None, (link.key_problem or "") + API_ENDS.format(at=until), can_renew=True)
    if link.key_problem is not None:
        return Trouble(None, KEY_PROBLEM.format(problem=link.key_problem, at=until))
    if link.key_ends_on is not None and link.key_ends_on <= to_jst(now + KEY_TOLD).date():
        return Trouble(None, KEY_ENDS.format(day=f"{link.key_ends_on:%m月%d日}"))
    return None
