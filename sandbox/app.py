"""One WSGI application for all hosts: X.yahoo.co.jp is played on X.yahoo.localhost, everything else is the control room."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from sandbox import auctions, control, login, onavi
from sandbox.faults import install as install_faults
from sandbox.market import Market
from sandbox.web import install as install_web

SITES = {
    "login.yahoo": login.bp,
    "login.bizmanager.yahoo": login.bp,
    "auctions.yahoo": auctions.bp,
    "onavi.auctions.yahoo": onavi.bp,
}


class HostDispatcher:
    """Chooses the site by the first part of the Host header."""

    def __init__(self, data: Path) -> None:
        self._market = Market(data)
        self._control = _site("control", control.bp, self._market)
        self._sites = {name: _site(name, blueprint, self._market) for name, blueprint in SITES.items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").split(":")[0].lower()
        site = self._sites.get(host.removesuffix(".localhost"), self._control)
        return site(environ, start_response)

    def close(self) -> None:
        self._market.close()


def create_app(data: Path) -> HostDispatcher:
    """`data` is made when missing; everything that the market remembers is in it."""
    return HostDispatcher(data)


def _site(name: str, blueprint: Any, market: Market) -> Flask:
    app = Flask("sandbox", template_folder="templates", static_folder=None)
    app.config.update(SITE=name, MARKET=market, MAX_CONTENT_LENGTH=2**30)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if name != "control":
        install_faults(app)
    install_web(app)
    app.register_blueprint(blueprint)
    return app
