"""Finding the data of `shared_schemas/`: in the repository, or packed into the wheel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKED = Path(__file__).parent / "_shared_schemas"
FOLDER = _PACKED if _PACKED.is_dir() else Path(__file__).parents[2] / "shared_schemas"


@cache
def load(name: str) -> Any:
    """The parsed JSON of `name`, e.g. `yahoo_auction/limits.json`. Treat it as read-only: it is shared."""
    return json.loads((FOLDER / name).read_text("utf-8"))


def read_text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")
