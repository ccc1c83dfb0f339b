"""`python -m sandbox --port 8100 --data DIR`"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import waitress

from sandbox.app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--data", type=Path, required=True, help="folder of the pretend market's own data")
    parser.add_argument(
        "--seed", type=int, help="the same class names in the current tool's pages at each start"
    )
    options = parser.parse_args()
    spool = options.data / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(spool)  # large request bodies wait there: nothing is written outside --data
    waitress.serve(
        create_app(options.data, options.seed),
        host=options.host,
        port=options.port,
        threads=8,
        max_request_body_size=2**30,
    )


if __name__ == "__main__":
    main()
