"""The embedded engine: jobs run in one thread, of the process that answers requests or of one of its own."""

from __future__ import annotations

import signal
import threading
import time

import structlog
from flask import Flask

from recore.platform.job_runner import run_next
from recore.platform.jobs import JobRegistry
from recore.platform.schedules import enqueue_periodic

log = structlog.get_logger(__name__)
ENDING = {signal.SIGTERM, signal.SIGINT}


class EmbeddedEngine:
    """Needs nothing but the database. A job of this process starts at once, one of another process within the poll."""

    def __init__(self) -> None:
        self._bell = threading.Event()

    def announce(self, tenant_id: int, job_id: int) -> None:
        self._bell.set()

    def start(self, app: Flask, registry: JobRegistry) -> Worker:
        """Run jobs beside the requests of this process."""
        worker = Worker(app, registry, self._bell)
        worker.start()
        return worker

    def work(self, app: Flask, registry: JobRegistry) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # in the thread, too: this one takes them
        worker = self.start(app, registry)
        signal.sigwait(ENDING)
        worker.ask_to_stop()
        worker.join()

    def problem(self) -> str | None:
        return None


class Worker(threading.Thread):
    """Rung awake by the engine, looking every `poll_seconds` besides."""

    def __init__(
        self, app: Flask, registry: JobRegistry, bell: threading.Event, *, poll_seconds: float = 2.0
    ) -> None:
        super().__init__(name="recore-worker", daemon=True)
        self._app, self._registry, self._bell, self._poll = app, registry, bell, poll_seconds
        self._stopped = threading.Event()
        self._tenant = 0

    def run(self) -> None:
        while not self._stopped.is_set():
            more = False
            try:
                enqueue_periodic(self._app, self._registry)
                more = self._serve()
            except Exception:  # database away: say so and go on polling
                log.exception("worker loop")
            if not more:
                self._bell.wait(self._poll)
                self._bell.clear()

    def _serve(self) -> bool:
        """Run what is due, for a while; whether there may be more."""
        until = time.monotonic() + self._poll
        while not self._stopped.is_set() and time.monotonic() < until:
            served = run_next(self._app, self._registry, after_tenant=self._tenant)
            if served is None:
                return False
            self._tenant = served
        return True

    def ask_to_stop(self) -> None:
        """Finish the job at hand and end."""
        self._stopped.set()
        self._bell.set()

    def stop(self) -> None:
        """Ask, and wait up to ten seconds."""
        self.ask_to_stop()
        self.join(10)
