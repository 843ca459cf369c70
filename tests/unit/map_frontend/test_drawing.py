"""A drawing is true to scale, the same each time, keeps names apart, and lets no name become markup."""

from __future__ import annotations

import random
import re
from xml.etree import ElementTree

import pytest
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import LineString, Point

from map_frontend.drawing.frame import Frame, fitting, survey_box
from map_frontend.drawing.inks import DARK, LIGHT, PAGE
from map_frontend.drawing.labels import Name, arranged
from map_frontend.drawing.map_drawing import draw
from map_frontend.drawing.painting import VERTICES_MAX, painted
from map_frontend.drawing.scene import Drawn, Feature, Notes, Scene
from map_frontend.drawing.shapes import path, spot
from map_frontend.drawing.text import clean, cut, width, wrapped
from map_frontend.layers import ALL
from map_frontend.style.palette import TOKENS

PLACES = {4529: (121.9, 29.4), 32618: (-75.1, 39.9), 32633: (15.0, 69.0)}
PARCELS = next(layer for layer in ALL if layer.collection == "parcels")
PARKS = next(layer for layer in ALL if layer.collection == "parks")
HOSTILE = "</text><script>alert(1)</script>\u202e&\u0000\ud800"


def frame_at(srid: int = 4529, m_per_px: float = 1.0) -> Frame:
    lon, lat = PLACES[srid]
    box = survey_box((lon, lat, lon + 0.001, lat + 0.001), srid)
    return Frame(srid, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, m_per_px, 640, 440)


def square(frame: Frame, x_px: float, y_px: float, side_px: float, code: str = "P", **properties: object) -> Feature:
    west, _, _, north = frame.box_m
    m = frame.m_per_px
    shape = shapely.box(west + x_px * m, north - (y_px + side_px) * m, west + (x_px + side_px) * m, north - y_px * m)
    return Feature(code, str(properties.pop("name", code)), {"status": "AVAILABLE", **properties}, shape)


def scene(frame: Frame, *features: Feature, subject: Feature | None = None) -> Scene:
    notes = Notes("a map", "N", f"{frame.bar(frame.width / 4)[0]} m", (), ("not reviewed",))
    return Scene(frame, (Drawn(PARCELS, features),), notes, (PARCELS, subject) if subject else None)


@pytest.mark.parametrize("srid", PLACES)
@pytest.mark.parametrize("m_per_px", [0.5, 7.3, 120.0])
def test_the_scale_bar_is_as_long_as_it_says(srid: int, m_per_px: float) -> None:
    frame = frame_at(srid, m_per_px)
    drawn = draw(scene(frame))
    found = re.search(r'class="scale-bar" d="M([\d.]+) ([\d.]+)v5h([\d.]+)v-5"', drawn)
    assert found is not None
    x, y, across = (float(part) for part in found.groups())
    west, _, _, north = frame.box_m
    back = Transformer.from_crs(srid, 4490, always_xy=True)
    ends = [back.transform(west + at * m_per_px, north - (y + 5) * m_per_px) for at in (x, x + across)]
    on_the_ground = Geod(ellps="GRS80").inv(*ends[0], *ends[1])[2]
    said = int(re.search(r">(\d+) m<", drawn).group(1))  # type: ignore[union-attr]
    assert on_the_ground == pytest.approx(said, rel=0.01)


def test_north_is_up_and_a_square_stays_square() -> None:
    frame = frame_at()
    d, vertices = path(square(frame, 100, 50, 80).geometry, frame)
    xs, ys = zip(*((float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)), strict=True)
    assert vertices == 4
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((100, 180, 50, 130), abs=0.11)


def test_the_same_scene_gives_the_same_bytes() -> None:
    frame = frame_at()
    features = [square(frame, 20 + 60 * n, 40, 50, f"P{n}", name=f"地块{n}") for n in range(8)]
    assert draw(scene(frame, *features)) == draw(scene(frame_at(), *features))


@pytest.mark.parametrize("inks", [LIGHT, DARK, PAGE], ids=lambda inks: inks.theme)
def test_every_state_has_its_colour_and_its_shape(inks: object) -> None:
    frame = frame_at()
    states = [code for code in PARCELS.marks if code != "IN_USE"]
    drawn = [
        "".join(painted(Drawn(PARCELS, (square(frame, 100, 100, 90, status=code),)), frame, inks).marks)  # type: ignore[arg-type]
        for code in states
    ]
    assert len(set(drawn)) == len(states)
    in_grey = {re.sub(r"#[0-9a-f]{6}|var\(--[a-z0-9-]+\)", "", text) for text in drawn}
    assert len(in_grey) == len(states), "two states differ by colour alone"
    assert all(not re.search(r"#[0-9a-f]{6}", text) for text in drawn) or inks is not PAGE


def test_names_never_cover_each_other() -> None:
    at = random.Random(7)
    names = [
        Name("地块名称" * at.randint(1, 3), at.uniform(0, 600), at.uniform(0, 400), at.randint(0, 50), at.choice([11, 12, 14]), 400, "ink", at.choice([0, 8]))
        for _ in range(300)
    ]  # fmt: skip
    placed = arranged(names, [(0, 0, 60, 40)], (0, 0, 640, 440))
    boxes = []
    for p in placed:
        half, middle = width(p.name.text, p.name.size) / 2, p.baseline - p.name.size * 0.36
        boxes.append(shapely.box(p.x - half, middle - p.name.size * 0.55, p.x + half, middle + p.name.size * 0.55))
    assert len(placed) > 10
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    assert not any(box.intersects(shapely.box(0, 0, 60, 40)) for box in boxes)
    assert max(p.name.rank for p in placed) == max(n.rank for n in names)


def test_the_subject_is_named_first_and_drawn_once() -> None:
    frame = frame_at()
    subject = square(frame, 250, 150, 120, "S", name="主角")
    crowd = [square(frame, 240 + n, 160 + n, 90, f"P{n}", name=f"配角{n}") for n in range(20)]
    drawn = draw(scene(frame, subject, *crowd, subject=subject))
    assert drawn.count(">主角</text>") == 2, "its halo and itself"
    assert drawn.count('stroke-width="2.8"') == 1


def test_a_name_cannot_become_markup() -> None:
    frame = frame_at()
    subject = square(frame, 250, 150, 120, "<b>", name=HOSTILE)
    drawn = draw(scene(frame, subject, subject=subject))
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn).iter()}
    assert tags <= {"svg", "g", "rect", "path", "polygon", "circle", "text"}
    assert "\u202e" not in drawn


def test_a_long_name_is_cut_and_an_emoji_stays_whole() -> None:
    assert len(clean("长" * 5000)) <= 400
    assert clean("👩\u200d🔧") == "👩\u200d🔧"
    assert clean("a\u0000\n b\u2066\u202e") == "a b"
    assert width(cut("长" * 5000, 200, 12), 12) <= 212
    assert len(wrapped("象山县" * 200, 392, 44, 3)) == 3


def test_no_line_begins_with_a_closing_mark() -> None:
    for room in range(60, 260, 7):
        for line in wrapped("象山县一张图，城东工业园（东区）。大目湾：新城！", room, 20, 20):
            assert line[0] not in "，。：！）"


def test_vertices_are_bounded_whatever_is_stored() -> None:
    frame = frame_at()
    west, south, _, _ = frame.box_m
    wild = LineString([(west + n % 640, south + (n * 37) % 440) for n in range(VERTICES_MAX + 5)])
    features = (square(frame, 10, 10, 40, "first"), Feature("wild", "wild", {}, wild))
    done = painted(Drawn(PARCELS, features), frame, LIGHT)
    assert sum(text.count("L") for text in done.ground) < VERTICES_MAX
    assert [feature.code for feature, *_ in done.spots] == ["first"]


def test_what_lies_outside_is_not_drawn() -> None:
    frame = frame_at()
    far = Feature("far", "far", {"status": "AVAILABLE"}, Point(frame.east + 1e6, frame.north).buffer(50))
    assert "far" not in draw(scene(frame, far))
    assert spot(Point(frame.east + 1e6, frame.north), frame) is None


def test_a_park_is_shown_by_its_edge_so_that_its_plots_stay_to_be_seen() -> None:
    frame = frame_at()
    park = square(frame, 60, 60, 300, "PK", name="园区")
    drawn = draw(Scene(frame, (Drawn(PARKS, (park,)),), Notes("a", "N", "1 m"), (PARKS, park)))
    assert 'fill-opacity="0.04"' in drawn
    assert TOKENS["selection"].light in drawn


def test_a_thing_fits_its_frame() -> None:
    frame = fitting((500_000, 3_200_000, 500_300, 3_200_900), 4529, 640, 440, share=0.5, least_m=900)
    west, south, east, north = frame.box_m
    assert pytest.approx(frame.m_per_px) == 900 / 440 / 0.5
    assert west < 500_000 < 500_300 < east
    assert south < 3_200_000 < 3_200_900 < north
