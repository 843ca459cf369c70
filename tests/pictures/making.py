"""Pictures that tests send, and a reader of file parts that is not the product's."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw

LON_DEG, LAT_DEG = 121.875, 29.475


def drawn(width: int = 400, height: int = 300, seed: int = 0) -> Image.Image:
    """Red left half, blue right half, a white bar that tells one seed from another."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    draw = ImageDraw.Draw(image)
    draw.rectangle([width // 2, 0, width, height], fill=(30, 30, 200))
    draw.rectangle([0, 0, 4 + seed, 8], fill=(255, 255, 255))
    return image


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The bytes of an image in a format."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def photo(seed: int = 0, orientation: int = 1, **more: Any) -> bytes:
    """A JPEG as a phone makes it: position, day, author, orientation, XMP."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Zhang San"
    exif.get_ifd(0x8769)[0x9003] = "2025:03:04 10:11:12"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 28.0, 30.0), 3: "E", 4: (121.0, 52.0, 30.0)})  # LAT_DEG, LON_DEG
    xmp = b"<x:xmpmeta>secret-xmp-position</x:xmpmeta>"
    return encoded(drawn(seed=seed, **more), exif=exif, xmp=xmp, comment=b"secret-comment", quality=92)


def jpeg_parts(data: bytes) -> list[tuple[int, bytes]]:
    """(marker, content) of a JPEG's segments before its pixels."""
    parts, at = [], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        parts.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return parts


def webp_parts(data: bytes) -> list[bytes]:
    """Names of the chunks of a WebP file; fails when the file is longer than it says (something hides behind it)."""
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    assert struct.unpack("<I", data[4:8])[0] + 8 == len(data)
    names, at = [], 12
    while at < len(data):
        length = struct.unpack("<I", data[at + 4 : at + 8])[0]
        names.append(data[at : at + 4])
        at += 8 + length + length % 2
    return names


def bomb_png(width: int, height: int) -> bytes:
    """A PNG that says it is `width` x `height`, all of one colour: a few kB that unpack to gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    packed = zlib.compressobj(9)
    body = b"".join(packed.compress(b"\0" * (width + 1)) for _ in range(min(height, 400))) + packed.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )
