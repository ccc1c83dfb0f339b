"""What we ask of a marketplace's own pages: states of a command, and what a page that was read says about it; no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from recore.platform.states import StateMachine


class CommandKind(StrEnum):
    SHIP = "SHIP"  # mark an order as shipped
    END = "END"  # end an auction early

    @property
    def label(self) -> str:
        return {"SHIP": "発送通知", "END": "取り下げ"}[self.value]


# What is needed to ask for one, and to decide about it.
OPERATION_OF = {CommandKind.SHIP: "orders.write", CommandKind.END: "ec.list"}


class CommandState(StrEnum):
    """What SENDING began may have happened on the marketplace, whatever became of the answer."""

    QUEUED = "QUEUED"
    CLAIMED = "CLAIMED"
    SENDING = "SENDING"
    DONE = "DONE"
    FAILED = "FAILED"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    CANCELLED = "CANCELLED"

    @property
    def label(self) -> str:
        return LABELS[self]


S = CommandState
LABELS = {
    S.QUEUED: "待機中",
    S.CLAIMED: "送信中",
    S.SENDING: "送信中",
    S.DONE: "完了",
    S.FAILED: "エラー",
    S.NEEDS_REVIEW: "要確認",
    S.CANCELLED: "取りやめ",
}
# 要確認 is left by a person's word, or when a sync sees the thing done. SENDING goes back to 待機中 only when the page said that
# it did not look at the form, or a read-back after the settle time proves that nothing happened.
COMMAND_MACHINE = StateMachine(
    "marketplace command",
    CommandState,
    S.QUEUED,
    {
        S.QUEUED: {S.CLAIMED, S.DONE, S.CANCELLED},
        S.CLAIMED: {S.QUEUED, S.SENDING, S.DONE, S.CANCELLED},
        S.SENDING: {S.QUEUED, S.DONE, S.FAILED, S.NEEDS_REVIEW, S.CANCELLED},
        S.NEEDS_REVIEW: {S.DONE, S.CANCELLED},
        S.DONE: set(),
        S.FAILED: set(),
        S.CANCELLED: set(),
    },
)
OPEN_STATES = (S.QUEUED, S.CLAIMED, S.SENDING, S.NEEDS_REVIEW)
NOT_SENT_STATES = (S.QUEUED, S.CLAIMED)

MOST_CLICKS = 2  # the second one only after a read-back proved that the first did nothing
MOST_NOT_TAKEN = 3  # forms that the page called too old, one after the other


@dataclass(frozen=True)
class Seen:
    """What the page of a command's target shows: an order's raw status; whether an auction sells, with how many bids, or the
    raw word of how it ended. None: the page does not say.
    """

    status: str | None
    is_selling: bool | None
    bid_count: int | None
    result: str | None


class Finding(StrEnum):
    DONE = "DONE"
    UNTOUCHED = "UNTOUCHED"  # still as before the click
    OVER = "OVER"  # not to be done any more
    UNCLEAR = "UNCLEAR"


@dataclass(frozen=True)
class Verdict:
    """`reason` is for staff."""

    finding: Finding
    reason: str


def judge_shipment(seen: Seen, state: str | None) -> Verdict:
    """`state`: the order state (orders.rules) that the seen status means, None for a word that nobody mapped."""
    match state:
        case "SHIPPED":
            return Verdict(Finding.DONE, "マーケットプレイスで出荷済みになったことを確認しました。")
        case "UNSHIPPED":
            return Verdict(Finding.UNTOUCHED, "マーケットプレイスではまだ出荷前の状態です。")
        case "CANCELLED":
            return Verdict(Finding.OVER, "注文がキャンセルされていたため、発送通知を取りやめました。")
        case "ON_HOLD":
            return Verdict(Finding.OVER, "注文が入金前の状態に戻っていたため、発送通知を取りやめました。")
    return Verdict(
        Finding.UNCLEAR,
        f"注文の状態「{(seen.status or '')[:60]}」の意味が分かりません。マーケットプレイスで取引の内容を確かめてください。",
    )


def judge_end(seen: Seen, end: str | None) -> Verdict:
    """`end`: how the auction ended (sync.rules.OfferEnd), None while it sells or for a word that nobody mapped."""
    if seen.bid_count:
        return Verdict(
            Finding.OVER, f"入札が{seen.bid_count}件あるため、取り下げませんでした。売れる在庫がないときは、マーケットプレイスで落札者に連絡してください。",
        )  # fmt: skip
    if seen.is_selling and seen.bid_count == 0:
        return Verdict(Finding.UNTOUCHED, "まだ出品中です。")
    match end:
        case "WITHDRAWN":
            return Verdict(Finding.DONE, "取り下げたことを確認しました。")
        case "SOLD":
            return Verdict(Finding.OVER, "落札されていたため、取り下げませんでした。")
        case "UNSOLD":
            return Verdict(Finding.OVER, "落札者なしで終了していたため、取り下げは不要でした。")
    return Verdict(
        Finding.UNCLEAR, "オークションの今の様子が分かりません。マーケットプレイスで確かめてください。"
    )


# Why the extension could not do it this time, by its own error code (docs/developers/extension-api.md).
NOT_NOW = {
    "LOGIN_REQUIRED": "マーケットプレイスにログインしていません。ストアのアカウントでログインして、拡張機能の【同期開始】を押してください。",
    "WRONG_ACCOUNT": "別のストアにログインしています（何も送っていません）。このストアのアカウントでログインし直して、拡張機能の【同期開始】を押してください。",
    "NOT_STORE": "個人のアカウントでログインしています（何も送っていません）。ストアのアカウントでログインし直して、拡張機能の【同期開始】を押してください。",
    "PAGE_DRIFT": "マーケットプレイスの画面が変わったため、操作できません。マーケットプレイスの画面で行い、運用者に知らせてください。",
    "CONTRACT_DISABLED": "この画面の操作を一時的に止めています。マーケットプレイスの画面で行ってください。",
    "PERMISSION_MISSING": "拡張機能にマーケットプレイスを開く許可がありません。拡張機能のオプションを開いて許可してください。",
    "MAINTENANCE": "マーケットプレイスがメンテナンス中です。終わってから、次の同期でもう一度行います。",
    "NETWORK": "マーケットプレイスの画面を開けませんでした。次の同期でもう一度行います。",
    "RATE_LIMITED": "マーケットプレイスが混み合っています。次の同期でもう一度行います。",
    "OUTCOME_UNKNOWN": "返事が届きませんでした。反映されたかを確かめてから、必要ならもう一度送ります。",
    "FORM_NOT_FILLED": "マーケットプレイスの入力欄に、この配送会社か伝票番号を入れられません。取りやめて、入れ直してください。",
}


ERROR_CODE = re.compile(r"[A-Z]+(?:_[A-Z]+)*(?=: |\Z)")
# What a person mends, and then presses 【同期開始】: nothing is to be waited for.
MENDED_BY_STAFF = frozenset({"LOGIN_REQUIRED", "WRONG_ACCOUNT", "NOT_STORE", "PERMISSION_MISSING"})


def reason_for(code: str) -> str:
    return NOT_NOW.get(code, f"拡張機能で止まりました（{code[:40]}）。次の同期でもう一度行います。")


def cause_of(message: str) -> str:
    """Why the page did not take it: its own words, without the last full stop; where the extension tells its error code instead,
    what staff read about that, without what would be tried next.
    """
    code = ERROR_CODE.match(message)
    return reason_for(code[0]).partition("。")[0] if code else message.strip().removesuffix("。")
