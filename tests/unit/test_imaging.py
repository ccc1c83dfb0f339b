"""R9: photos are checked when they arrive, turned upright, stripped, and copied within each marketplace's limits."""

from __future__ import annotations

import errno
import hashlib
import io
import random
import struct
import warnings
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from recore.photos.imaging import (
    OriginalLimits,
    Turns,
    copy_spec,
    derive,
    inspect,
    normalise,
    original_limits,
)
from recore.platform.errors import Invalid

RED, BLUE = (255, 0, 0), (0, 0, 255)
YAHOO = copy_spec("yahoo_auction")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def picture(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out


def oriented(value: int) -> io.BytesIO:
    exif = Image.Exif()
    exif[0x0112] = value
    exif[0x010F] = "Secret Camera"
    return saved(picture(), quality=95, exif=exif.tobytes(), comment=b"Secret comment")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) <= 12 for one, other in zip(pixel, colour, strict=True))


def refusal(stream: io.BytesIO, limits: OriginalLimits | None = None) -> str:
    with pytest.raises(Invalid) as caught:
        inspect(stream, limits=limits, item="IT0001")
    assert caught.value.item == "IT0001" and caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("MPO", "image/jpeg"),
    ],
)
def test_r9_each_accepted_type_is_known_by_its_bytes(kind: str, media_type: str) -> None:
    stream = saved(picture(), kind)
    facts = inspect(stream)
    assert (facts.media_type, facts.width, facts.height) == (media_type, 64, 32)
    assert facts.size_bytes == len(stream.getvalue()) and stream.tell() == 0
    assert facts.sha256 == hashlib.sha256(stream.getvalue()).hexdigest()


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PDF"])
def test_r9_other_types_are_refused_by_name(kind: str) -> None:
    assert refusal(saved(picture(), kind)) == "PHOTO_TYPE"


@pytest.mark.parametrize("data", [b"", b"\xff", b"<svg/>", b"MZ" + bytes(100)])
def test_r9_what_is_no_image_is_refused(data: bytes) -> None:
    assert refusal(io.BytesIO(data)) == "PHOTO_TYPE"


def test_r9_heic_without_the_extra_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recore.photos.imaging.find_spec", lambda name: None)
    heic = io.BytesIO(b"\0\0\0\x18ftypheic" + bytes(40))
    with pytest.raises(Invalid, match="PHOTO_HEIC") as caught:
        inspect(heic)
    assert "互換性優先" in str(caught.value.remedy)


def png_claiming(width: int, height: int) -> io.BytesIO:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7300, 10000, 60000])
def test_r9_an_image_bomb_is_refused_before_it_is_decoded(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refusal(png_claiming(side, side)) == "PHOTO_TOO_MANY_PIXELS"


@pytest.mark.parametrize("options", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0"}])
def test_r9_a_webp_canvas_is_measured_before_pillow_opens_it(
    options: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = saved(picture(100, 50), "WEBP", **options)
    assert inspect(stream, limits=OriginalLimits(10**6, 5000)).width == 100
    monkeypatch.setattr("recore.photos.imaging.Image.open", lambda *a, **k: pytest.fail("opened"))
    assert refusal(stream, OriginalLimits(10**6, 4999)) == "PHOTO_TOO_MANY_PIXELS"


def test_r9_limits_are_inclusive() -> None:
    stream = saved(picture())
    size = len(stream.getvalue())
    assert inspect(stream, limits=OriginalLimits(size, 64 * 32)).size_bytes == size
    assert refusal(stream, OriginalLimits(size - 1, 64 * 32)) == "PHOTO_TOO_LARGE"
    assert refusal(stream, OriginalLimits(size, 64 * 32 - 1)) == "PHOTO_TOO_MANY_PIXELS"


# Where the red half is after turning upright, by EXIF orientation (EXIF 2.32): corner sample → size.
UPRIGHT = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}
SAMPLES = {"left": (4, 16), "right": (60, 16), "top": (16, 4), "bottom": (16, 60)}


@pytest.mark.parametrize(("orientation", "side"), UPRIGHT.items())
def test_r9_orientation_is_applied_once_and_metadata_is_gone(orientation: int, side: str) -> None:
    size = (64, 32) if orientation < 5 else (32, 64)
    facts = inspect(oriented(orientation))
    assert (facts.width, facts.height) == size
    upright = normalise(oriented(orientation))
    copy = derive(oriented(orientation), YAHOO)
    for data in (upright.data, copy):
        image = opened(data)
        assert image.size == size
        assert near(image.getpixel(SAMPLES[side]), RED)
        assert not image.getexif() and not {"exif", "comment", "icc_profile"} & set(image.info)
        assert b"Secret" not in data


@pytest.mark.parametrize(("turns", "side"), [(0, "left"), (1, "top"), (2, "right"), (3, "bottom")])
def test_r9_turns_are_clockwise(turns: Turns, side: str) -> None:
    for data in (
        normalise(saved(picture(), "PNG"), turns=turns).data,
        derive(saved(picture()), YAHOO, turns=turns),
    ):
        assert near(opened(data).getpixel(SAMPLES[side]), RED)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_r9_a_broken_exif_block_does_not_cost_the_photo() -> None:
    stream = saved(picture(), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")
    assert inspect(stream).width == 64


@pytest.mark.parametrize(
    ("kind", "mode", "media_type"),
    [
        ("JPEG", "L", "image/jpeg"), ("JPEG", "CMYK", "image/jpeg"), ("PNG", "P", "image/png"), ("PNG", "LA", "image/png"),
        ("PNG", "1", "image/png"), ("PNG", "RGBA", "image/png"), ("GIF", "P", "image/png"), ("WEBP", "RGB", "image/jpeg"),
    ],
)  # fmt: skip
def test_r9_every_colour_mode_becomes_upright_original_and_copy(
    kind: str, mode: str, media_type: str
) -> None:
    upright = normalise(saved(picture(mode=mode), kind))
    assert (upright.media_type, upright.width, upright.height) == (media_type, 64, 32)
    assert opened(upright.data).mode in ("RGB", "RGBA")
    copy = opened(derive(saved(picture(mode=mode), kind), YAHOO))
    assert (copy.format, copy.mode, copy.size) == ("JPEG", "RGB", (64, 32))


def test_r9_cmyk_keeps_its_colours() -> None:
    assert near(opened(derive(saved(picture(mode="CMYK"), quality=95), YAHOO)).getpixel((4, 16)), RED)


def test_r9_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    grey = Image.new("I;16", (8, 8), 0x8000)
    assert near(opened(derive(saved(grey, "PNG"), YAHOO)).getpixel((4, 4)), (128, 128, 128))


def test_r9_transparency_is_kept_in_the_original_and_white_in_a_copy() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    for kind in ("PNG", "WEBP"):
        upright = normalise(saved(clear, kind, **({"lossless": True} if kind == "WEBP" else {})))
        pixel = opened(upright.data).getpixel((4, 4))
        assert isinstance(pixel, tuple) and pixel[3] == 0
        assert near(opened(derive(saved(clear, kind), YAHOO)).getpixel((4, 4)), (255, 255, 255))


def profile_with_red_and_green_swapped() -> bytes:
    """sRGB whose rXYZ and gXYZ tags point at each other's data."""
    data = bytearray(SRGB)
    at = {
        bytes(data[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n
        for n in range(int.from_bytes(data[128:132], "big"))
    }
    red, green = at[b"rXYZ"] + 4, at[b"gXYZ"] + 4
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]
    return bytes(data)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA")])
def test_r9_colours_go_through_the_profile_to_srgb(kind: str, mode: str) -> None:
    options: dict[str, object] = {"quality": 95} if kind == "JPEG" else {}
    stream = saved(picture(mode=mode), kind, icc_profile=profile_with_red_and_green_swapped(), **options)
    assert near(opened(derive(stream, YAHOO)).getpixel((4, 16)), (0, 255, 0))
    stream.seek(0)
    assert near(opened(normalise(stream).data).convert("RGB").getpixel((4, 16)), (0, 255, 0))


@pytest.mark.parametrize("profile", [b"nonsense", SRGB[:200]])
def test_r9_a_broken_profile_leaves_the_colours(profile: bytes) -> None:
    assert near(
        opened(derive(saved(picture(), quality=95, icc_profile=profile), YAHOO)).getpixel((4, 16)), RED
    )


def test_r9_yahoo_limits_come_from_data() -> None:
    assert (YAHOO.max_side, YAHOO.max_bytes, YAHOO.max_photos) == (1200, 5_000_000, 10)
    assert YAHOO.key == "yahoo_auction@1:1200"
    assert copy_spec("yahoo_auction", max_side=800).key == "yahoo_auction@1:800"
    assert (original_limits().max_bytes, original_limits().max_pixels) == (40_000_000, 52_000_000)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (1200, 900)),
        ((3000, 4000), (900, 1200)),
        ((1200, 3), (1200, 3)),
        ((5000, 1), (1200, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_r9_copies_fit_the_longer_side_and_are_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int], kind: str
) -> None:
    assert opened(derive(saved(picture(*size), kind), YAHOO)).size == expected


def noise() -> Image.Image:
    return Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000))


def test_r9_quality_falls_only_as_far_as_the_limit_asks() -> None:
    ladder = [
        len(derive(saved(noise(), "PNG"), replace(YAHOO, qualities=(each,)))) for each in YAHOO.qualities
    ]
    assert ladder == sorted(ladder, reverse=True)
    for max_bytes, expected in ((ladder[0], ladder[0]), (ladder[0] - 1, ladder[1]), (ladder[-1], ladder[-1])):
        assert len(derive(saved(noise(), "PNG"), replace(YAHOO, max_bytes=max_bytes))) == expected


def test_r9_sides_shrink_when_no_quality_is_enough() -> None:
    data = derive(saved(noise(), "PNG"), replace(YAHOO, max_bytes=3000))
    assert len(data) <= 3000 and opened(data).width < 200
    with pytest.raises(Invalid, match="PHOTO_CANNOT_FIT"):
        derive(saved(noise(), "PNG"), replace(YAHOO, max_bytes=10))


def test_r9_equal_input_gives_equal_bytes() -> None:
    assert derive(saved(noise()), YAHOO) == derive(saved(noise()), YAHOO)
    assert normalise(saved(noise(), "PNG")) == normalise(saved(noise(), "PNG"))


def test_r9_pillows_own_settings_stay_as_they_were() -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, ImageFile.MAXBLOCK)
    derive(saved(noise()), YAHOO)
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, ImageFile.MAXBLOCK)


def test_r9_an_error_of_the_disk_is_not_blamed_on_the_photo() -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 100:
                raise OSError(errno.EIO, "I/O error")
            return super().read(size)

    with pytest.raises(OSError, match="I/O error"):
        inspect(Failing(saved(noise()).getvalue()))


SOURCES = {
    kind: saved(picture(40, 30), kind, icc_profile=SRGB).getvalue() for kind in ("JPEG", "PNG", "WEBP", "GIF")
} | {"PROGRESSIVE": saved(noise(), progressive=True, exif=b"Exif\0\0II*\0").getvalue()}  # fmt: skip


@pytest.mark.parametrize("kind", ["JPEG", "PROGRESSIVE", "PNG", "WEBP"])
def test_r9_a_photo_cut_off_in_its_pixels_is_refused_on_arrival(kind: str) -> None:
    data = SOURCES[kind]
    assert refusal(io.BytesIO(data[: len(data) - len(data) // 20 - 20])) == "PHOTO_BROKEN"


def only_typed_refusals(data: bytes) -> None:
    """inspect, normalise and derive, as an upload calls them one after the other, work or raise Invalid."""
    try:
        inspect(io.BytesIO(data), limits=OriginalLimits(10**6, 10**6))
        normalise(io.BytesIO(data))
        derive(io.BytesIO(data), copy_spec("thumbnail"))
    except Invalid as refusal:
        assert refusal.code.startswith("PHOTO_")


@pytest.mark.parametrize("kind", SOURCES)
def test_r9_every_cut_is_a_typed_refusal_or_a_photo(kind: str) -> None:
    data = SOURCES[kind]
    for cut in range(0, len(data), max(1, len(data) // 150)):
        only_typed_refusals(data[:cut])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SOURCES)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
)
def test_r9_damaged_bytes_are_a_typed_refusal_or_a_photo(kind: str, damage: list[tuple[float, int]]) -> None:
    data = bytearray(SOURCES[kind])
    for place, byte in damage:
        data[int(place * len(data))] = byte
    only_typed_refusals(bytes(data))
