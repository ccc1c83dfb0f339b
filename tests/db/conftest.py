from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.shop import Shop, open_shop
from tests.support.store import Pc, pc_of


@pytest.fixture
def shop(app: Flask) -> Shop:
    """A fresh tenant of a fresh database, on each engine in turn."""
    return open_shop(app)


@pytest.fixture
def account_id(shop: Shop) -> int:
    """A store at Yahoo."""
    return shop.yahoo_account()


@pytest.fixture
def pc(shop: Shop, client: FlaskClient, account_id: int) -> Pc:
    """A paired PC that is logged in to that store."""
    return pc_of(shop, client, account_id)
