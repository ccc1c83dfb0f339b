"""`recore doctor`: is everything there that this installation needs? Each check is a sentence for the operator."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from recore.migrations import alembic_config
from recore.platform import clock
from recore.platform.db import db
from recore.platform.jobs import Job, JobEngine, JobState
from recore.platform.tenancy import system_scope

LONG = timedelta(minutes=5)
GOOD_LOCALES = ("c.utf-8", "c.utf8")


def examine(app: Flask, engine: JobEngine) -> list[tuple[str, str | None]]:
    """(what, why it is not well or None). What stands on something that is not well is not asked."""
    with app.app_context(), system_scope():
        problem = _reach()
        found = [("database", problem)]
        if problem is None:
            problem = _revision()
            found += [("role and locale", _server()), ("tables", problem)]
        found.append(("engine", engine.problem()))
        if problem is None:
            found.append(("jobs", _jobs()))
        db.session.remove()
    return found


def _reach() -> str | None:
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.OperationalError as error:
        return f"does not answer: {str(error.orig).strip()}"
    return None


def _revision() -> str | None:
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return (
        None
        if present == wanted
        else f"at revision {present}, this version needs {wanted}: run `recore init`"
    )


def _server() -> str | None:
    """Superusers and BYPASSRLS walk through row-level security; only in C.UTF-8 is Japanese found and sorted as expected."""
    if db.engine.dialect.name != "postgresql":
        return None
    with db.engine.connect() as connection:
        is_exempt = connection.scalar(
            sa.text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        )
        locale, encoding = connection.execute(
            sa.text(
                "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
            )
        ).one()
    if is_exempt:
        return "the role is a superuser or has BYPASSRLS: row-level security does not hold for it; use a plain role"
    if locale.lower() not in GOOD_LOCALES or encoding != "UTF8":
        return f"locale {locale}, encoding {encoding}: make the database with C.UTF-8 and UTF8"
    return None


def _jobs() -> str | None:
    now, count = clock.now(), sa.select(sa.func.count(Job.id))
    waiting = db.session.scalar(count.where(Job.state == JobState.QUEUED, Job.not_before < now - LONG))
    running = db.session.scalar(count.where(Job.state == JobState.RUNNING, Job.lease_until >= now))
    if waiting and not running:
        return f"{waiting} wait for more than five minutes and none runs: start `recore worker`"
    return None
