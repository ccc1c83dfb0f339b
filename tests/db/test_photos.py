"""R9: photos as browsers send them, and phones that come by a QR link. Requests go through the real pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from recore.identity.models import Account, Policy
from recore.identity.rules import allow_only
from recore.photos import links
from recore.photos.imaging import copy_spec, original_limits
from recore.photos.models import Photo, PhotoLink
from recore.photos.service import MAX_PHOTOS, known_copy, photos_of
from recore.platform import clock
from recore.platform.audit import AuditEntry
from tests.support.desk import photo, picture, wired
from tests.support.shop import Shop, staff_of
from tests.unit.test_imaging import png_claiming

NewClient = Callable[[], FlaskClient]
AUTHOR, GPS = 0x013B, 0x8825


@pytest.fixture(autouse=True)
def no_csrf(app: Flask) -> None:
    """That every form needs its token is tested for all routes in test_access.py."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def item(shop: Shop) -> int:
    return shop.item()


@pytest.fixture
def pc(shop: Shop, client: FlaskClient) -> FlaskClient:
    """A PC that is logged in, with 佐藤 as the staff in charge."""
    client.post("/login", data={"login_id": "demo", "password": "demo-pass"})
    client.post("/staff/current", data={"staff_code": "1001"})
    return client


def send(client: FlaskClient, path: str, data: bytes, name: str = "IMG_1.jpg") -> TestResponse:
    return client.post(path, data={"photo": (io.BytesIO(data), name)}, headers={"Accept": "application/json"})


def upload(client: FlaskClient, item: int, data: bytes, name: str = "IMG_1.jpg") -> TestResponse:
    return send(client, f"/stock/{item}/photos", data, name)


def photos(shop: Shop, item: int) -> list[Photo]:
    with shop.read() as session:
        return photos_of(session, item)


def audited(shop: Shop, action: str) -> list[str]:
    with shop.read() as session:
        return list(session.scalars(sa.select(AuditEntry.actor_label).where(AuditEntry.action == action)))


def from_a_phone(orientation: int = 6) -> bytes:
    """A photo taken upright: stored lying, with the phone's place and owner in it. Its top is red when it is seen upright."""
    image = Image.new("RGB", (640, 480), "blue")
    image.paste("red", (0, 0, 100, 480))  # the left edge is the top after a quarter turn clockwise
    exif = Image.Exif()
    exif[0x0112], exif[AUTHOR] = orientation, "Secret Owner"
    exif.get_ifd(GPS)[2] = (35.0, 41.0, 22.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


# --- what is taken in ---


def test_r9_a_phones_photo_is_kept_upright_without_place_and_owner(
    shop: Shop, pc: FlaskClient, item: int
) -> None:
    shop.yahoo_account()
    sent = from_a_phone()
    assert b"Secret Owner" in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    assert upload(pc, item, sent).status_code == 200
    (kept,) = photos(shop, item)
    with shop.read() as session:
        copies = [known_copy(session, kept.id, spec) for spec in ("yahoo_auction", "thumbnail")]
    assert (kept.width, kept.height) == (480, 640)
    for sha256 in (kept.sha256, *(copy[0] for copy in copies if copy)):
        with wired(shop).blobs.open(shop.tenant_id, sha256) as file:
            data = file.read()
        image = Image.open(io.BytesIO(data))
        red, _, blue = image.convert("RGB").getpixel((image.width // 2, 2))  # type: ignore[misc]
        assert red > 200 and blue < 60
        assert len(image.getexif()) == 0 and b"Secret" not in data
    assert None not in copies
    assert copies[0] is not None and copies[0][1] <= copy_spec("yahoo_auction").max_bytes


def test_r9_bad_files_are_refused_by_name_and_the_others_go_on(
    shop: Shop, pc: FlaskClient, item: int
) -> None:
    whole = picture("red", (2000, 1500))
    hostile = {
        "bomb.png": (png_claiming(30_000, 30_000).getvalue(), "PHOTO_TOO_MANY_PIXELS"),
        "メモ.jpg": (b"<script>alert(1)</script>", "PHOTO_TYPE"),
        "page.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "PHOTO_TYPE"),
        "half.jpg": (whole[: len(whole) // 3], "PHOTO_BROKEN"),
        "empty.jpg": (b"", "PHOTO_TYPE"),
        "=cmd().jpg": (b"\xff\xd8\xff" + b"\0" * 500, "PHOTO_BROKEN"),
    }
    assert upload(pc, item, picture("navy"), "first.jpg").status_code == 200
    for name, (data, code) in hostile.items():
        refused = upload(pc, item, data, name)
        body = refused.get_json()
        assert (refused.status_code, body["code"], body["item"]) == (422, code, name)
        assert body["detail"] and body["remedy"]
    assert upload(pc, item, picture("green"), "last.jpg").status_code == 200
    assert len(photos(shop, item)) == 2


def test_r9_a_file_that_is_too_large_is_refused_before_it_is_read(
    shop: Shop, pc: FlaskClient, item: int
) -> None:
    most = original_limits().max_bytes
    small = upload(pc, item, picture() + b"\0" * most, "over.jpg").get_json()
    assert (small["code"], small["item"]) == ("PHOTO_TOO_LARGE", "over.jpg")
    huge = upload(pc, item, picture() + b"\0" * wired(shop).settings.max_upload_bytes)
    assert (huge.status_code, huge.get_json()["detail"]) == (413, "ファイルが大きすぎます。")
    assert photos(shop, item) == []


def test_r9_the_same_picture_is_not_taken_twice_and_it_is_said_where_it_is(
    shop: Shop, pc: FlaskClient, item: int
) -> None:
    for colour in ("red", "green"):
        upload(pc, item, picture(colour))
    again = upload(pc, item, picture("green"), "copy.jpg")
    assert (again.status_code, again.get_json()["detail"]) == (409, "同じ写真がもう入っています（2枚目）。")
    assert len(photos(shop, item)) == 2
    assert upload(pc, shop.item(), picture("green")).status_code == 200


def test_r9_an_item_has_room_for_so_many(shop: Shop, pc: FlaskClient, item: int) -> None:
    for _ in range(MAX_PHOTOS):
        photo(shop, item)
    refused = upload(pc, item, picture("red")).get_json()
    assert (refused["code"], refused["detail"]) == ("TOO_MANY_PHOTOS", f"写真は{MAX_PHOTOS}枚までです。")


# --- what is shown and done ---


def test_r9_the_strip_says_which_photos_a_marketplace_gets(shop: Shop, pc: FlaskClient, item: int) -> None:
    most = copy_spec("yahoo_auction").max_photos or 0
    for _ in range(most + 2):
        photo(shop, item)
    assert "先頭の" not in pc.get(f"/stock/{item}/photos").text  # the shop sells on no marketplace yet
    shop.yahoo_account()
    page = pc.get(f"/stock/{item}/photos").text
    assert f"ヤフオク!には先頭の{most}枚が送られます（{most + 1}枚目からは送られません" in " ".join(
        page.split()
    )
    assert page.count('data-testid="unsent"') == 2


def test_r9_a_form_looks_for_new_photos_and_gets_nothing_when_there_are_none(
    shop: Shop, pc: FlaskClient, item: int
) -> None:
    first = pc.get(f"/stock/{item}/photos").text
    look = re.search(r'hx-get="([^"]+)"', first)
    assert look is not None
    assert pc.get(look[1]).status_code == 204
    photo(shop, item)
    assert 'data-testid="photo"' in pc.get(look[1]).text


def test_r9_order_turn_delete_and_undo_are_kept_and_audited(shop: Shop, pc: FlaskClient, item: int) -> None:
    first, second, third = (photo(shop, item) for _ in range(3))
    pc.post(f"/stock/{item}/photos/order", data={"order": f"{third},{first},{second}"})
    before = photos(shop, item)[0].sha256
    pc.post(f"/photos/{third}/turn")
    assert "元に戻す" in pc.post(f"/photos/{first}/delete").text
    assert [each.id for each in photos(shop, item)] == [third, second]
    pc.post(f"/photos/{first}/restore")
    now = photos(shop, item)
    assert [each.id for each in now] == [third, first, second]
    assert now[0].sha256 != before and now[0].width < now[0].height
    for action in ("photo.order", "photo.turn", "photo.delete", "photo.restore"):
        assert audited(shop, action) == ["佐藤 店長"]
    pc.post(f"/stock/{item}/photos/order", data={"order": f"{third},{first},{second}"})
    assert len(audited(shop, "photo.order")) == 1  # nothing moved


# --- phones ---


def at_phone_origin(shop: Shop, origin: str) -> None:
    wired(shop).settings = replace(wired(shop).settings, phone_origin=origin)


def addresses(made: str) -> list[str]:
    return re.findall(r'href="(https?://[^"]+/p/[^"]+)"', made)


def qr_link(shop: Shop, item: int, code: str = "1001") -> str:
    with shop.work(staff_of(shop, code)) as uow:
        return f"/p/{links.token_of(wired(shop).keyring, links.make_link(uow, item))}"


def test_r9_a_phone_with_the_link_adds_photos_without_a_login(
    shop: Shop, pc: FlaskClient, new_client: NewClient, item: int
) -> None:
    at_phone_origin(shop, "http://192.0.2.7:8000")
    made = pc.post(f"/stock/{item}/photos/links").text
    assert 'data-testid="qr"' in made
    phone, link = new_client(), addresses(made)[0].removeprefix("http://192.0.2.7:8000")
    assert "腕時計 SEIKO 5" in phone.get(link).text
    assert send(phone, f"{link}/photos", from_a_phone()).status_code == 200
    (added,) = photos(shop, item)
    assert added.added_by == "QRリンク（佐藤 店長）"
    assert phone.get(f"{link}/photos/{added.id}/thumbnail.jpg").mimetype == "image/jpeg"
    assert f'data-photo="{added.id}"' in pc.get(f"/stock/{item}/photos").text
    other = photo(shop, item)
    assert phone.post(f"{link}/photos/order", data={"order": f"{other},{added.id}"}).status_code == 200
    assert [each.id for each in photos(shop, item)] == [other, added.id]
    phone.post(f"{link}/photos/{other}/delete")
    assert [each.id for each in photos(shop, item)] == [added.id]
    phone.post(f"{link}/photos/{other}/restore")
    for action in ("photo.add", "photo.order", "photo.delete", "photo.restore"):
        assert "QRリンク（佐藤 店長）" in audited(shop, action)
    assert audited(shop, "photo_link.make") == ["佐藤 店長"]


def test_r9_the_link_is_for_the_photos_of_one_item_and_nothing_else(
    shop: Shop, new_client: NewClient, item: int
) -> None:
    phone, link = new_client(), qr_link(shop, item)
    strange = photo(shop, shop.item())
    own = photo(shop, item)
    phone.get(link)
    assert phone.get(f"{link}/photos/{strange}/thumbnail.jpg").status_code == 404
    assert phone.post(f"{link}/photos/{strange}/delete").status_code == 404
    assert phone.post(f"{link}/photos/{own}/turn").status_code == 404
    for path in (f"/ec/drafts/{item}", f"/stock/{item}/photos", f"/photos/{own}/thumbnail.jpg", "/"):
        assert phone.get(path).headers["Location"].startswith("/login")
    assert phone.post(f"/photos/{own}/delete").headers["Location"].startswith("/login")
    with shop.read() as session:
        assert session.scalars(sa.select(Photo.id).where(Photo.deleted_at.is_not(None))).all() == []


def over(answer: TestResponse) -> bool:
    return answer.status_code == 404 and "このQRコードは期限が切れたか、取り消されました。" in answer.text


def end_by_time(shop: Shop, item: int, link: str) -> None:
    with shop.work() as uow:  # as it is half an hour later
        uow.session.execute(sa.update(PhotoLink).values(expires_at=clock.now()))


def end_by_revoking(shop: Shop, item: int, link: str) -> None:
    with shop.work(staff_of(shop)) as uow:
        (live,) = links.live_links(uow.session, item, uow.at)
        links.revoke_link(uow, item, live.id)


def end_by_a_new_one(shop: Shop, item: int, link: str) -> None:
    assert qr_link(shop, item) != link


def end_with_its_login(shop: Shop, item: int, link: str) -> None:
    with shop.work() as uow:
        uow.session.execute(sa.update(Account).where(Account.login_id == "demo").values(is_enabled=False))


def end_with_its_right(shop: Shop, item: int, link: str) -> None:
    with shop.work() as uow:
        uow.session.execute(sa.update(Policy).values(rules=allow_only("ec.read")))


@pytest.mark.parametrize(
    "end", [end_by_time, end_by_revoking, end_by_a_new_one, end_with_its_login, end_with_its_right]
)
def test_r9_a_link_that_is_over_says_so_and_does_nothing(
    shop: Shop, new_client: NewClient, item: int, end: Callable[[Shop, int, str], None]
) -> None:
    phone, link, kept = new_client(), qr_link(shop, item), photo(shop, item)
    assert phone.get(link).status_code == 200
    end(shop, item, link)
    assert over(phone.get(link)) and over(phone.get(f"{link}/photos"))
    assert over(phone.post(f"{link}/photos/{kept}/delete"))
    refused = send(phone, f"{link}/photos", picture("red"))
    assert (refused.status_code, refused.get_json()["code"]) == (404, "PHOTO_LINK_OVER")
    assert [each.id for each in photos(shop, item)] == [kept]


def test_r9_a_link_lives_for_half_an_hour_by_its_signature_too(
    shop: Shop, new_client: NewClient, item: int
) -> None:
    link = qr_link(shop, item)
    with shop.work() as uow:  # a row that somebody made to live longer
        uow.session.execute(sa.update(PhotoLink).values(expires_at=uow.at + timedelta(days=1)))
    with time_machine.travel(clock.now() + links.LIFE + timedelta(seconds=1), tick=False):
        assert over(new_client().get(link))
    assert over(new_client().get(link[:-2] + "xx")) and over(new_client().get("/p/nonsense"))


def test_r9_a_link_of_another_clerk_goes_on(shop: Shop, new_client: NewClient, item: int) -> None:
    link = qr_link(shop, item, "1002")
    qr_link(shop, item, "1001")
    assert new_client().get(link).status_code == 200


def test_r9_a_phone_cannot_send_too_fast_or_too_much(shop: Shop, new_client: NewClient, item: int) -> None:
    phone, link = new_client(), qr_link(shop, item)
    with time_machine.travel(clock.now(), tick=False):
        answers = [
            phone.post(f"{link}/photos/order", data={"order": ""}) for _ in range(links.RATE.burst + 1)
        ]
    assert [each.status_code for each in answers] == [200] * links.RATE.burst + [429]
    assert "続けて送りすぎています。" in answers[-1].text
    with shop.work() as uow:
        uow.session.execute(sa.update(PhotoLink).values(adds_left=1))
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert send(phone, f"{link}/photos", b"no picture").status_code == 422  # a try counts
        refused = send(phone, f"{link}/photos", picture("red"))
    assert (refused.status_code, refused.get_json()["code"]) == (429, "LINK_USED_UP")
    assert photos(shop, item) == []


def test_r9_the_code_holds_an_address_that_a_phone_can_reach(
    shop: Shop, pc: FlaskClient, new_client: NewClient, item: int
) -> None:
    made = pc.post(f"/stock/{item}/photos/links").text  # asked as http://localhost/
    assert 'data-testid="qr"' not in made and "スマートフォンからは届きません" in made
    assert 'data-testid="revoke-link"' not in made  # no link that nobody can open
    at_phone_origin(shop, "http://192.0.2.7:8000")
    assert addresses(pc.post(f"/stock/{item}/photos/links").text)[0].startswith("http://192.0.2.7:8000/p/")
    elsewhere, url = new_client(), "https://shop.example.com"
    elsewhere.post("/login", data={"login_id": "demo", "password": "demo-pass"}, base_url=url)
    made = elsewhere.post(f"/stock/{item}/photos/links", base_url=url).text
    assert addresses(made)[0].startswith("https://shop.example.com/p/")
