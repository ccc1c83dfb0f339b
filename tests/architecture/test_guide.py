"""The staff guide shows pictures that the browser tests take, and every one that it shows is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"


def test_every_picture_of_the_guide_is_taken_by_a_test_and_kept() -> None:
    shown = set(re.findall(r"images/([\w-]+)\.png", (GUIDE / "README.md").read_text("utf-8")))
    taken = {
        name
        for test in (ROOT / "tests" / "e2e").glob("test_*.py")
        for name in re.findall(r'\bpicture\([\w.]+, "([\w-]+)"', test.read_text("utf-8"))
    }
    kept = {image.stem for image in (GUIDE / "images").glob("*.png")}
    assert shown == taken == kept
    assert shown
