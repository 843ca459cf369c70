"""Drawn equirectangular panoramas, 2048 x 1024: the middle is north, x is heading, y is pitch; horizon, hills, sea, letters."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ops.sample.pictures.brush import Canvas, Colour, ridge

WIDTH_PX, HEIGHT_PX = 2048, 1024
EYE_M = 2.0
HORIZON = HEIGHT_PX / 2
Block = tuple[float, float, float, float, float, Colour]
"""Heading of its middle (degrees), distance, width, depth, height (m), colour."""

LETTERS = (("N", 0), ("E", 90), ("S", 180), ("W", 270))


def _at(east_m: float, north_m: float, up_m: float, around_deg: float) -> tuple[float, float]:
    """Where a point shows; kept within half a turn of `around_deg`, so that shapes across south do not tear."""
    heading = math.degrees(math.atan2(east_m, north_m))
    heading = around_deg + (heading - around_deg + 180) % 360 - 180
    pitch = math.degrees(math.atan2(up_m - EYE_M, math.hypot(east_m, north_m)))
    return WIDTH_PX / 2 + heading / 360 * WIDTH_PX, HORIZON - pitch / 180 * HEIGHT_PX


def _wall(c: Canvas, corners: Iterable[tuple[float, float, float]], around_deg: float, colour: Colour) -> None:
    """A flat polygon in space; its edges bend, so each is drawn in pieces. Drawn twice where it crosses the seam."""
    ring = list(corners)
    points = []
    for (ax, ay, az), (bx, by, bz) in zip(ring, ring[1:] + ring[:1], strict=True):
        points += [
            _at(ax + (bx - ax) * s / 12, ay + (by - ay) * s / 12, az + (bz - az) * s / 12, around_deg)
            for s in range(12)
        ]
    for shift in (-WIDTH_PX, 0, WIDTH_PX):
        c.area([(x + shift, y) for x, y in points], colour)


def _block(c: Canvas, block: Block) -> None:
    heading_deg, distance, width, depth, height, colour = block
    a = math.radians(heading_deg)
    out, across = (math.sin(a), math.cos(a)), (math.cos(a), -math.sin(a))

    def corner(side: float, away: float, up: float) -> tuple[float, float, float]:
        r = distance + away
        return (out[0] * r + across[0] * side, out[1] * r + across[1] * side, up)

    half = width / 2
    darker: Colour = tuple(round(part * 0.82) for part in colour)  # type: ignore[assignment]
    for side in (-half, half):
        _wall(
            c,
            [corner(side, 0, 0), corner(side, depth, 0), corner(side, depth, height), corner(side, 0, height)],
            heading_deg,
            darker,
        )
    _wall(
        c,
        [corner(-half, 0, 0), corner(half, 0, 0), corner(half, 0, height), corner(-half, 0, height)],
        heading_deg,
        colour,
    )
    bays, floors = max(2, round(width / 7)), max(1, round(height / 4.5))
    for bay in range(bays):
        for floor in range(floors):
            x, z = -half + width * (bay + 0.22) / bays, height * (floor + 0.3) / floors
            w, h = width * 0.56 / bays, height * 0.42 / floors
            pane = [corner(x, -0.05, z), corner(x + w, -0.05, z), corner(x + w, -0.05, z + h), corner(x, -0.05, z + h)]
            _wall(c, pane, heading_deg, (84, 128, 152))


def _around(sea: tuple[float, float], hill_px: float, blocks: tuple[Block, ...], road_deg: float) -> Canvas:
    c = Canvas(WIDTH_PX, HEIGHT_PX, (150, 176, 120))
    c.fade(0, HORIZON, (74, 136, 186), (226, 238, 244))
    for colour, share, waves in (
        ((140, 166, 172), 1.0, ((2, 0.05, 0.55), (5, 0.4, 0.3), (9, 0.2, 0.15))),
        ((98, 136, 118), 0.6, ((3, 0.5, 0.5), (7, 0.1, 0.3), (12, 0.6, 0.2))),
    ):
        top = []
        for x in range(0, WIDTH_PX + 1, 8):
            heading = (x / WIDTH_PX * 360 + 180) % 360
            is_sea = sea[0] <= heading <= sea[1]
            edge = min(abs(heading - sea[0]), abs(heading - sea[1]), 25) / 25
            top.append((x, HORIZON - hill_px * share * ridge(x / WIDTH_PX, waves) * (0.0 if is_sea else edge)))
        c.area([(0, HORIZON + 2), *top, (WIDTH_PX, HORIZON + 2)], colour)
    c.fade(HORIZON, HEIGHT_PX, (152, 176, 118), (102, 134, 84))
    left, right = ((deg - 180) % 360 / 360 * WIDTH_PX for deg in sea)
    for a, b in ((left, right),) if left < right else ((left, WIDTH_PX), (0, right)):
        for n in range(44):
            y, shade = HORIZON + n * 1.6, n / 44
            c.box(
                a + n * 0.9,
                y,
                b - n * 0.9,
                y + 1.7,
                (round(126 - 50 * shade), round(172 - 40 * shade), round(194 - 32 * shade)),
            )
    for heading in (road_deg, road_deg + 180):
        a = math.radians(heading)
        side = (math.cos(a) * 3.5, -math.sin(a) * 3.5)
        far = (math.sin(a) * 400, math.cos(a) * 400)
        close = (math.sin(a) * 1.2, math.cos(a) * 1.2)
        _wall(c, [(close[0] - side[0], close[1] - side[1], 0), (far[0] - side[0], far[1] - side[1], 0), (far[0] + side[0], far[1] + side[1], 0),
                  (close[0] + side[0], close[1] + side[1], 0)], heading, (112, 116, 120))  # fmt: skip
    for block in sorted(blocks, key=lambda b: -b[1]):
        _block(c, block)
    for letter, bearing in LETTERS:
        for turn in (0.0, 360.0):
            shown = (bearing if bearing <= 180 else bearing - 360) - turn
            middle = WIDTH_PX / 2 + shown / 360 * WIDTH_PX
            c.disc(middle, HORIZON + 150, 40, (255, 255, 255))
            c.sign(letter, middle - 20, HORIZON + 130, 40, (164, 22, 26) if letter == "N" else (20, 32, 43))
    c.sign("示例", WIDTH_PX / 2 - 50, HEIGHT_PX - 250, 44, (122, 75, 0))
    return c


def park_all_round() -> Canvas:
    """Inside an industrial park: halls on both sides of its road, hills behind, sea to the south-east."""
    return _around((95, 160), 120, (
        (325, 42, 60, 30, 13, (214, 220, 222)), (25, 52, 70, 30, 12, (198, 208, 212)), (68, 70, 40, 20, 22, (236, 232, 222)),
        (205, 46, 64, 30, 13, (206, 214, 218)), (255, 60, 48, 30, 16, (188, 204, 214)), (290, 90, 40, 20, 30, (230, 232, 232)),
    ), 0)  # fmt: skip


def coast_all_round() -> Canvas:
    """On a quay: open sea from east to south, sheds and hills behind."""
    return _around((60, 215), 150, (
        (300, 60, 50, 25, 10, (214, 208, 196)), (340, 80, 60, 25, 12, (196, 208, 214)), (20, 70, 34, 20, 9, (222, 214, 200)),
        (250, 90, 30, 20, 24, (226, 228, 226)),
    ), 235)  # fmt: skip


def town_all_round() -> Canvas:
    """In a featured town: low houses around a square."""
    houses: tuple[Block, ...] = tuple(
        (
            heading,
            26 + (heading * 7) % 13,
            13,
            9,
            7 + (heading * 3) % 5,
            ((240, 234, 220), (226, 214, 196), (232, 222, 206))[n % 3],
        )
        for n, heading in enumerate((18, 50, 82, 118, 150, 208, 240, 272, 304, 338))
    )
    return _around((128, 142), 190, houses, 0)
