"""Start `make run` twice: it answers, Ctrl-C ends all of it, the second start keeps the data. Prints the seconds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
URLS = ("http://127.0.0.1:8000/login", "http://127.0.0.1:8100/")
LIMIT_SECONDS = 900.0  # the first start sets everything up


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except (urllib.error.URLError, OSError):
        return False
    return True


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_and_stop() -> float:
    """Seconds until everything answers; raises SystemExit when something does not, or outlives Ctrl-C."""
    started = time.monotonic()
    run = subprocess.Popen(["make", "run"], cwd=ROOT, start_new_session=True)
    try:
        while not all(answers(url) for url in URLS):
            if run.poll() is not None:
                raise SystemExit(f"make run ended by itself with {run.returncode}")
            if time.monotonic() - started > LIMIT_SECONDS:
                raise SystemExit("make run does not answer")
            time.sleep(0.2)
        seconds = time.monotonic() - started
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to make and everything it started
            run.wait(60)
    if left := [port for port in (8000, 8100) if listening(port)]:
        raise SystemExit(f"still listening after Ctrl-C: {left}")
    return seconds


def kept() -> tuple[int, bytes]:
    """The database's inode and the session key: they change only when the data is made anew."""
    return (ROOT / "var/recore.sqlite3").stat().st_ino, (ROOT / "var/session.key").read_bytes()


def main() -> None:
    first = start_and_stop()
    before = kept()
    second = start_and_stop()
    if kept() != before:
        raise SystemExit("the second start did not keep the data")
    print(
        f"make run: first start {first:.1f} s, second start {second:.1f} s, data kept, nothing left running"
    )


if __name__ == "__main__":
    main()
