"""circus.shopping.yahooapis: the order API of Yahoo! ショッピング, which carries the orders of auctions too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, g, request

from sandbox.market import AUTHORIZED, LONG_LIFE, SESSION_LIFE, moment
from sandbox.orderapi_fields import NOT_MODELLED, groups, items, japan
from sandbox.web import market

bp = Blueprint("orderapi", __name__)
Element = ElementTree.Element
MOST_RESULTS = 2000
REALM = 'Bearer realm="yahooapis.jp"'
STATUS_LISTS = {"OrderStatus": "order_status", "PayStatus": "pay_status", "ShipStatus": "ship_status"}
TIMES = {
    "OrderTimeFrom": ("ordered_at", False), "OrderTimeTo": ("ordered_at", True),
    "LastUpdateTimeFrom": ("updated_at", False), "LastUpdateTimeTo": ("updated_at", True),
}  # fmt: skip


class Refused(Exception):
    """A status, a code, and words: what the error XML says."""

    def __init__(self, status: int, code: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.code, self.headers = status, code, headers


@bp.errorhandler(Refused)
def refused(error: Refused) -> Response:
    root = Element("Error")
    if error.code:
        _add(root, "Code", error.code)
    _add(root, "Message", str(error))
    answer = _xml(root, error.status)
    answer.headers.update({name.replace("_", "-"): value for name, value in error.headers.items()})
    return answer


@bp.after_request
def tell_authentication(answer: Response) -> Response:
    """Whether the call was signed well (公開鍵認証): told also where it is refused for something else."""
    if "authorize_status" in g:
        answer.headers["X-SWS-Authorize-Status"] = g.authorize_status
    return answer


def for_a_store(view: Callable[[Element], Response]) -> Any:
    """Who asks, how fast, in what XML, and whether for his own store."""

    @wraps(view)
    def wrapped() -> Response:
        store_id = _store_of_token()
        if not market().setting("order_api", store_id):
            raise Refused(403, "px-04303", "This application ID is not registered for using order API.")
        _throttle(store_id)
        asked = _request_body()
        if _text(asked, "SellerId") != store_id:
            raise Refused(403, "px-04301", "You are not permitted to access this store account.")
        g.store_id = store_id
        return view(asked)

    return wrapped


def _store_of_token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = market().grant("access", token) if kind == "Bearer" else None
    g.authorize_status = market().authorize_status(found and found["store_id"], request.headers)
    life = LONG_LIFE if g.authorize_status == AUTHORIZED else SESSION_LIFE
    if found is None:
        _refuse_token("invalid token")
    elif found["is_over"]:
        _refuse_token("expired token")
    elif market().now() >= moment(found["authorized_at"]) + life:
        raise Refused(
            401, "px-04102", "AccessToken has been expired. This API session is shorter than another API."
        )
    else:
        return str(found["store_id"])
    return ""


def _refuse_token(words: str) -> None:
    told = f'{REALM}, error="invalid_token", error_description="{words}"'
    raise Refused(401, "", f"Please provide valid credentials. {told}", WWW_Authenticate=told)


def _throttle(store_id: str) -> None:
    limit, now = market().setting("api_queries_per_second"), market().now().timestamp()
    last = current_app.config["CALLED"].get(store_id, 0.0)
    if limit and 0 <= now - last < 1 / limit:
        raise Refused(429, "", "Too Many Requests: 1 query per second.", Retry_After="1")
    current_app.config["CALLED"][store_id] = now


def _request_body() -> Element:
    body = request.get_data()
    try:
        if b"<!" in body:  # no DTD, so no entity either
            raise ElementTree.ParseError("DTD")
        root = ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise Refused(400, "od91101", "リクエストXMLの形式が正しくありません。") from error
    if root.tag != "Req":
        raise Refused(400, "od91101", "Req がありません。")
    return root


def _text(root: Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


# --- orderList ---


@bp.post("/ShoppingWebService/V1/orderList")
@for_a_store
def order_list(asked: Element) -> Response:
    fields = _fields(_text(asked, "Search/Field"))
    most = min(_number(asked, "Search/Result", 10), MOST_RESULTS)
    first = _number(asked, "Search/Start", 1)
    conditions = {each.tag: (each.text or "").strip() for each in asked.iterfind("Search/Condition/*")}
    orders = _found(conditions)
    sort = _text(asked, "Search/Sort") or "+order_time"
    if sort not in ("+order_time", "-order_time"):
        raise Refused(400, "od91104", "Sort が正しくありません。")
    orders.sort(key=lambda each: (each["ordered_at"], each["id"]), reverse=sort[0] == "-")
    root = Element("Result")
    _add(root, "Status", "OK")
    search = _add(root, "Search")
    _add(search, "TotalCount", str(len(orders)))
    for index, order in enumerate(orders[first - 1 : first - 1 + most], first):
        shown = _add(search, "OrderInfo")
        _add(shown, "Index", str(index))
        flat = {name: value for group in groups(order).values() for name, value in group.items()}
        for name in fields:
            _add(shown, name, flat.get(name, ""))
    return _xml(root)


def _fields(text: str) -> list[str]:
    """Names that there are; those that the sandbox has no value for come back empty."""
    names = list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    known = NOT_MODELLED | _known_fields()
    unknown = [name for name in names if name not in known]
    if not names or unknown:
        raise Refused(400, "od91103", f"Field が正しくありません。{','.join(unknown)}")
    return names


def _known_fields() -> set[str]:
    nobody = {"name": "", "kana": "", "postal_code": "", "address": "", "phone": "", "email": ""}
    numbers = ("order_status", "pay_status", "ship_status", "pay_type", "shipping_fee", "total")
    texts = (
        "order_number", "ordered_at", "updated_at", "payment_method", "paid_at", "shipping_method", "carrier",
        "tracking_number", "shipped_at", "store_id",
    )  # fmt: skip
    line = {"auction_id": "", "management_number": "", "title": "", "unit_price": 0, "quantity": 0}
    example = dict.fromkeys(numbers, 0) | dict.fromkeys(texts, "") | {"buyer": nobody, "lines": [line]}
    return {name for group in groups(example).values() for name in group} | set(items(example)[0])


def _number(asked: Element, path: str, default: int) -> int:
    text = _text(asked, path)
    if not re.fullmatch(r"[0-9]{0,6}", text) or text == "0":
        raise Refused(400, "od91102", f"{path.rpartition('/')[2]} は1以上の数字です。")
    return int(text or default)


def _found(conditions: Mapping[str, str]) -> list[dict[str, Any]]:
    orders, _ = market().numbered_orders(g.store_id, number=conditions.get("OrderId"))
    if not conditions:
        raise Refused(400, "od91105", "Condition を1つ以上指定してください。")
    return [order for order in orders if all(_fits(order, *each) for each in conditions.items())]


def _fits(order: Mapping[str, Any], name: str, wanted: str) -> bool:
    if name in STATUS_LISTS:
        return str(order[STATUS_LISTS[name]]) in wanted.split(",")
    if name in TIMES:
        column, is_end = TIMES[name]
        if not re.fullmatch(r"[0-9]{14}", wanted):
            raise Refused(400, "od91106", f"{name} は YYYYMMDDHHMMSS です。")
        at = re.sub(r"[^0-9]", "", japan(order[column])[:19])
        return at <= wanted if is_end else at >= wanted
    if name == "OrderId":
        return bool(order["order_number"] == wanted)
    if name == "IsYahooAuctionOrder":
        return wanted == "true"
    if name in ("YahooAuctionId", "YahooAuctionMerchantId"):
        column = "auction_id" if name == "YahooAuctionId" else "management_number"
        return any(line[column] == wanted for line in order["lines"])
    raise Refused(400, "od91105", f"Condition の {name} は指定できません。")


# --- orderInfo ---


@bp.post("/ShoppingWebService/V1/orderInfo")
@for_a_store
def order_info(asked: Element) -> Response:
    fields = _fields(_text(asked, "Target/Field"))
    found, _ = market().numbered_orders(g.store_id, number=_text(asked, "Target/OrderId"))
    if not found:
        raise Refused(400, "od01002", "指定された注文は存在しません。")
    counted = {"totalResultsAvailable": "1", "totalResultsReturned": "1", "firstResultPosition": "1"}
    root = Element("ResultSet", counted)
    result = _add(root, "Result")
    _add(result, "Status", "OK")
    shown = _add(result, "OrderInfo")
    own = groups(found[0])
    known = _known_fields()
    _fill(shown, own.pop(""), fields)
    for name in fields:
        if name not in known:
            _add(shown, name, "")
    for name, group in own.items():
        if set(group) & set(fields):
            _fill(_add(shown, name), group, fields)
    for item in items(found[0]):
        if set(item) & set(fields):
            _fill(_add(shown, "Item"), item, fields)
    return _xml(root)


def _fill(parent: Element, values: Mapping[str, str], fields: list[str]) -> None:
    for name in fields:
        if name in values:
            _add(parent, name, values[name])


def _add(parent: Element, name: str, text: str = "") -> Element:
    made = ElementTree.SubElement(parent, name)
    made.text = text
    return made


def _xml(root: Element, status: int = 200) -> Response:
    return Response(
        ElementTree.tostring(root, "utf-8", xml_declaration=True), status, mimetype="application/xml"
    )
