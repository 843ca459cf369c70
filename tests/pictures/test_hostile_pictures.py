"""Files that want to do harm, or are none: refused in words that name the file, never a 5xx, and nothing is kept."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from PIL import Image

from geo.pictures.apart_child import EXIT_MEMORY
from tests.pictures.making import bomb_png, drawn, encoded, photo, webp_parts

pytestmark = pytest.mark.anyio
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GOOD = encoded(drawn())

HOSTILE = {
    "nothing": (b"", "0 bytes"),
    "svg": (SVG, "SVG"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    "gif": (encoded(drawn(), "GIF"), "format"),
    "page": (b"<!doctype html><script>alert(1)</script>", "format"),
    "cut short": (GOOD[: len(GOOD) // 2], "damaged"),
    "only a head": (b"\xff\xd8\xff\xe0" + b"\0" * 100, "damaged"),
    "side of 50,000": (bomb_png(50_000, 50_000), "too large"),
    "many megapixels": (bomb_png(20_000, 20_000), "too large"),
    "wrong kind inside": (b"RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\xff" + b"\0" * 40, "damaged"),
}


async def send(service: httpx.AsyncClient, who: dict[str, str], *files: tuple[str, bytes]) -> httpx.Response:
    return await service.post(
        "/v1/parcels/PUB/pictures?lang=en",
        files=[("file", (name, data, "image/jpeg")) for name, data in files],
        headers=who,
    )


@pytest.mark.parametrize("name", HOSTILE)
async def test_refused_with_its_reason(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], name: str
) -> None:
    data, reason = HOSTILE[name]
    answer = await send(service, bearer["clerk"], ("x.jpg", data))
    assert answer.status_code == 400, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["detail"].startswith("x.jpg: ")
    assert reason in fault["detail"]


async def test_one_bad_file_keeps_out_all_and_only_it_is_named(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    answer = await send(service, bearer["clerk"], ("good.jpg", photo(seed=31)), ("bad.svg", SVG))
    assert answer.status_code == 400
    assert [fault["detail"].partition(":")[0] for fault in answer.json()["errors"]] == ["bad.svg"]
    shown = await service.get("/v1/parcels/PUB/pictures", headers=bearer["clerk"])
    assert shown.json()["pictures"] == []


async def test_two_files_in_one_leave_only_pixels(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]]
) -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as pack:
        pack.writestr("secret.html", "<script>alert(1)</script>")
    answer = await send(service, bearer["clerk"], ("both.jpg", GOOD + hidden.getvalue()))
    assert answer.status_code == 201
    picture = answer.json()["files"][0]["picture"]
    for size in picture["sizes"].values():
        got = (await service.get(size["href"], headers=bearer["clerk"])).content
        assert webp_parts(got) == [b"VP8 "]
        assert b"PK\x03\x04" not in got


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "a\\b\\c.jpg", "<img src=x onerror=alert(1)>.jpg", "x" * 1000 + ".jpg", "\u202egpj.exe", "照片 1.jpg"]
)  # fmt: skip
async def test_a_hostile_name_is_only_a_name(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], name: str
) -> None:
    answer = await send(service, bearer["clerk"], (name, encoded(drawn(seed=len(name) % 90 + 40))))
    assert answer.status_code in (200, 201), answer.text
    kept = answer.json()["files"][0]["file"]
    assert len(kept) <= 200
    assert not set(kept) & set("/\\\u202e")
    code = answer.json()["files"][0]["picture"]["code"]
    back = await service.get(f"/pictures/{code}/original", headers=bearer["clerk"])
    assert back.status_code == 200
    assert "\n" not in back.headers["content-disposition"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
async def test_every_way_to_keep_colours_is_read(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], mode: str
) -> None:
    image = drawn(60, 40, seed=5) if mode == "I;16" else drawn(60, 40, seed=5).convert(mode)
    if mode == "I;16":
        image = Image.new("I;16", (60, 40), 40_000)
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    answer = await send(service, bearer["clerk"], ("x", data))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("path", ["/pictures/%00/thumb.webp", "/pictures/x/%FF.webp", "/pictures/x/../../thumb.webp", "/v1/pictures/covers?collection=parcels&codes=%00",
                                  "/v1/pictures/covers?collection=nothing&codes=A", "/v1/pictures/covers?codes=A", "/pictures/x/original?county=nowhere"])  # fmt: skip
async def test_nonsense_addresses_are_answered(
    service: httpx.AsyncClient, bearer: dict[str, dict[str, str]], path: str
) -> None:
    for who in ({}, bearer["clerk"]):
        assert (await service.get(path, headers=who)).status_code in (400, 404)


def test_a_picture_that_needs_too_much_memory_stops_its_child_only(tmp_path: Path) -> None:
    """The child is given less than its own bound, which it never widens, and a picture that does not fit into it."""
    (tmp_path / "bomb.png").write_bytes(bomb_png(10_900, 10_900))
    narrow = (
        "import resource, sys; from pathlib import Path; from geo.pictures.apart_child import main; "
        "resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000)); sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", narrow, tmp_path / "bomb.png", tmp_path / "out"], check=False, capture_output=True
    )
    assert done.returncode == EXIT_MEMORY, done.stderr
    assert not (tmp_path / "out").exists()
