"""create_app: the only place that wires things together."""

from __future__ import annotations

import logging
import secrets
from importlib import import_module
from pathlib import Path

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import recore.models  # noqa: F401 - the guards need every table
from recore.accounts import key_pages, link_pages
from recore.accounts import pages as account_pages
from recore.automation import pages as automation_pages
from recore.buyin import import_pages as buyin_import_pages
from recore.buyin import jobs as buyin_jobs
from recore.buyin import pages as buyin_pages
from recore.buyin import seller_pages
from recore.categories import jobs as category_jobs
from recore.categories import pages as category_pages
from recore.channels.registry import CHANNELS, offer_apis, order_apis
from recore.commands import api as command_api
from recore.commands import jobs as command_jobs
from recore.commands import pages as command_pages
from recore.history import pages as history_pages
from recore.home import pages as home_pages
from recore.identity import device_pages, login_pages, settings_pages, staff_pages
from recore.identity import pages as identity_pages
from recore.listings import api as listing_api
from recore.listings import (
    bulk_jobs,
    bulk_pages,
    import_undo,
    import_undo_pages,
    offer_jobs,
    offer_pages,
    stock_edit_pages,
    template_pages,
    unsold_pages,
)
from recore.listings import jobs as listing_jobs
from recore.listings import pages as listing_pages
from recore.orders import jobs as order_jobs
from recore.orders import pages as order_pages
from recore.photos import link_pages as photo_link_pages
from recore.photos import pages as photo_pages
from recore.platform import housekeeping
from recore.platform.blobs import DiskBlobStore
from recore.platform.crypto import Keyring
from recore.platform.db import db, install_guards
from recore.platform.files import create_once
from recore.platform.jobs import ENGINE, JobEngine
from recore.platform.worker import EmbeddedEngine
from recore.sales import figure_pages
from recore.sales import pages as sales_pages
from recore.settings import BadSetting, Settings
from recore.stock import pages as stock_pages
from recore.sync import api as sync_api
from recore.sync import import_pages, run_pages
from recore.sync import jobs as sync_jobs
from recore.sync import pages as sync_pages
from recore.web import access, errors, rendering, security
from recore.web.forms import RowId
from recore.wiring import Services

BLUEPRINTS = (
    home_pages.bp,
    identity_pages.bp,
    device_pages.bp,
    staff_pages.bp,
    login_pages.bp,
    settings_pages.bp,
    automation_pages.bp,
    history_pages.bp,
    account_pages.bp,
    link_pages.bp,
    key_pages.bp,
    category_pages.bp,
    run_pages.bp,
    buyin_pages.bp,
    buyin_import_pages.bp,
    seller_pages.bp,
    stock_pages.bp,
    sales_pages.bp,
    figure_pages.bp,
    photo_pages.bp,
    photo_link_pages.bp,
    listing_pages.bp,
    bulk_pages.bp,
    import_undo_pages.bp,
    offer_pages.bp,
    unsold_pages.bp,
    stock_edit_pages.bp,
    template_pages.bp,
    listing_api.bp,
    command_pages.bp,
    command_api.bp,
    order_pages.bp,
    sync_pages.bp,
    import_pages.bp,
    sync_api.bp,
)


def create_app(settings: Settings) -> Flask:
    """The whole application. It runs no jobs; `recore serve` and `recore worker` do."""
    _configure_logging(settings)
    app = Flask(
        "recore",
        template_folder="web/templates",
        static_folder="web/static",
        root_path=str(Path(__file__).parent),
    )
    app.url_map.converters["int"] = RowId
    app.config.update(
        SECRET_KEY=settings.secret_key or _kept_secret(settings.data_dir / "session.key"),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # Values of statements are kept out of errors and logs: they may be buyers' (rule 13).
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        TESTING=settings.testing,
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    wired = Services(
        settings=settings,
        keyring=Keyring.open(settings.data_dir / "keys.json"),
        blobs=DiskBlobStore(settings.data_dir / "blobs"),
        channels=CHANNELS,
        order_apis=order_apis(settings),
        offer_apis=offer_apis(settings),
    )
    app.extensions["recore"] = wired
    app.extensions[ENGINE] = job_engine(settings)
    housekeeping.register(wired.jobs)
    buyin_jobs.register(wired)
    category_jobs.register(wired)
    listing_jobs.register(wired)
    bulk_jobs.register(wired)
    import_undo.register(wired)
    offer_jobs.register(wired)
    command_jobs.register(wired)
    order_jobs.register(wired)
    sync_jobs.register(wired)
    db.init_app(app)
    with app.app_context():
        install_guards(db.engine)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    sync_api.install(app)
    access.install(app)
    security.install(app, settings)
    errors.install(app)
    rendering.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def job_engine(settings: Settings) -> JobEngine:
    if settings.engine == "embedded":
        return EmbeddedEngine()
    try:  # an extra, which small shops do without
        module = import_module("recore.platform.celery_engine")
    except ModuleNotFoundError as error:
        raise BadSetting(f"RECORE_ENGINE=celery: {error.name} is missing; install recore[scale]") from error
    engine: JobEngine = module.CeleryEngine(settings.broker_url)
    return engine


def _kept_secret(path: Path) -> str:
    if not path.exists():
        create_once(path, secrets.token_urlsafe(48))
    return path.read_text("ascii")


def _configure_logging(settings: Settings) -> None:
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=level, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes a line for every call
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
