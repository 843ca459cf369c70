"""A file sent from the page becomes plots on the map; what was not taken comes back with its reason; a batch is taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from geo.db import sync_engine
from ops.worker import drain
from tests.browser.conftest import Gate, Opener
from tests.browser.county import PLACE


def _feature(code: str, shift: float, geometry: bool = True) -> dict[str, Any]:
    w, s = PLACE[0] + shift, PLACE[1] + 0.02
    ring = [[w, s], [w + 0.003, s], [w + 0.003, s + 0.003], [w, s + 0.003], [w, s]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"导入{code}", "town_code": "T1", "unit_code": "U1"},
        "geometry": {"type": "Polygon", "coordinates": [ring]} if geometry else None,
    }


def _send(page: Page, file: Path) -> None:
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("导入到").select_option("parcels")
    page.get_by_label("直接公开").check()
    page.get_by_role("button", name="开始导入").click()


def test_a_file_becomes_plots_on_the_map_and_can_be_taken_back(
    open_page: Opener, service_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "地块.geojson"
    features = [_feature("N1", 0.0), _feature("N2", 0.004), _feature("N3", 0.008, geometry=False)]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    page = open_page("/desk/import", login="bureau")
    _send(page, file)
    state = page.locator("#batch")
    expect(state).to_contain_text("排队中")
    engine = sync_engine(service_url)
    try:
        assert drain(engine) == 1
    finally:
        engine.dispose()
    expect(state).to_have_attribute("data-state", "applied_with_rejects")  # the page asked again by itself
    expect(state.locator(".figures")).to_contain_text("2")
    expect(state.locator("table")).to_contain_text("没有图形")
    with page.expect_download() as download:
        state.get_by_role("link", name="下载未采用的行").click()
    assert download.value.suggested_filename.endswith(".gpkg") or download.value.suggested_filename.endswith(".csv")
    batch = page.url
    page.goto("/parcels/N1")
    expect(page.locator("h1")).to_have_text("导入N1")
    page.goto(batch)
    page.get_by_role("button", name="撤回这一批").click()
    expect(page.locator("#batch")).to_contain_text("撤回时删除")
    page.goto(batch)
    expect(page.locator("#batch")).to_have_attribute("data-state", "undone")


def test_a_file_that_cannot_be_read_says_why_without_script(
    open_page: Opener, service_url: str, tmp_path: Path, gate: Gate
) -> None:
    file = tmp_path / "broken.gpkg"
    file.write_bytes(b"not a geopackage at all")
    page = open_page("/desk/import?lang=zh", login="bureau", script=False)
    _send(page, file)
    engine = sync_engine(service_url)
    try:
        drain(engine)
    finally:
        engine.dispose()
    page.get_by_role("link", name="刷新").click()
    expect(page.locator("#batch")).to_have_attribute("data-state", "failed")
    expect(page.locator("#batch")).to_contain_text("失败，什么都没有写入")
    assert len(page.locator("#batch .note-bad").inner_text()) > len("失败，什么都没有写入") + 5
