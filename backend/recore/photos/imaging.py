"""Pictures: what we take, upright originals, and the copies that marketplaces take (R9).

Only the first frame of a GIF or WebP counts. Copies carry no metadata: a phone writes the shop's place into photos.
Nothing here changes Pillow's global settings, and equal input gives equal bytes (with the same Pillow build).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Literal

from PIL import Image, ImageCms
from PIL.Image import Transpose

import recore
from recore.platform.errors import Invalid, RecoreError, Retryable

JPEG, PNG, GIF, WEBP, HEIC = "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"
_PILLOW_NAMES = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP"}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_ORIENTATION_TAG = 0x0112
# EXIF orientation → how Pillow brings it upright (EXIF 2.32, 4.6.4).
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_CLOCKWISE = {1: Transpose.ROTATE_270, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_90}
_ICC_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_ORIGINAL_QUALITY = 95
_SHRINK = 0.8
_CHUNK_BYTES = 256 * 1024

Turns = Literal[0, 1, 2, 3]


@dataclass(frozen=True)
class PhotoFacts:
    """`width` and `height` are pixels as a person sees the photo (orientation applied)."""

    media_type: str
    width: int
    height: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Picture:
    """An upright image without metadata, in sRGB."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True)
class OriginalLimits:
    max_bytes: int
    max_pixels: int


@dataclass(frozen=True)
class BrowserShrink:
    """A browser makes a JPEG of `quality` (0 to 1) with this longest side of a photo that is larger, or has more bytes."""

    max_side: int
    max_bytes: int
    quality: float


@dataclass(frozen=True)
class CopySpec:
    """A JPEG copy. `qualities` are tried in order until `max_bytes` is kept; `max_photos` is per listing."""

    name: str
    version: int
    max_side: int
    max_bytes: int
    qualities: tuple[int, ...]
    max_photos: int | None

    @property
    def key(self) -> str:
        """What `DerivedPhoto.spec` holds: it changes whenever the copy would."""
        return f"{self.name}@{self.version}:{self.max_side}"


def copy_spec(name: str, *, max_side: int | None = None) -> CopySpec:
    """The spec of that name in photo_limits.json (KeyError), with the tenant's own `max_side` if given."""
    stored = _photo_limits()["specs"][name]
    fields = {key: value for key, value in stored.items() if key != "source"}
    spec = CopySpec(name=name, **{**fields, "qualities": tuple(fields["qualities"])})
    return replace(spec, max_side=max_side) if max_side else spec


def original_limits() -> OriginalLimits:
    stored = _photo_limits()["original"]
    return OriginalLimits(stored["max_bytes"], stored["max_pixels"])


def browser_shrink() -> BrowserShrink:
    stored = _photo_limits()["browser"]
    return BrowserShrink(stored["max_side"], stored["max_bytes"], stored["quality"])


def inspect(stream: BinaryIO, *, limits: OriginalLimits | None = None, item: str | None = None) -> PhotoFacts:
    """What a handed-in, seekable file is; it is decoded once, so that a damaged one is refused now and not when listed.

    `item` names the photo in errors. Raises Invalid PHOTO_TOO_LARGE, PHOTO_TYPE, PHOTO_HEIC, PHOTO_TOO_MANY_PIXELS or
    PHOTO_BROKEN; Retryable PHOTO_MEMORY.
    """
    with _refusals(item):
        media_type, image = _opened(stream, limits or original_limits(), item)
        with image:
            turn = _UPRIGHT.get(_orientation(image))
            width, height = image.size
            # JPEG at an eighth: every byte is still read, a 64th of the pixels is kept.
            image.draft(None, (max(1, width // 8), max(1, height // 8)))
            image.load()
    size, digest = _measured(stream)
    if _swaps_sides(turn):
        width, height = height, width
    return PhotoFacts(media_type, width, height, size, digest)


def normalise(stream: BinaryIO, *, turns: Turns = 0, item: str | None = None) -> Picture:
    """The whole photo upright, in sRGB, without metadata, then turned clockwise by `turns` × 90°.

    JPEG stays JPEG and so do HEIC and opaque WebP; the rest becomes PNG, transparency kept. Raises like `inspect`.
    """
    with _refusals(item):
        media_type, image = _opened(stream, original_limits(), item)
        with image:
            image.load()
            lossless = media_type in (PNG, GIF) or _has_alpha(image)
            orientation = _orientation(image)
            upright = _upright(_in_srgb(_eight_bit(image), keep_alpha=lossless), orientation, turns)
        data = _png(upright) if lossless else _jpeg(upright, _ORIGINAL_QUALITY)
    return Picture(data, PNG if lossless else JPEG, *upright.size)


def derive(stream: BinaryIO, spec: CopySpec, *, turns: Turns = 0, item: str | None = None) -> bytes:
    """A JPEG within the limits of `spec`, never enlarged, transparent parts white; `turns` as in `normalise`.

    When even the lowest quality is too large the sides shrink until it fits. Raises like `inspect`, and Invalid
    PHOTO_CANNOT_FIT when one pixel does not.
    """
    with _refusals(item):
        _, image = _opened(stream, original_limits(), item)
        with image:
            orientation = _orientation(image)
            image.draft(None, _fitted(image.size, spec.max_side))
            image.load()
            small = _eight_bit(image)
            small.thumbnail((spec.max_side, spec.max_side), Image.Resampling.LANCZOS, reducing_gap=None)
            upright = _upright(_in_srgb(small, keep_alpha=False), orientation, turns)
        return _within(upright, spec, item)


def turn(stream: BinaryIO, turns: Turns, *, item: str | None = None) -> Picture:
    """`normalise`, turned. Each turn of a JPEG encodes it anew: prefer keeping `turns` beside the original."""
    return normalise(stream, turns=turns, item=item)


@contextmanager
def _refusals(item: str | None) -> Iterator[None]:
    """Whatever a decoder trips over becomes PHOTO_BROKEN: on damaged files Pillow raises OSError, SyntaxError,
    ValueError, struct.error, EOFError, IndexError, TypeError and more. The machine's own I/O errors pass.
    """
    try:
        yield
    except RecoreError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(item) from error
    except MemoryError as error:
        raise Retryable(
            "PHOTO_MEMORY",
            "サーバーのメモリが足りず、写真を開けません。少し待ってからもう一度送ってください。",
            item=item,
        ) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Invalid(
            "PHOTO_BROKEN",
            "写真のファイルが壊れています。",
            item=item,
            field="photo",
            remedy="もう一度撮影するか、元の写真を選び直してください。",
        ) from error


def _opened(stream: BinaryIO, limits: OriginalLimits, item: str | None) -> tuple[str, Image.Image]:
    """(media type, image with its header read), after every check that needs no pixel."""
    if stream.seek(0, os.SEEK_END) > limits.max_bytes:
        raise Invalid(
            "PHOTO_TOO_LARGE",
            f"写真のファイルが大きすぎます（上限 {limits.max_bytes // 1_000_000}MB）。",
            item=item,
            field="photo",
            remedy="小さいサイズで撮影するか、縮小してから選んでください。",
        )
    stream.seek(0)
    head = stream.read(32)
    stream.seek(0)
    media_type = _sniffed(head)
    if media_type == WEBP and _webp_pixels(head) > limits.max_pixels:
        raise _too_many_pixels(item)  # before Pillow: opening a WebP already sets its canvas aside
    if media_type == HEIC:
        image = _heic(stream, item)
    elif media_type is None:
        raise Invalid(
            "PHOTO_TYPE",
            "この形式のファイルは写真として使えません。",
            item=item,
            field="photo",
            remedy="JPEG、PNG、GIF、WebPの写真を選んでください。",
        )
    else:
        image = Image.open(stream, formats=(_PILLOW_NAMES[media_type],))
    if image.width * image.height > limits.max_pixels:
        image.close()
        raise _too_many_pixels(item)
    return media_type, image


def _measured(stream: BinaryIO) -> tuple[int, str]:
    """(bytes, sha256) of the whole file; it is left at its start."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return size, digest.hexdigest()


def _sniffed(head: bytes) -> str | None:
    """By the bytes, never by the name."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return HEIC if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS else None


def _webp_pixels(head: bytes) -> int:
    """Canvas pixels from the first chunk (RFC 9649); 0 when it is not there (the decoder will refuse it)."""
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        return (int.from_bytes(head[24:27], "little") + 1) * (int.from_bytes(head[27:30], "little") + 1)
    if kind == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and len(head) >= 30:
        return (int.from_bytes(head[26:28], "little") & 0x3FFF) * (
            int.from_bytes(head[28:30], "little") & 0x3FFF
        )
    return 0


def _heic(stream: BinaryIO, item: str | None) -> Image.Image:
    """Through pillow-heif's own door: registering it with Pillow would change Pillow for the whole process."""
    if find_spec("pillow_heif") is None:
        raise Invalid(
            "PHOTO_HEIC",
            "HEIC形式の写真は、このサーバーでは使えません。",
            item=item,
            field="photo",
            remedy="iPhoneの「設定」→「カメラ」→「フォーマット」で「互換性優先」を選んで撮影するか、JPEGで保存してください。",
        )
    opened = import_module("pillow_heif").open_heif(stream, convert_hdr_to_8bit=True)
    if opened.size[0] * opened.size[1] > original_limits().max_pixels:
        raise _too_many_pixels(item)
    image: Image.Image = opened.to_pillow()
    return image


def _too_many_pixels(item: str | None) -> Invalid:
    return Invalid(
        "PHOTO_TOO_MANY_PIXELS",
        f"写真の画素数が多すぎます（上限 {original_limits().max_pixels // 10_000}万画素）。",
        item=item,
        field="photo",
        remedy="小さいサイズで撮影するか、縮小してから選んでください。",
    )


def _orientation(image: Image.Image) -> int:
    """1–8; 1 where the EXIF block cannot be read: cameras write broken ones around good pixels."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # as in _refusals: the parser raises what it likes
        return 1


def _swaps_sides(move: Transpose | None) -> bool:
    return move in (Transpose.TRANSPOSE, Transpose.ROTATE_270, Transpose.TRANSVERSE, Transpose.ROTATE_90)


def _upright(image: Image.Image, orientation: int, turns: Turns) -> Image.Image:
    for move in (_UPRIGHT.get(orientation), _CLOCKWISE.get(turns)):
        image = image.transpose(move) if move is not None else image
    return image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _eight_bit(image: Image.Image) -> Image.Image:
    """A copy as L, RGB, CMYK or RGBA, its colour profile kept in `info`; 16-bit grey is scaled, not clipped."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        plain = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif _has_alpha(image):
        plain = image.convert("RGBA")
    elif image.mode in ("L", "CMYK", "RGB"):
        plain = image.copy()
    else:
        plain = image.convert("L" if image.mode in ("1", "F") else "RGB")
    plain.info = {"icc_profile": profile} if profile else {}
    return plain


def _in_srgb(image: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """RGB, or RGBA when there is transparency to keep (else it becomes white), without metadata."""
    profile = image.info.get("icc_profile")
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = _converted(image.convert("RGB") if alpha else image, profile)
    if alpha is not None and keep_alpha:
        colours.putalpha(alpha)
    elif alpha is not None:
        colours = Image.composite(colours, Image.new("RGB", colours.size, "white"), alpha)
    colours.info = {}
    return colours


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    """To sRGB through its profile; one that is damaged or made for other channels is left out, as browsers do."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if _ICC_MODES.get(source.profile.xcolor_space.strip()) == image.mode:
                target = ImageCms.createProfile("sRGB")
                moved = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
                if moved is not None:
                    return moved
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return image.convert("RGB")
    return image.convert("RGB")


def _fitted(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """The size with its longer side at `max_side`, rounded up, never enlarged."""
    longer = max(*size, max_side)
    return -(-size[0] * max_side // longer), -(-size[1] * max_side // longer)


def _within(image: Image.Image, spec: CopySpec, item: str | None) -> bytes:
    while True:
        for quality in spec.qualities:
            data = _jpeg(image, quality)
            if len(data) <= spec.max_bytes:
                return data
        if image.size == (1, 1):
            raise Invalid(
                "PHOTO_CANNOT_FIT",
                "写真を出品先の上限サイズに収められません。",
                item=item,
                field="photo",
                remedy="出品先の写真の設定を確かめてください。",
            )
        width, height = (max(1, int(side * _SHRINK)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Baseline, which every marketplace reads."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def _photo_limits() -> dict[str, Any]:
    """photo_limits.json: beside the package when installed, at the top of the repository in development."""
    package = Path(recore.__file__).parent
    packaged = package / "_shared_schemas"
    folder = packaged if packaged.is_dir() else package.parents[1] / "shared_schemas"
    limits: dict[str, Any] = json.loads((folder / "photo_limits.json").read_text("utf-8"))
    return limits
