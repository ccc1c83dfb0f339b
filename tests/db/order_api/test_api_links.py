"""R3, R24: letting the official API in from the account's page; its secrets show up nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
import structlog
from flask.testing import FlaskClient

from demo.stage import free_port, sandbox
from recore.accounts import access, credentials, linking
from recore.channels.yahoo_auction.order_api import YahooOrderApi
from recore.platform.audit import AuditEntry
from recore.platform.clock import to_wire
from recore.platform.db import Base
from recore.platform.errors import Retryable, Terminal
from recore.settings import BadSetting, Settings
from tests.sandbox.api_market import (
    BACK,
    CLIENT,
    LIST,
    STORE,
    TOKEN,
    Market,
    answer,
    linked,
    pull,
    use,
)
from tests.support.desk import run_jobs, wired
from tests.support.shop import Shop, open_shop
from tests.support.store import orders_now

SECRET = "sandbox-client-secret"
TYPED = {"client_id": CLIENT[0], "client_secret": SECRET}


@pytest.fixture
def account_id(shop: Shop, market: Market) -> int:
    use(shop, market)
    return shop.yahoo_account("current", STORE)


@pytest.fixture
def manager(shop: Shop, client: FlaskClient) -> FlaskClient:
    return logged_in(shop, client)


def logged_in(shop: Shop, client: FlaskClient) -> FlaskClient:
    shop.app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/login", data={"login_id": "demo", "password": "demo-pass"}).status_code == 302
    return client


def send(client: FlaskClient, account_id: int, action: str, **form: str) -> str:
    """Press a button of the section; what the page says then."""
    answered = client.post(f"/settings/accounts/{account_id}/api/{action}", data=form)
    assert answered.status_code == 302, answered.text
    assert "#" not in answered.headers["Location"], (
        "what it says stands at the top, out of sight from a section"
    )
    return said(client, account_id)


def said(client: FlaskClient, account_id: int) -> str:
    return " ".join(
        re.findall(r'data-testid="flash">\s*(.*?)\s*<button', page(client, account_id), re.DOTALL)
    )


def page(client: FlaskClient, account_id: int) -> str:
    return client.get(f"/settings/accounts/{account_id}").text


def state(client: FlaskClient, account_id: int) -> str:
    found = re.search(r'data-testid="api-state">(?:<i[^>]*></i>\s*)?([^<]+)<', page(client, account_id))
    assert found is not None
    return found[1]


def ask(client: FlaskClient, account_id: int) -> str:
    """【連携する】: where the browser is sent to."""
    shown = client.post(f"/settings/accounts/{account_id}/api/consent").text
    found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)">', shown)
    assert found is not None, shown
    return found[1].replace("&amp;", "&")


def come_back(client: FlaskClient, told: dict[str, str]) -> str:
    """What the page shows to which the marketplace sends the browser."""
    shown = client.get("/settings/accounts/consented", query_string=told)
    assert shown.status_code == 200
    return shown.text


def connect(client: FlaskClient, market: Market, account_id: int) -> dict[str, str]:
    told = market.consent(ask(client, account_id))
    assert "連携を完了する" in come_back(client, told)
    answered = client.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert answered.headers["Location"].startswith(f"/settings/accounts/{account_id}")
    return told


def test_from_nothing_to_orders(shop: Shop, market: Market, manager: FlaskClient, account_id: int) -> None:
    market.sold()
    assert state(manager, account_id) == "未連携"
    assert 'data-testid="api-consent"' not in page(manager, account_id)
    assert "登録しました" in send(manager, account_id, "client", **TYPED)
    connect(manager, market, account_id)
    assert "連携しました" in said(manager, account_id)
    assert state(manager, account_id) == "連携中"
    run_jobs(shop)
    assert len(orders_now(shop)) == 1
    assert "つながりました。この24時間に変わったオークションの注文は1件です。" in send(
        manager, account_id, "try"
    )
    market.sold()
    assert "取り込みを始めます" in send(manager, account_id, "pull")
    run_jobs(shop)
    assert len(orders_now(shop)) == 2
    assert "止めました" in send(manager, account_id, "off") and state(manager, account_id) == "停止中"
    assert "連携していません" in send(manager, account_id, "pull")
    assert send(manager, account_id, "on") and state(manager, account_id) == "連携中"
    assert "消しました" in send(manager, account_id, "unlink") and state(manager, account_id) == "未連携"
    with shop.read() as session:
        assert credentials.read(session, wired(shop).keyring, account_id).values == {}
    assert "連携していません" in send(manager, account_id, "try")


def test_a_failed_connection_is_told_in_plain_words(
    shop: Shop, market: Market, manager: FlaskClient, account_id: int
) -> None:
    send(manager, account_id, "client", client_id=CLIENT[0], client_secret="wrong")
    told = market.consent(ask(manager, account_id))
    manager.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert "シークレットが、Yahoo!に登録されたものと違います" in said(manager, account_id)
    assert state(manager, account_id) == "未連携"
    send(manager, account_id, "client", **TYPED)
    connect(manager, market, account_id)
    market.line.faults[LIST] = [answer(503)]
    assert "サーバーが使えません（503）" in send(manager, account_id, "try")
    market.act("settings", store=STORE, order_api=False)
    assert "許可をYahoo!から受けていません" in send(manager, account_id, "try")


def test_a_no_is_no_link(market: Market, manager: FlaskClient, account_id: int) -> None:
    send(manager, account_id, "client", **TYPED)
    told = market.consent(ask(manager, account_id), "no")
    assert "許可されなかったため" in come_back(manager, told)
    assert state(manager, account_id) == "未連携"


def test_a_state_is_good_once_in_the_session_that_asked(
    shop: Shop, market: Market, manager: FlaskClient, account_id: int, new_client: Callable[[], FlaskClient]
) -> None:
    send(manager, account_id, "client", **TYPED)
    told = market.consent(ask(manager, account_id))
    other = logged_in(shop, new_client())
    for stranger, given in (
        (other, told),
        (manager, told | {"state": "made-up"}),
        (manager, {"code": told["code"]}),
    ):
        assert "このブラウザから始めたものではない" in come_back(stranger, given)
        form = {"code": given["code"], "state": given.get("state", "")}
        assert (
            stranger.post("/settings/accounts/consented", data=form).headers["Location"]
            == "/settings/accounts"
        )
    assert market.line.calls == [], "nobody asked for tokens"
    with manager.session_transaction() as kept:
        old = dict(kept["api_link"])
    manager.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert state(manager, account_id) == "連携中"
    with manager.session_transaction() as kept:  # a cookie may be put back
        kept["api_link"] = old
    manager.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert "すでに使われたか、時間切れ" in said(manager, account_id)
    assert market.line.calls.count(TOKEN) == 1


def test_who_asks_later_voids_the_earlier_question(
    shop: Shop, market: Market, manager: FlaskClient, account_id: int, new_client: Callable[[], FlaskClient]
) -> None:
    send(manager, account_id, "client", **TYPED)
    told = market.consent(ask(manager, account_id))
    ask(logged_in(shop, new_client()), account_id)
    manager.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert "すでに使われたか、時間切れ" in said(manager, account_id)
    assert state(manager, account_id) == "未連携"


def test_the_code_is_bound_to_a_verifier_that_never_leaves(
    market: Market, manager: FlaskClient, account_id: int, shop: Shop
) -> None:
    send(manager, account_id, "client", **TYPED)
    url = ask(manager, account_id)
    with shop.read() as session:
        verifier = credentials.read(session, wired(shop).keyring, account_id).get(linking.VERIFIER)
    assert "code_challenge_method=S256" in url and verifier and verifier not in url
    told = market.consent(url)
    with shop.work() as uow:
        known = credentials.read(uow.session, wired(shop).keyring, account_id)
        credentials.replace(
            uow, wired(shop).keyring, account_id, known, {**known.values, linking.VERIFIER: "x"}
        )
    manager.post("/settings/accounts/consented", data={key: told[key] for key in ("code", "state")})
    assert "許可を確認できませんでした" in said(manager, account_id)


def test_another_client_voids_the_consent(
    shop: Shop, market: Market, manager: FlaskClient, account_id: int
) -> None:
    send(manager, account_id, "client", **TYPED)
    connect(manager, market, account_id)
    send(manager, account_id, "client", client_id="other", client_secret="other")
    assert state(manager, account_id) == "未連携"
    assert "発行されたとおりに" in send(manager, account_id, "client", client_id="", client_secret="x")
    assert "Client IDとシークレットがまだ登録されていません" not in said(manager, account_id)


def test_a_store_of_the_other_tool_has_no_such_section(
    shop: Shop, manager: FlaskClient, market: Market
) -> None:
    classic = shop.yahoo_account("classic", "demo-store-1")
    assert 'data-testid="order-api"' not in page(manager, classic)
    assert "受注APIを使えません" in send(manager, classic, "client", **TYPED)


def test_a_store_whose_orders_came_by_api_keeps_its_id_and_may_be_unlinked_under_the_other_tool(
    shop: Shop, market: Market, manager: FlaskClient
) -> None:
    account_id = linked(shop, market)
    pull(shop, account_id)
    form = {"name": "本店", "profile": "current", "store_id": "demo-store-4"}
    assert "ストアIDを変えられません" in manager.post(f"/settings/accounts/{account_id}", data=form).text
    form |= {"profile": "classic", "store_id": STORE}
    assert manager.post(f"/settings/accounts/{account_id}", data=form).status_code == 302
    assert 'data-testid="api-unusable"' in page(manager, account_id)
    market.line.calls.clear()
    assert pull(shop, account_id) == 1 and market.line.calls == []
    assert "消しました" in send(manager, account_id, "unlink")
    assert 'data-testid="order-api"' not in page(manager, account_id)


def test_secrets_are_nowhere_to_be_read(
    shop: Shop, market: Market, manager: FlaskClient, account_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    market.sold()
    with structlog.testing.capture_logs() as logged:
        send(manager, account_id, "client", **TYPED)
        told = connect(manager, market, account_id)
        market.line.faults[LIST] = [answer(503), answer(401, "<Error><Code/><Message>x</Message></Error>")]
        send(manager, account_id, "try")
        pull(shop, account_id)
        market.act("clock", minutes=13 * 60)
        pull(shop, account_id)
        shown = page(manager, account_id) + manager.get(f"/settings/accounts/{account_id}/runs").text
    with shop.read() as session:
        kept = credentials.read(session, wired(shop).keyring, account_id)
        rows = {table.name: str(session.execute(sa.select(table)).all()) for table in Base.metadata.sorted_tables
                if "tenant_id" in table.c}  # fmt: skip
        actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    secrets = {told["code"], *kept.values.values()} - {kept.get(access.ACCESS_UNTIL)}
    assert {CLIENT[0], SECRET} < secrets and len(secrets) == 5
    printed = "".join(capsys.readouterr())
    for secret in secrets:
        assert secret not in shown + str(logged) + printed + repr(kept)
        assert [name for name, text in rows.items() if secret in text] == []
    assert [each for each in actions if "api" in each] == ["account.api_client", "account.api_link"]


def test_credentials_open_only_in_their_place(shop: Shop, market: Market) -> None:
    account_id = linked(shop, market)
    other = open_shop(shop.app, "other", "other.localhost")
    with shop.read() as session:
        envelope = credentials.read(session, wired(shop).keyring, account_id).envelope
    theirs = other.yahoo_account("current", STORE)
    with other.work() as uow:
        uow.session.execute(
            sa.text("UPDATE marketplace_accounts SET credentials = :c WHERE tenant_id = :t"),
            {"c": envelope, "t": other.tenant_id},
        )
    with other.read() as session, pytest.raises(Terminal, match="CIPHER_BROKEN"):
        credentials.read(session, wired(other).keyring, theirs)


@pytest.mark.parametrize(
    "url",
    [
        "http://auth.example.com",
        "ftp://x.localhost",
        "https://x.test/path",
        "https://u:p@x.test",
        "http://evillocalhost",
        "x",
    ],
)
def test_only_the_operator_chooses_hosts_and_only_safe_ones(url: str) -> None:
    with pytest.raises(BadSetting, match="RECORE_YAHOO_API_URL"):
        Settings(yahoo_api_url=url)


def test_without_settings_the_real_hosts_are_asked() -> None:
    url = YahooOrderApi().consent_url("id", BACK, "state", "challenge")
    assert url.startswith(
        "https://auth.login.yahoo.co.jp/yconnect/v2/authorization?response_type=code&client_id=id&"
    )


# --- over the network --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The sandbox as a server of its own."""
    folder, chosen = tmp_path_factory.mktemp("sandbox"), free_port()
    with sandbox(folder / "data", chosen, folder / "log"):
        yield chosen


def test_names_under_localhost_are_this_machine_whatever_the_resolver_says(port: int) -> None:
    api = YahooOrderApi(
        f"http://auth.login.yahoo.localhost:{port}", f"http://circus.shopping.yahooapis.localhost:{port}"
    )
    with pytest.raises(Terminal, match="CONSENT_OVER"):
        api.new_tokens(linking.Client(*CLIENT), "made-up")
    with pytest.raises(Terminal, match="CLIENT_REFUSED"):
        api.new_tokens(linking.Client("x", "y"), "made-up")
    with pytest.raises(Retryable, match="ACCESS_EXPIRED"):
        api.order("made-up", STORE, "x")


def test_nobody_is_there(shop: Shop) -> None:
    api = YahooOrderApi(f"http://auth.localhost:{free_port()}", "")
    with pytest.raises(Retryable, match="API_UNREACHABLE"):
        api.new_tokens(linking.Client(*CLIENT), "x")


def test_workers_together_keep_to_what_the_marketplace_allows(
    shop: Shop, settings: Settings, port: int
) -> None:
    """Two processes against the sandbox's own limit: no 429 on the way.

    The limit is half as wide again as Yahoo!'s, because a busy machine may carry one question more slowly than the next.
    """
    httpx.post(
        f"http://localhost:{port}/control/settings", json={"api_queries_per_second": 1.5}
    ).raise_for_status()
    account_id = shop.yahoo_account("current", STORE)
    granted = httpx.post(f"http://localhost:{port}/control/grant-api", json={"store": STORE}).json()
    with shop.work() as uow:
        linking.save_client(uow, wired(shop).keyring, account_id, *CLIENT)
        known = credentials.read(uow.session, wired(shop).keyring, account_id)
        tokens = {
            access.ACCESS: granted["access_token"], access.REFRESH: granted["refresh_token"],
            access.ACCESS_UNTIL: to_wire(uow.at + timedelta(hours=1)),
        }  # fmt: skip
        assert credentials.replace(uow, wired(shop).keyring, account_id, known, {**known.values, **tokens})
    command = [sys.executable, "-m", "tests.sandbox.api_asker", str(settings.data_dir), settings.database]
    whom = [str(shop.tenant_id), str(account_id), str(port)]
    askers = [subprocess.Popen([*command, *whom], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [asker.communicate(timeout=120)[0].split() for asker in askers]
    assert told == [["ok"] * 3] * 2
