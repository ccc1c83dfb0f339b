"""The menu: sections of links, each shown to those who may use it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from recore.web.access import may


@dataclass(frozen=True)
class Link:
    """`counter` names the figure beside the label (home.counts); `help` is for the page that leads to it, `also`
    where other pages of it are.
    """

    key: str
    label: str
    icon: str
    endpoint: str
    operation: str | None = None
    counter: str | None = None
    help: str = ""
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def is_active(self) -> bool:
        paths = (self.url, *self.also)
        return request.path in paths or request.path.startswith(
            tuple(f"{path}/" for path in paths if path != "/")
        )


@dataclass(frozen=True)
class Section:
    """`endpoint`: the page behind the section's own name, where it has one."""

    label: str
    links: list[Link]
    endpoint: str | None = None

    @property
    def url(self) -> str | None:
        return url_for(self.endpoint) if self.endpoint else None


SETTINGS = Section(
    "設定",
    [
        Link(
            "accounts", "マーケットプレイス", "bi-shop", "accounts.index", "settings.manage",
            help="出品先のストア、出品フォームのいつもの値、同期の状態",
        ),
        Link(
            "categories", "カテゴリ一覧", "bi-diagram-3", "categories.index", "settings.manage",
            help="マーケットプレイスのカテゴリをファイルで取り込む",
        ),
        Link(
            "devices", "拡張機能と端末", "bi-puzzle", "devices.index", "device.pair",
            help="Chrome拡張機能の接続を許可する、解除する",
        ),
        Link("staff", "スタッフと権限", "bi-people", "staff.index", "staff.manage", help="スタッフの登録と、できる操作"),
        Link("logins", "ログイン", "bi-key", "logins.index", "staff.manage", help="PCやスマートフォンのログインとパスワード"),
        Link(
            "settings", "お店の設定", "bi-gear", "settings.index", "settings.manage",
            help="出品ファイルの大きさ、要確認までの時間、購入者情報を残す日数など",
        ),
        Link(
            "automation", "自動処理", "bi-cpu", "automation.index", "settings.manage",
            help="画面の裏で動いている処理。失敗した理由と再実行",
        ),
        Link(
            "history", "操作履歴", "bi-clock-history", "history.index", "audit.read",
            help="だれが、いつ、何を変えたか。価格・出品・受注・設定の変更の記録",
        ),
    ],
    "settings.home",
)  # fmt: skip

MENU = (
    Section(
        "",
        [
            Link("home", "ホーム", "bi-house", "home.index"),
            Link("buyin", "買取", "bi-bag-plus", "buyin.index", "buyin.write"),
            Link("stock", "在庫", "bi-box-seam", "stock.index", "stock.read"),
            Link("counter", "店頭販売", "bi-upc-scan", "sales.counter", "counter.sell"),
            Link("figures", "売上", "bi-graph-up", "figures.index", "sales.read"),
        ],
    ),
    Section(
        "EC",
        [
            Link(
                "drafts",
                "出品待ち",
                "bi-pencil-square",
                "listings.waiting",
                "ec.read",
                "waiting",
                also=("/ec/bulk",),
            ),
            Link(
                "listings",
                "出品リスト",
                "bi-list-ul",
                "listings.index",
                "ec.read",
                "unsent",
                also=("/ec/unlinked",),
            ),
            Link("unsold", "落札者なし", "bi-arrow-repeat", "unsold.index", "ec.read"),
            Link("templates", "出品テンプレート", "bi-file-earmark-text", "templates.index", "ec.read"),
            Link("batches", "生成済みリスト", "bi-file-earmark-zip", "listings.batch_list", "ec.read"),
            Link("orders", "受注管理", "bi-truck", "orders.index", "orders.read", "orders"),
        ],
    ),
    SETTINGS,
)


def navigation() -> list[Section]:
    """The menu of who is logged in."""
    sections = (Section(section.label, _allowed(section), section.endpoint) for section in MENU)
    return [section for section in sections if section.links]


def settings_links() -> list[Link]:
    """The parts of 設定 that whoever is logged in may change."""
    return _allowed(SETTINGS)


def _allowed(section: Section) -> list[Link]:
    return [link for link in section.links if link.operation is None or may(link.operation)]
