"""What a camera wrote into a picture: the day, the place where it stood, the author. For staff; never for the public."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

AUTHOR_MAX = 100
EQUIRECTANGULAR = re.compile(rb"GPano:ProjectionType\s*(?:=\s*[\"']|>)\s*equirectangular", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """Longitude and latitude in degrees as GPS gives them (WGS 84, within a metre of EPSG:4490)."""

    taken_on: date | None = None
    author: str | None = None
    lon_deg: float | None = None
    lat_deg: float | None = None
    says_equirectangular: bool = False


def record_of(image: Image.Image) -> CameraRecord:
    """The camera's record of an opened picture; what cannot be read is left out, never an error."""
    try:
        exif = image.getexif()
        details, gps = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except Exception:  # a damaged record does not damage the picture
        return CameraRecord(says_equirectangular=_says_equirectangular(image))
    place = _place(gps)
    return CameraRecord(
        taken_on=_day(details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)),
        author=_author(exif.get(Base.Artist)),
        lon_deg=place[0] if place else None,
        lat_deg=place[1] if place else None,
        says_equirectangular=_says_equirectangular(image),
    )


def _says_equirectangular(image: Image.Image) -> bool:
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return EQUIRECTANGULAR.search(xmp.encode() if isinstance(xmp, str) else bytes(xmp)) is not None


def _day(value: Any) -> date | None:
    try:
        return datetime.strptime(str(value)[:10], "%Y:%m:%d").date()  # noqa: DTZ007  a camera knows no zone
    except ValueError:
        return None


def _author(value: Any) -> str | None:
    words = " ".join("".join(ch for ch in str(value or "") if ch.isprintable()).split())
    return words[:AUTHOR_MAX] or None


def _place(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    lat, lon = _degrees(gps.get(GPS.GPSLatitude)), _degrees(gps.get(GPS.GPSLongitude))
    if lat is None or lon is None:
        return None
    lat = -lat if str(gps.get(GPS.GPSLatitudeRef, "N")).upper().startswith("S") else lat
    lon = -lon if str(gps.get(GPS.GPSLongitudeRef, "E")).upper().startswith("W") else lon
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0) else None


def _degrees(parts: Any) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return value if math.isfinite(value) else None
