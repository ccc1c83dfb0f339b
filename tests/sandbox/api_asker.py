"""`python -m tests.sandbox.api_asker DATA DATABASE TENANT ACCOUNT PORT`: a worker that asks three times in its turn."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from recore.accounts.linking import Reach, with_access
from recore.app import create_app
from recore.channels.order_api import OrderOperation, Place
from recore.platform.actor import OPERATOR
from recore.platform.errors import RecoreError
from recore.platform.tenancy import tenant_scope
from recore.settings import Settings
from tests.sandbox.api_market import STORE


def main(data: str, database: str, tenant: str, account: str, port: str) -> None:
    app = create_app(
        Settings(
            data_dir=Path(data), database_url=database, testing=True, log_level="ERROR",
            yahoo_auth_url=f"http://auth.login.yahoo.localhost:{port}",
            yahoo_api_url=f"http://circus.shopping.yahooapis.localhost:{port}",
        )
    )  # fmt: skip
    wired = app.extensions["recore"]
    api = wired.order_apis["yahoo_auction"]
    reach, since = Reach(OPERATOR, wired.keyring, api), datetime(2026, 1, 1, tzinfo=UTC)
    with app.app_context(), tenant_scope(int(tenant)):
        for _ in range(3):
            try:
                with_access(
                    reach,
                    int(account),
                    OrderOperation.LIST,
                    lambda access: api.changed_orders(access, STORE, Place(since)),
                )
            except RecoreError as error:
                print(error.code)
            else:
                print("ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
