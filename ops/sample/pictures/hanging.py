"""Drawing the pictures into files, and hanging them on things of the sample county; all of them public and marked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.db import Actor, acting_sync
from geo.pictures.commands import Sent, Subject, add
from geo.pictures.rendering import Rendered, render
from ops.sample.pictures import panoramas, scenes
from ops.sample.pictures.brush import Canvas

DRAWINGS: dict[str, tuple[Callable[[], Canvas], str, str]] = {
    "plant": (scenes.plant, "厂房外观（绘制）", "The plant from outside (drawn)"),
    "office": (scenes.office, "楼宇外观（绘制）", "The building from outside (drawn)"),
    "gate": (scenes.gate, "园区入口（绘制）", "The gate of the park (drawn)"),
    "quay": (scenes.quay, "码头（绘制）", "The quay (drawn)"),
    "street": (scenes.street, "小镇街道（绘制）", "A street of the town (drawn)"),
    "plan": (scenes.plan, "总平面示意（绘制）", "Site plan, indicative (drawn)"),
    "round-park": (panoramas.park_all_round, "园区全景（绘制）", "All round the park (drawn)"),
    "round-coast": (panoramas.coast_all_round, "岸线全景（绘制）", "All round the quay (drawn)"),
    "round-town": (panoramas.town_all_round, "小镇全景（绘制）", "All round the town (drawn)"),
}
"""Name -> how it is drawn, what is said under it in Chinese and English."""

HANGINGS = (
    ("park", "parks", "true", 12, ("gate", "plan", "round-park")),
    ("park", "featured_towns", "true", 4, ("street", "round-town", "plan")),
    ("building", "buildings", "kind = 'factory'", 16, ("plant", "plan")),
    ("building", "buildings", "kind = 'office'", 8, ("office", "round-town")),
    ("parcel", "parcels", "realm = 'sea'", 4, ("quay", "round-coast")),
    ("parcel", "parcels", "realm <> 'sea'", 12, ("round-park", "plan")),
)
"""Subject kind, collection, which of its rows (the first by code), how many, which drawings."""

QUALITY = 82


def file_of(folder: Path, name: str) -> Path:
    """Where a drawing lies."""
    return folder / f"picture-{name}.webp"


def draw(folder: Path) -> None:
    """Write every drawing; the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)

    def one(name: str) -> None:
        canvas = DRAWINGS[name][0]()
        if not name.startswith("round-"):
            canvas.mark_sample()
        canvas.finished().save(file_of(folder, name), "WEBP", quality=QUALITY, method=4)

    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(one, DRAWINGS))


def hang(engine: Engine, actor: Actor, county_code: str, folder: Path) -> int:
    """Put the drawings on things; returns how many pictures there are then."""
    if not all(file_of(folder, name).exists() for name in DRAWINGS):
        draw(folder)
    with ThreadPoolExecutor(max_workers=2) as pool:
        rendered = dict(zip(DRAWINGS, pool.map(lambda name: render(file_of(folder, name)), DRAWINGS), strict=True))
    hung = 0
    with acting_sync(engine, actor) as connection:
        for kind, collection, which, most, names in HANGINGS:
            rows = connection.execute(
                text(f"select id from staff_data.{collection} where county_code = :county and {which} "
                     "and publication_state = 'published' order by code limit :most"),
                {"county": county_code, "most": most},
            ).scalars().all()  # fmt: skip
            for subject_id in rows:
                for name in names:
                    _add(connection, actor, Subject(county_code, kind, subject_id), folder, name, rendered[name])
                    hung += 1
    return hung


def _add(
    connection: Connection, actor: Actor, subject: Subject, folder: Path, name: str, rendered: Rendered
) -> None:  # fmt: skip
    _, caption, caption_en = DRAWINGS[name]
    words: dict[str, Any] = {
        "caption": caption, "caption_en": caption_en, "author": "示例·一张图", "licence": "Apache-2.0", "audience": "public",
        "place": "示例",
    }  # fmt: skip
    rendered = replace(rendered, kind="plan") if name == "plan" else rendered
    file = file_of(folder, name)
    add(connection, actor.account, subject, Sent(file.name, file.read_bytes(), rendered, words, True, True))
