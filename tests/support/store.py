"""A Yahoo store as the extension shows it to us: pages posted through the API, each checked against the JSON Schemas."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from recore.identity.pairing import pair_now
from recore.listings.models import Listing
from recore.listings.rules import ListingState
from recore.orders.models import Order, OrderLine
from recore.platform.actor import OPERATOR
from recore.sync.known import digest
from recore.web.api_bodies import validator
from tests.support.shop import Shop

_numbers = count(1)
ENDS = datetime(2099, 1, 1, 12, tzinfo=UTC)


def wire(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def auction(auction_id: str, number: str | None = None, **changes: Any) -> dict[str, Any]:
    """A row of the selling list; with `result` one of the ended list."""
    row: dict[str, Any] = {
        "auction_id": auction_id, "management_number": number, "title": "腕時計 SEIKO 5", "current_price": 1000,
        "bid_count": 0, "ends_at": wire(ENDS), "result": None,
    }  # fmt: skip
    return row | changes


def won(auction_id: str, number: str | None = None, status: str = "未処理", **changes: Any) -> dict[str, Any]:
    """A row of 落札管理."""
    row: dict[str, Any] = {
        "auction_id": auction_id, "management_number": number, "title": "腕時計 SEIKO 5", "winner": "yahoo_user_1",
        "amount": 3000, "won_at": wire(datetime.now(UTC)), "status": status,
    }  # fmt: skip
    return row | changes


BUYER = {"name": "山田 花子", "kana": "ヤマダ ハナコ", "postal_code": "060-0001", "address": "北海道札幌市中央区北1条西2-3 リユースビル401",
         "phone": "090-0123-4567"}  # fmt: skip
STATUSES = ["未処理", "入金済み", "発送済み", "対応終了", "キャンセル"]


def item(
    auction_id: str, number: str | None = None, quantity: int = 1, unit_price: int = 3000
) -> dict[str, Any]:
    return {"auction_id": auction_id, "management_number": number, "title": "腕時計 SEIKO 5", "quantity": quantity,
            "unit_price": unit_price}  # fmt: skip


def detail(
    auction_id: str, items: list[dict[str, Any]] | None = None, status: str = "未処理", **changes: Any
) -> dict[str, Any]:
    """The page of one order."""
    row: dict[str, Any] = {
        "auction_id": auction_id, "order_number": None, "status": status, "status_options": STATUSES, "ordered_at": None,
        "items": items if items is not None else [item(auction_id)], "buyer": BUYER, "shipping_method": "ゆうパック",
        "payment_method": "Yahoo!かんたん決済", "shipping_fee": 800, "total": None, "message": None,
    }  # fmt: skip
    return row | changes


@dataclass
class Pc:
    """A PC with the paired extension, talking to one account."""

    shop: Shop
    client: FlaskClient
    account_id: int
    token: str
    name: str
    run_id: int = 0
    run_number: int = 0
    seq: int = 0
    last: TestResponse | None = field(default=None, repr=False)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        answer: str | None = None,
    ) -> TestResponse:
        """Any call; a success is checked against the schema `answer`, everything else against the problem schema."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        response = self.client.open(
            f"/api/ext/v1{path}", method=method, data=data, headers=headers, content_type="application/json"
        )
        if response.status_code >= 400:
            assert response.mimetype == "application/problem+json", response.text
            validator("problem").validate(response.json)
        elif answer is not None:
            validator(answer).validate(response.json)
        self.last = response
        return response

    def start(self, *, key: str | None = None, sent_at: datetime | None = None) -> TestResponse:
        body = {"trigger": "button", "sent_at": wire(sent_at or datetime.now(UTC))}
        path = f"/accounts/{self.account_id}/runs"
        response = self.call("POST", path, body, key=key or str(uuid.uuid4()), answer="run_answer")
        if response.status_code == 201:
            answer = response.get_json()
            self.run_id, self.run_number, self.seq = answer["run_id"], answer["number"], 0
        return response

    def known(self, phase: str) -> dict[tuple[str, str], int]:
        """(auction id, digest) → number of the rows that the present run need not send again."""
        answer = self.call("GET", f"/runs/{self.run_id}/known/{phase}", answer="known").get_json()
        return {(row["auction_id"], row["digest"]): row["id"] for row in answer["rows"]}

    def without_known(self, phase: str, rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[int]]:
        """The rows that say something new, and the run lengths of the others: as the extension does it."""
        known = self.known(phase)
        key = "order_number" if phase == "numbered" else "auction_id"
        numbers = [known.get((row[key], _digest(phase, row))) for row in rows]
        lengths, next_number = [], 1
        for number in sorted({each for each in numbers if each is not None}):
            lengths += [number - next_number, 1]
            next_number = number + 1
        return [row for row, number in zip(rows, numbers, strict=True) if number is None], lengths

    def body(
        self, phase: str, rows: list[dict[str, Any]], *, seq: int, page: int = 1, last_page: bool = True
    ) -> dict[str, Any]:
        where = {
            "selling": "listings", "closed": "listings", "won": "orders", "numbered": "numbers", "detail": "details",
        }[phase]  # fmt: skip
        contract = {"detail": "classic_order@1"}.get(phase, f"classic_{phase}@1")
        empty: dict[str, Any] = {"listings": [], "orders": [], "details": [], "unchanged": [], "numbers": []}
        made = {"seq": seq, "phase": phase, "page": page, "contract": contract, "observed_at": wire(datetime.now(UTC)),
                "last_page": last_page, **empty, where: rows}  # fmt: skip
        validator("page").validate(made)
        return made

    def post(
        self, phase: str, rows: list[dict[str, Any]], *, seq: int | None = None, incremental: bool = False
    ) -> dict[str, Any]:
        """Post one page; its answer."""
        self.seq = max(self.seq + 1, seq or 0) if seq is None else self.seq
        used = seq if seq is not None else self.seq
        news, unchanged = self.without_known(phase, rows) if incremental else (rows, [])
        response = self.send(self.body(phase, news, seq=used) | {"unchanged": unchanged})
        assert response.status_code == 200, response.text
        return dict(response.get_json())

    def send(self, body: dict[str, Any]) -> TestResponse:
        return self.call("POST", f"/runs/{self.run_id}/pages", body, answer="page_answer")

    def finish(
        self,
        *,
        complete: bool = True,
        error: dict[str, Any] | None = None,
        profile: str = "current",
        set_aside: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """End the run; `complete=False` without an error means that the closed list was not read to its end."""
        phases = [
            {"phase": each, "pages": 1, "rows": 1, "complete": complete or each != "closed"}
            for each in ("selling", "closed", "won", "numbered")[: 3 if profile == "classic" else 4]
        ]
        body: dict[str, Any] = {
            "outcome": "failed" if error else "complete",
            "phases": phases,
            "error": error,
        }
        if set_aside is not None:
            body["set_aside"] = [{"key": key, "reason": reason} for key, reason in set_aside.items()]
        response = self.call(
            "POST",
            f"/runs/{self.run_id}/finish",
            body,
            answer="finish_answer",
        )
        assert response.status_code == 200, response.text
        return dict(response.get_json())

    def fail(self, code: str, **more: Any) -> dict[str, Any]:
        """End the run as the extension does when it may not or cannot read on."""
        error: dict[str, Any] = {
            "code": code,
            "phase": "selling",
            "detail": "",
            "contract": None,
            "missing": [],
            "skeleton": None,
        }
        return self.finish(error=error | more)

    def sync(
        self,
        *,
        selling: list[dict[str, Any]] | None = None,
        closed: list[dict[str, Any]] | None = None,
        orders: list[dict[str, Any]] | None = None,
        details: dict[str, dict[str, Any]] | None = None,
        incremental: bool = False,
    ) -> dict[str, Any]:
        """One whole run: the three lists, then the details that were asked for, then the end."""
        assert self.start().status_code == 201, self.last and self.last.text
        self.post("selling", selling or [], incremental=incremental)
        self.post("closed", closed or [], incremental=incremental)
        wanted = self.post("won", orders or [], incremental=incremental)["wanted_details"]
        for key in wanted:
            if details is None or key in details:
                auction_id, _, winner = key.partition("/")
                row = next(
                    each for each in orders or []
                    if each["auction_id"] == auction_id and winner in ("", each["winner"])
                )  # fmt: skip
                as_row = detail(auction_id, [item(auction_id, row["management_number"])], row["status"])
                told = {"winner": winner} if winner else {}
                self.post("detail", [((details or {}).get(key) or as_row) | told])
        return self.finish()


def _digest(phase: str, row: dict[str, Any]) -> str:
    if phase == "numbered":
        return digest(row["order_number"], row["status"])
    if phase == "won":
        return digest(row["auction_id"], row["winner"], row["status"])
    ends = row["ends_at"] and int(datetime.fromisoformat(row["ends_at"]).timestamp())
    names = ("auction_id", "management_number", "title", "current_price", "bid_count")
    return digest(*(row[name] for name in names), ends, row["result"])


def pc_of(shop: Shop, client: FlaskClient, account_id: int, name: str | None = None) -> Pc:
    """A newly paired PC."""
    name = name or f"PC{next(_numbers)}"
    with shop.work() as uow:
        _, token = pair_now(uow, name, "1.0.0", OPERATOR.label)
    return Pc(shop, client, account_id, token, name)


def listing(
    shop: Shop,
    account_id: int,
    stock_item_id: int,
    number: str,
    *,
    state: ListingState = ListingState.PROCESSING,
    quantity: int = 1,
    sent: timedelta | None = timedelta(minutes=-5),
    fields: dict[str, Any] | None = None,
    title: str = "腕時計 SEIKO 5",
) -> int:
    """A listing as 【出品】 and the file would leave it; `sent` is when its file left, None for never."""
    now = datetime.now(UTC)
    with shop.work() as uow:
        staff_id = uow.session.execute(
            sa.text("SELECT id FROM staff WHERE tenant_id = :t LIMIT 1"), {"t": shop.tenant_id}
        ).scalar_one()
        made = Listing(
            stock_item_id=stock_item_id, account_id=account_id, management_number=number, state=state, state_at=now,
            quantity=quantity, title=title, fields={"duration": 5} | (fields or {}), photo_ids=[],
            staff_id=staff_id, queued_at=now, sent_at=now + sent if sent is not None else None, search_text=number.lower(),
        )  # fmt: skip
        uow.session.add(made)
        uow.session.flush()
        return made.id


def state_of(shop: Shop, listing_id: int) -> str:
    with shop.read() as session:
        return str(session.scalars(sa.select(Listing.state).where(Listing.id == listing_id)).one())


@dataclass(frozen=True)
class OrderNow:
    """An order as it is now, with (auction id → stock state) of its lines."""

    id: int
    number: str
    state: str
    needs_review: bool
    raw_status: str
    stock_note: str | None
    has_address: bool
    amount: int
    lines: dict[str, str]


def orders_now(shop: Shop) -> list[OrderNow]:
    """Every order of the shop, by number."""
    with shop.read() as session:
        rows = session.scalars(sa.select(Order).order_by(Order.number)).all()
        lines = session.scalars(sa.select(OrderLine)).all()
        return [
            OrderNow(
                row.id, row.number, str(row.state), row.needs_review, row.raw_status, row.stock_note, row.has_address,
                row.amount, {line.external_id: str(line.stock_state) for line in lines if line.order_id == row.id},
            )
            for row in rows
        ]  # fmt: skip


def order_now(shop: Shop) -> OrderNow:
    """The one order of the shop."""
    (only,) = orders_now(shop)
    return only
