"""Background work of 買取: files are taken in; old files and the sellers of old purchases are forgotten (rule 13)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from recore.buyin import sellers
from recore.buyin.stock_file import KINDS
from recore.platform.db import UnitOfWork
from recore.platform.housekeeping import repeat
from recore.platform.imports import TAKE, Importer, forget_expired
from recore.wiring import Services

FORGET = "imports.forget"
FORGET_SELLERS = "buyin.forget_sellers"


def register(wired: Services) -> None:
    importer = Importer(wired.keyring, KINDS)

    def given_up(uow: UnitOfWork, payload: dict[str, Any], why: str) -> None:
        importer.finish(uow, payload["import_id"], problem=why)

    wired.jobs.add(TAKE, importer.run, "買取・商品ファイルの取り込み", given_up=given_up)
    for kind, some, label in (
        (FORGET, forget_expired, "取り込み済みの買取・商品ファイルの削除"),
        (FORGET_SELLERS, sellers.forget_expired, "保存期間を過ぎた売り主の記録の削除"),
    ):
        wired.jobs.add(kind, partial(repeat, some), label, every=timedelta(hours=1))
