"""B2: as B1, on PostgreSQL: 100,000 listing rows posted to the real server, new, unchanged and replayed.

Against COPY of the same rows into a copy of the same (empty) table with its indexes and foreign keys, which has no row
security because COPY refuses that: the median of three, before, between and
after the posts. PostgreSQL is a private one with a plain role, as in the tests; durability is off for both sides.

The target is on processor time, ours and PostgreSQL's together (one waits for the other, so on a machine of its own it is
the time by the clock); the clock on the wall stands beside it, and says more of what else the machine is doing.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from bench.b1_ingest import COLUMNS, ROWS, Extension, bodies, listing, post_all, prepare, wait_until_up
from bench.result import Result
from tests.support.postgres import running_cluster

FOREIGN_KEYS = (  # which LIKE leaves out
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = 'observed_listings'::regclass AND contype = 'f'"
)
TARGETS = {"new": 0.25, "unchanged": 0.45}


@dataclass(frozen=True)
class Took:
    """Seconds: of processors, in this process and all those it started, and by the clock on the wall."""

    cpu: float
    wall: float


@contextmanager
def watch() -> Iterator[list[Took]]:
    """What the block takes, as the one element of the list, once it is over."""
    took: list[Took] = []
    cpu, wall = processor_seconds(), time.perf_counter()
    yield took
    took.append(Took(processor_seconds() - cpu, time.perf_counter() - wall))


def processor_seconds() -> float:
    """Of this process and its descendants, those that have ended included."""
    stats = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats[int(each.parent.name)] = each.read_text("utf-8", "replace").rpartition(")")[2].split()
    family = {os.getpid()}
    while found := {pid for pid, stat in stats.items() if int(stat[1]) in family} - family:
        family |= found
    return sum(int(ticks) for pid in family for ticks in stats[pid][11:15]) / os.sysconf("SC_CLK_TCK")


def copy_rows(url: str) -> Took:
    """COPY of the same rows into a table like the real one."""
    rows = [
        (1, 1, row["auction_id"], row["management_number"], row["title"], row["current_price"], row["bid_count"],
         row["ends_at"], "selling", number, 1, 1)
        for number, row in enumerate(map(listing, range(ROWS)))
    ]  # fmt: skip
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE raw_listings (LIKE observed_listings INCLUDING ALL)")
        for (definition,) in connection.execute(FOREIGN_KEYS).fetchall():
            connection.execute(f"ALTER TABLE raw_listings ADD {definition}")
        connection.commit()
        with watch() as took:
            with connection.cursor().copy(f"COPY raw_listings ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            connection.commit()
        connection.execute("DROP TABLE raw_listings")
    return took[0]


def main() -> None:
    pages = bodies()
    with tempfile.TemporaryDirectory() as name, running_cluster() as cluster:
        url = cluster.create_database("bench")
        account_id, token = prepare(Path(name), url)
        raws = [copy_rows(url)]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "recore.cli", "--data-dir", name, "serve", "--port", str(port)],
            env={**os.environ, "RECORE_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_up(port, server)
            extension = Extension(port, account_id, token)
            run = extension.start()
            with watch() as new:
                post_all(extension, run, pages)
            raws.append(copy_rows(url))
            with watch() as replayed:
                post_all(extension, run, pages)
            extension.finish(run)
            run = extension.start()
            with watch() as unchanged:
                post_all(extension, run, pages)
            raws.append(copy_rows(url))
            extension.finish(run)
        finally:
            server.terminate()
            server.wait()
    raw = Took(median(each.cpu for each in raws), median(each.wall for each in raws))
    seconds = {"copy": raw, "new": new[0], "unchanged": unchanged[0], "replayed": replayed[0]}
    Result(
        "B2",
        ratios={name: raw.cpu / seconds[name].cpu for name in TARGETS},
        targets=TARGETS,
        details={
            **{f"{name}_cpu_seconds": round(each.cpu, 2) for name, each in seconds.items()},
            **{f"{name}_wall_seconds": round(each.wall, 2) for name, each in seconds.items()},
            **{f"{name}_wall": round(raw.wall / seconds[name].wall, 4) for name in TARGETS},
        },
    ).save()


if __name__ == "__main__":
    main()
