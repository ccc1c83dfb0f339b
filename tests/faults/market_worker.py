"""`python -m tests.faults.market_worker DIE_AFTER CLOCK`: `job_worker` by a clock that the test puts forward."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from tests.faults import job_worker, shared_clock

LEASE = timedelta(minutes=3)  # of that clock

if __name__ == "__main__":
    shared_clock.follow(Path(sys.argv[2]))
    job_worker.main(int(sys.argv[1]), LEASE)
