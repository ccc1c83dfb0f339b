"""The menu: sections of links, each shown to those who may use it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from recore.web.access import may


@dataclass(frozen=True)
class Link:
    """`counter` names the figure beside the label (home.counts)."""

    key: str
    label: str
    icon: str
    endpoint: str
    operation: str | None = None
    counter: str | None = None

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_active(self) -> bool:
        path = self.url
        return request.path == path or (path != "/" and request.path.startswith(f"{path}/"))


@dataclass(frozen=True)
class Section:
    label: str
    links: list[Link]


MENU = (
    Section(
        "",
        [
            Link("home", "ホーム", "bi-house", "home.index"),
            Link("buyin", "買取", "bi-bag-plus", "buyin.index", "buyin.write"),
            Link("stock", "在庫", "bi-box-seam", "stock.index", "stock.read"),
            Link("counter", "店頭販売", "bi-upc-scan", "sales.counter", "counter.sell"),
        ],
    ),
    Section(
        "EC",
        [
            Link("drafts", "出品待ち", "bi-pencil-square", "listings.waiting", "ec.read", "waiting"),
            Link("listings", "出品リスト", "bi-list-ul", "listings.index", "ec.read", "unsent"),
            Link("batches", "生成済みリスト", "bi-file-earmark-zip", "listings.batch_list", "ec.read"),
            Link("orders", "受注管理", "bi-truck", "orders.index", "orders.read", "orders"),
        ],
    ),
    Section(
        "設定",
        [
            Link("accounts", "マーケットプレイス", "bi-shop", "accounts.index", "settings.manage"),
            Link("devices", "拡張機能と端末", "bi-puzzle", "devices.index", "device.pair"),
            Link("staff", "スタッフと権限", "bi-people", "staff.index", "staff.manage"),
            Link("settings", "お店の設定", "bi-gear", "settings.index", "settings.manage"),
        ],
    ),
)


def navigation() -> list[Section]:
    """The menu of who is logged in."""
    sections = (
        Section(
            section.label, [link for link in section.links if link.operation is None or may(link.operation)]
        )
        for section in MENU
    )
    return [section for section in sections if section.links]
