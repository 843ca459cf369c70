"""Part `screen`: the map page over the county in Chromium, on a desk and on a slow phone, and what its script asks the service."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import numpy as np
import shapely
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from ops.bench import land
from ops.bench.client import Failed
from ops.bench.processes import our_service
from ops.bench.report import Part, spread
from ops.bench.rounds import Spread
from ops.bench.run import Run
from ops.bench.targets import judge

PATIENCE_S = 60.0
MOVE_S = 1.5
"""Length of a pan and of each of two zooms, seconds."""

CLOSE = 14
"""The zoom at which plots stand apart and the map is moved."""

OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
           "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Device:
    """A window, and by how much its processor is slowed down."""

    name: str
    width: int
    height: int
    slower: int
    is_phone: bool


DEVICES = (Device("desk", 1440, 900, 1, False), Device("phone", 390, 844, 4, True))

FRAMES = """async ([move, seconds]) => {
  const map = onemap.map, begun = performance.now();
  let frames = 0, at = 0;
  if (move === "zoom") map.setZoom(map.getZoom() + 1, {animate: true});
  await new Promise((done) => {
    const frame = (now) => {
      frames++;
      if (move === "pan") map.panBy([at % 120 < 60 ? 6 : -6, 3], {animate: false});
      if (move === "zoom" && at === 20) map.setZoom(map.getZoom() - 1, {animate: true});
      at++;
      if (now - begun < seconds * 1000) requestAnimationFrame(frame); else done();
    };
    requestAnimationFrame(frame);
  });
  return frames * 1000 / (performance.now() - begun);
}"""


def run(asked: Run) -> list[Part]:
    """Open, move and weigh the page once a round on each device; ask for its numbers and its rows beside it."""
    seen: dict[str, list[float]] = {}

    def keep(name: str, value: float) -> None:
        seen.setdefault(name, []).append(value)

    with our_service(asked.database.app_url) as server:
        with httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client:
            for _ in range(asked.rounds):
                for name, path in _questions().items():
                    keep(name, _seconds(client, path))
        with _chromium() as browser:
            for number in range(asked.rounds):
                for device in DEVICES:
                    asked.say(f"screen: {device.name}, round {number + 1}")
                    _visit(browser, server.url, device, keep)
    spreads = {name: Spread.of(values) for name, values in seen.items()}
    notes = [f"{name}: {spread(found)}" for name, found in spreads.items()]
    figures = {
        "screen_ready": spreads["desk, ready s"], "screen_ready_phone": spreads["phone, ready s"],
        "screen_numbers": spreads["/map/summary, county s"], "screen_rows": spreads["/map/list, county s"],
        "screen_box": spreads["/map/list, box of all s"], "screen_heap": spreads["desk, script heap MB"],
    }  # fmt: skip
    return [Part("screen", notes=notes, verdicts=judge("screen", figures))]


def _questions() -> dict[str, str]:
    """What the page asks at its start and at each move, by name."""
    box = ",".join(f"{edge:.5f}" for edge in _middle_deg())
    return {
        "/ s": "/",
        "/map/summary, county s": "/map/summary",
        "/map/summary, window s": f"/map/summary?rings=0&bbox={box}",
        "/map/summary, filtered s": "/map/summary?st=AVAILABLE&a0=2",
        "/map/list, county s": "/map/list?w=all",
        "/map/list, box of all s": f"/map/list?bbox={','.join(f'{edge:.5f}' for edge in _all_deg())}",
        "/map/list, window s": f"/map/list?bbox={box}",
        "/map/list, by area s": "/map/list?w=all&o=area",
    }


def _all_deg() -> tuple[float, float, float, float]:
    """West, south, east, north of a window that holds the county, degrees."""
    west, south, east, north = shapely.total_bounds(land.degrees(np.array([land.outline()], object)))
    return west - 0.05, south - 0.05, east + 0.05, north + 0.05


def _middle_deg() -> tuple[float, float, float, float]:
    """West, south, east, north of a window at zoom CLOSE over the main town, degrees."""
    half_width, half_height = 0.055, 0.025
    lon, lat = _centre_deg()
    return lon - half_width, lat - half_height, lon + half_width, lat + half_height


def _centre_deg() -> tuple[float, float]:
    """Longitude and latitude of the main town, EPSG:4490."""
    point = land.degrees(shapely.points([land.CENTRE]))[0]
    return float(point.x), float(point.y)


def _seconds(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    if answer.status_code != 200:
        raise Failed(f"{path}: {answer.status_code} {answer.text[:200]}")
    return time.perf_counter() - begun


@contextmanager
def _chromium() -> Iterator[Browser]:
    """The machine's Chromium; raises Failed where there is none."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        raise Failed("no Chromium: install it, or set CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def _visit(browser: Browser, url: str, device: Device, keep: Callable[[str, float], None]) -> None:
    """One fresh reader: the first screen, then plots near by, moved and zoomed."""
    context = browser.new_context(
        viewport={"width": device.width, "height": device.height}, is_mobile=device.is_phone, has_touch=device.is_phone,
        device_scale_factor=2 if device.is_phone else 1,
    )  # fmt: skip
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": device.slower})
        keep(f"{device.name}, ready s", _ready_after(page, lambda: page.goto(f"{url}/")))
        lon, lat = _centre_deg()
        moved = f"onemap.map.setView([{lat}, {lon}], {CLOSE}, {{animate: false}})"
        keep(f"{device.name}, plots ready s", _ready_after(page, lambda: page.evaluate(f"void {moved}")))
        for move in ("pan", "zoom"):
            keep(f"{device.name}, {move} frames/s", float(page.evaluate(FRAMES, [move, MOVE_S])))
        page.wait_for_selector('html[data-ready="1"]', state="attached")
        keep(f"{device.name}, script heap MB", _heap_mb(session))
    finally:
        context.close()


def _ready_after(page: Page, act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    return time.perf_counter() - begun


def _heap_mb(session: CDPSession) -> float:
    """What the page's scripts hold after a collection."""
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / 1e6
