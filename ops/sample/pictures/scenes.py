"""Drawn views of a plant, an office, a gate, a quay, a town street, and a plan from above; 1600 x 1000 pixels."""

from __future__ import annotations

from ops.sample.pictures.brush import Canvas, Colour, ridge

WIDTH_PX, HEIGHT_PX = 1600, 1000
SKY: tuple[Colour, Colour] = ((126, 180, 214), (228, 239, 243))
FAR: Colour = (142, 170, 168)
NEAR: Colour = (96, 138, 116)
GRASS: tuple[Colour, Colour] = ((134, 168, 108), (98, 136, 82))
ASPHALT: Colour = (104, 110, 115)
GLASS: Colour = (92, 138, 165)
STEEL: Colour = (214, 220, 222)
SHADE: Colour = (168, 178, 184)
BRAND: Colour = (11, 90, 120)
WHITE: Colour = (247, 248, 246)


def _outdoors(horizon: float = 560) -> Canvas:
    c = Canvas(WIDTH_PX, HEIGHT_PX, WHITE)
    c.fade(0, horizon, *SKY)
    for colour, height, waves in (
        (FAR, 190, ((2, 0.1, 0.6), (5, 0.3, 0.3), (11, 0.7, 0.1))),
        (NEAR, 105, ((3, 0.55, 0.6), (7, 0.2, 0.3), (13, 0.4, 0.1))),
    ):
        top = [(x, horizon - height * ridge(x / WIDTH_PX, waves)) for x in range(0, WIDTH_PX + 1, 20)]
        c.area([(0, horizon), *top, (WIDTH_PX, horizon)], colour)
    c.fade(horizon, HEIGHT_PX, *GRASS)
    return c


def _road(c: Canvas, near_left: float, near_right: float, far: float, top: float) -> None:
    c.area([(near_left, HEIGHT_PX), (near_right, HEIGHT_PX), (far + 26, top), (far - 26, top)], ASPHALT)
    middle = (near_left + near_right) / 2
    for start in (0.02, 0.2, 0.42, 0.66):
        end = start + 0.1
        at = [(middle + (far - middle) * s, HEIGHT_PX + (top - HEIGHT_PX) * s) for s in (start, end)]
        c.line(at, WHITE, 9 * (1 - start))


def _tree(c: Canvas, x: float, foot: float, size: float) -> None:
    c.box(x - size * 0.06, foot - size * 0.45, x + size * 0.06, foot, (104, 82, 60))
    c.disc(x, foot - size * 0.7, size * 0.36, (70, 118, 76))
    c.disc(x - size * 0.14, foot - size * 0.78, size * 0.22, (88, 138, 90))


def plant() -> Canvas:
    """A hall in two-point perspective with doors, skylights and a yard."""
    c = _outdoors()
    c.area([(0, 1000), (0, 800), (1600, 690), (1600, 1000)], (176, 178, 174))
    front = [(180, 330), (900, 390), (900, 735), (180, 815)]
    side = [(900, 390), (1460, 450), (1460, 690), (900, 735)]
    c.area(front, STEEL)
    c.area(side, SHADE)
    c.area([(160, 318), (900, 380), (1480, 443), (900, 352), (180, 290)], BRAND)
    for n in range(1, 16):
        x = 180 + 720 * n / 16
        c.line([(x, 330 + 60 * n / 16), (x, 815 - 80 * n / 16)], (196, 204, 207), 2)
    for n in range(4):
        x, s = 250 + n * 160, 1 - n * 0.06
        c.area(
            [
                (x, 800 - n * 17),
                (x, 800 - n * 17 - 190 * s),
                (x + 95 * s, 792 - n * 17 - 188 * s),
                (x + 95 * s, 789 - n * 17),
            ],
            (74, 92, 104),
        )
        for k in range(1, 6):
            c.line(
                [(x, 800 - n * 17 - 190 * s * k / 6), (x + 95 * s, 790 - n * 17 - 188 * s * k / 6)], (100, 118, 130), 2
            )
    for n in range(6):
        x = 950 + n * 84
        c.area([(x, 470 + n * 7), (x + 56, 475 + n * 7), (x + 56, 520 + n * 5), (x, 518 + n * 5)], GLASS)
    for x, foot, size in ((60, 850, 190), (1520, 720, 130), (1570, 760, 160)):
        _tree(c, x, foot, size)
    c.box(1010, 735, 1180, 800, (232, 180, 60))
    c.box(1180, 752, 1240, 800, (210, 90, 60))
    for x in (1045, 1140, 1215):
        c.disc(x, 803, 17, (50, 54, 58))
    return c


def office() -> Canvas:
    """Two glazed towers above a plinth."""
    c = _outdoors(620)
    for left, top, right, bottom, floors, bays, glass in (
        (330, 120, 720, 800, 18, 9, GLASS),
        (790, 300, 1240, 800, 12, 11, (110, 150, 168)),
    ):
        c.box(left, top, right, bottom, WHITE)
        high, wide = (bottom - top - 40) / floors, (right - left - 20) / bays
        for f in range(floors):
            for b in range(bays):
                lit = (f * 7 + b * 5) % 11 == 0
                x, y = left + 10 + b * wide, top + 14 + f * high
                c.box(x + 3, y + 4, x + wide - 3, y + high - 5, (238, 214, 150) if lit else glass)
    c.box(280, 760, 1300, 840, (206, 210, 208))
    for n in range(17):
        c.box(300 + n * 59, 772, 346 + n * 59, 832, (72, 110, 132))
    c.area([(0, 1000), (0, 900), (1600, 900), (1600, 1000)], ASPHALT)
    c.area([(0, 900), (0, 840), (1600, 840), (1600, 900)], (192, 194, 188))
    for x in (90, 210, 1360, 1470, 1560):
        _tree(c, x, 850, 170)
    return c


def gate() -> Canvas:
    """The gate of a park with its road."""
    c = _outdoors()
    for left, top, right, colour in (
        (1080, 430, 1420, STEEL),
        (150, 450, 520, SHADE),
        (1240, 380, 1560, (198, 206, 208)),
    ):
        c.box(left, top, right, 580, colour)
        for n in range(6):
            x = left + 20 + n * (right - left - 30) / 6
            c.box(x, top + 30, x + 34, top + 60, GLASS)
    _road(c, 380, 1220, 800, 570)
    for x in (330, 1150):
        c.box(x, 380, x + 120, 850, (232, 230, 222))
        c.box(x + 14, 420, x + 106, 440, BRAND)
    c.area([(290, 330), (1310, 330), (1270, 410), (330, 410)], BRAND)
    for n in range(9):
        c.box(560 + n * 56, 352, 596 + n * 56, 388, (108, 195, 224))
    for x, foot, size in ((90, 800, 220), (220, 730, 150), (1400, 760, 190), (1530, 840, 240)):
        _tree(c, x, foot, size)
    return c


def quay() -> Canvas:
    """A berth with a crane and a ship."""
    c = _outdoors(500)
    c.fade(500, 1000, (86, 138, 166), (44, 92, 124))
    for n in range(26):
        y = 540 + n * 17
        c.line([((n * 397) % 1500, y), ((n * 397) % 1500 + 60 + n * 4, y)], (128, 172, 194), 2)
    c.area([(0, 1000), (0, 700), (760, 640), (1000, 1000)], (178, 176, 168))
    c.area([(760, 640), (1000, 1000), (1020, 1000), (780, 640)], (120, 118, 112))
    c.area([(820, 620), (1540, 600), (1480, 740), (930, 750)], (150, 52, 46))
    c.area([(820, 620), (1540, 600), (1530, 625), (835, 645)], WHITE)
    for n in range(8):
        for k in range(2 + n % 2):
            colours: tuple[Colour, ...] = ((210, 130, 50), (60, 110, 150), (90, 140, 100), (190, 180, 80))
            c.box(900 + n * 62, 580 - k * 32 - n, 956 + n * 62, 610 - k * 32 - n, colours[(n * 3 + k) % 4])
    c.box(1420, 470, 1500, 605, WHITE)
    for n in range(3):
        c.box(1432, 485 + n * 34, 1488, 503 + n * 34, GLASS)
    for x in (420, 600):
        c.box(x, 300, x + 22, 720, (205, 120, 40))
    c.box(400, 290, 1180, 318, (205, 120, 40))
    c.line([(511, 290), (511, 180), (1160, 290)], (205, 120, 40), 8)
    c.line([(1040, 318), (1040, 540)], (60, 60, 60), 3)
    return c


def street() -> Canvas:
    """A street of a featured town towards the hills."""
    c = _outdoors()
    _road(c, 480, 1120, 800, 560)
    walls: tuple[Colour, ...] = ((240, 234, 220), (226, 214, 196), (236, 226, 210))
    for n, (near, far, high) in enumerate(((0, 240, 300), (240, 430, 230), (430, 570, 180))):
        for flip in (False, True):
            a, b = (1600 - near, 1600 - far) if flip else (near, far)
            foot_a, foot_b = 900 - n * 110, 900 - (n + 1) * 110
            c.area(
                [(a, foot_a), (a, foot_a - high - 120 + n * 40), (b, foot_b - high + 30), (b, foot_b)],
                walls[(n + flip) % 3],
            )
            c.area(
                [
                    (a, foot_a - high - 120 + n * 40),
                    (b, foot_b - high + 30),
                    (b, foot_b - high - 8),
                    (a, foot_a - high - 175 + n * 50),
                ],
                (70, 76, 84),
            )
            for k in range(3):
                s = (k + 0.5) / 3
                x, foot = a + (b - a) * s, foot_a + (foot_b - foot_a) * s
                half = 22 - n * 5
                c.box(x - half, foot - 210 + n * 45, x + half, foot - 130 + n * 30, (124, 88, 62))
                c.box(x - half, foot - 95 + n * 20, x + half, foot, (86, 66, 52))
    return c


def plan() -> Canvas:
    """A site plan from above: roads, plots, halls, green, north arrow."""
    c = Canvas(WIDTH_PX, HEIGHT_PX, (242, 240, 232))
    c.area([(0, 0), (420, 0), (300, 300), (180, 620), (260, 1000), (0, 1000)], (202, 226, 236))
    c.area(
        [(420, 0), (470, 0), (350, 310), (232, 622), (312, 1000), (260, 1000), (180, 620), (300, 300)], (204, 220, 180)
    )
    for left, top, right, bottom in ((380, 470, 1600, 520), (860, 0, 910, 1000), (1260, 0, 1300, 1000)):
        c.box(left, top, right, bottom, (226, 222, 212))
        c.box(left + 4, top + 4, right - 4, bottom - 4, (255, 255, 255))
    for n, (left, top, right, bottom) in enumerate(
        (
            (500, 60, 840, 440),
            (930, 60, 1240, 440),
            (1320, 60, 1560, 440),
            (420, 550, 840, 940),
            (930, 550, 1240, 940),
            (1320, 550, 1560, 860),
        )
    ):
        c.line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], BRAND, 5)
        c.box(left + 8, top + 8, right - 8, bottom - 8, (222, 234, 216) if n % 3 == 2 else (248, 246, 240))
        halls = 2 + n % 2
        for k in range(halls):
            high = (bottom - top - 60) / halls
            y = top + 30 + k * high
            c.box(left + 44, y + 14, right - 40, y + high - 16, (172, 178, 182))
            c.box(left + 36, y + 6, right - 48, y + high - 24, (206, 212, 216) if (n + k) % 2 else (186, 208, 218))
            c.line([(left + 36, y + high / 2 - 9), (right - 48, y + high / 2 - 9)], (150, 160, 168), 3)
        for k in range(5):
            c.disc(left + 22, top + 40 + k * (bottom - top - 80) / 4, 11, (112, 156, 104))
    c.area([(120, 70), (150, 170), (120, 150), (90, 170)], (40, 52, 62))
    c.sign("N", 100, 190, 42, (40, 52, 62))
    c.box(90, 900, 190, 912, (40, 52, 62))
    c.box(190, 900, 290, 912, WHITE)
    c.line([(90, 900), (290, 900), (290, 912), (90, 912), (90, 900)], (40, 52, 62), 2)
    return c
