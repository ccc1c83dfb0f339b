"""The gate of the API: faults, whose token it is, the token bucket, the request's form, then the operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from sandbox.amazon import api_catalog, api_listings, api_orders, api_shipments, errors, faults
from sandbox.amazon.books import data
from sandbox.amazon.market import Amazon
from sandbox.amazon.requests import Call, read
from sandbox.market.books import Unknown

bp = Blueprint("amazon_api", __name__)
HANDLERS: dict[str, Callable[[Call], Any]] = {
    "searchOrders": api_orders.search,
    "getOrder": api_orders.get,
    "confirmShipment": api_shipments.confirm,
    "searchListingsItems": api_listings.search_items,
    "getListingsItem": api_listings.get_item,
    "putListingsItem": api_listings.put_item,
    "patchListingsItem": api_listings.patch_item,
    "deleteListingsItem": api_listings.delete_item,
    "getListingsRestrictions": api_listings.get_restrictions,
    "searchCatalogItems": api_catalog.search_items,
    "getCatalogItem": api_catalog.get_item,
    "searchDefinitionsProductTypes": api_catalog.search_types,
    "getDefinitionsProductType": api_catalog.get_type,
}


def amazon() -> Amazon:
    found: Amazon = current_app.config["AMAZON"]
    return found


def _view(operation: str) -> Callable[..., Response]:
    model = data("operations")[operation]["model"]

    def view(**_path: str) -> Response:
        g.operation = operation
        amazon().settle()
        try:
            g.seller = _seller()
            fault = faults.on_call(amazon(), g.seller["id"], operation)
            if fault is not None:
                return fault
            if not amazon().buckets.take(
                g.seller["id"], operation, amazon().setting("throttle", g.seller["id"])
            ):
                raise errors.throttled()
        except errors.Refused as refused:  # the gate's own answers have one form for all APIs
            return refused.answer()
        try:
            answer = HANDLERS[operation](read(amazon(), operation, g.seller, request))
        except errors.Refused as refused:
            return refused.answer("" if refused.status == 403 else model)
        return answer if isinstance(answer, Response) else jsonify(answer)

    return view


def _seller() -> dict[str, Any]:
    """Whose token it is; there are several ways of not having one."""
    given = request.headers.get("x-amz-access-token", "")
    if not given:
        raise errors.denied(errors.MISSING)
    token = amazon().token(given)
    if token is None or token["is_revoked"]:
        raise errors.denied(errors.VOID)
    if token["is_over"]:
        raise errors.denied(errors.EXPIRED)
    return amazon().seller(token["seller_id"])


@bp.after_request
def finish(response: Response) -> Response:
    """The request's number always, the rate only where Amazon tells it; an answer may be lost on its way."""
    response.headers["x-amzn-RequestId"] = errors.request_id()
    operation, seller = g.get("operation"), g.get("seller")
    if operation is None:
        return response
    if response.status_code in (200, 204, 400, 404):
        response.headers["x-amzn-RateLimit-Limit"] = str(float(data("rates")[operation][0]))
    amazon().count_call(seller["id"] if seller else "", operation, response.status_code)
    if seller and request.method != "GET" and response.status_code in (200, 204):
        return faults.on_way_back(amazon(), seller["id"], response)
    return response


for _name, _spec in data("operations").items():
    _rule = _spec["path"].replace("{sku}", "<path:sku>").replace("{", "<").replace("}", ">")
    bp.add_url_rule(_rule, _name, _view(_name), methods=[_spec["method"]])


@bp.get("/-/schemas/PRODUCT.json")
def schema() -> Response:
    """Where getDefinitionsProductType points to; needs no token, as the real link does not."""
    account = request.args.get("seller")
    groups = amazon().seller(account)["shipping_groups"] if account else None
    return Response(api_catalog.schema_text(groups), content_type="application/json")


@bp.get("/-/images/<asin>.svg")
def image(asin: str) -> Response:
    """A picture of any product."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><rect width="500" height="500" fill="#e8ecf2"/>'
        f'<text x="250" y="260" font-size="40" text-anchor="middle" fill="#567">{asin[:10]}</text></svg>'
    )
    return Response(svg if asin.isalnum() else "", content_type="image/svg+xml")


@bp.app_errorhandler(Unknown)
@bp.app_errorhandler(404)
@bp.app_errorhandler(405)
def unknown_path(_error: Exception) -> Response:
    """The gate does not say what there is."""
    return errors.denied().answer()
