"""自動処理: what the manager sees of jobs, and can do to them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from recore.listings.batches import BUILD
from recore.listings.rules import BatchState
from recore.orders.jobs import FORGET
from recore.platform.audit import AuditEntry
from recore.platform.db import UnitOfWork
from recore.platform.errors import Retryable, Terminal
from recore.platform.job_runner import run_next
from recore.platform.jobs import Job, JobRegistry, JobRun, JobState, enqueue
from recore.platform.paging import PAGE_SIZE
from recore.platform.schedules import enqueue_periodic
from tests.support.desk import batch_now, make_batch, queued, wired
from tests.support.every_route import client_of
from tests.support.shop import Shop, open_shop

PAGE = "/settings/automation"


@pytest.fixture
def manager(app: Flask, shop: Shop) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return client_of(app, "localhost", "demo", "demo-pass")


def failing(error: Exception) -> JobRegistry:
    def handler(run: JobRun) -> None:
        raise error

    jobs = JobRegistry()
    jobs.add(FORGET, handler, "x")
    return jobs


def ask(shop: Shop, payload: dict[str, object] | None = None) -> int:
    with shop.work() as uow:
        enqueue(uow, FORGET, payload or {})
        return uow.session.scalars(sa.select(sa.func.max(Job.id))).one()


def failed(app: Flask, shop: Shop) -> int:
    job_id = ask(shop)
    run_next(app, failing(Terminal("REFUSED", "鍵がありません。")))
    return job_id


def job_now(shop: Shop, job_id: int) -> Job:
    with shop.read() as session:
        return session.scalars(sa.select(Job).where(Job.id == job_id)).one()


def counts(client: FlaskClient) -> list[int]:
    text = client.get(PAGE).text
    return [
        int(re.search(rf'data-testid="count-{tab}">(\d+)<', text).group(1))  # type: ignore[union-attr]
        for tab in ("failed", "waiting", "running")
    ]


def test_nothing_to_see_is_said(manager: FlaskClient) -> None:
    for tab, words in {
        "": "失敗した処理はありません。", "?tab=waiting": "待っている処理はありません。",
        "?tab=running": "今動いている処理はありません。", "?tab=regular": "まだ一度も動いていません。",
    }.items():  # fmt: skip
        assert words in manager.get(PAGE + tab).text
    assert counts(manager) == [0, 0, 0]


def test_a_failed_job_says_what_and_why_and_runs_again(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    job_id = failed(app, shop)
    text = manager.get(PAGE).text
    assert "保存期間を過ぎた購入者情報の削除" in text and "鍵がありません。" in text and "1回目" in text
    answer = manager.post(f"{PAGE}/{job_id}/run-again", follow_redirects=True)
    assert "もう一度実行します" in answer.text
    job = job_now(shop, job_id)
    assert (job.state, job.attempts, job.deaths, job.finished_at) == (JobState.QUEUED, 0, 0, None)
    assert run_next(app, wired(shop).jobs) == shop.tenant_id
    assert job_now(shop, job_id).state is JobState.DONE
    with shop.read() as session:
        assert session.scalars(sa.select(AuditEntry.action)).all() == ["automation.run_again"]


def test_running_it_again_twice_runs_it_once(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    job_id = failed(app, shop)
    manager.post(f"{PAGE}/{job_id}/run-again")
    again = manager.post(f"{PAGE}/{job_id}/run-again", follow_redirects=True)
    assert "もうその操作ができる状態ではありません" in again.text
    with shop.read() as session:
        assert session.scalar(sa.select(sa.func.count(AuditEntry.id))) == 1


def test_a_failure_that_was_seen_leaves_the_list(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    job_id = failed(app, shop)
    assert counts(manager) == [1, 0, 0]
    manager.post(f"{PAGE}/{job_id}/put-aside")
    assert counts(manager) == [0, 0, 0]
    assert job_now(shop, job_id).state is JobState.FAILED


def test_a_waiting_job_says_why_and_when_it_is_next(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    ask(shop)
    run_next(app, failing(Retryable("BUSY", "相手が混み合っています。", retry_after_seconds=600)))
    text = manager.get(f"{PAGE}?tab=waiting").text
    assert "相手が混み合っています。" in text and "1回試しました" in text and "取りやめ" not in text


def test_calling_a_file_off_puts_its_listings_back(shop: Shop, manager: FlaskClient) -> None:
    account_id = shop.yahoo_account()
    queued(shop, account_id)
    (batch_id,) = make_batch(shop, account_id).batch_ids
    with shop.read() as session:
        job_id = session.scalars(sa.select(Job.id)).one()
    answer = manager.post(f"{PAGE}/{job_id}/call-off", follow_redirects=True)
    assert "「出品ファイルの作成」を取りやめました" in answer.text
    batch = batch_now(shop, batch_id)
    assert batch.state is BatchState.FAILED and batch.error is not None and "取りやめました" in batch.error
    assert run_next(shop.app, wired(shop).jobs) is None
    assert make_batch(shop, account_id).batch_ids != []
    assert counts(manager) == [0, 1, 0], "what was called off is no failure"


def test_what_cannot_be_called_off_or_run_again_is_not(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    waiting = ask(shop)
    manager.post(f"{PAGE}/{waiting}/call-off")
    assert job_now(shop, waiting).state is JobState.QUEUED
    with shop.work() as uow:
        _fail(uow, waiting, BUILD)
    text = manager.get(PAGE).text
    assert "もとの画面に戻してあります" in text and "再実行" not in text
    manager.post(f"{PAGE}/{waiting}/run-again")
    assert job_now(shop, waiting).state is JobState.FAILED


def _fail(uow: UnitOfWork, job_id: int, kind: str) -> None:
    values = {"state": JobState.FAILED, "kind": kind, "finished_at": uow.at}
    assert uow.execute_one(sa.update(Job).where(Job.id == job_id).values(**values))


def test_the_payload_is_never_shown(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    ask(shop, {"buyer": "佐藤花子"})
    run_next(app, failing(ValueError("佐藤花子")))
    assert "佐藤花子" not in "".join(manager.get(f"{PAGE}?tab={tab}").text for tab in ("failed", "waiting"))


def test_what_is_regular_says_when_it_is_next(app: Flask, shop: Shop, manager: FlaskClient) -> None:
    enqueue_periodic(app, wired(shop).jobs)
    text = manager.get(f"{PAGE}?tab=regular").text
    assert "古い記録の整理" in text and "1時間ごと" in text and "1分ごと" in text


def test_a_worker_that_is_gone_is_shouted_about(shop: Shop, manager: FlaskClient) -> None:
    job_id = ask(shop)
    assert 'data-testid="stopped"' not in manager.get(PAGE).text
    with shop.work() as uow:
        ago: datetime = uow.at - timedelta(minutes=6)
        uow.execute_one(sa.update(Job).where(Job.id == job_id).values(not_before=ago))
    assert 'data-testid="stopped"' in manager.get(PAGE).text


def test_long_lists_have_pages(shop: Shop, manager: FlaskClient) -> None:
    with shop.work() as uow:
        for _ in range(PAGE_SIZE + 1):
            enqueue(uow, FORGET, {})
    first = manager.get(f"{PAGE}?tab=waiting").text
    older = re.search(r'href="([^"]+)" data-testid="older"', first)
    assert older is not None and first.count('data-testid="job-') == PAGE_SIZE
    assert manager.get(older.group(1).replace("&amp;", "&")).text.count('data-testid="job-') == 1


def test_jobs_of_another_shop_are_not_there(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    open_shop(app, "ours", "ours.example")
    theirs = open_shop(app, "theirs", "theirs.example")
    job_id = failed(app, theirs)
    browser, url = client_of(app, "ours.example", "demo", "demo-pass"), "http://ours.example"
    assert "鍵がありません" not in browser.get(PAGE, base_url=url).text
    assert browser.post(f"{PAGE}/{job_id}/run-again", base_url=url).status_code == 404
    assert job_now(theirs, job_id).state is JobState.FAILED
