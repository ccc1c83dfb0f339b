"""What a benchmark leaves behind: `bench/results/<id>.json`, in the form of quality.md."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass
class Result:
    """`ratios` and `targets` share their keys; a target is a lower bound unless its key is in `at_most`."""

    id: str
    ratios: dict[str, float]
    targets: dict[str, float]
    at_most: frozenset[str] = frozenset()
    details: dict[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        return all(
            self.ratios[key] <= target if key in self.at_most else self.ratios[key] >= target
            for key, target in self.targets.items()
        )

    def save(self) -> None:
        """Write the file and say so on standard output."""
        RESULTS.mkdir(exist_ok=True)
        body = {
            "id": self.id,
            "ratios": {key: round(value, 4) for key, value in self.ratios.items()},
            "targets": self.targets,
            "at_most": sorted(self.at_most),
            "met": self.met,
            "details": self.details,
            "command": " ".join(sys.orig_argv),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        path = RESULTS / f"{self.id}.json"
        path.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", "utf-8")
        print(json.dumps(body, ensure_ascii=False))
