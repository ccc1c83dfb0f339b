"""The pictures of the staff guide (docs/guide): taken in passing by the tests that walk its screens. `make guide` keeps them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome

TAKEN = Path(__file__).parents[2] / "test-output" / "guide"
COLOURS = 128  # enough for a screen, and a third of the bytes


def picture(driver: Chrome, name: str, *, width: int | None = None) -> None:
    """What the window shows now, as `name`.png; of a popup that is open as a page only its `width` in pixels."""
    TAKEN.mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
    if width is not None:
        shot = shot.crop((0, 0, width, shot.height))
    shot.quantize(COLOURS).save(TAKEN / f"{name}.png", optimize=True)
