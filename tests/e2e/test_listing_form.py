"""The listing form in a real browser (R8, R9, R10): categories by keyboard, photos from PC and phone, two people on one item."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from demo.photos import draw_photos
from demo.record import eventually
from demo.shop import Clerk
from demo.stage import back_office, chromium, free_port
from tests.e2e.guide import picture

STAFF = "1001"
WATCH = {
    "name": "セイコー 腕時計",
    "grade": "A",
    "quantity": "1",
    "cost": "1000",
    "price": "5000",
    "route": "BOTH",
}
MENS_WATCHES = "9990000032"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("form")


@pytest.fixture(scope="module")
def clerk(folder: Path) -> Iterator[Clerk]:
    """At the demo shop, without the extension; phones reach it under another name."""
    port = free_port()
    with (
        pytest.MonkeyPatch.context() as settings,
        chromium(folder / "profile", folder / "downloads", None) as driver,
    ):
        settings.setenv("RECORE_PHONE_ORIGIN", f"http://phone.localhost:{port}")
        with back_office(folder / "shop", port, folder / "shop.log", free_port()):
            found = Clerk(driver, f"http://localhost:{port}", "", folder / "downloads")
            found.log_in("demo", "demo-pass")
            yield found


def value(clerk: Clerk, field: str) -> str:
    return clerk.one(f"@field-{field}").get_attribute("value") or ""


def make_template(clerk: Clerk) -> None:
    clerk.open("/ec/templates/new/yahoo_auction/classic")
    clerk.type("@field-name", "腕時計の型")
    clerk.type("@for-category", MENS_WATCHES)
    clerk.click("@field-is_automatic")
    clerk.type("@field-title", "【{{ グレード }}】{{ 商品名 }}{% if 型番 %} {{ 型番 }}{% endif %}")
    clerk.type("@field-duration", "3")
    eventually("the live preview", lambda: "腕時計 SEIKO 5" in clerk.text("@preview-title"))
    clerk.type("@field-description", "{{ 商品 }}")
    eventually("the line to mend", lambda: "「商品説明」の1行目" in clerk.text("@preview-problems"))
    picture(clerk.driver, "template")
    clerk.type("@field-description", "<b>{{ 商品名 }}</b>")
    clerk.click("@save-template")
    clerk.one("@templates")


def test_r10_a_category_is_taken_by_keyboard_and_fills_the_form_from_its_template(clerk: Clerk) -> None:
    make_template(clerk)
    clerk.buy_in([WATCH], STAFF)
    clerk.open("/ec/drafts")
    clerk.click('a[href*="/ec/drafts/"]')
    search = clerk.in_view("@category-search")
    search.click()
    eventually("suggestions before typing", lambda: "メンズ腕時計" in clerk.text(".category-hits"))
    search.send_keys("ｳﾃﾞﾄﾞｹｲ")
    eventually(
        "what was typed is found",
        lambda: clerk.driver.find_elements(By.CSS_SELECTOR, '[aria-label="見つかったカテゴリ"]'),
    )
    search.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    active = clerk.one(f"#{search.get_attribute('aria-activedescendant')}")
    assert (active.get_attribute("aria-selected"), search.get_attribute("aria-expanded")) == ("true", "true")
    assert active.get_attribute("data-value") == MENS_WATCHES
    search.send_keys(Keys.ENTER)
    eventually("the path", lambda: "アクセサリー・時計 > メンズ腕時計" in clerk.text("@category-path"))
    assert value(clerk, "category") == MENS_WATCHES
    assert clerk.driver.switch_to.active_element.get_attribute("name") == "category"
    eventually("the template", lambda: value(clerk, "title") == "【A】セイコー 腕時計")
    assert (value(clerk, "description"), value(clerk, "duration")) == ("<b>セイコー 腕時計</b>", "3")
    clerk.driver.refresh()
    assert value(clerk, "title") == "【A】セイコー 腕時計"


def test_r10_a_word_that_finds_nothing_says_what_to_do_and_escape_closes(clerk: Clerk) -> None:
    clerk.buy_in([WATCH], STAFF)
    clerk.open("/ec/drafts")
    clerk.click('a[href*="/ec/drafts/"]')
    search = clerk.in_view("@category-search")
    search.send_keys("ぬりかべ")
    eventually("the remedy", lambda: "短い言葉" in clerk.text("@category-none"))
    search.send_keys(Keys.ENTER)
    assert value(clerk, "category") == ""
    search.send_keys(Keys.ESCAPE)
    assert not clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="category-none"]')


# --- photos and the phone (R9) ---


def open_form(clerk: Clerk) -> str:
    """A new item's form; its address."""
    clerk.buy_in([WATCH], STAFF)
    clerk.open("/ec/drafts")
    clerk.click('a[href*="/ec/drafts/"]')
    clerk.one("@photos")
    return clerk.driver.current_url


def shown(clerk: Clerk) -> list[str]:
    """The ids of the photos, in order."""
    return list(
        clerk.driver.execute_script(
            "return [...document.querySelectorAll('[data-photo]')].map(e => e.dataset.photo)"
        )
    )


def choose(clerk: Clerk, *files: Path) -> None:
    clerk.one("@photo-input").send_keys("\n".join(map(str, files)))


def lines(clerk: Clerk, kind: str) -> list[str]:
    found = clerk.driver.find_elements(By.CSS_SELECTOR, f'[data-testid="{kind}"]')
    return [each.text for each in found]


def from_a_camera(path: Path) -> Path:
    """12 megapixels, held upright: stored lying, turned by its EXIF orientation. Upright, its top is red."""
    image = Image.new("RGB", (4000, 3000), "blue")
    image.paste("red", (0, 0, 800, 3000))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path, "JPEG", exif=exif, quality=100)
    return path


def stored_sizes(folder: Path) -> dict[str, tuple[int, int]]:
    """Photo id → the pixels that the server keeps."""
    with closing(sqlite3.connect(f"file:{folder / 'shop' / 'recore.sqlite3'}?mode=ro", uri=True)) as database:
        return {str(each[0]): each[1:] for each in database.execute("SELECT id, width, height FROM photos")}


@contextmanager
def offline(clerk: Clerk) -> Iterator[None]:
    clerk.driver.execute_cdp_cmd("Network.enable", {})
    for is_offline in (True, False):
        clerk.driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )
        if is_offline:
            yield


@contextmanager
def another_window(clerk: Clerk, host: str) -> Iterator[Clerk]:
    """A second browser: another window on another name of the shop, which knows nothing of the first one's login."""
    first = clerk.driver.current_window_handle
    clerk.driver.switch_to.new_window("window")
    try:
        yield Clerk(clerk.driver, f"http://{host}:{urlsplit(clerk.shop).port}", "", clerk.downloads)
    finally:
        clerk.driver.close()
        clerk.driver.switch_to.window(first)


def test_r9_photos_are_shrunk_ordered_and_taken_back_and_a_failed_one_is_sent_again(
    clerk: Clerk, folder: Path, tmp_path: Path
) -> None:
    open_form(clerk)
    large = from_a_camera(tmp_path / "camera.jpg")
    memo, torn = tmp_path / "memo.txt", tmp_path / "torn.jpg"
    memo.write_text("買取メモ", "utf-8")
    torn.write_bytes(draw_photos(tmp_path / "torn", "bag", 1)[0].read_bytes()[:3000])
    choose(clerk, large, memo, torn, *draw_photos(tmp_path, "bag", 2))
    eventually("three photos", lambda: len(shown(clerk)) == 3)
    assert "memo.txt：写真ではないファイルです。" in lines(clerk, "upload-refused")[0]
    assert "torn.jpg：写真のファイルが壊れています。" in lines(clerk, "upload-failed")[0]
    sizes = [stored_sizes(folder)[each] for each in shown(clerk)]
    assert sizes == [
        (1800, 2400),
        (1600, 1200),
        (1600, 1200),
    ]  # the camera's, shrunk, upright and still the first
    choose(clerk, large)
    eventually(
        "the double", lambda: "同じ写真がもう入っています（1枚目）" in "".join(lines(clerk, "upload-refused"))
    )

    first, second, third = shown(clerk)
    on = clerk.in_view(f'[data-photo="{first}"] [data-testid="move-on"]')
    on.send_keys(Keys.ENTER)
    eventually("moved by keyboard", lambda: shown(clerk) == [second, first, third])
    eventually(
        "the focus stays with it",
        lambda: (
            clerk.driver.execute_script(
                "return document.activeElement.matches('[data-move=\"1\"]') && document.activeElement.closest('figure').dataset.photo"
            )
            == first
        ),
    )
    drag = (
        ActionChains(clerk.driver)
        .click_and_hold(clerk.in_view(f'[data-photo="{third}"] img'))
        .move_by_offset(-20, 0)
    )
    drag.move_to_element(clerk.one(f'[data-photo="{second}"] img')).move_by_offset(-30, 0).release().perform()
    eventually("moved by mouse", lambda: shown(clerk) == [third, second, first])
    clerk.click(f'[data-photo="{second}"] [data-testid="delete"]')
    eventually("deleted", lambda: shown(clerk) == [third, first])
    clerk.click("@undo-delete")
    eventually("taken back", lambda: shown(clerk) == [third, second, first])
    clerk.driver.refresh()
    assert shown(clerk) == [third, second, first]

    with offline(clerk):
        choose(clerk, *draw_photos(tmp_path / "more", "camera", 2))
        eventually("both failed", lambda: len(lines(clerk, "upload-failed")) == 2)
    assert "サーバーにつながりません。" in lines(clerk, "upload-failed")[0]
    again = clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="upload-again"]')
    again[1].click()
    eventually("the later one", lambda: len(shown(clerk)) == 4)
    again[0].click()
    eventually(
        "the earlier one before it",
        lambda: shown(clerk)[3:] == [str(max(map(int, shown(clerk)))), str(max(map(int, shown(clerk))) - 1)],
    )


def test_r9_a_phone_sends_photos_by_qr_code_while_somebody_types_on_the_pc(
    clerk: Clerk, tmp_path: Path
) -> None:
    open_form(clerk)
    clerk.type("@field-title", "打ちかけの")
    clerk.click("@make-link")
    picture(clerk.driver, "form")
    link = str(clerk.one("@link-address").get_attribute("href"))
    pc = clerk.driver.current_window_handle
    with another_window(clerk, "phone.localhost") as phone:
        metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        phone.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        phone.go(link)
        assert phone.one("@camera-input ~ *, .camera").is_displayed()
        assert not phone.driver.find_elements(By.CSS_SELECTOR, '[data-testid="nav"]')
        phone.one("@camera-input").send_keys(str(from_a_camera(tmp_path / "p.jpg")))
        eventually("on the phone", lambda: len(shown(phone)) == 1)
        choose(phone, *draw_photos(tmp_path, "watch", 1))
        eventually("two on the phone", lambda: len(shown(phone)) == 2)
        own = shown(phone)
        assert phone.driver.execute_script("return document.documentElement.scrollWidth") <= 390
        picture(phone.driver, "phone")
        hand = phone.driver.current_window_handle
        phone.driver.switch_to.window(pc)
        eventually("on the PC by itself", lambda: shown(clerk) == own)
        assert value(clerk, "title") == "打ちかけの"
        clerk.click("@revoke-link")
        eventually(
            "revoked", lambda: not clerk.driver.find_elements(By.CSS_SELECTOR, '[data-testid="revoke-link"]')
        )
        phone.driver.switch_to.window(hand)
        phone.click(f'[data-photo="{own[0]}"] [data-testid="delete"]')
        eventually("the phone is told", lambda: "期限が切れたか、取り消されました" in phone.text("#flash"))
        phone.driver.refresh()
        assert "新しいQRコードを読み取ってください" in phone.text()
    assert shown(clerk) == own


# --- two people, no network, no login (R8) ---


def saved(clerk: Clerk) -> None:
    eventually("保存済み", lambda: clerk.text("@save-status").startswith("保存済み"))


def test_r8_two_people_on_one_item_lose_nothing(clerk: Clerk) -> None:
    form = open_form(clerk)
    first = clerk.driver.current_window_handle
    with another_window(clerk, "127.0.0.1") as other:
        second = other.driver.current_window_handle
        other.log_in("demo", "demo-pass")
        other.click("@staff-menu")
        other.type("@switch-staff", "1002")
        other.click("@switch-staff-go")
        eventually("鈴木", lambda: "鈴木" in other.text("@current-staff"))
        other.open(urlsplit(form).path)
        clerk.driver.switch_to.window(first)
        clerk.type("@field-title", "先に直した題")
        saved(clerk)
        clerk.driver.switch_to.window(second)
        eventually("the other's title", lambda: value(other, "title") == "先に直した題")
        assert "店長PC" in other.text("@other-changed") and "タイトル" in other.text("@other-changed")

        with offline(other):
            other.type("@field-title", "鈴木の題")
            other.type("@field-start_price", "7777")
            eventually(
                "said", lambda: "保存できません：サーバーにつながりません。" in other.text("@save-status")
            )
            clerk.driver.switch_to.window(first)
            clerk.type("@field-title", "店長の題")
            clerk.type("@field-city", "港区")
            saved(clerk)
            clerk.driver.switch_to.window(second)
            assert value(other, "title") == "鈴木の題"
        conflict = other.text("@conflict-title")  # saved again by itself
        assert "店長PC" in conflict and "店長の題" in conflict and "鈴木の題" in conflict
        eventually("the rest is merged", lambda: value(other, "city") == "港区")
        assert (value(other, "title"), value(other, "start_price")) == ("鈴木の題", "7777")
        other.click("@list")  # nothing is sent that is not decided
        eventually(
            "asked first",
            lambda: "take-theirs" in str(other.driver.switch_to.active_element.get_attribute("data-testid")),
        )
        other.click("@keep-mine-title")
        saved(other)
        clerk.driver.switch_to.window(first)
        eventually("the choice arrives", lambda: value(clerk, "title") == "鈴木の題")
        assert value(clerk, "start_price") == "7777"
        clerk.driver.switch_to.window(second)
    clerk.driver.refresh()
    assert [value(clerk, each) for each in ("title", "start_price", "city")] == ["鈴木の題", "7777", "港区"]


def test_r8_a_login_that_ends_while_typing_costs_no_typing(clerk: Clerk) -> None:
    open_form(clerk)
    form = clerk.driver.current_window_handle
    clerk.driver.delete_all_cookies()
    clerk.type("@field-title", "ログインが切れても残る題")
    eventually("said", lambda: "ログインの有効期限が切れました" in clerk.text("@save-status"))
    clerk.click("@log-in-again")
    eventually("another tab", lambda: len(clerk.driver.window_handles) == 2)
    clerk.driver.switch_to.window(next(each for each in clerk.driver.window_handles if each != form))
    clerk.log_in("demo", "demo-pass")
    clerk.driver.close()
    clerk.driver.switch_to.window(form)
    saved(clerk)
    clerk.type("@staff-code", STAFF)
    clerk.click("@list")
    eventually("the problems", lambda: "まだ出品できません" in clerk.text("@refused"))
    assert clerk.driver.switch_to.active_element.get_attribute("name") == "category"  # the first of them
    assert value(clerk, "title") == "ログインが切れても残る題"
