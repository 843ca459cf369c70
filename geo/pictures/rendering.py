"""From a picture as it came to its renditions: upright, sRGB, flat, and with nothing in it but pixels.

Runs in a process of its own for what others send (apart.py); the sample county, whose pictures are ours, calls it directly.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from geo.errors import BadInput, Problem
from geo.pictures.camera import CameraRecord, record_of
from geo.pictures.intake import Intake, intake
from geo.pictures.sniffing import HEAD_BYTES, MEDIA_TYPES, WANTED, format_of, refusal_of

WHITE = (255, 255, 255)
DAMAGED = Problem(zh="图片已损坏或不完整，无法读取", en="the picture is damaged or incomplete and cannot be read")


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one size, as WebP."""

    width_px: int
    height_px: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a picture: its own size once upright, what it is, the camera's record, the renditions by size."""

    media_type: str
    width_px: int
    height_px: int
    kind: str
    camera: CameraRecord
    renditions: dict[str, Rendition]


def render(path: Path) -> Rendered:
    """Decode one picture and make its renditions. Raises BadInput with the reason; MemoryError beyond the process's bound."""
    rules = intake()
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    refusal = refusal_of(head)
    if refusal is not None:
        raise BadInput.at("file", refusal, WANTED)
    is_of = str(format_of(head))
    Image.MAX_IMAGE_PIXELS = None  # the bound below is ours, and says so in words
    try:
        with Image.open(path, formats=[is_of]) as image:
            _must_fit(image.size, rules)
            camera = record_of(image)
            largest = rules.renditions["panorama"]["width_px"]
            upright_px = _upright_size(image)
            image.draft("RGB", (largest, largest))  # a JPEG is decoded no larger than is needed
            image.load()
            picture = _flat_srgb(ImageOps.exif_transpose(image))
    except BadInput:
        raise
    except MemoryError:
        raise
    except Exception:  # whatever a decoder raises over a hostile file means the same to its sender
        raise BadInput.at("file", DAMAGED) from None
    width_px, height_px = upright_px
    is_round = rules.is_equirectangular(width_px, height_px)
    made = {}
    for size, wanted in rules.renditions.items():
        if size == "panorama" and not is_round:
            continue
        made[size] = _rendition(picture, wanted)
    kind = "panorama" if is_round else "photo"
    return Rendered(MEDIA_TYPES[is_of], width_px, height_px, kind, camera, made)


def _must_fit(size: tuple[int, int], rules: Intake) -> None:
    width, height = size
    if max(width, height) > rules.side_max_px or width * height > rules.pixels_max:
        most = rules.pixels_max // 1_000_000
        raise BadInput.at(
            "file",
            Problem(
                zh=f"图片为 {width}×{height} 像素，过大", en=f"the picture is {width} x {height} pixels, too large"
            ),
            Problem(
                zh=f"每边不超过 {rules.side_max_px} 像素，总计不超过 {most} 百万像素",
                en=f"sides up to {rules.side_max_px} pixels, {most} megapixels in all",
            ),
        )


def _upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if turned else image.size


def _flat_srgb(image: Image.Image) -> Image.Image:
    """Without transparency (on white), in sRGB, 8 bits."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        image = (
            image.convert("I").point(lambda value: value / 257).convert("L")
            if "16" in image.mode
            else image.convert("L")
        )
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        under = Image.new("RGBA", image.size, (*WHITE, 255))
        image = Image.alpha_composite(under, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _from_profile(image, profile)
    return image.convert("RGB")


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        turned = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that makes no sense is as none
    return turned or image


def _rendition(picture: Image.Image, wanted: dict[str, Any]) -> Rendition:
    if "side_px" in wanted:
        scale = min(1.0, wanted["side_px"] / max(picture.size))
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    else:
        size = (min(wanted["width_px"], picture.width), min(wanted["height_px"], picture.height))
    small = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.frombytes("RGB", small.size, small.tobytes())  # pixels and nothing else
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=wanted["quality"], method=4)
    return Rendition(*size, out.getvalue())
