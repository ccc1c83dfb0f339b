"""QR links: a phone without a login sees, adds, reorders and deletes the photos of one item, and nothing else (R9).

A link is short-lived, can be revoked, dies with its maker's right to edit, and is limited in number and speed. Its address is
signed (tenant, id of the link), so nothing in the database lets anyone in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.identity.models import Account, Policy
from recore.identity.rules import allows
from recore.photos.models import PhotoLink
from recore.platform.actor import Actor, ActorKind
from recore.platform.audit import record
from recore.platform.crypto import Keyring
from recore.platform.db import UnitOfWork
from recore.platform.errors import NotFound, NotIdentified, NotYet, TooMany
from recore.platform.ratelimit import Rate, take_turn
from recore.platform.tenancy import require_tenant
from recore.stock.service import get as get_item

LIFE = timedelta(minutes=30)
KEPT = timedelta(days=1)
MAX_ADDS = 60
RATE = Rate(per_second=2, burst=20)
PURPOSE = "photos.link"
OPERATION = "ec.edit"


def make_link(uow: UnitOfWork, stock_item_id: int) -> PhotoLink:
    """A new link in the name of who asks for it; their earlier one of the item ends. Raises NotFound."""
    item, actor = get_item(uow, stock_item_id), uow.actor
    if actor.id is None or actor.account_id is None:
        raise ValueError("only who is logged in makes a link")
    uow.session.execute(
        sa.delete(PhotoLink).where(PhotoLink.expires_at <= uow.at - KEPT),
        execution_options={"synchronize_session": False},
    )
    uow.session.execute(
        sa.update(PhotoLink)
        .where(
            PhotoLink.stock_item_id == stock_item_id,
            PhotoLink.actor_kind == actor.kind,
            PhotoLink.actor_id == actor.id,
            PhotoLink.revoked_at.is_(None),
        )
        .values(revoked_at=uow.at),
        execution_options={"synchronize_session": False},
    )
    link = PhotoLink(
        stock_item_id=stock_item_id, actor_kind=actor.kind, actor_id=actor.id, actor_label=actor.label,
        account_id=actor.account_id, made_at=uow.at, expires_at=uow.at + LIFE, adds_left=MAX_ADDS,
    )  # fmt: skip
    uow.session.add(link)
    uow.session.flush()
    record(uow, "photo_link.make", "stock_item", stock_item_id, item.it_code, after={"link": link.id})
    return link


def revoke_link(uow: UnitOfWork, stock_item_id: int, link_id: int) -> None:
    """The link is dead from now on; a repeat changes nothing. Raises NotFound."""
    item = get_item(uow, stock_item_id)
    ours = PhotoLink.id == link_id, PhotoLink.stock_item_id == stock_item_id
    if uow.session.scalar(sa.select(PhotoLink.id).where(*ours)) is None:
        raise NotFound(
            "NO_SUCH_LINK", "このQRリンクは見つかりません。", remedy="画面を再読み込みしてください。"
        )
    if uow.execute_one(
        sa.update(PhotoLink).where(*ours, PhotoLink.revoked_at.is_(None)).values(revoked_at=uow.at)
    ):
        record(uow, "photo_link.revoke", "stock_item", stock_item_id, item.it_code, before={"link": link_id})


def live_links(session: Session, stock_item_id: int, at: datetime) -> Sequence[PhotoLink]:
    """The item's links that still open, oldest first."""
    return session.scalars(
        sa.select(PhotoLink)
        .where(PhotoLink.stock_item_id == stock_item_id, *_is_live(at))
        .order_by(PhotoLink.id)
    ).all()


def token_of(keyring: Keyring, link: PhotoLink) -> str:
    return keyring.sign(PURPOSE, {"tenant": require_tenant(), "link": link.id}, link.expires_at)


def opened(session: Session, keyring: Keyring, token: str, at: datetime) -> PhotoLink:
    """The live link of a token. Raises NotFound PHOTO_LINK_OVER, whatever is wrong with it."""
    try:
        payload = keyring.verify(PURPOSE, token)
    except NotIdentified as error:
        raise _over() from error
    if payload["tenant"] != require_tenant():
        raise _over()
    row = session.execute(
        sa.select(PhotoLink, Policy.rules, Account.shop_id)
        .join(Account, Account.id == PhotoLink.account_id)
        .join(Policy, Policy.id == Account.policy_id)
        .where(PhotoLink.id == payload["link"], Account.is_enabled, *_is_live(at)),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is None or not allows(row.rules, OPERATION, shop_id=row.shop_id):
        raise _over()
    link: PhotoLink = row[0]
    return link


def actor_of(link: PhotoLink) -> Actor:
    """Who acts by the link: its maker, and that it was by a QR link."""
    return Actor(
        ActorKind(link.actor_kind), link.actor_id, f"QRリンク（{link.actor_label[:110]}）", link.account_id
    )


def note_use(uow: UnitOfWork, link_id: int, *, adds: bool) -> None:
    """Count a change by the link before the work for it is done; its maker's links share one rate.

    Raises TooMany TOO_FAST or LINK_USED_UP, NotFound PHOTO_LINK_OVER.
    """
    try:
        take_turn(uow, f"photo-link:{uow.actor.key}", RATE, patience=timedelta())
    except NotYet as error:
        raise TooMany(
            "TOO_FAST", "続けて送りすぎています。", remedy="少し待ってから、もう一度操作してください。"
        ) from error
    if not adds:
        return
    live = sa.update(PhotoLink).where(PhotoLink.id == link_id, *_is_live(uow.at))
    if uow.execute_one(live.where(PhotoLink.adds_left > 0).values(adds_left=PhotoLink.adds_left - 1)):
        return
    if uow.session.scalar(sa.select(PhotoLink.id).where(PhotoLink.id == link_id, *_is_live(uow.at))) is None:
        raise _over()
    raise TooMany(
        "LINK_USED_UP", f"このQRコードで送れるのは{MAX_ADDS}回までです。",
        remedy="PCの出品フォームで、新しいQRコードを出してください。",
    )  # fmt: skip


def _is_live(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return PhotoLink.revoked_at.is_(None), PhotoLink.expires_at > at


def _over() -> NotFound:
    return NotFound(
        "PHOTO_LINK_OVER", "このQRコードは期限が切れたか、取り消されました。",
        remedy="PCの出品フォームで【スマートフォンで撮る】を押し、新しいQRコードを読み取ってください。",
    )  # fmt: skip
