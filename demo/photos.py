"""Pictures of pretend goods, drawn on the spot: JPEG files as a phone would take them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1600, 1200)
SHADES = {"watch": (52, 73, 94), "bag": (146, 84, 46), "camera": (40, 40, 44)}


def draw_photos(folder: Path, kind: str, count: int) -> list[Path]:
    """`count` JPEG files of one pretend item, each a little different; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(1, count + 1):
        image = Image.new("RGB", SIZE, (236, 233, 226))
        pen = ImageDraw.Draw(image)
        width, height = SIZE
        pen.rectangle((0, height * 2 // 3, width, height), fill=(214, 208, 196))
        inset = 250 + 40 * number
        box = (inset, inset - 120, width - inset, height - inset + 160)
        if kind == "watch":
            pen.ellipse(box, fill=SHADES[kind], outline=(200, 200, 205), width=24)
            pen.line((width // 2, height // 2, width // 2, inset), fill="white", width=12)
            pen.line((width // 2, height // 2, width // 2 + 180, height // 2 + 40), fill="white", width=16)
        else:
            pen.rounded_rectangle(box, radius=60, fill=SHADES[kind])
            pen.arc(
                (inset + 120, inset - 260, width - inset - 120, inset + 120),
                180,
                360,
                fill=SHADES[kind],
                width=30,
            )
        path = folder / f"{kind}-{number}.jpg"
        image.save(path, "JPEG", quality=90)
        paths.append(path)
    return paths
