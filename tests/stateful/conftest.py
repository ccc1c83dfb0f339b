from __future__ import annotations

import pytest
from flask import Flask

from tests.support.shop import Shop, open_shop


@pytest.fixture
def shop(app: Flask) -> Shop:
    """A fresh tenant of a fresh database, on each engine in turn."""
    return open_shop(app)
