"""Commands: take a category file in, and note which categories a shop uses (R10)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from recore.categories.models import CategoryImport, CategoryRow, CategoryTree, CategoryUse
from recore.categories.queries import import_by_id
from recore.categories.rules import IMPORT_MACHINE, ImportState
from recore.categories.search import name_words
from recore.categories.tree_file import MAX_BYTES, MAX_ROWS, FileRow, Judged, Node, digest, judge, read_rows
from recore.channels.base import Channel
from recore.platform.audit import record
from recore.platform.bulk import BulkUpsert, among
from recore.platform.db import UnitOfWork, upsert
from recore.platform.errors import Conflict, Invalid
from recore.platform.import_rules import REASON, Fate
from recore.platform.tables import Table, read_table, write_csv

KEPT_FOR = timedelta(days=1)
RESULT_KEPT_FOR = timedelta(days=90)
SPLIT = "ファイルをいくつかに分けて、順に取り込んでください。"
QUIETLY = {"synchronize_session": False}
WRITE = BulkUpsert(
    table=cast("sa.Table", CategoryRow.__table__),
    columns=("tenant_id", "channel", "category_id", "parent_id", "name", "path", "is_leaf"),
    key=("tenant_id", "channel", "category_id"),
    update=("parent_id", "name", "path", "is_leaf"),
    condition="categories.parent_id <> excluded.parent_id OR categories.name <> excluded.name"
    " OR categories.path <> excluded.path OR categories.is_leaf <> excluded.is_leaf",
)


@dataclass(frozen=True)
class Plan:
    """What a file would do now. `gone`: numbers of the tree that the file does not have."""

    rows: list[Judged]
    gone: list[str]

    def count(self, fate: Fate) -> int:
        return sum(each.fate is fate for each in self.rows)


# --- upload and preview ------------------------------------------------------------------------------------------


def read_file(body: bytes) -> tuple[Table, list[FileRow]]:
    """Raises Invalid: what `read_table` and `read_rows` raise, and NO_ROWS."""
    try:
        table = read_table(body, max_bytes=MAX_BYTES, max_rows=MAX_ROWS)
    except Invalid as error:
        if error.code in ("TOO_LARGE", "TOO_MANY_ROWS"):
            error.remedy = SPLIT
        raise
    rows = read_rows(table)
    if not rows:
        raise Invalid(
            "NO_ROWS", "カテゴリが1行もありません。", field="file", remedy="別のファイルを選んでください。"
        )
    return table, rows


def keep_upload(uow: UnitOfWork, channel: Channel, file_name: str, body: bytes, total: int) -> int:
    """The id of an upload of `total` rows; nothing of it is taken in yet."""
    upload = CategoryImport(
        channel=channel.name, file_name=file_name.replace("\0", "")[:120], total=total, body=zlib.compress(body, 6),
        made_at=uow.at, made_by=uow.actor.label,
    )  # fmt: skip
    uow.session.add(upload)
    uow.session.flush()
    return upload.id


def plan(session: Session, upload: CategoryImport) -> Plan:
    """What the upload would do now. Raises Conflict UPLOAD_EXPIRED."""
    _, rows = read_file(_body(upload))
    known = _known(session, upload.channel)
    in_file = {row.category_id for row in rows}
    return Plan(judge(rows, known), sorted(known.keys() - in_file))


def _known(session: Session, channel: str) -> dict[str, Node]:
    rows = session.execute(
        sa.select(
            CategoryRow.category_id,
            CategoryRow.parent_id,
            CategoryRow.name,
            CategoryRow.path,
            CategoryRow.is_leaf,
        ).where(CategoryRow.channel == channel)
    )
    return {row[0]: Node(*row[1:]) for row in rows}


def _body(upload: CategoryImport) -> bytes:
    if upload.body is None:
        raise Conflict(
            "UPLOAD_EXPIRED",
            f"「{upload.file_name}」は古いため消しました。",
            remedy="ファイルをもう一度選んでください。",
        )
    return zlib.decompress(upload.body)


# --- taking it in ------------------------------------------------------------------------------------------------


def take(uow: UnitOfWork, import_id: int, *, removes: bool) -> bool:
    """Take the upload in, whole or not at all; False when it was taken before. `removes`: what it does not have goes.

    Raises NotFound, Conflict UPLOAD_EXPIRED, Invalid NOTHING_TO_TAKE.
    """
    upload = import_by_id(uow.session, import_id)
    channel, name = upload.channel, upload.file_name
    tree = _locked_tree(uow, channel)
    planned = plan(uow.session, upload)
    if planned.count(Fate.REFUSED) == len(planned.rows):
        raise Invalid(
            "NOTHING_TO_TAKE", "取り込める行がありません。", item=name, remedy="ファイルを直してください。"
        )
    gone = planned.gone if removes else []
    moved = uow.execute_one(
        sa.update(CategoryImport)
        .where(CategoryImport.id == import_id, CategoryImport.state.in_(IMPORT_MACHINE.sources_of(ImportState.DONE)))
        .values(
            state=ImportState.DONE, taken_at=uow.at, removed=len(gone), fates="".join(each.fate for each in planned.rows),
            notes={str(each.row.number): each.note for each in planned.rows if each.note},
        )
    )  # fmt: skip
    if not moved:
        return False
    _write(uow, channel, [each.row for each in planned.rows if each.fate in (Fate.NEW, Fate.CHANGED)], gone)
    nodes = _known(uow.session, channel)
    now = digest(nodes.items())
    if now != tree.digest:
        tree.digest, tree.size, tree.imported_at, tree.imported_by = now, len(nodes), uow.at, uow.actor.label
        after = {"file": name, "removed": len(gone), **{each.name: planned.count(each) for each in Fate}}
        record(uow, "categories.import", "category_tree", tree.id, channel, after=after)
    return True


def _locked_tree(uow: UnitOfWork, channel: str) -> CategoryTree:
    """The channel's tree, for nobody else until the end of the transaction."""
    uow.session.execute(
        upsert(uow.session, CategoryTree)
        .values(tenant_id=uow.tenant_id, channel=channel, digest="", size=0, imported_at=uow.at, imported_by="")
        .on_conflict_do_nothing(index_elements=["tenant_id", "channel"])
    )  # fmt: skip
    return uow.session.scalars(
        sa.select(CategoryTree).where(CategoryTree.channel == channel).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()


def _write(uow: UnitOfWork, channel: str, rows: Sequence[FileRow], gone: Sequence[str]) -> None:
    nodes = [(row.category_id, row.node) for row in rows if row.node is not None]
    WRITE.run(
        uow.session,
        {
            "tenant_id": uow.tenant_id,
            "channel": channel,
            "category_id": [each for each, _ in nodes],
            "parent_id": [node.parent_id for _, node in nodes],
            "name": [node.name for _, node in nodes],
            "path": [node.path for _, node in nodes],
            "is_leaf": [node.is_leaf for _, node in nodes],
        },
    )
    if gone:
        uow.session.execute(
            sa.delete(CategoryRow).where(
                CategoryRow.channel == channel, among(uow.session, CategoryRow.category_id, gone)
            ),
            execution_options=QUIETLY,
        )


def results_file(upload: CategoryImport, *, only_refused: bool) -> bytes:
    """Every row with what became of it, or the refused ones to correct. Raises Conflict UPLOAD_EXPIRED, NOT_FINISHED."""
    if upload.fates is None:
        raise Conflict(
            "NOT_FINISHED", "まだ取り込んでいません。", remedy="先に【取り込む】を押してください。"
        )
    table, _ = read_file(_body(upload))
    notes = upload.notes or {}
    lines = [
        [*row.cells, *([] if only_refused else [Fate(letter).label]), notes.get(str(row.number), "")]
        for row, letter in zip(table.rows, upload.fates, strict=True)
        if not only_refused or letter == Fate.REFUSED
    ]
    return write_csv([*table.header, *([] if only_refused else ["結果"]), REASON], lines)


def forget_old(uow: UnitOfWork) -> int:
    """Delete uploads that were never taken in and old results; how many."""
    old = sa.select(CategoryImport.id).where(
        sa.or_(
            sa.and_(CategoryImport.state == ImportState.READ, CategoryImport.made_at < uow.at - KEPT_FOR),
            CategoryImport.made_at < uow.at - RESULT_KEPT_FOR,
        )
    )
    gone = uow.session.scalars(old.limit(100)).all()
    uow.session.execute(
        sa.delete(CategoryImport).where(CategoryImport.id.in_(gone)), execution_options=QUIETLY
    )
    return len(gone)


# --- what is used ------------------------------------------------------------------------------------------------


def note_uses(uow: UnitOfWork, product_name: str, chosen: Iterable[tuple[str, str]]) -> None:
    """That a product of this name was listed in these (channel, category id): for 最近使った and for suggestions.

    The rows are taken in one order, so that two clerks' listings never wait for each other.
    """
    words = ["", *name_words(product_name)]
    rows = sorted({(channel, word[:40], number) for channel, number in chosen for word in words})
    if not rows:
        return
    statement = upsert(uow.session, CategoryUse).values(
        [
            {"tenant_id": uow.tenant_id, "channel": channel, "word": word, "category_id": number, "uses": 1,
             "last_used_at": uow.at}
            for channel, word, number in rows
        ]
    )  # fmt: skip
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "channel", "word", "category_id"],
            set_={"uses": CategoryUse.uses + 1, "last_used_at": statement.excluded.last_used_at},
        )
    )
