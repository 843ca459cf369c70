"""`yizhangtu sample build`: the import files of the sample county. Twice gives the same bytes."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

from ops.bootstrap.steps import LOCAL, ROOT
from ops.sample import events, names
from ops.sample.buildings import raise_buildings
from ops.sample.cases import write_cases
from ops.sample.firms_years import write_years
from ops.sample.geography import County, platforms, polygons_only, towns
from ops.sample.pauses import write_pauses
from ops.sample.pictures.hanging import draw
from ops.sample.plots import plots_of
from ops.sample.surroundings import write_surroundings
from ops.sample.surveys import survey, used_part
from ops.sample.transport import lay_ways
from ops.sample.works import works_of
from ops.sample.writing import Writer

PARAMETERS = ROOT / "data" / "parcels" / "parameters" / "places.yaml"
OUT = LOCAL / "sample"
PLOTS_PER_PLATFORM = 30
SEA_PLOTS = 10
UTILITIES = ("road", "water", "sewage", "drainage", "power", "telecom", "gas", "heat", "cable", "level")
STAGES = (("LEAD", 6), ("NEGOTIATING", 22), ("SIGNED", 18), ("UNDER_CONSTRUCTION", 16), ("IN_PRODUCTION", 10), ("FULL_CAPACITY", 3),
          ("PAUSED", 3), ("TERMINATED", 3))  # fmt: skip


FINGERPRINT = "made_by.txt"


def fingerprint() -> str:
    """What the files are made by: a hash of the generator and its parameters, so that older files are known as such."""
    made_by = hashlib.sha256()
    for path in sorted([*PARAMETERS.parent.glob("*.yaml"), *Path(__file__).parent.rglob("*.py")]):
        made_by.update(path.read_bytes())
    return made_by.hexdigest()


def is_current(folder: Path) -> bool:
    """Whether a folder holds the files that `build` would write."""
    kept = folder / FINGERPRINT
    return kept.exists() and kept.read_text(encoding="ascii") == fingerprint()


def build(out: Path = OUT) -> dict[str, int]:
    """Write the files of the sample county; returns rows per collection."""
    places = yaml.safe_load(PARAMETERS.read_text(encoding="utf-8"))
    rng = np.random.default_rng(places["seed"])
    county = County(places)
    writer = Writer(county)
    town_shapes = towns(county)
    park_shapes = platforms(county, rng)

    def town_at(shape: BaseGeometry) -> str:
        point = shape.centroid
        return min(town_shapes, key=lambda code: town_shapes[code].distance(point))

    _units(writer, places)
    for code, zh, en, level, is_sure in places["chains"]:
        writer.add("chains", code=code, name=zh, name_en=en, kind=level, is_confirmed=is_sure)
    for code, zh, en, kind, *_ in places["towns"]:
        writer.add("admin_areas", town_shapes[code], code=code, name=zh, name_en=en, level="town", kind=kind, is_indicative=True,
                   unit_code=f"T{code}", position_quality="approximate")  # fmt: skip
    for code, zh, en, kind, level, *_, industries in places["parks"]:
        shape = park_shapes[code]
        more = {"theme": industries.split(";")[0]} if kind == "featured_town" else {"kind": kind}
        writer.add(
            "featured_towns" if kind == "featured_town" else "parks", shapely.MultiPolygon([shape]), code=code, name=zh, name_en=en, level=level,
            leading_industries=industries, planned_area_m2=round(shape.area * 1.0), town_code=town_at(shape), unit_code=f"P{code}",
            contact_desk="招商服务窗口（示例）", position_quality="demo", is_sample=True, **more,
        )  # fmt: skip
    as_of = _as_of(places)
    for code, platform in park_shapes.items():
        inside = platform.representative_point()  # where it came to lie, not where it was asked for
        county.points[code] = (inside.x, inside.y)
    ways = lay_ways(writer, places, county, park_shapes)
    roads = shapely.union_all([county.metres(row["geom"]) for row in writer.rows["transport"] if row["kind"] == "road"])
    for place, work in works_of(places["parks"], as_of, park_shapes, roads):
        writer.add("park_works", place, **work)
    lives = _plots(writer, places, park_shapes, ways, town_at, rng)
    survey(writer, lives, as_of, places["seed"])
    _sea(writer, county, ways, rng)
    _firms(writer, places, park_shapes, town_at, rng)
    _projects(writer, places, lives, rng)
    _policies(writer, places, park_shapes, rng)
    _controls(writer, county, town_shapes, park_shapes, rng)
    writer.write(out)
    draw(out)
    write_surroundings(county, out)
    write_pauses(((code, life) for code, life, _ in lives), writer.rows["facts"], out)
    write_years(writer.rows["enterprises"], writer.rows["parcels"], as_of, places["seed"], out)
    write_cases([(code, life) for code, life, _ in lives], as_of, out)
    (out / FINGERPRINT).write_text(fingerprint(), encoding="ascii")
    return {name: len(rows) for name, rows in writer.rows.items()}


def _as_of(places: dict[str, Any]) -> date:
    return places["as_of"] if isinstance(places["as_of"], date) else date.fromisoformat(places["as_of"])


def _units(writer: Writer, places: dict[str, Any]) -> None:
    for code, zh, en, *_ in places["towns"]:
        writer.add("units", code=f"T{code}", name=zh, name_en=en, kind="town", is_sample=True)
    for code, zh, en, *_ in places["parks"]:
        writer.add(
            "units", code=f"P{code}", name=f"{zh}管理办公室", name_en=f"{en} office", kind="park", is_sample=True
        )
    for code, zh, en, kind in (("B-TZ", "投资促进中心", "Investment promotion centre", "bureau"), ("B-ZG", "自然资源和规划局", "Natural resources and planning bureau", "bureau"),
                               ("L-SH", "驻上海联络处", "Shanghai liaison office", "liaison_office"), ("L-SZ", "驻深圳联络处", "Shenzhen liaison office", "liaison_office")):  # fmt: skip
        writer.add("units", code=code, name=zh, name_en=en, kind=kind, is_sample=True)


def _plots(
    writer: Writer,
    places: dict[str, Any],
    park_shapes: dict[str, Any],
    ways: Any,
    town_at: Any,
    rng: np.random.Generator,
) -> list[tuple[str, str, str]]:
    found = [
        (park, plot)
        for park in places["parks"]
        for plot in plots_of(park_shapes[park[0]], ways, PLOTS_PER_PLATFORM, rng)
    ]
    dealt = events.deal(len(found), rng)
    as_of = _as_of(places)
    lives: list[tuple[str, str, str]] = []
    built: list[tuple[tuple[bool, int], dict[str, Any], shapely.Polygon]] = []
    count = dict.fromkeys((p[0] for p in places["parks"]), 0)
    for number, ((park, plot), life) in enumerate(zip(found, dealt, strict=True), start=1):
        park_code, park_name, _, kind, *_ = park
        count[park_code] += 1
        code = f"{park_code}-{count[park_code]:02d}"
        use = names.land_use(kind, rng)
        figure: Any = names.figures(use)
        low = round(float(rng.uniform(*figure["price"])), 1)
        writer.add(
            "parcels", shapely.MultiPolygon([plot]), code=code, name=f"示例·{park_name[:4]}{count[park_code]:02d}号地块", name_en=f"Sample plot {code}",
            town_code=town_at(plot), park_code=park_code, unit_code=f"P{park_code}", land_use_code=use, land_use_std="2023",
            registered_area_m2=round(plot.area), far_min=figure["far"][0], far_max=figure["far"][1], density_min_pct=figure["density"][0],
            density_max_pct=figure["density"][1], green_min_pct=figure["green"][0], green_max_pct=figure["green"][1], height_max_m=figure["height"],
            price_min_wan_cny_per_mu=low if life.is_offered else None, price_max_wan_cny_per_mu=round(low * 1.18, 1) if life.is_offered else None,
            price_negotiable=bool(life.is_offered and rng.random() < 0.2), utilities=";".join(UTILITIES[: int(rng.integers(5, 11))]),
            power_kva=int(rng.choice([630, 1250, 2500, 5000])), position_quality="demo", is_sample=True,
            cadastral_code=f"330225{int(rng.integers(1, 20)):03d}{int(rng.integers(1, 9)):03d}GB{number:05d}" if life.days else None,
            chain_codes=_chain_of(park[-1], places),
        )  # fmt: skip
        writer.rows["facts"] += events.facts_of(code, life, as_of, rng, number, plot.area)
        lives.append((code, life.name, park_code))
        if life.is_built:
            is_part = life.name == "partly_used"
            ground = used_part(plot) if is_part else plot
            built.append(((not is_part, count[park_code]), writer.rows["parcels"][-1], ground))
    factories, offices = 150, 40
    for _, row, plot in sorted(built, key=lambda b: b[0]):  # park by park in turn: none is left without
        is_office = row["land_use_code"].startswith(("09", "08"))
        made = raise_buildings(writer, row, plot, is_office, rng, offices if is_office else factories, as_of)
        factories, offices = (factories, offices - made) if is_office else (factories - made, offices)
    return lives


def _chain_of(industries: str, places: dict[str, Any]) -> str:
    by_name = {c[1]: c[0] for c in places["chains"]}
    return ";".join(by_name[i] for i in industries.split(";") if i in by_name)


def _sea(writer: Writer, county: County, ways: BaseGeometry, rng: np.random.Generator) -> None:
    water = shapely.difference(county.outline, shapely.union(county.land.buffer(120), ways.buffer(300)))
    west, south, east, north = water.bounds
    made: list[shapely.Polygon] = []
    while len(made) < SEA_PLOTS:
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        length, width, turn = rng.uniform(400, 900), rng.uniform(220, 500), rng.uniform(0, np.pi)
        along = np.array([np.cos(turn), np.sin(turn)]) * length / 2
        across = np.array([-np.sin(turn), np.cos(turn)]) * width / 2
        skew = rng.uniform(0.75, 1.1)
        plot = shapely.Polygon(
            [
                np.array([x, y]) + s
                for s in (along + across, -along * skew + across, -along - across, along - across * skew)
            ]
        )
        if water.contains(plot) and county.land.distance(plot) < 2500 and all(plot.distance(o) > 400 for o in made):
            made.append(plot)
    uses = ("1802", "1905", "2001", "2101", "1801")
    for k, plot in enumerate(made, start=1):
        code = f"SEA-{k:02d}"
        writer.add("parcels", shapely.MultiPolygon([plot]), code=code, name=f"示例·海域{k:02d}", name_en=f"Sample sea plot {k}", realm="sea", land_use_code=uses[k % 5],
                   land_use_std="2023", registered_area_m2=round(plot.area), unit_code="B-ZG", position_quality="demo", is_sample=True)  # fmt: skip
        status = ("AVAILABLE", "RESERVE", "IN_USE")[k % 3]
        writer.rows["facts"].append(
            {
                "subject_kind": "parcel",
                "subject_code": code,
                "kind": "status",
                "value": status,
                "effective_on": "2025-05-12",
                "document_no": "",
                "is_sample": "true",
            }
        )


def _firms(
    writer: Writer, places: dict[str, Any], park_shapes: dict[str, Any], town_at: Any, rng: np.random.Generator
) -> None:
    chains = [c[0] for c in places["chains"] for _ in range(5 if c[3] == "sector" else 10)]
    used = [r for r in writer.rows["parcels"] if r.get("park_code")]
    for number, chain in enumerate(chains):
        plot = used[int(rng.integers(len(used)))]
        point = writer.county.metres(plot["geom"]).representative_point()
        zh, en = names.firm(chain, number)
        writer.add("enterprises", point, code=f"Q{number + 1:03d}", name=zh, name_en=en, chain_code=chain, size_class=str(rng.choice(["large", "medium", "small", "micro"], p=[0.08, 0.3, 0.45, 0.17])),
                   is_above_scale=bool(rng.random() < 0.4), park_code=plot["park_code"], town_code=plot["town_code"], unit_code=f"P{plot['park_code']}",
                   position_quality="demo", is_sample=True)  # fmt: skip


def _projects(
    writer: Writer, places: dict[str, Any], lives: list[tuple[str, str, str]], rng: np.random.Generator
) -> None:
    plots = {r["code"]: r for r in writer.rows["parcels"]}
    supplied = [
        code
        for code, life, _ in lives
        if life.startswith(
            (
                "supplied",
                "due",
                "not_started",
                "idle",
                "building",
                "stalled",
                "paused",
                "built",
                "below",
                "in_use",
                "partly",
            )
        )
    ]
    as_of = _as_of(places)
    chains = [c[0] for c in places["chains"]]
    stages = [s for s, n in STAGES for _ in range(n)][:80]
    past = ("NEGOTIATING", "SIGNED", "UNDER_CONSTRUCTION", "IN_PRODUCTION", "FULL_CAPACITY")
    for number, stage in enumerate(stages, start=1):
        chain = chains[number % len(chains)]
        code = f"XM{number:03d}"
        plot = plots[supplied[(number * 7) % len(supplied)]]
        total = round(float(np.exp(rng.normal(9.2, 0.9))), 0)
        land, tax = round(total * 0.14), round(total * 0.01)
        is_shown = stage in ("SIGNED", "UNDER_CONSTRUCTION", "IN_PRODUCTION", "FULL_CAPACITY")
        shares = f"P{plot['park_code']}:0.6;L-SH:0.4" if number % 9 == 0 else f"P{plot['park_code']}:1"
        writer.add(
            "projects", writer.county.metres(plot["geom"]).representative_point() if is_shown else None, code=code, name=f"示例·{names.PRODUCTS[chain]}项目",
            name_en=f"Sample {names.FIRM_TAILS_EN[chain]} project {number}", chain_code=chain, track="manufacturing" if chain in ("CAI", "NENG", "BEI", "QMP", "FZ", "JIAN") else "services",
            unit_code=f"P{plot['park_code']}", town_code=plot["town_code"], total_investment_wan_cny=total, land_cost_wan_cny=land, tax_fee_wan_cny=tax,
            other_investment_wan_cny=total - land - tax, planned_jobs=int(rng.integers(40, 900)), needs_new_land=bool(number % 3), is_sample=True, position_quality="demo",
            parcel_codes=plot["code"] if is_shown else None, unit_shares=shares, responsible_leader="示例领导", direct_owner="示例经办",
        )  # fmt: skip
        walked = past[: past.index(stage) + 1] if stage in past else (() if stage == "LEAD" else ("NEGOTIATING",))
        steps = [
            *(("LEAD",) if stage in ("LEAD",) else ()),
            *walked,
            *((stage,) if stage in ("PAUSED", "TERMINATED") else ()),
        ]
        for k, step in enumerate(steps):
            on = (as_of - timedelta(days=120 + (len(steps) - 1 - k) * 260 - int(rng.integers(0, 90)))).isoformat()
            writer.rows["facts"].append({"subject_kind": "project", "subject_code": code, "kind": "stage", "value": step, "effective_on": on,
                                         "document_no": f"示例招〔{on[:4]}〕{number}号" if step == "SIGNED" else "", "is_sample": "true"})  # fmt: skip


def _policies(writer: Writer, places: dict[str, Any], park_shapes: dict[str, Any], rng: np.random.Generator) -> None:
    kinds = (("land", "标准地出让按规则执行，投资强度与亩均税收公开", "Standard land is granted by published rules"),
             ("rent", "入驻标准厂房前两年按规则给予租金补助", "Rent support for the first two years in standard factories"),
             ("subsidy", "设备投入达到标准的按比例补助", "A share of equipment investment is supported"),
             ("talent", "引进人才按规定享受安居支持", "Housing support for recruited talent"),
             ("service", "项目全程代办，拿地即开工", "One desk handles all permits"),
             ("other", "首台（套）装备推广应用支持", "Support for first-of-kind equipment"))  # fmt: skip
    parks = places["parks"]
    for k in range(6):
        writer.add("policy_documents", code=f"ZC{k + 1:02d}", name=f"示例·产业政策（{k + 1}）", name_en=f"Sample policy {k + 1}", document_no=f"示例政发〔2025〕{k + 1}号",
                   issuer="示例·县人民政府", valid_during=f"[2025-01-01,{2027 + k % 3}-12-31)", legal_basis="示例·上级产业政策", fair_review_on="2024-11-20",
                   fair_review_result="unreviewed" if k == 5 else "passed", is_sample=True)  # fmt: skip
    for k in range(30):
        kind, zh, en = kinds[k % 6]
        park = parks[k % len(parks)]
        shape = (
            None
            if k % 10 == 9
            else shapely.MultiPolygon(
                [shapely.Polygon(park_shapes[park[0]].buffer(60 + 25 * (k % 4)).simplify(5).exterior)]
            )
        )
        writer.add("policies", shape, code=f"ZC{k % 6 + 1:02d}-{k + 1:02d}", name=f"示例·第{k + 1}条", name_en=f"Sample clause {k + 1}", policy_code=f"ZC{k % 6 + 1:02d}", clause_no=f"第{k + 1}条",
                   kind=kind, summary=f"{zh}（示例数据）", summary_en=f"{en} (sample)", max_amount_wan_cny=float(rng.integers(2, 40) * 10) if kind in ("subsidy", "rent") else None,
                   unit_code="B-TZ", is_sample=True, position_quality="demo")  # fmt: skip


def _controls(
    writer: Writer, county: County, town_shapes: dict[str, Any], park_shapes: dict[str, Any], rng: np.random.Generator
) -> None:
    parks = shapely.union_all(list(park_shapes.values()))
    urban = polygons_only(
        shapely.intersection(
            shapely.union_all(
                [p.buffer(350) for p in park_shapes.values()]
                + [shapely.Point(county.points[t]).buffer(900) for t in town_shapes]
            ),
            county.land,
        )
    )
    hills = [shapely.Point(county.points[t]).buffer(1).centroid for t in town_shapes]
    far = polygons_only(
        shapely.difference(
            county.land.buffer(-500), shapely.union_all([h.buffer(3800) for h in hills]).union(parks.buffer(1500))
        )
    )
    fields = []
    for town in town_shapes:
        x, y = county.points[town]
        for _ in range(2):
            a, r = rng.uniform(0, 2 * np.pi), rng.uniform(1300, 2300)
            ring = [
                (
                    x + np.cos(a) * r + np.cos(t) * rng.uniform(250, 480),
                    y + np.sin(a) * r + np.sin(t) * rng.uniform(220, 420),
                )
                for t in np.linspace(0, 2 * np.pi, 11)[:-1]
            ]
            fields.append(shapely.Polygon(ring).buffer(0))
    farmland = polygons_only(
        shapely.difference(shapely.intersection(shapely.union_all(fields), county.land.buffer(-80)), urban.buffer(30))
    )
    shore = polygons_only(shapely.intersection(county.land.boundary.buffer(90), county.land))
    for code, zh, en, kind, shape in (("UDB-1", "城镇开发边界（示例）", "Urban development boundary (sample)", "UDB", urban), ("ERL-1", "生态保护红线（示例）", "Ecological red line (sample)", "ERL", far),
                                      ("PBF-1", "永久基本农田（示例）", "Permanent basic farmland (sample)", "PBF", farmland), ("CSB-1", "海岸建筑退缩线（示例）", "Coastal setback (sample)", "CSB", shore)):  # fmt: skip
        writer.add(
            "controls",
            shape,
            code=code,
            name=zh,
            name_en=en,
            kind=kind,
            plan_name="示例·国土空间规划",
            data_date="2026-03-01",
            is_sample=True,
            unit_code="B-ZG",
        )
    for code, shape in park_shapes.items():
        for kind, zh in (("ICL", "工业区块控制线"), ("DCP", "详细规划单元")):
            writer.add("controls", shapely.MultiPolygon([shape.buffer(20 if kind == "ICL" else 45)]), code=f"{kind}-{code}", name=f"{zh} {code}（示例）", name_en=f"{kind} {code} (sample)", kind=kind,
                       plan_name="示例·详细规划", data_date="2026-03-01", is_sample=True, unit_code="B-ZG")  # fmt: skip
