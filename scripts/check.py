"""Run the checks one after the other, go on after a failure, and print one table and the counts at the end.

check.py --lint    ruff, mypy, import rules, eslint, tsc, generated files
check.py --all     those, then vitest, pytest and the browser tests, each on two processes
check.py --soak    the long random runs
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "test-output"
BIN = Path(sys.prefix) / "bin"


@dataclass(frozen=True)
class Check:
    """`report`: the JUnit file that the command writes, when it runs tests."""

    name: str
    command: list[str]
    report: Path | None = None


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: tuple[str, ...] = ()
    """One line for every test that was skipped or failed."""


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def npm(script: str, *arguments: str) -> list[str]:
    return ["npm", "run", "--silent", script, *(["--", *arguments] if arguments else [])]


LINT = [
    Check("ruff", python("ruff", "check", "--quiet", ".")),
    Check("format", python("ruff", "format", "--check", "--quiet", ".")),
    Check("mypy", python("mypy")),
    Check("imports", [str(BIN / "lint-imports"), "--no-cache"]),
    Check("eslint", npm("lint")),
    Check("tsc", npm("typecheck")),
    Check("generated", npm("generate:check")),
]


def pytest(name: str, *arguments: str) -> Check:
    report = OUTPUT / f"{name}.xml"
    return Check(name, python("pytest", "-rsfE", f"--junitxml={report}", *arguments), report)


TWO_PROCESSES = ("-n", "2", "--dist", "loadscope")  # a module's servers are made once

ANY_TWO = ("-n", "2", "--dist", "worksteal")  # few tests, of which some take an hour


def tests(seed: int) -> list[Check]:
    vitest = OUTPUT / "vitest.xml"
    seeded = f"--hypothesis-seed={seed}"
    return [
        Check(
            "vitest",
            npm("test", "--reporter=default", "--reporter=junit", f"--outputFile.junit={vitest}"),
            vitest,
        ),
        # The machine's two cores are shared with the PostgreSQL and Chromium that each process starts.
        pytest("pytest", *TWO_PROCESSES, "-m", "not browser and not soak", seeded),
        pytest("browser", *TWO_PROCESSES, "-m", "browser and not soak", seeded),
    ]


def soak(seed: int) -> list[Check]:
    seeded = f"--hypothesis-seed={seed}"
    return [
        pytest("stateful", *ANY_TWO, "--hypothesis-profile=soak", seeded, "tests/stateful", "tests/unit"),
        pytest("soak", *ANY_TWO, "-v", "--hypothesis-profile=soak", "-m", "soak", seeded),
    ]


def run(check: Check) -> tuple[int, float]:
    """(exit status, seconds); a report left over from an earlier run never counts."""
    if check.report is not None:
        check.report.unlink(missing_ok=True)
    print(f"\n--- {check.name}", flush=True)
    started = time.monotonic()
    status = subprocess.run(check.command, cwd=ROOT, check=False).returncode
    return status, time.monotonic() - started


def cases(report: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """(name, element) of every test in a JUnit file."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - written by our own run
        yield f"{case.get('classname')}::{case.get('name')}", case


def first_line(outcome: ElementTree.Element) -> str:
    return next(iter(outcome.get("message", "").splitlines()), "")


def count(report: Path | None) -> Counts:
    counts = Counts()
    if report is None or not report.exists():
        return counts
    for name, case in cases(report):
        wrong = [*case.findall("failure"), *case.findall("error")]
        if wrong:
            counts.failed += 1
            counts.reasons += tuple(f"{each.tag}: {name}: {first_line(each)}" for each in wrong)
        elif (skip := case.find("skipped")) is not None:
            counts.skipped += 1
            counts.reasons += (f"skipped: {name}: {first_line(skip)}",)
        else:
            counts.passed += 1
    return counts


def summarise(results: list[tuple[Check, int, float]]) -> int:
    total = Counts()
    print(f"\n{'check':<12} {'result':<8} {'seconds':>8} {'passed':>7} {'failed':>7} {'skipped':>8}")
    for check, status, seconds in results:
        counts = count(check.report)
        figures = f"{counts.passed:>7} {counts.failed:>7} {counts.skipped:>8}" if check.report else ""
        print(f"{check.name:<12} {'ok' if status == 0 else 'FAILED':<8} {seconds:>8.1f} {figures}".rstrip())
        total.passed += counts.passed
        total.failed += counts.failed
        total.skipped += counts.skipped
        total.reasons += counts.reasons
    for reason in total.reasons:
        print(reason)
    if any(check.report for check, _, _ in results):
        print(f"\n{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    return 0 if all(status == 0 for _, status, _ in results) else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    for name in ("lint", "all", "soak"):
        what.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    OUTPUT.mkdir(exist_ok=True)
    seed = int(os.environ.get("SEED") or random.randrange(2**32))
    checks = LINT
    if options.all:
        checks = [*LINT, *tests(seed)]
    elif options.soak:
        checks = soak(seed)
    if not options.lint:
        print(f"seed {seed}: repeat this run with SEED={seed}")
    return summarise([(check, *run(check)) for check in checks])


if __name__ == "__main__":
    sys.exit(main())
