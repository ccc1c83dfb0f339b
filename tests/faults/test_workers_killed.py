"""R32, rule 4: the same handlers on PostgreSQL, Redis and two Celery workers, which are killed again and again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from flask import Flask

from recore.listings.rules import BatchState
from recore.platform.jobs import JobState
from recore.settings import Settings
from tests.faults import effects
from tests.faults.workers import Desk, jobs_by_state, open_jobs, wait_until, workers
from tests.support.desk import batch_now, bytes_of, make_batch, queued

LATEST_STEP = 60  # statements and commits; a job has about twenty


@pytest.mark.parametrize("kills", [5, pytest.param(50, marks=pytest.mark.soak)])
def test_rule_4_workers_killed_anywhere_lose_nothing_and_do_nothing_twice(
    web: Flask, scaled: Settings, desk: Desk, dice: random.Random, tmp_path: Path, kills: int
) -> None:
    shop = desk.shops[0]
    account_id = shop.yahoo_account()
    listings = [queued(shop, account_id, photos=2) for _ in range(3)]
    (batch_id,) = make_batch(shop, account_id).batch_ids
    steps = [dice.randint(1, LATEST_STEP) for _ in range(kills)]
    with workers(scaled, tmp_path, steps) as them:

        def keep_them_busy() -> None:
            them.replace_the_dead()
            if them.kills < kills and open_jobs(web) < 10:
                desk.ask(10)

        wait_until(lambda: them.kills == kills, keep_them_busy, tmp_path, patience=60 * kills)
        wait_until(lambda: open_jobs(web) == 0, them.replace_the_dead, tmp_path)
        wait_until(
            lambda: batch_now(shop, batch_id).state is BatchState.READY, them.replace_the_dead, tmp_path
        )
    with web.app_context():
        found = effects.effects()
    assert {key: (total, value) for key, (_, total, value) in found.items()} == desk.expected()
    assert {key for key in jobs_by_state(web) if key[0] == effects.KIND or key[1] == JobState.FAILED} == set()
    batch = batch_now(shop, batch_id)
    assert (batch.item_count, batch.size_bytes) == (len(listings), len(bytes_of(shop, batch_id)))
