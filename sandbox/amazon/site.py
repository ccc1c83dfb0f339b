"""The three hosts of Amazon as WSGI applications."""

from __future__ import annotations

from typing import Any

from flask import Flask

from sandbox.amazon import gateway, lwa, seller_central
from sandbox.amazon.market import Amazon
from sandbox.market import Market
from sandbox.web import jst, link

HOSTS = {
    "sellingpartnerapi-fe.amazon": gateway.bp,
    "api.amazon": lwa.bp,
    "sellercentral.amazon": seller_central.bp,
}
PATHS = {
    "/auth/o2/": "api.amazon",
    **{
        f"/{first}/": "sellingpartnerapi-fe.amazon"
        for first in ("catalog", "definitions", "listings", "orders", "-")
    },
}
MOST_BYTES = 10 * 2**20


def host_for(path: str) -> str | None:
    """On the control room's hosts Amazon's API is played by path: not every machine's programs find `*.localhost`."""
    return next((host for begin, host in PATHS.items() if path.startswith(begin)), None)


def sites(amazon: Amazon, market: Market) -> dict[str, Any]:
    return {name: _site(name, blueprint, amazon, market) for name, blueprint in HOSTS.items()}


def _site(name: str, blueprint: Any, amazon: Amazon, market: Market) -> Flask:
    app = Flask("sandbox", template_folder="templates", static_folder=None)
    app.config.update(SITE=name, AMAZON=amazon, MARKET=market, MAX_CONTENT_LENGTH=MOST_BYTES)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.globals["link"] = link
    app.jinja_env.filters |= {"jst": jst, "yen": lambda amount: f"{amount:,}円"}
    app.register_blueprint(blueprint)
    return app
