"""create_app: the only place that wires things together."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from typing import cast

import structlog
from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

import recore.models  # noqa: F401 - the guards need every table
from recore.buyin import pages as buyin_pages
from recore.identity import pages as identity_pages
from recore.platform.blobs import DiskBlobStore
from recore.platform.crypto import Keyring
from recore.platform.db import db, install_guards
from recore.platform.jobs import JobRegistry, Worker
from recore.sales import pages as sales_pages
from recore.settings import Settings
from recore.stock import pages as stock_pages
from recore.web import access, errors, rendering, security

BLUEPRINTS = (
    identity_pages.bp,
    buyin_pages.bp,
    stock_pages.bp,
    sales_pages.bp,
)


class Recore:
    """What features reach through `services()`: settings, keys, blobs, jobs."""

    def __init__(self, settings: Settings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.keyring = Keyring.open(settings.data_dir / "keys.json")
        self.blobs = DiskBlobStore(settings.data_dir / "blobs")
        self.jobs = JobRegistry()
        self.worker: Worker | None = None


def services() -> Recore:
    return cast(Recore, current_app.extensions["recore"])


def create_app(settings: Settings) -> Flask:
    """The whole application. It starts no thread; `start_worker` does."""
    _configure_logging(settings)
    app = Flask("recore", template_folder="web/templates", static_folder="web/static", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=settings.secret_key or _kept_secret(settings.data_dir / "session.key"),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        TESTING=settings.testing,
    )
    app.extensions["recore"] = Recore(settings)
    db.init_app(app)
    with app.app_context():
        install_guards(db.engine)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    access.install(app)
    security.install(app, settings)
    errors.install(app)
    rendering.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def start_worker(app: Flask) -> Worker:
    """The embedded worker (the default without a broker)."""
    recore_: Recore = app.extensions["recore"]
    recore_.worker = Worker(app, recore_.jobs)
    recore_.worker.start()
    return recore_.worker


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii")


def _configure_logging(settings: Settings) -> None:
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=level, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
