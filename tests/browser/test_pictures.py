"""Pictures on a thing's page and in the drawer: without script, by keyboard, all round, sent and taken back by staff."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Gate, Opener, until
from tests.browser.county import PASSWORD, PLACE
from tests.browser.test_accessibility import violations
from tests.pictures.making import drawn, encoded
from tests.plugins.door import QUIET

SAID = {"author": "示例", "licence": "CC0-1.0", "audience": "public"}
HERE = f"m=15/{PLACE[1]}/{PLACE[0]}"
MIDDLE = """() => { const c = document.querySelector('[data-panorama]'), gl = c.getContext('webgl'), p = new Uint8Array(4);
  gl.readPixels(c.width / 2, c.height / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, p); return [...p].slice(0, 3); }"""


def all_round() -> bytes:
    """Green to the north, red to the east, blue elsewhere."""
    image = Image.new("RGB", (2048, 1024), (20, 20, 220))
    draw = ImageDraw.Draw(image)
    draw.rectangle([2048 * 0.375, 0, 2048 * 0.625, 1024], fill=(20, 200, 20))
    draw.rectangle([2048 * 0.625, 0, 2048 * 0.875, 1024], fill=(220, 20, 20))
    return encoded(image, "PNG")


@pytest.fixture(scope="module")
def hung(site: str) -> str:
    """B1 with a photo and a panorama, sent by the bureau through the door; the page's address."""
    with httpx.Client(base_url=site) as client:
        client.post("/login", data={"username": "bureau", "password": PASSWORD, "next": "/"})
        page = client.get("/buildings/B1").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        for name, data, caption in (("a.jpg", encoded(drawn(900, 600)), "南立面"), ("b.png", all_round(), "院内全景")):
            answer = client.post(
                "/v1/buildings/B1/pictures",
                files={"file": (name, data)},
                data={**SAID, "caption": caption, "csrf": csrf},
            )
            assert answer.status_code == 201, answer.text
    return "/buildings/B1"


def test_figures_stand_without_script(open_page: Opener, hung: str) -> None:
    page = open_page(hung, script=False)
    figures = page.locator("#pictures figure")
    expect(figures).to_have_count(2)
    expect(figures.nth(0)).to_contain_text("南立面示例 · CC0-1.0")
    expect(figures.nth(1).locator(".gallery-round")).to_have_text("全景")
    page.locator("[data-picture]").nth(0).click()
    expect(page.locator("img")).to_be_visible()


def test_the_lightbox_by_keyboard_alone(open_page: Opener, hung: str) -> None:
    page = open_page(hung)
    first = page.locator("[data-picture]").nth(0)
    first.focus()
    page.keyboard.press("Enter")
    box = page.locator("dialog.lightbox")
    expect(box).to_contain_text("第 1 张，共 2 张")
    expect(box.locator("img")).to_have_attribute("alt", "南立面")
    assert violations(page) == []
    page.keyboard.press("+")
    expect(box.locator(".is-zoomed")).to_have_count(1)
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    expect(box).to_contain_text("第 2 张，共 2 张")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(first).to_be_focused()


def test_the_list_shows_the_first_picture_over_the_drawn_shape(open_page: Opener, hung: str) -> None:
    page = open_page(f"/?{HERE}&k=factories&w=all")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    row = page.locator('.row[data-code="B1"]')
    expect(row.locator(".thumb svg")).to_have_count(1)
    image = row.locator(".thumb img")
    expect(image).to_have_attribute("alt", "")
    until(page, "() => document.querySelector('.row[data-code=B1] .thumb img').naturalWidth > 0")
    assert image.bounding_box() == row.locator(".thumb").bounding_box(), "nothing moves when it comes"
    page.locator("[data-order]").select_option("code")
    expect(image).to_have_count(1)
    assert [url for url in asked if "/covers" in url] == [], "what is known is not asked again"
    page.locator("[data-kind=offices]").click()
    expect(page.locator('.row[data-code="B2"] .thumb svg')).to_have_count(1)
    expect(page.locator(".thumb img")).to_have_count(0)


def look(page: Page) -> tuple[int, int, int]:
    r, g, b = page.evaluate(MIDDLE)
    return (r > 150, g > 150, b > 150)


@contextmanager
def another(chromium: Browser, *options: str) -> Iterator[Browser]:
    """A second browser beside the folder's own, with other options of its command line."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    browser = chromium.browser_type.launch(executable_path=program, args=[*QUIET, *options])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def with_webgl(chromium: Browser, site: str) -> Iterator[Page]:
    """A page of a browser that draws WebGL in software."""
    with another(
        chromium, "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"
    ) as browser:
        context = browser.new_context(base_url=site, viewport={"width": 900, "height": 700}, locale="zh-CN")
        yield context.new_page()


def test_the_panorama_turns_with_keys_and_pointer(with_webgl: Page, hung: str) -> None:
    page, asked = with_webgl, []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(hung)
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    assert not any("panorama" in url for url in asked), "the viewer is loaded before it is asked for"
    page.locator("[data-kind=panorama]").click()
    canvas = page.locator("[data-panorama]")
    expect(canvas).to_be_focused()
    until(page, "document.querySelector('[data-panorama]').dataset.yaw === '0'")
    assert look(page) == (False, True, False)
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('[data-panorama]').dataset.yaw === '90'")
    assert look(page) == (True, False, False)
    expect(page.locator(".lightbox-heading")).to_have_text("朝向 90°东")
    page.mouse.move(200, 350)
    page.mouse.down()
    page.mouse.move(800, 350, steps=4)
    page.mouse.up()
    until(page, "Math.abs(Number(document.querySelector('[data-panorama]').dataset.yaw) - 37) < 25")
    page.keyboard.press("Escape")
    expect(canvas).to_have_count(0)


def test_without_webgl_it_lies_flat_and_says_why(chromium: Browser, site: str, hung: str) -> None:
    with another(chromium, "--disable-gpu", "--disable-3d-apis") as browser:
        page = browser.new_context(base_url=site, locale="en-GB").new_page()
        page.goto(hung)
        page.wait_for_selector('html[data-ready="1"]', state="attached")
        page.locator("[data-kind=panorama]").click()
        expect(page.locator(".lightbox-note")).to_contain_text("cannot show the panorama in 3D")
        until(
            page,
            "document.querySelector('.lightbox-stage').scrollWidth > document.querySelector('.lightbox-stage').clientWidth",
        )


def test_the_drawer_shows_them_too(open_page: Opener, hung: str) -> None:
    page = open_page("/")
    page.evaluate(
        "document.querySelector('[data-card-body]').insertAdjacentHTML('beforeend', '<div data-gallery data-collection=buildings data-code=B1></div>')"
    )
    until(page, "document.querySelectorAll('[data-gallery].has-pictures [data-picture]').length === 2")


def test_staff_send_and_take_back_without_script(open_page: Opener, tmp_path: Path) -> None:
    (tmp_path / "plan.png").write_bytes(encoded(drawn(500, 400, 7), "PNG"))
    page = open_page("/parcels/P1", login="clerk", script=False)
    page.get_by_label("选择图片，或拖到这里").set_input_files(tmp_path / "plan.png")
    page.get_by_role("button", name="上传").click()
    expect(page.locator("#pictures figure")).to_have_count(1)
    assert open_page("/parcels/P1", script=False).locator("#pictures figure").count() == 0, "not public yet"
    page.locator("summary", has_text="管理图片").click()
    kept = page.locator(".gallery-kept")
    kept.get_by_label("说明（中文）").fill("规划图")
    kept.get_by_label("许可").fill("CC0-1.0")
    kept.get_by_label("作者").fill("甲")
    kept.get_by_label("可见范围").select_option("public")
    kept.get_by_label("类别").select_option("plan")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(open_page("/parcels/P1", script=False).locator("#pictures figcaption")).to_contain_text("规划图")
    page.locator("summary", has_text="管理图片").click()
    page.get_by_role("button", name="撤下").click()
    expect(page.get_by_role("status").filter(has_text="已撤下")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("#pictures figure")).to_have_count(1)


def test_staff_see_why_a_file_was_not_kept(open_page: Opener, gate: Gate) -> None:
    gate.expected = ("400",)
    page = open_page("/parcels/P2", login="clerk")
    assert violations(page) == []
    page.locator("[data-upload] input[type=file]").nth(0).set_input_files(
        [{"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
         {"name": "ok.jpg", "mimeType": "image/jpeg", "buffer": encoded(drawn(300, 200, 9))}]
    )  # fmt: skip
    page.get_by_role("button", name="上传").click()
    lines = page.locator("[data-progress] li")
    expect(lines.nth(0)).to_contain_text("x.svg：未保存。x.svg：SVG 可能含有脚本")
    expect(lines.nth(1)).to_have_text("ok.jpg：已保存")
