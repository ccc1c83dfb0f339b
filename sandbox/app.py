"""One WSGI application for all hosts: X.yahoo.co.jp is played on X.yahoo.localhost, X.amazon.com on X.amazon.localhost,
everything else is the control room."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from sandbox import auctions, control, login, onavi, orderapi, serinavi, storepro, yconnect
from sandbox.amazon.market import Amazon
from sandbox.amazon.site import host_for
from sandbox.amazon.site import sites as amazon_sites
from sandbox.faults import install as install_faults
from sandbox.market import Market
from sandbox.web import install as install_web

SITES = {
    "login.yahoo": login.bp,
    "login.bizmanager.yahoo": login.bp,
    "auctions.yahoo": auctions.bp,
    "onavi.auctions.yahoo": onavi.bp,
    "auctions.store.yahoo": serinavi.bp,
    "pro.store.yahoo": storepro.bp,
    "auth.login.yahoo": yconnect.bp,
    "circus.shopping.yahooapis": orderapi.bp,
}


class HostDispatcher:
    """Chooses the site by the first part of the Host header."""

    def __init__(self, data: Path, seed: int | None) -> None:
        self._market = Market(data)
        self._amazon = Amazon(data, self._market.now)
        build = f"{random.Random(seed).getrandbits(64):016x}"
        self._control = _site("control", control.bp, self._market, build)
        self._control.config["AMAZON"] = self._amazon
        self._sites: dict[str, Any] = {
            name: _site(name, blueprint, self._market, build) for name, blueprint in SITES.items()
        }
        self._sites |= amazon_sites(self._amazon, self._market)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").split(":")[0].lower()
        name = host.removesuffix(".localhost")
        if host in control.HOSTS:
            name = host_for(environ.get("PATH_INFO", "")) or name
        site = self._sites.get(name, self._control)
        return site(environ, start_response)

    def close(self) -> None:
        self._amazon.close()
        self._market.close()


def create_app(data: Path, seed: int | None = None) -> HostDispatcher:
    """`data` is made when missing; everything that the market remembers is in it.

    The same `seed` gives the current tool's pages the same class names again; without one they are others at each start.
    """
    return HostDispatcher(data, seed)


def _site(name: str, blueprint: Any, market: Market, build: str) -> Flask:
    app = Flask("sandbox", template_folder="templates", static_folder="static")
    app.config.update(SITE=name, MARKET=market, MAX_CONTENT_LENGTH=2**30, BUILD=build, COPIES={}, CALLED={})
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if name != "control":
        install_faults(app)
    install_web(app)
    app.register_blueprint(blueprint)
    return app
