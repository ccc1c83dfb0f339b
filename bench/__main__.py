"""`python -m bench [B1,B3]`: run the benchmarks one after the other and print one table; non-zero when a target is missed."""

from __future__ import annotations

import json
import subprocess
import sys

from bench.result import RESULTS

MODULES = {
    "B1": "bench.b1_ingest",
    "B2": "bench.b2_ingest_postgresql",
    "B3": "bench.b3_zip",
    "B5": "bench.b5_stock",
    "B7": "bench.b7_incremental",
    "B8": "bench.b8_engine",
    "B9": "bench.b9_limiter",
    "B10": "bench.b10_categories",
    "B11": "bench.b11_clicks",
}


def main(only: list[str]) -> int:
    unknown = set(only) - set(MODULES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
        return 2
    chosen = only or list(MODULES)
    for name in chosen:
        print(f"--- {name}", flush=True)
        (RESULTS / f"{name}.json").unlink(missing_ok=True)
        subprocess.run([sys.executable, "-m", MODULES[name]], check=True)
    results = [json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in chosen]
    print(f"\n{'id':<4} {'measure':<24} {'ratio':>10} {'target':>10}")
    for result in results:
        for key, target in result["targets"].items():
            sign = "<=" if key in result["at_most"] else ">="
            print(f"{result['id']:<4} {key:<24} {result['ratios'][key]:>10} {sign:>3} {target:>6}")
        print(f"{result['id']:<4} {'met' if result['met'] else 'NOT MET'}")
    return 0 if all(result["met"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main([name.strip() for name in ",".join(sys.argv[1:]).split(",") if name.strip()]))
