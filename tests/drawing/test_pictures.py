"""Share pictures, drawings and pages to take away: of the public's county only, whole, and unhurt by any name."""

from __future__ import annotations

import io
import os
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import httpx
import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader

from map_frontend.drawing import render_child
from map_frontend.drawing.rendering import EXIT_NO_LIBRARY, Renderer
from map_frontend.style.palette import TOKENS
from tests.browser.county import PASSWORD
from tests.drawing.conftest import HOSTILE, SECRET

pytestmark = pytest.mark.anyio


def pixels(content: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def colours(picture: NDArray[np.uint8]) -> int:
    return len(np.unique(picture.reshape(-1, 3), axis=0))


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


async def log_in(pages: httpx.AsyncClient, name: str) -> None:
    answer = await pages.post(
        "/login", data={"username": name, "password": PASSWORD, "next": "/"}, headers={"Origin": "http://yzt.test"}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "path", ["/share.png", "/parcels/P0/share.png", "/projects/J1/share.png?lang=en", "/policies/POL-1/share.png"]
)
async def test_a_share_picture_is_1200_by_630_and_not_blank(pages: httpx.AsyncClient, path: str) -> None:
    answer = await pages.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    picture = pixels(answer.content)
    assert picture.shape == (630, 1200, 3)
    assert colours(picture[:, :464]) > 50, "words on the left"
    assert colours(picture[:, 480:]) > 50, "a map on the right"


async def test_who_has_the_picture_is_not_sent_it_again(pages: httpx.AsyncClient) -> None:
    first = await pages.get("/parcels/P0/share.png")
    again = await pages.get("/parcels/P0/share.png", headers={"If-None-Match": first.headers["etag"]})
    english = await pages.get("/parcels/P0/share.png?lang=en")
    assert again.status_code == 304
    assert not again.content
    assert first.headers["etag"] != english.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"


async def test_the_same_data_give_the_same_drawing(pages: httpx.AsyncClient) -> None:
    one, two = [(await pages.get("/parcels/P0/map.svg")).text for _ in range(2)]
    assert one == two
    dark = (await pages.get("/parcels/P0/map.svg?theme=dark")).text
    assert dark != one


@pytest.mark.parametrize("account", [None, "clerk", "bureau"])
async def test_a_picture_shows_what_the_public_sees_whoever_asks(pages: httpx.AsyncClient, account: str | None) -> None:
    if account:
        await log_in(pages, account)
    for path in (
        "/parcels/INT/share.png",
        "/parcels/HID/map.svg",
        "/projects/SECRET/share.png",
        "/projects/SECRET/map.svg",
    ):
        assert (await pages.get(path)).status_code == 404, path
    around = (await pages.get("/parcels/P0/map.svg")).text + (await pages.get("/parks/PK/map.svg")).text
    assert "P1" in around or "城东1号地块" in around
    assert "未确认" not in around
    assert ">HID<" not in around
    assert SECRET not in around


async def test_a_page_to_take_away_shows_each_reader_what_is_theirs(pages: httpx.AsyncClient) -> None:
    assert (await pages.get("/parcels/INT.pdf")).status_code == 404
    assert (await pages.get("/projects/SECRET.pdf")).status_code == 404
    await log_in(pages, "clerk")
    answer = await pages.get("/parcels/INT.pdf")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "内部地块" in text_of(answer.content)


@pytest.mark.parametrize(("path", "said"), [
    ("/parcels/P0.pdf", ("城东0号地块", "可供应", "20–30 万元/亩", "容积率", "丹东街道", "0574-0000000", "内部演示", "数据日期 2026-11-24", "© Sample coast", "http://yzt.test/parcels/P0")),
    ("/parcels/P0.pdf?lang=en", ("East 0", "Available", "Plot ratio", "Dandong", "map not reviewed", "Scan for the latest")),
    ("/buildings/B1.pdf", ("1号厂房", "12,000 m²")),
    ("/parks/PK.pdf", ("城东工业园",)),
    ("/projects/J1.pdf", ("示例装备项目",)),
])  # fmt: skip
async def test_the_page_says_what_it_should_on_one_sheet(
    pages: httpx.AsyncClient, path: str, said: tuple[str, ...]
) -> None:
    answer = await pages.get(path)
    assert answer.status_code == 200, answer.text
    text = text_of(answer.content)
    assert [part for part in said if part not in text] == []
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx((595.3, 841.9), abs=0.5)
    seen = np.asarray(document[0].render(scale=1).to_pil().convert("RGB"))
    assert 0.05 < (seen != 255).any(axis=2).mean() < 0.9


async def test_the_chinese_font_travels_with_the_page(pages: httpx.AsyncClient) -> None:
    reader = PdfReader(io.BytesIO((await pages.get("/parcels/P0.pdf")).content))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    kinds = [font["/DescendantFonts"][0].get_object() for font in fonts if "/DescendantFonts" in font]
    assert any("Noto" in str(kind["/BaseFont"]) for kind in kinds)
    assert all({"/FontFile2", "/FontFile3"} & set(kind["/FontDescriptor"]) for kind in kinds)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_no_name_hurts_a_picture(pages: httpx.AsyncClient, number: int) -> None:
    drawn = await pages.get(f"/parcels/H{number}/map.svg")
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn.text).iter()}
    assert tags <= {"svg", "g", "rect", "path", "polygon", "circle", "text"}
    assert len(drawn.content) < 200_000
    picture = await pages.get(f"/parcels/H{number}/share.png")
    assert pixels(picture.content).shape == (630, 1200, 3)
    paper = await pages.get(f"/parcels/H{number}.pdf")
    document = pypdfium2.PdfDocument(paper.content)
    assert len(document) == 1
    assert "alert(1)</script>" not in str(PdfReader(io.BytesIO(paper.content)).trailer["/Root"])


async def test_nonsense_is_a_problem_and_never_a_500(pages: httpx.AsyncClient) -> None:
    for path in ("/parcels/%00/share.png", "/parcels/NOPE.pdf", "/parcels/P0/map.svg?theme=pink", "/share.png?county=none", "/controls/L1/share.png",
                 "/controls/L1.pdf"):  # fmt: skip
        answer = await pages.get(path)
        assert 400 <= answer.status_code < 500, path


async def test_a_machine_without_pango_says_which_package_it_lacks() -> None:
    renderer = Renderer()
    child = mock.AsyncMock(returncode=EXIT_NO_LIBRARY)
    child.communicate.return_value = (b"", b"")
    with (
        mock.patch("asyncio.create_subprocess_exec", return_value=child),
        pytest.raises(Exception, match="libpango") as raised,
    ):
        await renderer.render("pdf", "<p>x</p>")
    assert "fonts-noto-cjk" in raised.value.message.zh  # type: ignore[attr-defined]


def test_a_machine_without_chinese_fonts_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought = os.environ.get("MAP_PAPER_ROOT")
    folders = [*render_child.FONT_FOLDERS, *([f"{brought}/usr/share/fonts"] if brought else [])]
    assert render_child.has_chinese(folders), "`make test` brings the fonts"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not render_child.has_chinese([str(tmp_path)])


async def test_results_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("map_frontend.drawing.rendering.KEPT_MAX_BYTES", 1500)
    renderer, made = Renderer(), []

    async def child(kind: str, source: str) -> bytes:
        made.append(source)
        return b"x" * 1000

    monkeypatch.setattr(renderer, "_child", child)
    for source in ("a", "a", "b", "a"):
        await renderer.render("png", source)
    assert made == ["a", "b", "a"]


async def test_a_child_that_cannot_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("map_frontend.drawing.rendering.WALL_MAX_S", 0.05)
    with pytest.raises(Exception, match="too many"):
        await Renderer().render("pdf", "<p>象山</p>" * 1000)


async def test_a_town_is_drawn_as_land(pages: httpx.AsyncClient) -> None:
    """Its own ground stays below its outline; without it the town would be sea."""
    town, other = [(await pages.get(f"/{path}/map.svg")).text for path in ("admin_areas/T1", "parcels/P0")]
    land = f'fill="{TOKENS["land"].light}"'
    assert town.count(land) >= 1
    assert other.count(land) >= 1


async def test_structure_counts_public_firms_by_chain(pages: httpx.AsyncClient) -> None:
    park, town = [(await pages.get(path)).text for path in ("/parks/PK", "/admin_areas/T1")]
    assert "城东工业园的产业结构：临港装备 1 家" in park
    assert "产业结构" in town
    assert "没有公开的企业" in town
