"""Celery as the engine: it carries messages between any number of processes on any number of hosts; it keeps nothing.

A message names the job that it was sent for. Whoever takes it runs the job whose turn it is (`run_next`), so that one
tenant's thousand messages hold nobody up: there is a message for each job that is due, and which one is taken for which
does not matter. A message that comes twice, or late, finds nothing left to do. One that is lost is sent anew: every worker
looks once a second whether there are fewer messages than jobs that are due, dead workers' jobs among them.

Celery's own retries, results and redelivery (after an hour) decide nothing. A worker process runs one job at a time.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from celery import Celery
from flask import Flask
from kombu.exceptions import OperationalError

from recore.platform import clock
from recore.platform.db import db
from recore.platform.job_runner import run_next
from recore.platform.jobs import JobRegistry, due_jobs
from recore.platform.schedules import enqueue_periodic
from recore.platform.tenancy import system_scope

log = structlog.get_logger(__name__)

TASK = "recore.run_next"
QUEUE = "recore.jobs"
CONNECT_SECONDS = 2
SILENCE_SECONDS = 5  # after the broker did not answer: nobody who saves a page waits for it again so soon
LOOK_SECONDS = 1.0
LOOKED_AT, SENT_AT_ONCE = 1000, 100


class CeleryEngine:
    def __init__(self, broker_url: str) -> None:
        self._celery = Celery("recore", broker=broker_url, set_as_current=False)
        self._celery.conf.update(
            broker_connection_max_retries=None,
            broker_connection_retry_on_startup=True,
            broker_transport_options={
                "socket_connect_timeout": CONNECT_SECONDS,
                "socket_timeout": CONNECT_SECONDS,
                "max_retries": 0,
            },
            task_acks_late=True,
            task_default_queue=QUEUE,
            task_ignore_result=True,
            worker_enable_remote_control=False,
            worker_hijack_root_logger=False,
            worker_prefetch_multiplier=1,
            worker_send_task_events=False,
        )
        self._silent_until = 0.0
        self._tenant = 0

    def announce(self, tenant_id: int, job_id: int) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            self._celery.send_task(TASK, (tenant_id, job_id), retry=False)
        except OperationalError as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("broker away", error=str(error), job=job_id, tenant=tenant_id)

    def work(self, app: Flask, registry: JobRegistry) -> None:
        def run(tenant_id: int, job_id: int) -> None:
            self._tenant = run_next(app, registry, after_tenant=self._tenant) or self._tenant

        self._celery.task(name=TASK)(run)
        _Lookout(self, app, registry).start()
        self._celery.Worker(
            pool="solo", quiet=True, loglevel="WARNING",
            without_gossip=True, without_mingle=True, without_heartbeat=True,
        ).start()  # fmt: skip

    def problem(self) -> str | None:
        try:
            with self._celery.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=CONNECT_SECONDS)
        except OperationalError as error:
            return f"the broker does not answer: {error}"
        return None

    def replace_lost(self, app: Flask, registry: JobRegistry) -> None:
        """Send messages for jobs that are due and have none: there must be as many of the ones as of the others."""
        with app.app_context():
            with system_scope():
                due = due_jobs(db.session(), clock.now(), list(registry.kinds), LOOKED_AT)
            db.session.remove()
        missing = len(due) - self.waiting() if due else 0
        for tenant_id, job_id in due[: max(0, min(missing, SENT_AT_ONCE))]:
            self.announce(tenant_id, job_id)

    def waiting(self) -> int:
        """Messages that nobody has taken yet."""
        with self._celery.connection_for_write() as connection:
            channel: Any = connection.default_channel
            count: int = channel.queue_declare(QUEUE).message_count
        return count


class _Lookout(threading.Thread):
    """Beside every worker: what is due regularly, and messages that were lost."""

    def __init__(self, engine: CeleryEngine, app: Flask, registry: JobRegistry) -> None:
        super().__init__(name="recore-lookout", daemon=True)
        self._engine, self._app, self._registry = engine, app, registry

    def run(self) -> None:
        while True:
            try:
                enqueue_periodic(self._app, self._registry)
                self._engine.replace_lost(self._app, self._registry)
            except Exception:  # database or broker away: say so and go on looking
                log.exception("lookout")
            time.sleep(LOOK_SECONDS)
