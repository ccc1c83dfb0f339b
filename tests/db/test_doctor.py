"""`recore doctor`: what the operator is told."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from demo.stage import free_port
from recore.cli import main
from recore.platform.jobs import Job, enqueue
from recore.settings import Settings
from tests.support.postgres import APP_ROLE, SUPERUSER
from tests.support.shop import Shop

WELL = "ok   database\nok   role and locale\nok   tables\nok   engine\nok   jobs\n"


def doctor(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(Settings, "load", lambda: settings)
    return CliRunner().invoke(main, ["doctor"])


def test_all_is_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctor(settings, monkeypatch)
    assert (found.exit_code, found.output) == (0, WELL)


def test_a_database_that_is_not_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"postgresql+psycopg://nobody@localhost:{free_port()}/none"
    found = doctor(dataclasses.replace(settings, database_url=url), monkeypatch)
    assert found.exit_code == 1
    assert found.output.startswith("BAD  database: does not answer: ") and "jobs" not in found.output


def test_tables_of_another_version(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = doctor(
        dataclasses.replace(settings, database_url=f"sqlite:///{tmp_path}/empty.sqlite3"), monkeypatch
    )
    assert found.exit_code == 1
    assert "BAD  tables: at revision None, this version needs " in found.output
    assert "run `recore init`" in found.output


def test_jobs_that_nobody_does(shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with shop.work() as uow:
        enqueue(uow, "test", {})
        uow.session.execute(sa.update(Job).values(not_before=uow.at - timedelta(minutes=6)))
    found = doctor(settings, monkeypatch)
    assert found.exit_code == 1
    assert "BAD  jobs: 1 wait for more than five minutes and none runs: start `recore worker`" in found.output


def test_a_broker_that_does_not_answer_and_a_role_that_is_too_strong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not settings.database.startswith("postgresql"):
        with pytest.raises(SystemExit, match="PostgreSQL"):
            dataclasses.replace(settings, engine="celery", broker_url="redis://localhost/0")
        return
    changed = dataclasses.replace(
        settings,
        engine="celery",
        broker_url=f"redis://127.0.0.1:{free_port()}/0",
        database_url=settings.database_url.replace(APP_ROLE, SUPERUSER),
    )
    found = doctor(changed, monkeypatch)
    assert found.exit_code == 1
    assert "BAD  engine: the broker does not answer: " in found.output
    assert "BAD  role and locale: the role is a superuser or has BYPASSRLS" in found.output
